/* SPDX-License-Identifier: Apache-2.0 */

/* What this process has of the system: descriptors, threads, children that have not been waited for, locks on files, and
 * what its runtime directory holds. */

#ifndef BELONGINGS_H
#define BELONGINGS_H

/* In words, the same for the same; lives until the case is over. */
const char *belongings(void);

/* Waits until they are these: threads that end, and connections that are closed, take a moment. What they are then. */
const char *belongings_await(const char *expected);

#endif

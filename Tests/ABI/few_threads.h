/* SPDX-License-Identifier: Apache-2.0 */

/* A process that can have no further thread: pthread_create() of a program that includes this comes before the C
 * library's, for all libraries in the process. A limit (RLIMIT_NPROC) does not bind root. */

#ifndef FEW_THREADS_H
#define FEW_THREADS_H

/* So many more can be had from now on; any number with -1. */
void allow_threads(int count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* How long this process has waited for the lock between processes: flock() of a program that includes this comes before
 * the C library's. A wait begins with the first try to lock one of the two files, and ends when the second is locked, or
 * it is given up. One thread waits at a time. */

#ifndef LOCK_WAIT_H
#define LOCK_WAIT_H

/* The longest, in seconds. */
double lock_longest_wait(void);

#endif

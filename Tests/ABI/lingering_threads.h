/* SPDX-License-Identifier: Apache-2.0 */

/* Threads of the library that take long to end: pthread_create() of a program that includes this comes before the C
 * library's, for all libraries in the process. */

#ifndef LINGERING_THREADS_H
#define LINGERING_THREADS_H

/* Those that begin from now on stay for so long once their work is done. */
void let_threads_linger(int milliseconds);

/* How many of these have begun, and how many have not ended yet. */
int threads_begun(void);
int threads_left(void);

#endif

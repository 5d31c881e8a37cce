/* SPDX-License-Identifier: Apache-2.0 */

/* One file, and what becomes of it in the C library: open(), fstat() and read() of a program that includes this come
 * before those of the C library, for all libraries in the process, and so does getauxval(). They do the same, but for
 * the one file that is watched, and for a process that is to look privileged. */

#ifndef WATCHED_FILE_H
#define WATCHED_FILE_H

#include <stdbool.h>

extern struct watched_file {
    const char *path;
    int opened, flags, open_error, status_error;
    int descriptor, reads;
    int (*at_read)(int number); /* Called before each read; its error, if it is not 0, is what the read answers. */
    bool is_privileged;
} watched;

/* Watches this file and no other until the case is over, from nothing. */
void watch(const char *path);

#endif

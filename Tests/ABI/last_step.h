/* SPDX-License-Identifier: Apache-2.0 */

/* A process that is killed at one of its steps: send(), sendmsg(), write(), rename() and the like of a program that
 * includes this come before those of the C library, for all libraries in the process, and are counted. A step is a
 * change to a file or a folder that is about to be made, or a message to the bus or to a server that is about to be
 * sent, or was just sent. */

#ifndef LAST_STEP_H
#define LAST_STEP_H

#include <sys/types.h>

/* Starts this program again in a role, which is killed (SIGKILL) at its step with this number, counted from 1. */
pid_t start_role_until(const char *name, int step);

/* ... and waits for it, as run_role() does: 128 + SIGKILL if it had as many steps. */
int run_role_until(const char *name, int step);

#endif

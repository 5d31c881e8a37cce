/* SPDX-License-Identifier: Apache-2.0 */

/* Processes at the lock. There are two files, the gate and the lock: who waits for the lock holds the gate, and is next.
 *
 * What includes this has the role "fetch", which fetches once. Its exit status is the status. */

#ifndef LOCK_SCENE_H
#define LOCK_SCENE_H

#include "scene.h"

/* The scene's client, whose warnings are counted from now on. */
auth_client *warning_client(void);
extern int warnings;
extern char last_warning[256];

/* Starts a process that ends with the case at the latest. */
pid_t start_process(const char *role);

/* Signs in with tokens that are expired, and are again whenever they were refreshed: every fetch has to ask Cognito. With
 * HELD the replies wait for server_release(), with "" they do not. */
auth_session sign_in_expired(auth_client *client, const char *held);
#define HELD "'hold':true,"

/* Waits until a process has one of the files locked: it has the lock, or is next. */
bool await_place(pid_t process);

/* The file whose name begins with "gate-" or "lock-"; NULL if there is none. There must be one of each. */
const char *lock_path(const char *beginning);

#endif

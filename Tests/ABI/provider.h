/* SPDX-License-Identifier: Apache-2.0 */

/* The provider of the Secret Service that the session has, or the encrypted file in its place, as another program of the
 * desktop or the sandbox sees it: what is asked is asked by a process of its own, and by none of the library's ways. */

#ifndef PROVIDER_H
#define PROVIDER_H

#include <stdbool.h>

/* "gnome-keyring", "KWallet", "KeePassXC", "KeePassXC that asks", or "the encrypted file". */
const char *provider_name(void);
bool provider_is(const char *name);

/* Runs the script that acts on it with a command: lock, unlock, restart-unlocked, stop. The encrypted file is as good as
 * locked while the portal refuses to hand out its key. */
bool provider_run(const char *command);

/* How many items of an app there are, locked ones included; -1 if that cannot be told. */
int provider_count(const char *app_id);

/* Whether it says of the collection that items are stored in that it is locked. */
bool provider_says_locked(void);

/* The titles of its windows other than its main window; of gnome-keyring, whether it began to show a prompt since this
 * was first asked; of the encrypted file, whether its portal waits for an answer. */
const char *provider_windows(void);

/* Its user waits for a window whose title has this part, and presses these keys in it, in the words of xdotool; what
 * follows a ";" once its program rests. A
 * process of its own, to be waited for: 0 if the window came within ten seconds. */
int provider_start_user(const char *title, const char *keys);

/* Stores a secret in the one item of an app, as a program does that replaces it; with an attribute `session` unless that
 * is NULL. */
bool provider_replace(const char *app_id, const char *secret, const char *session);

/* Deletes the items of an app. */
bool provider_delete(const char *app_id);

#endif

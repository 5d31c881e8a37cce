/* SPDX-License-Identifier: Apache-2.0 */

/* A client that watches its session, and what the watch told it: what is heard in dispatch. What the client's own calls
 * tell is left out. */

#ifndef WATCHER_H
#define WATCHER_H

#include <cognitoauth/auth.h>

typedef struct watcher watcher;

/* Starts to watch, with options of a client's or, for NULL, those of the scene. Returns when the watch has looked once.
 * It is ended when the case is over. */
watcher *watcher_start(const auth_client_options *options);

/* The same where a user is signed in. */
watcher *watcher_start_signed_in(void);

/* Starts another watch of the same client. */
watcher *watcher_start_beside(watcher *first);

auth_client *watcher_client(const watcher *watcher);
auth_operation *watcher_operation(const watcher *watcher);

/* Dispatches until so many events were heard, for 10 s at most, and then until none has come for 300 ms. Returns what was
 * heard since it was last asked, as in "SIGNED_OUT_ELSEWHERE KEYRING_LOCKED". */
const char *watcher_hears(watcher *watcher, int count);

/* Dispatches until the watch has looked once more, for 10 s at most, and then as watcher_hears() does. */
const char *watcher_hears_after_look(watcher *watcher);

/* Dispatches until an event was heard, for 10 s at most; returns when that was, as seconds() does. */
double watcher_await(watcher *watcher);

/* How often it has looked, as far as it was dispatched. */
int watcher_looks(const watcher *watcher);

/* Dispatches until the watch is over, for 10 s at most, and returns what it ended with. */
auth_status watcher_end(watcher *watcher);

#endif

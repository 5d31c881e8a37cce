/* SPDX-License-Identifier: Apache-2.0 */

/* What cases begin with that run.sh runs with every provider of the Secret Service: with gnome-keyring, with KWallet,
 * with KeePassXC that does and does not ask its user, and with libsecret's encrypted file in a sandbox, in the
 * provider's place. Each case is another app, to which what others left is nothing; the scene's clients are of that app.
 *
 * The encrypted file is never locked. The nearest to it is a Secret portal whose user refuses to hand out the key.
 *
 * KeePassXC that asks shows a window before it deletes an entry, and before it shows one to a process that did not make
 * it; its user presses keys there. */

#ifndef PROVIDER_SCENE_H
#define PROVIDER_SCENE_H

#include "provider.h"
#include "scene.h"

#define LOCKED "failed: may have been signed in, still signed in; global not requested, revocation not attempted"
#define LEFT "failed: was signed in, still signed in; global not requested, revocation done"

/* An answer that took longer than this was waiting for somebody. */
enum { AT_ONCE_MS = 4000 };

bool is_asking(void);
bool is_file(void);

/* Says why a case cannot be had with this provider. */
void cannot(const char *reason);

/* A client of another app of the same desktop, or sandbox. */
auth_client *other_client(void);

/* How many items of the case's app there are, asked by another process. */
int item_count(void);

/* Locks it, which must succeed. */
void provider_lock(void);

/* Checks what a call says of what is locked. */
void check_says_locked(auth_status status);

/* The window in which KeePassXC asks before it deletes: up to version 2.7, and from 2.8 on. */
#define DELETE_QUESTION "^Move entry|^Confirm Recycle"

/* How its user agrees to that. Escape would not. */
#define MOVE_TO_RECYCLE_BIN "shift+Tab space"

/* The user of a provider that asks will answer so, and must have been asked when the case is over, or now. */
void will_answer(const char *title, const char *keys);
void will_confirm_delete(void);
void will_allow_access(void);
void await_user(void);

/* Options that allow prompts, for so long. */
auth_call_options prompting(int timeout_ms);

/* The role of a process that signs out, and may ask its user where the provider asks: 0 if it was complete, 3 if nobody
 * was signed in. */
#define SIGNING_OUT "sign out, and ask where the provider asks"

/* Another process loads this session, and may ask its user or not; 100 + the status if it cannot. */
int load_elsewhere(const auth_session *session, bool allow_prompt);

#endif

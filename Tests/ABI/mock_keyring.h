/* SPDX-License-Identifier: Apache-2.0 */

/* A keyring that asks its user as a case tells it to (Tests/Support/mock_secret_service.py), as gnome-keyring's prompts
 * need a screen. */

#ifndef MOCK_KEYRING_H
#define MOCK_KEYRING_H

#include <stdbool.h>

/* From now on this process and its roles use it; it is empty. */
void mock_keyring_start(void);

/* From now on a prompt ends so: "complete", "dismiss", "silent", "vanish", or "elsewhere": somebody else makes the
 * collection, and then it is dismissed. */
void mock_keyring_behave(const char *ending, int after_ms);

/* From now on it answers calls of this method with a prompt: "Delete", "CreateItem", "CreateCollection". */
void mock_keyring_ask(const char *method);

/* From now on it refuses calls of this method. */
void mock_keyring_refuse(const char *method);

/* It has no collection any more, and no items. */
bool mock_keyring_remove_collection(void);

/* Its user switches it off: it gives up its name, and stays on the bus. mock_keyring_start then starts another one. */
bool mock_keyring_leave(void);

/* So many sessions are of no use, those that are open first: it says that it cannot find them ("unknown"), what it
 * sends cannot be decrypted ("key"), or it does not open them ("refuse"). */
void mock_keyring_spoil(const char *way, int count);

/* The user agrees in the prompt that is open. */
bool mock_keyring_complete(void);

bool mock_keyring_lock(void);

/* How many items it holds. */
int mock_keyring_count(void);

/* How often it was called with this, as in "Prompt.Prompt". */
int mock_keyring_calls(const char *call);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* The keyring, asked over D-Bus and on a connection of our own: what the library believes, and what libsecret
 * remembers in this process, plays no part in the answers. */

#ifndef KEYRING_H
#define KEYRING_H

#include <stdbool.h>

/* Runs Tests/Support/keyring.sh with a command: lock, unlock, restart-cold, restart-unlocked, stop. */
bool keyring_run(const char *command);

/* Locks it, which must succeed. */
void keyring_lock(void);

bool keyring_is_locked(void);

/* How many prompts the keyring has begun to show, since the first call of any of these functions. */
int keyring_prompt_count(void);

/* Deletes all items, in the unlocked keyring of a running daemon; makes both so first. */
void keyring_empty(void);

/* How many items of the library there are of a kind ("session", "device"), locked ones included; NULL: of any. */
int keyring_count(const char *kind);

/* How many items there are at all. */
int keyring_count_all(void);

/* Of the one item of a kind; NULL if there is none or there are several. Text lives until the case is over. */
const char *keyring_secret(const char *kind);
const char *keyring_label(const char *kind);
const char *keyring_attribute(const char *kind, const char *name);
int keyring_attribute_count(const char *kind);

/* Whether a warning of GLib's fails the case. It does unless a program says false. */
void keyring_check_glib(bool is_checked);

/* Stores an item as a foreign program could: beside what is there. */
void keyring_add(const char *kind, const char *secret);

/* ... and so many, each with another secret in the place of the one before; in the collection that is on no disk. */
void keyring_add_often(const char *kind, int count);

/* Stores another secret in the one item of a kind. */
void keyring_replace(const char *kind, const char *secret);

/* Gives the one item of a kind another value of an attribute. */
void keyring_set_attribute(const char *kind, const char *name, const char *value);

void keyring_delete(const char *kind);

#endif

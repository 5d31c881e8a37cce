/* SPDX-License-Identifier: Apache-2.0 */

/* libsecret's encrypted file, as bytes and as the items that can be counted without a key. */

#ifndef KEYRING_FILE_H
#define KEYRING_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* From now on, and in roles, the library uses an encrypted file of this case's own that is not there yet, with a key that
 * no portal has to give. Undone when the case is over. */
void keyring_file_begin(void);

/* Its path, with `suffix` behind it; lives until the case is over. */
const char *keyring_file_path(const char *suffix);

bool keyring_file_exists(const char *suffix);

/* How many items are in it; 0 without a file, -1 if it cannot be read. */
int keyring_file_count(void);

/* The whole file, which lives until the case is over; empty without a file. */
typedef struct {
    unsigned char *bytes;
    size_t size;
} keyring_file_contents;
keyring_file_contents keyring_file_read(void);

/* Puts this file in its place. */
void keyring_file_write(const void *bytes, size_t size);

/* Whether nobody has written it since it was read. */
bool keyring_file_is(keyring_file_contents contents);

#endif

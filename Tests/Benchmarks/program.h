/* SPDX-License-Identifier: Apache-2.0 */

/* What a program that is compared has to do. by_hand.c and with_library.c do it; program.c, which is the same for both,
 * calls it and takes the time. Each function says on standard error why it failed. */

#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>

#define APP_ID "org.example.Benchmark"
#define USER_POOL_ID "eu-west-1_Benchmark"
#define CLIENT_ID "1example23456789"
#define USERNAME "ada"

struct tokens {
    const char *access, *id, *refresh;
};

/* endpoint: a URL without a path */
bool program_start(const char *endpoint);
/* Stores a session in the keyring. */
bool program_save(const struct tokens *tokens);
/* Signs out the stored session on every device, and deletes it. */
bool program_sign_out(void);
void program_end(void);

#endif

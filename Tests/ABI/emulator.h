/* SPDX-License-Identifier: Apache-2.0 */

/* A local Cognito that is not ours (Tests/Support/local_cognito.py), and what it says of tokens. */

#ifndef EMULATOR_H
#define EMULATOR_H

#include <cognitoauth/auth.h>
#include <stdbool.h>

/* Starts "ministack" or "moto" for the rest of the program. False if that does not work. */
bool emulator_start(const char *backend);

/* In a role: the one that the program has started. */
bool emulator_join(const char *backend);

/* ... MiniStack with login pages for a browser, as "managed" login or the "classic" hosted UI has them. */
bool emulator_start_login(const char *kind);
void emulator_stop(void);

/* From a pause on, the endpoint refuses connections; nothing is forgotten. */
bool emulator_pause(void);
bool emulator_resume(void);

/* With the login pages too, where it has them. */
auth_client_options emulator_options(void);

/* Signs "ada" in on another device, or "grace"; the tokens live until the case is over. */
auth_session emulator_sign_in(void);
auth_session emulator_sign_in_as(const char *user);

/* Cognito's own word, given past the library. */
bool emulator_takes_refresh_token(const char *token);
bool emulator_takes_access_token(const char *token);

/* The operations that came in since the start, as in "GlobalSignOut RevokeToken", and the connections. */
const char *emulator_operations(void);
int emulator_connection_count(void);

#endif

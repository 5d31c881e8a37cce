/* SPDX-License-Identifier: Apache-2.0 */

/* Sign-outs that the keyring keeps until they are finished. */

#ifndef UNFINISHED_H
#define UNFINISHED_H

#include "scene.h"

#define KEPT "unfinished"

/* What told() says of them. */
#define OFFLINE "partial: was signed in, signed out; global not requested, revocation failed"
#define OFFLINE_GLOBAL "partial: was signed in, signed out; global failed, revocation not attempted"
#define RESUMED "complete: was not signed in, signed out; global not requested, revocation done"
#define RESUMED_GLOBAL "complete: was not signed in, signed out; global done, revocation done"
#define GIVEN_UP "partial: was not signed in, signed out; global not attempted, revocation done"

/* A client whose sign-outs are kept; one of a Cognito that cannot be reached; one with these options. */
auth_client *keeping_client(void);
auth_client *offline_client(void);
auth_client *keeping_client_with(auth_client_options options);

const auth_sign_out_result *resume(auth_client *client);
background *start_resume(auth_client *client);

/* Signs somebody in and out offline, so that it is kept. */
auth_session keep_sign_out(void);
auth_session keep_sign_out_global(void);

void check_kept(const auth_sign_out_result *result, auth_answer kept, int count);

/* Sets a number in the one item: `version`, or `signed_out_at`, which a test can also move by so many hours. */
void kept_set(const char *member, int64_t number);
void kept_move(int hours);

#endif

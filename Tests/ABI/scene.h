/* SPDX-License-Identifier: Apache-2.0 */

/* What most cases begin with: an empty keyring and a scripted Cognito that knows of nothing, over http; then a client,
 * a user who is signed in, a sign-out. All of it lives until the case is over. */

#ifndef SCENE_H
#define SCENE_H

#include <cognitoauth/auth.h>

#include "harness.h"
#include "keyring.h"
#include "server.h"
#include "tokens.h"

#define SCENE_APP_ID "org.example.Test"
#define SCENE_POOL_ID "eu-west-1_AbCdEfGhI"
#define SCENE_CLIENT_ID "1h57kf5cpq17m0eml12EXAMPLE"
#define SCENE_DEVICE_KEY "eu-west-1_a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"

/* Checks the status of an error, or that of NULL, AUTH_STATUS_SUCCESS; by name, so that a failure can be read. */
#define CHECK_STATUS(error, status) CHECK_TEXT(auth_status_name(auth_error_status(error)), #status)
#define CHECK_ANSWER(call, status) CHECK_TEXT(auth_status_name(call), #status)

/* A client of the selected server, or of another endpoint. */
auth_client_options scene_options(void);
auth_client *scene_client(void);
auth_client *scene_client_at(const char *endpoint);
auth_client *scene_client_with(const auth_client_options *options);

/* From now on, and in roles, the scene is about another app than SCENE_APP_ID. */
void scene_use_app(const char *app_id);
const char *scene_app_id(void);

/* TOKEN_USERNAME's session. Its access token has an hour to live, or so many seconds. */
auth_session scene_session(void);
auth_session scene_session_for(int64_t seconds_left);

/* Saves a session; or one of these, and returns it. */
void save(auth_client *client, const auth_session *session);
auth_session sign_in(auth_client *client);
auth_session sign_in_for(auth_client *client, int64_t seconds_left);

/* Loads the session; empty if there is none. */
const auth_session *load(auth_client *client);

/* Options for a call with this limit; 0 is the client's. */
auth_call_options scene_within(int timeout_ms);

/* Load and fetch the session, and save scene_session(), within a limit: the status, and what the error says, if that is
 * wanted. */
auth_status load_within(auth_client *client, int timeout_ms, const char **message);
auth_status fetch_within(auth_client *client, int timeout_ms, const char **message);
auth_status save_within(auth_client *client, int timeout_ms, const char **message);

/* Sign out and check what holds for every result. */
const auth_sign_out_result *sign_out(auth_client *client);
const auth_sign_out_result *sign_out_global(auth_client *client);
const auth_sign_out_result *retry(auth_client *client, const char *partial_failure_token);

/* The same with another function that signs out. */
typedef auth_sign_out_outcome signer_out(auth_client *, const auth_call_options *, auth_sign_out_result *);
const auth_sign_out_result *sign_out_by(signer_out *function, auth_client *client, const auth_call_options *options);

/* From now on the keyring may keep sign-outs; before, no result may say that it does. */
void scene_expect_kept(void);

/* Starts an operation, which is freed when the case is over. */
typedef auth_status starter(auth_client *, const auth_call_options *, auth_operation **, auth_error **);
auth_operation *start_operation(auth_client *client, starter *function);

/* A sign-out on a thread of its own. */
typedef struct background background;
background *start_sign_out(auth_client *client);
background *start_sign_out_global(auth_client *client);
background *start_sign_out_by(signer_out *function, auth_client *client);
const auth_sign_out_result *finish(background *started);

/* Signs out, and does this while the first of these replies to RevokeToken is held, which is HELD_ONCE or REFUSED_ONCE. */
const auth_sign_out_result *sign_out_while(auth_client *client, const char *replies, void (*meanwhile)(void));

/* A result in words, as in "partial: was signed in, signed out; global not requested, revocation failed". */
const char *told(const auth_sign_out_result *result);

#define COMPLETE "complete: was signed in, signed out; global not requested, revocation done"
#define COMPLETE_GLOBAL "complete: was signed in, signed out; global done, revocation done"
#define NOBODY "complete: was not signed in, signed out; global not requested, revocation not requested"

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* The six conformance cases for signing out that the Amplify libraries share (feature-test/testsuites/signOut of
 * amplify-android, and the same in amplify-swift), under their own names; in brackets the row of CASES.md.
 *
 * Theirs run with a clock of their own, before their token's exp of 1516239022. A C program cannot set the library's
 * clock: here the same HS256 token, with sub, username, exp and origin_jti, expires in 2100. What an expired one does
 * is in test_sign_out_refresh.c. They mock NotAuthorizedException for RevokeToken, which Cognito does not declare. */

#include "scene.h"

#define NOT_AUTHORIZED "{'status':400,'body':{'__type':'NotAuthorizedException'}}"

static auth_client *client;
static const char *token;

BEFORE_EACH
{
    client = scene_client();
    token = jwt("{'sub':'userId','username':'username','exp':4102444800,'origin_jti':'origin_jti'}");
}

/* As in their SignedIn_SessionEstablished: one token for everything. */
static void sign_in_anchor_user(void)
{
    auth_session session = AUTH_SESSION_INIT;
    session.username = "username";
    session.access_token = session.id_token = session.refresh_token = token;
    save(client, &session);
}

TEST("Test that signOut while signed in returns complete with success [row 1]")
{
    sign_in_anchor_user();
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("Test that signOut while already signed out returns complete with success [row 3]")
{
    CHECK_TEXT(told(sign_out(client)), NOBODY);
    CHECK_INT(server_request_count(), 0);
}

TEST("Test that global signOut while signed in returns complete with success [row 2]")
{
    sign_in_anchor_user();
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
    CHECK_TEXT(server_body(0, "AccessToken"), token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("Test that signOut returns partial success with revoke token error [row 4]")
{
    sign_in_anchor_user();
    server_reply("RevokeToken", NOT_AUTHORIZED);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation failed");
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_TEXT(auth_error_token(result->revoke_token_error), token);
    CHECK(result->global_sign_out_error == NULL);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("Test that globalSignOut returns partial success with revoke token error [row 6]")
{
    sign_in_anchor_user();
    server_reply("RevokeToken", NOT_AUTHORIZED);
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global done, revocation failed");
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_TEXT(auth_error_token(result->revoke_token_error), token);
    CHECK(result->global_sign_out_error == NULL);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("Test that global signOut error returns partial success with global sign out error [row 5]")
{
    sign_in_anchor_user();
    server_reply("GlobalSignOut", NOT_AUTHORIZED);
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation not attempted");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_TEXT(auth_error_token(result->global_sign_out_error), token);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NOT_ATTEMPTED);
    CHECK_TEXT(auth_error_token(result->revoke_token_error), token);
    CHECK_TEXT(server_operations(), "GlobalSignOut");
    CHECK_INT(keyring_count(NULL), 0);
}

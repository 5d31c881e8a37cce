/* SPDX-License-Identifier: Apache-2.0 */

/* Against moto, a Cognito that we did not write: strict about GlobalSignOut, and RevokeToken is missing there, which it
 * says with HTTP status 500 and a page of HTML. */

#include <string.h>

#include "emulator.h"
#include "scene.h"

/* Starting takes a while: once for all cases. Ended with the private session. */
void set_scene(void)
{
    static bool is_started;
    if (!is_started) CHECK(is_started = emulator_start("moto"));
    keyring_empty();
}

static auth_client *emulator_client(void)
{
    auth_client_options options = emulator_options();
    options.max_attempts = 2;
    return scene_client_with(&options);
}

static void check_revocation_failed(const auth_sign_out_result *result)
{
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_INVALID_RESPONSE);
    CHECK_TEXT(auth_error_service_exception(result->revoke_token_error), NULL);
    CHECK_LACKS(auth_error_message(result->revoke_token_error), "<");
    CHECK(result->partial_failure_token != NULL);
    CHECK_INT(keyring_count_all(), 0);
}

TEST("HTTP status 500 with a page of HTML for RevokeToken is INVALID_RESPONSE, and the user is signed out here")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in();
    save(client, &here);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation failed");
    check_revocation_failed(result);
    CHECK_TEXT(auth_error_token(result->revoke_token_error), here.refresh_token);
    CHECK(emulator_takes_access_token(here.access_token));
}

TEST("GlobalSignOut ends the access token at Cognito, and the revocation stays open")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in();
    save(client, &here);
    CHECK(emulator_takes_access_token(here.access_token));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global done, revocation failed");
    check_revocation_failed(result);
    CHECK(!emulator_takes_access_token(here.access_token));
}

TEST("row W6: a check says good; after a global sign-out moto says neither revoked nor expired, and so no end is told")
{
    auth_client_options options = emulator_options();
    options.app_id = "org.example.OtherDevice";
    options.max_attempts = 1;
    auth_client *client = emulator_client(), *other = scene_client_with(&options);
    auth_session here = emulator_sign_in(), elsewhere = emulator_sign_in();
    save(client, &here);
    save(other, &elsewhere);
    CHECK_ANSWER(auth_session_check(client, NULL, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(told(sign_out_global(other)), "partial: was signed in, signed out; global done, revocation failed");
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_check(client, NULL, &error), AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_HAS(auth_error_message(error), "NotAuthorizedException: Invalid token");
    auth_error_free(error);
    CHECK_TEXT(load(client)->access_token, here.access_token);
}

TEST("a refused GlobalSignOut, whose message here is the access token itself, tells no token")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in();
    here.access_token = access_token(3600);
    save(client, &here);
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_LACKS(auth_error_message(result->global_sign_out_error), here.access_token);
    CHECK_INT(keyring_count_all(), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The main job against MiniStack, a Cognito that we did not write: real users, real tokens. What came of it is asked of
 * Cognito and of the keyring, not of the library. */

#include <string.h>

#include "emulator.h"
#include "scene.h"

/* Starting takes a while: once for all cases. Ended with the private session. */
void set_scene(void)
{
    static bool is_started;
    if (!is_started) CHECK(is_started = emulator_start("ministack"));
    keyring_empty();
}

static auth_client *emulator_client(void)
{
    auth_client_options options = emulator_options();
    return scene_client_with(&options);
}

TEST("a local sign-out ends this device's session at Cognito and leaves the other's")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in(), elsewhere = emulator_sign_in();
    save(client, &here);
    CHECK_INT(keyring_count("session"), 1);
    CHECK(emulator_takes_refresh_token(here.refresh_token));
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(keyring_count_all(), 0);
    CHECK(!emulator_takes_refresh_token(here.refresh_token));
    CHECK(emulator_takes_refresh_token(elsewhere.refresh_token));
    CHECK(emulator_takes_access_token(elsewhere.access_token));
}

TEST("a global sign-out ends the sessions of all devices at Cognito, with two requests on one connection")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in(), elsewhere = emulator_sign_in();
    save(client, &here);
    size_t before = strlen(emulator_operations());
    int connections = emulator_connection_count();
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), COMPLETE_GLOBAL);
    CHECK_INT(result->tokens_valid_until > 0, 1);
    CHECK_HAS(emulator_operations() + before, "GlobalSignOut RevokeToken");
    CHECK_INT(emulator_connection_count(), connections + 1);
    CHECK_INT(keyring_count_all(), 0);
    CHECK(!emulator_takes_refresh_token(here.refresh_token));
    CHECK(!emulator_takes_refresh_token(elsewhere.refresh_token));
    CHECK(!emulator_takes_access_token(here.access_token));
    CHECK(!emulator_takes_access_token(elsewhere.access_token));
}

TEST("a session that was ended elsewhere is told as ended")
{
    auth_client *client = emulator_client(), *other;
    auth_client_options options = emulator_options();
    options.app_id = "org.example.OtherDevice";
    other = scene_client_with(&options);
    auth_session here = emulator_sign_in(), elsewhere = emulator_sign_in();
    save(client, &here);
    save(other, &elsewhere);
    CHECK_INT(sign_out_global(other)->outcome, AUTH_SIGN_OUT_COMPLETE);
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation done");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_SESSION_ENDED);
    CHECK_INT(keyring_count_all(), 0);
}

TEST("row W6: a check tells what another device did at Cognito: good, then ended, after a refresh too; the session stays")
{
    auth_client_options options = emulator_options();
    options.app_id = "org.example.OtherDevice";
    auth_client *client = emulator_client(), *other = scene_client_with(&options);
    auth_session here = emulator_sign_in(), elsewhere = emulator_sign_in();
    save(client, &here);
    save(other, &elsewhere);
    CHECK_ANSWER(auth_session_check(client, NULL, NULL), AUTH_STATUS_SUCCESS);

    /* A local sign-out elsewhere is another session's. */
    CHECK_INT(sign_out(other)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_ANSWER(auth_session_check(client, NULL, NULL), AUTH_STATUS_SUCCESS);

    elsewhere = emulator_sign_in();
    save(other, &elsewhere);
    CHECK_INT(sign_out_global(other)->outcome, AUTH_SIGN_OUT_COMPLETE);
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_check(client, NULL, &error), AUTH_STATUS_SESSION_ENDED);
    CHECK_HAS(auth_error_message(error), "NotAuthorizedException: Access Token has been revoked");
    auth_error_free(error);
    CHECK_TEXT(load(client)->refresh_token, here.refresh_token);

    keyring_empty();
    here.access_token = access_token(EXPIRED);
    save(client, &here);
    CHECK_ANSWER(auth_session_check(client, NULL, &error), AUTH_STATUS_SESSION_ENDED);
    CHECK_HAS(auth_error_message(error), "NotAuthorizedException: Refresh Token has been revoked");
    auth_error_free(error);
    CHECK_INT(keyring_count("session"), 1);
}

TEST("a check while Cognito cannot be reached is no end of the session")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in();
    save(client, &here);
    REQUIRE(emulator_pause());
    CHECK_ANSWER(auth_session_check(client, NULL, NULL), AUTH_STATUS_CONNECTION_FAILED);
    REQUIRE(emulator_resume());
    CHECK_ANSWER(auth_session_check(client, NULL, NULL), AUTH_STATUS_SUCCESS);
}

TEST("while Cognito cannot be reached a global sign-out is partial, and a retry completes it")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in(), elsewhere = emulator_sign_in();
    save(client, &here);
    REQUIRE(emulator_pause());
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK(emulator_resume());
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation not attempted");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_CONNECTION_FAILED);
    CHECK_INT(keyring_count_all(), 0);
    CHECK(emulator_takes_refresh_token(here.refresh_token));
    CHECK(emulator_takes_access_token(elsewhere.access_token));

    REQUIRE(result->partial_failure_token != NULL);
    CHECK_TEXT(told(retry(client, result->partial_failure_token)),
               "complete: was not signed in, signed out; global done, revocation done");
    CHECK(!emulator_takes_refresh_token(here.refresh_token));
    CHECK(!emulator_takes_access_token(elsewhere.access_token));
}

TEST("with the keyring locked nothing is revoked at Cognito")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in();
    save(client, &here);
    CHECK(keyring_run("lock"));
    CHECK_STATUS(sign_out_global(client)->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK(emulator_takes_refresh_token(here.refresh_token));
    CHECK(emulator_takes_access_token(here.access_token));
    CHECK(keyring_run("unlock"));
    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK(!emulator_takes_access_token(here.access_token));
}

TEST("an expired access token is renewed at Cognito, then all devices are signed out")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in(), elsewhere = emulator_sign_in();
    here.access_token = access_token(EXPIRED);
    save(client, &here);
    auth_session fetched = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_SUCCESS);
    CHECK(fetched.access_token && emulator_takes_access_token(fetched.access_token));
    auth_session_clear(&fetched);

    keyring_empty();
    save(client, &here);
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK(!emulator_takes_refresh_token(here.refresh_token));
    CHECK(!emulator_takes_refresh_token(elsewhere.refresh_token));
}

TEST("a session that another program ended is not renewed, and signing out still works")
{
    auth_client *client = emulator_client();
    auth_session here = emulator_sign_in();
    save(client, &here);
    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    here.access_token = access_token(EXPIRED);
    save(client, &here);
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_TEXT(auth_error_recovery_suggestion(result->global_sign_out_error),
               "Other devices may still be signed in. Sign in again, then sign out everywhere.");
    CHECK_INT(keyring_count_all(), 0);
}

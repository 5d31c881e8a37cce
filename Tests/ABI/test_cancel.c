/* SPDX-License-Identifier: Apache-2.0 */

/* Cancel: what becomes of a global sign-out, of several calls at once and of a fetch. test_stalls.c cancels a local
 * sign-out in all that it waits for. */

#include "scene.h"

/* An end that comes later was not the cancel's. */
enum { GENEROUS_MS = 2000 };

TEST("row 25b: a cancel while GlobalSignOut is on its way deletes the session, and leaves both steps to a retry")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", "{'hold':true,'default':true},{'default':true}");
    background *started = start_sign_out_global(client);
    CHECK(server_await(1));
    auth_client_cancel(client);
    double start = seconds();
    const auth_sign_out_result *result = finish(started);
    CHECK(seconds() - start < GENEROUS_MS / 1e3);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global unknown, revocation not attempted");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_CANCELLED);
    CHECK_INT(keyring_count("session"), 0);
    REQUIRE(result->partial_failure_token != NULL);
    CHECK_TEXT(server_operations(), "GlobalSignOut");
    CHECK_TEXT(told(retry(client, result->partial_failure_token)),
               "complete: was not signed in, signed out; global done, revocation done");
}

TEST("row 25b: a cancel while RevokeToken is on its way leaves GlobalSignOut done, and only the revocation to a retry")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true,'default':true},{'default':true}");
    background *started = start_sign_out_global(client);
    CHECK(server_await(2));
    auth_client_cancel(client);
    const auth_sign_out_result *result = finish(started);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global done, revocation unknown");
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_CANCELLED);
    CHECK_INT(keyring_count("session"), 0);
    REQUIRE(result->partial_failure_token != NULL);
    CHECK_INT(retry(client, result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken RevokeToken");
}

TEST("row 25: a cancel while a global sign-out renews the tokens revokes and deletes nothing")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    background *started = start_sign_out_global(client);
    CHECK(server_await(1));
    auth_client_cancel(client);
    const auth_sign_out_result *result = finish(started);
    CHECK_TEXT(told(result), "failed: was signed in, still signed in; global not attempted, revocation not attempted");
    CHECK_STATUS(result->failure, AUTH_STATUS_CANCELLED);
    CHECK(result->partial_failure_token == NULL);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
}

TEST("auth_client_cancel ends every blocking call of a client, on whatever thread, and none that comes later")
{
    auth_client *client = scene_client();
    background *started[4];
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true,'default':true},{'default':true}");
    for (int i = 0; i < 4; i++) started[i] = start_sign_out(client);
    CHECK(server_await(1));
    sleep_ms(200);
    double start = seconds();
    auth_client_cancel(client);
    int partial = 0, failed = 0;
    for (int i = 0; i < 4; i++) {
        const auth_sign_out_result *result = finish(started[i]);
        partial += result->outcome == AUTH_SIGN_OUT_PARTIAL;
        failed += auth_error_status(result->failure) == AUTH_STATUS_CANCELLED;
    }
    CHECK(seconds() - start < GENEROUS_MS / 1e3);
    CHECK_INT(partial, 1);
    CHECK_INT(failed, 3);
    sign_in(client);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
}

TEST("a fetch that is cancelled while it renews the tokens leaves the session as it was")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_for(client, EXPIRED), fetched = AUTH_SESSION_INIT;
    auth_operation *operation = NULL;
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    CHECK_ANSWER(auth_session_fetch_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK(server_await(1));
    auth_operation_cancel(operation);
    double start = seconds();
    CHECK_ANSWER(auth_operation_finish_session(operation, &fetched, NULL), AUTH_STATUS_CANCELLED);
    CHECK(seconds() - start < GENEROUS_MS / 1e3);
    CHECK(fetched.owned == NULL);
    auth_operation_free(operation);
    CHECK_TEXT(load(client)->access_token, session.access_token);
}

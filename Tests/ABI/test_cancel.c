/* SPDX-License-Identifier: Apache-2.0 */

/* Cancel: what becomes of a global sign-out, of several calls at once and of a fetch. test_stalls.c cancels a local
 * sign-out in all that it waits for. */

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scene.h"

/* An end that comes later was not the cancel's. */
enum { GENEROUS_MS = 4000 };

TEST("row 25b: a cancel while GlobalSignOut is on its way deletes the session, and leaves both steps to a retry")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", HELD_ONCE);
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
    server_reply("RevokeToken", HELD_ONCE);
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

#define CANCELLED "failed: was signed in, still signed in; global not attempted, revocation not attempted"
#define MAY_HAVE_ENDED "may have ended the session"

TEST("row 25: a global sign-out that is cancelled while it refreshes the tokens stores them, and revokes nothing")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate_held();
    background *started = start_sign_out_global(client);
    CHECK(server_await(1));
    auth_client_cancel(client);
    sleep_ms(300);
    server_release();
    const auth_sign_out_result *result = finish(started);
    CHECK_TEXT(told(result), CANCELLED);
    CHECK_STATUS(result->failure, AUTH_STATUS_CANCELLED);
    CHECK_LACKS(auth_error_message(result->failure), MAY_HAVE_ENDED);
    CHECK(result->partial_failure_token == NULL);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    CHECK_TEXT(load(client)->refresh_token, rotated);
}

TEST("row 25: where the server says that it did not look at that refresh, the session cannot have ended")
{
    server_select_http2("good");
    server_reset();
    auth_client_options options = scene_options();
    options.ca_file = text("%s/ca.pem", getenv("COGNITOAUTH_TEST_CERTIFICATES"));
    auth_client *client = scene_client_with(&options);
    sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'goaway':0,'close':'before_reply'}");
    background *started = start_sign_out_global(client);
    CHECK(server_await(1));
    auth_client_cancel(client);
    sleep_ms(300);
    server_release();
    const auth_sign_out_result *result = finish(started);
    CHECK_TEXT(told(result), CANCELLED);
    CHECK_STATUS(result->failure, AUTH_STATUS_CANCELLED);
    CHECK_LACKS(auth_error_message(result->failure), MAY_HAVE_ENDED);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
}

TEST("row 25: where no answer comes to that refresh, it ends after 2 s, and says that the session may have ended")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    background *started = start_sign_out_global(client);
    CHECK(server_await(1));
    double start = seconds();
    auth_client_cancel(client);
    const auth_sign_out_result *result = finish(started);
    CHECK(seconds() - start > 1.9 && seconds() - start < 2 + GENEROUS_MS / 1e3);
    CHECK_TEXT(told(result), CANCELLED);
    CHECK_STATUS(result->failure, AUTH_STATUS_CANCELLED);
    CHECK_HAS(auth_error_message(result->failure), MAY_HAVE_ENDED);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
}

TEST("row 25b: a refresh that follows a GlobalSignOut that was refused is waited for too, and kept for the retry")
{
    auth_client *client = scene_client();
    sign_in(client);
    const char *rotated = server_rotate();
    server_reply("GlobalSignOut", text("%s,{'default':true}",
                                       exception("NotAuthorizedException", "Access Token has expired")));
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    background *started = start_sign_out_global(client);
    CHECK(server_await(2));
    auth_client_cancel(client);
    sleep_ms(300);
    server_release();
    const auth_sign_out_result *result = finish(started);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation not attempted");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_CANCELLED);
    CHECK_TEXT(server_operations(), "GlobalSignOut GetTokensFromRefreshToken");
    REQUIRE(result->partial_failure_token != NULL);
    CHECK_INT(retry(client, result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_body(3, "Token"), rotated);
}

TEST("auth_client_cancel ends every blocking call of a client, on whatever thread, and none that comes later")
{
    auth_client *client = scene_client();
    background *started[4];
    sign_in(client);
    server_reply("RevokeToken", HELD_ONCE);
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

/* Starts a fetch that Cognito holds, and cancels it. */
static auth_operation *cancelled_fetch(auth_client *client)
{
    auth_operation *operation = start_operation(client, auth_session_fetch_start);
    CHECK(server_await(1));
    auth_operation_cancel(operation);
    return operation;
}

TEST("row 25: a fetch that is cancelled while it refreshes the tokens stores what comes, and hands it out")
{
    auth_client *client = scene_client();
    auth_session fetched = AUTH_SESSION_INIT;
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate_held();
    auth_operation *operation = cancelled_fetch(client);
    sleep_ms(300);
    server_release();
    CHECK_ANSWER(auth_operation_finish_session(operation, &fetched, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(fetched.refresh_token, rotated);
    CHECK_TEXT(load(client)->refresh_token, rotated);
    auth_session_clear(&fetched);
}

TEST("row 25: where no answer comes it ends after 2 s with CANCELLED, and the session stays as it was")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_for(client, EXPIRED), fetched = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    double start = seconds();
    auth_operation *operation = cancelled_fetch(client);
    CHECK_ANSWER(auth_operation_finish_session(operation, &fetched, &error), AUTH_STATUS_CANCELLED);
    CHECK(seconds() - start > 1.9 && seconds() - start < 7 + GENEROUS_MS / 1e3);
    CHECK_HAS(auth_error_message(error), "The session may have ended with it.");
    CHECK(fetched.owned == NULL);
    auth_error_free(error);
    CHECK_TEXT(load(client)->access_token, session.access_token);
}

static void close_socket(void *number) { close((int)(intptr_t)number); }

/* A URL whose server never shakes hands. */
static const char *mute_url(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 8) == 0);
    getsockname(listener, (struct sockaddr *)&address, &length);
    defer(close_socket, (void *)(intptr_t)listener);
    return text("https://127.0.0.1:%d", ntohs(address.sin_port));
}

TEST("a fetch that is cancelled before its refresh was sent ends at once")
{
    auth_client_options options = scene_options();
    options.endpoint = mute_url();
    auth_client *client = scene_client_with(&options);
    auth_session fetched = AUTH_SESSION_INIT;
    sign_in_for(client, EXPIRED);
    auth_operation *operation = start_operation(client, auth_session_fetch_start);
    sleep_ms(300);
    double start = seconds();
    auth_operation_cancel(operation);
    CHECK_ANSWER(auth_operation_finish_session(operation, &fetched, NULL), AUTH_STATUS_CANCELLED);
    CHECK(seconds() - start < GENEROUS_MS / 1e3);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Processes with the same session take turns: row 29, row 32 and "Turns between processes". */

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lock_scene.h"

ROLE("sign out")
{
    CHECK_INT(sign_out(scene_client())->outcome, AUTH_SIGN_OUT_COMPLETE);
    return 0;
}

ROLE("fetch three times")
{
    auth_client *client = scene_client();
    for (int i = 0; i < 3; i++) CHECK_ANSWER(fetch_within(client, 0, NULL), AUTH_STATUS_SUCCESS);
    return 0;
}

TEST("with rotation, four processes that fetch at once spend each refresh token once")
{
    auth_client *client = scene_client();
    enum { PROCESSES = 4, FETCHES = 3 * PROCESSES };
    const char *replies = "";
    pid_t processes[PROCESSES];
    sign_in_for(client, EXPIRED);
    for (int i = 0; i < FETCHES; i++) {
        /* What is renewed is expired again, so that each fetch has to spend the token that it finds. */
        replies = text("%s%s{'delay_ms':20,'body':{'AuthenticationResult':{'AccessToken':'%s','RefreshToken':'%s',"
                       "'ExpiresIn':0,'TokenType':'Bearer'}}}",
                       replies, i ? "," : "", access_token(EXPIRED), refresh_token());
    }
    server_reply("GetTokensFromRefreshToken", replies);
    for (int i = 0; i < PROCESSES; i++) processes[i] = start_role("fetch three times");
    for (int i = 0; i < PROCESSES; i++) CHECK_INT(wait_for(processes[i], 20000), 0);
    REQUIRE(server_request_count() == FETCHES);
    for (int i = 0; i < FETCHES; i++) {
        for (int j = 0; j < i; j++) CHECK(strcmp(server_body(i, "RefreshToken"), server_body(j, "RefreshToken")) != 0);
    }
    CHECK_INT(keyring_count("session"), 1);
}

TEST("a session that one process has renewed is not renewed by those that waited for it")
{
    pid_t processes[4];
    sign_in_for(scene_client(), EXPIRED);
    server_reply("GetTokensFromRefreshToken", "{'delay_ms':500,'default':true}");
    for (int i = 0; i < 4; i++) processes[i] = start_role("fetch");
    for (int i = 0; i < 4; i++) CHECK_INT(wait_for(processes[i], 20000), AUTH_STATUS_SUCCESS);
    CHECK_INT(server_request_count(), 1);
}

TEST("row 29: sign-out waits for a refresh in another process, revokes what it brought, and deletes it")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate_held();
    pid_t process = start_role("fetch");
    CHECK(server_await(1));
    background *started = start_sign_out(client);
    sleep_ms(400); /* Enough for the sign-out to go wrong. */
    CHECK_INT(server_request_count(), 1);
    server_release();
    CHECK_INT(wait_for(process, 5000), AUTH_STATUS_SUCCESS);
    CHECK_INT(finish(started)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), rotated);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("rows 29, 32: a refresh that outlasts the turn does not bring back the session that was signed out meanwhile")
{
    auth_client *client = warning_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate_held();
    pid_t process = start_role("fetch");
    CHECK(server_await(1));
    double start = seconds();
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    printf("  sign-out went on without the turn after %.2f s\n", seconds() - start);
    CHECK(seconds() - start >= 4 && seconds() - start < 9);
    CHECK_INT(warnings, 1);
    server_release();
    CHECK_INT(wait_for(process, 5000), AUTH_STATUS_SESSION_CHANGED);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken RevokeToken");
    CHECK_TEXT(server_body(2, "Token"), rotated);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("row 32: while a process with the turn hangs, save and fetch are BUSY, load works, sign-out goes on and warns")
{
    auth_client *client = warning_client();
    sign_in_for(client, EXPIRED);
    server_reply("RevokeToken", HELD_ONCE);
    pid_t process = start_role("sign out");
    CHECK(server_await(1));
    kill(process, SIGSTOP);

    auth_session session = scene_session(), out = AUTH_SESSION_INIT;
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = 800;
    double start = seconds();
    CHECK_ANSWER(auth_session_load(client, &options, &out, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&out);
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_BUSY); /* After a third of that. */
    CHECK(seconds() - start < 3);

    auth_operation *save = NULL, *fetch = NULL;
    start = seconds();
    CHECK_ANSWER(auth_session_save_start(scene_client(), &session, NULL, &save, NULL), AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(auth_session_fetch_start(scene_client(), NULL, &fetch, NULL), AUTH_STATUS_SUCCESS);
    background *started = start_sign_out(client);
    CHECK_ANSWER(auth_operation_finish_session(save, NULL, NULL), AUTH_STATUS_BUSY);
    CHECK_ANSWER(auth_operation_finish_session(fetch, NULL, NULL), AUTH_STATUS_BUSY);
    double busy = seconds() - start;
    CHECK_TEXT(told(finish(started)), COMPLETE);
    printf("  BUSY after %.2f s, signed out after %.2f s\n", busy, seconds() - start);
    CHECK(busy >= 4 && seconds() - start < 9);
    CHECK_INT(warnings, 1);
    CHECK_HAS(last_warning, "another process");
    CHECK_INT(keyring_count("session"), 0);
    auth_operation_free(save);
    auth_operation_free(fetch);
    kill(process, SIGCONT);
    server_release();
    CHECK_INT(wait_for(process, 5000), 0);
}

TEST("the turn of a process that is killed is free at once")
{
    auth_client *client = warning_client();
    sign_in(client);
    server_reply("RevokeToken", HELD_ONCE);
    pid_t process = start_role("sign out");
    CHECK(server_await(1));
    kill(process, SIGKILL);
    CHECK_INT(wait_for(process, 5000), 128 + SIGKILL);
    double start = seconds();
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK(seconds() - start < 4.5); /* It did not wait for 5 s. */
    CHECK_INT(warnings, 0);
}

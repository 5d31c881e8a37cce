/* SPDX-License-Identifier: Apache-2.0 */

/* A keyring that stops, and goes on later: what it still does, and what the next call says; row 22. */

#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "stopper.h"
#include "unfinished.h"

enum { LIMIT_MS = 1500, GENEROUS_MS = 4000 };

#define UNSEEN "failed: may have been signed in, still signed in; global not requested, revocation not attempted"

ROLE("meet a stopped keyring")
{
    for (int is_late = 0; is_late < 2; is_late++) {
        auth_call_options options = AUTH_CALL_OPTIONS_INIT;
        auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
        auth_operation *operation = NULL;
        options.timeout_ms = is_late ? LIMIT_MS : 20000;
        double start = seconds();
        CHECK_ANSWER(auth_sign_out_start(scene_client(), &options, &operation, NULL), AUTH_STATUS_SUCCESS);
        struct pollfd ready = {auth_operation_fd(operation), POLLIN, 0};
        if (!is_late) {
            CHECK_INT(poll(&ready, 1, 400), 0);
            start = seconds();
            auth_operation_cancel(operation);
        }
        CHECK_INT(poll(&ready, 1, 10000), 1);
        double took = (seconds() - start) * 1e3;
        printf("  %s: over after %.1f ms\n", is_late ? text("limit of %d ms", LIMIT_MS) : "cancelled", took);
        CHECK(took < GENEROUS_MS + (is_late ? LIMIT_MS : 0));
        auth_operation_finish_sign_out(operation, &result);
        CHECK_TEXT(told(&result), UNSEEN);
        auth_sign_out_result_clear(&result);
        auth_operation_free(operation);
    }
    return 0;
}

TEST("row 22: a stopped keyring costs a process that has never talked to it no more")
{
    sign_in(scene_client());
    signal_keyring(SIGSTOP);
    CHECK_INT(run_role("meet a stopped keyring"), 0);
    wake_keyring();
    CHECK_INT(keyring_count("session"), 1);
}

/* Signs out while the keyring is stopped at `call`, if it is not NULL, else before Cognito has answered. */
static auth_answer sign_out_and_stop_at(auth_client *client, const char *call)
{
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_operation *operation = NULL;
    server_reset();
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true,'default':true}");
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = LIMIT_MS;
    CHECK_ANSWER(auth_sign_out_start(client, &options, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK(server_await(1));
    if (call)
        stop_keyring_at(call);
    else
        signal_keyring(SIGSTOP);
    double start = seconds();
    server_release();
    CHECK_INT(auth_operation_finish_sign_out(operation, &result), AUTH_SIGN_OUT_FAILED);
    CHECK(seconds() - start < (LIMIT_MS + GENEROUS_MS) / 1e3);
    CHECK_STATUS(result.failure, AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK_INT(result.revoke_token, AUTH_REMOTE_DONE);
    CHECK(result.partial_failure_token != NULL);
    auth_answer answer = result.signed_out_locally;
    auth_sign_out_result_clear(&result);
    auth_operation_free(operation);
    return answer;
}

TEST("row 22: a deletion that was sent and not answered is UNKNOWN; a daemon that wakes does it, and is asked again")
{
    auth_client *client = scene_client();
    CHECK_INT(sign_out_and_stop_at(client, "Delete"), AUTH_ANSWER_UNKNOWN);
    wake_keyring();
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    CHECK_INT(auth_sign_out(client, NULL, &result), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(told(&result), NOBODY);
    auth_sign_out_result_clear(&result);
    CHECK_INT(keyring_count("session"), 0);
    auth_session session = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_load(client, NULL, &session, NULL), AUTH_STATUS_NOT_SIGNED_IN);
}

TEST("row 22: where the deletion could not even be sent the session is still there, and the result says so")
{
    auth_client *client = scene_client();
    auth_answer answer = sign_out_and_stop_at(client, NULL);
    wake_keyring();
    sleep_ms(300);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(answer, AUTH_ANSWER_NO);
    server_reset();
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("a store that was not answered is looked at again: a session that a daemon stored late is loaded and signed out")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    server_reset();
    sign_out(client);
    stop_keyring_at("CreateItem");
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = LIMIT_MS;
    double start = seconds();
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK(seconds() - start < (LIMIT_MS + GENEROUS_MS) / 1e3);
    wake_keyring();
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_INT(sign_out(client)->was_signed_in, AUTH_ANSWER_YES);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("a sign-out that was to be kept is not left behind where the keyring stores it late, after it went on without it")
{
    auth_client *client = keeping_client();
    sign_in(client);
    server_reset();
    stop_keyring_at("CreateItem");
    background *started = start_sign_out(client);
    CHECK(server_await(1) || server_await(1)); /* It waits for the keyring for some seconds. */
    wake_keyring();
    const auth_sign_out_result *result = finish(started);
    CHECK_TEXT(told(result), COMPLETE);
    check_kept(result, AUTH_ANSWER_NO, 0);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("rows 22, L8: where the keyring hangs from then on, what it does late is found and finished by a resume")
{
    auth_client *client = keeping_client();
    auth_session session = sign_in(client);
    auth_call_options options = scene_within(LIMIT_MS);
    server_reset();
    server_add_session(session.access_token, session.refresh_token);
    stop_keyring_at("CreateItem");
    const auth_sign_out_result *result = sign_out_by(auth_sign_out, client, &options);
    CHECK_STATUS(result->failure, AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK(result->kept != AUTH_ANSWER_YES);
    wake_keyring();
    sleep_ms(300);
    CHECK_INT(resume(scene_client())->unfinished_count, 0);
    CHECK_INT(sign_out(scene_client())->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_live_tokens(), "");
    CHECK_INT(keyring_count(NULL), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* A locked keyring that asks the user: rows 18 to 20. */

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "mock_keyring.h"
#include "scene.h"

void set_scene(void)
{
    server_select(NULL);
    server_reset();
    mock_keyring_start();
}

static auth_call_options prompting(int prompt_timeout_ms)
{
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.allow_prompt = 1;
    options.prompt_timeout_ms = prompt_timeout_ms;
    return options;
}

/* Signs in, with the user's help, and locks again. */
static auth_session sign_in_and_lock(auth_client *client)
{
    auth_session session = scene_session();
    auth_call_options options = prompting(5000);
    mock_keyring_behave("complete", 0);
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(mock_keyring_count(), 1);
    CHECK(mock_keyring_lock());
    return session;
}

static void clear_result(void *result)
{
    auth_sign_out_result_clear(result);
    free(result);
}

/* Signs out with these options; how many milliseconds it took, into `took` unless that is NULL. */
static const auth_sign_out_result *sign_out_with(auth_client *client, auth_call_options options, double *took)
{
    auth_sign_out_result *result = malloc(sizeof *result);
    auth_sign_out_result_init(result, sizeof *result);
    defer(clear_result, result);
    double start = seconds();
    auth_sign_out(client, &options, result);
    if (took) *took = (seconds() - start) * 1e3;
    return result;
}

#define UNTOUCHED "failed: may have been signed in, still signed in; global not requested, revocation not attempted"

/* Nothing was sent, nothing deleted, and the prompt was left alone. */
static void check_untouched(const auth_sign_out_result *result)
{
    CHECK_TEXT(told(result), UNTOUCHED);
    CHECK(result->partial_failure_token == NULL);
    CHECK_INT(server_connection_count(), 0);
    CHECK_INT(mock_keyring_count(), 1);
    CHECK_INT(mock_keyring_calls("Item.Delete"), 0);
    CHECK_INT(mock_keyring_calls("Prompt.Dismiss"), 0);
}

TEST("row 19: where the user unlocks the keyring, the sign-out goes on, and the prompt does not count as its time")
{
    auth_client *client = scene_client();
    sign_in_and_lock(client);
    mock_keyring_behave("complete", 900);
    auth_call_options options = prompting(10000);
    options.timeout_ms = 700;
    CHECK_TEXT(told(sign_out_with(client, options, NULL)), COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_INT(mock_keyring_count(), 0);
}

TEST("row 19: load, fetch and save wait for the user too")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_and_lock(client), out = AUTH_SESSION_INIT;
    auth_call_options options = prompting(5000);
    CHECK_ANSWER(auth_session_load(client, &options, &out, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(out.refresh_token, session.refresh_token);
    auth_session_clear(&out);
    CHECK(mock_keyring_lock());
    CHECK_ANSWER(auth_session_fetch(client, &options, &out, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(out.access_token, session.access_token);
    auth_session_clear(&out);
    CHECK(mock_keyring_lock());
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(mock_keyring_count(), 1);
}

TEST("row 20: a prompt that the user dismisses fails the call, and nothing is revoked or deleted")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_and_lock(client), out = AUTH_SESSION_INIT;
    mock_keyring_behave("dismiss", 50);
    const auth_sign_out_result *result = sign_out_with(client, prompting(5000), NULL);
    check_untouched(result);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    auth_call_options options = prompting(5000);
    CHECK_ANSWER(auth_session_load(client, &options, &out, NULL), AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    CHECK_ANSWER(auth_session_fetch(client, &options, &out, NULL), AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
}

TEST("row 18: without allow_prompt the keyring is never asked to unlock, and every answer comes at once")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_and_lock(client), out = AUTH_SESSION_INIT;
    int unlocks = mock_keyring_calls("Service.Unlock"), prompts = mock_keyring_calls("Prompt.Prompt");
    double took;
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.prompt_timeout_ms = 5000;
    const auth_sign_out_result *result = sign_out_with(client, options, &took);
    check_untouched(result);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK(took < 5000);
    CHECK_ANSWER(auth_session_load(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK_ANSWER(auth_session_fetch(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK_ANSWER(auth_session_save(client, &session, NULL, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK_INT(mock_keyring_calls("Service.Unlock"), unlocks);
    CHECK_INT(mock_keyring_calls("Prompt.Prompt"), prompts);
}

TEST("a prompt that nobody answers is given up after prompt_timeout_ms and left alone; it may complete later")
{
    auth_client *client = scene_client();
    sign_in_and_lock(client);
    mock_keyring_behave("silent", 0);
    double took;
    const auth_sign_out_result *result = sign_out_with(client, prompting(1500), &took);
    printf("  prompt               limit of 1500 ms: after %.1f ms\n", took);
    CHECK(took >= 1400 && took < 6000);
    check_untouched(result);
    CHECK_STATUS(result->failure, AUTH_STATUS_DEADLINE_EXCEEDED);
    sleep_ms(300);
    CHECK_INT(mock_keyring_calls("Prompt.Dismiss"), 0);
    int searches = mock_keyring_calls("Service.SearchItems");
    CHECK(mock_keyring_complete());
    sleep_ms(300); /* Enough for what was left behind to go wrong. */
    CHECK_INT(mock_keyring_calls("Service.SearchItems"), searches);
    CHECK_INT(mock_keyring_calls("Item.Delete"), 0);
    CHECK_INT(server_connection_count(), 0);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(mock_keyring_count(), 0);
}

static double cancel_in_prompt(auth_client *client, bool through_client)
{
    auth_call_options options = prompting(60000);
    auth_operation *operation = NULL;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    int prompts = mock_keyring_calls("Prompt.Prompt");
    CHECK_ANSWER(auth_sign_out_start(client, &options, &operation, NULL), AUTH_STATUS_SUCCESS);
    struct pollfd ready = {auth_operation_fd(operation), POLLIN, 0};
    CHECK_INT(poll(&ready, 1, 500), 0);
    CHECK_INT(mock_keyring_calls("Prompt.Prompt"), prompts + 1);
    double start = seconds();
    if (through_client)
        auth_client_cancel(client);
    else
        auth_operation_cancel(operation);
    CHECK_INT(poll(&ready, 1, 10000), 1);
    double took = (seconds() - start) * 1e3;
    CHECK(took < 5000);
    auth_operation_finish_sign_out(operation, &result);
    check_untouched(&result);
    CHECK_STATUS(result.failure, AUTH_STATUS_CANCELLED);
    auth_sign_out_result_clear(&result);
    auth_operation_free(operation);
    return took;
}

TEST("a cancel while the prompt is open ends the call at once, and leaves the prompt alone")
{
    auth_client *client = scene_client();
    sign_in_and_lock(client);
    mock_keyring_behave("silent", 0);
    double cancelled = cancel_in_prompt(client, false), of_client = cancel_in_prompt(client, true);
    printf("  prompt               cancelled: over after %6.1f ms, with auth_client_cancel %6.1f ms\n", cancelled,
           of_client);
    CHECK(mock_keyring_complete());
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
}

TEST("a call that waits in a prompt holds no turn")
{
    auth_client *client = scene_client();
    sign_in_and_lock(client);
    mock_keyring_behave("silent", 0);
    auth_call_options options = prompting(20000);
    auth_operation *operation = NULL;
    CHECK_ANSWER(auth_sign_out_start(client, &options, &operation, NULL), AUTH_STATUS_SUCCESS);
    sleep_ms(400);
    double took;
    const auth_sign_out_result *result = sign_out_with(client, (auth_call_options)AUTH_CALL_OPTIONS_INIT, &took);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK(took < 5000);
    CHECK(mock_keyring_complete());
    CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
    auth_operation_free(operation);
}

TEST("a keyring that vanishes while its prompt is open fails the call soon; a new one is found again")
{
    auth_client *client = scene_client();
    sign_in_and_lock(client);
    mock_keyring_behave("vanish", 100);
    double took;
    keyring_check_glib(false); /* libsecret 0.20 itself complains: of an error that it forgot to make. */
    const auth_sign_out_result *result = sign_out_with(client, prompting(6000), &took);
    printf("  the keyring vanished: %s after %.1f ms\n", auth_status_name(auth_error_status(result->failure)), took);
    keyring_check_glib(true);
    CHECK(took < 5000);
    CHECK_TEXT(told(result), UNTOUCHED);
    CHECK(auth_error_status(result->failure) >= AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK(auth_error_status(result->failure) <= AUTH_STATUS_KEYRING_FAILED);
    CHECK(auth_error_status(result->failure) != AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    mock_keyring_start();
    sign_in_and_lock(client);
    CHECK_TEXT(told(sign_out_with(client, prompting(5000), NULL)), COMPLETE);
}

/* Gives up a prompt, goes on and ends, with the prompt still open. */
ROLE("leave a prompt open")
{
    auth_client *client = NULL;
    auth_client_options options = scene_options();
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_call_options call = prompting(300);
    if (auth_client_new(&options, &client, NULL) != AUTH_STATUS_SUCCESS) return 2;
    for (int i = 0; i < 3; i++) {
        if (auth_sign_out(client, &call, &result) != AUTH_SIGN_OUT_FAILED) return 3;
        CHECK_STATUS(result.failure, AUTH_STATUS_DEADLINE_EXCEEDED);
        auth_sign_out_result_clear(&result);
    }
    CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_FAILED);
    auth_client_free(client);
    return 0;
}

TEST("a process that has left a prompt open goes on, and ends as it wants")
{
    sign_in_and_lock(scene_client());
    mock_keyring_behave("silent", 0);
    pid_t process = start_role("leave a prompt open");
    CHECK_INT(wait_for(process, 5000), 0);
    CHECK_INT(mock_keyring_calls("Prompt.Dismiss"), 0);
    CHECK_INT(mock_keyring_count(), 1);
}

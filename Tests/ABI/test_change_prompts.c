/* SPDX-License-Identifier: Apache-2.0 */

/* A keyring that answers a delete, or a store, with a prompt: what was asked for is done when the prompt has been run.
 * KeePassXC always does so, with a window or without one. */

#include <poll.h>
#include <stdlib.h>

#include "mock_keyring.h"
#include "unfinished.h"

#define LEFT "failed: was signed in, still signed in; global not requested, revocation done"
#define UNKNOWN "failed: was signed in, may be signed in; global not requested, revocation done"

/* It is unlocked and empty. */
void set_scene(void)
{
    auth_session session = scene_session();
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.allow_prompt = 1;
    server_select(NULL);
    mock_keyring_start();
    mock_keyring_behave("complete", 0);
    auth_client *client = scene_client();
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(mock_keyring_count(), 0);
    server_reset();
}

static int prompts(void) { return mock_keyring_calls("Prompt.Prompt"); }

/* From now on a method asks its user, who does this. */
static void user_will(const char *ending, int after_ms, const char *method)
{
    mock_keyring_behave(ending, after_ms);
    mock_keyring_ask(method);
}

/* No prompt was dismissed, whatever became of it. */
static void check_left_alone(void) { CHECK_INT(mock_keyring_calls("Prompt.Dismiss"), 0); }

static auth_call_options within(int timeout_ms)
{
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = timeout_ms;
    return options;
}

static void clear(void *result)
{
    auth_sign_out_result_clear(result);
    free(result);
}

/* Signs out within a limit, and three seconds more for a slow machine. */
static const auth_sign_out_result *sign_out_within(auth_client *client, int timeout_ms)
{
    auth_sign_out_result *result = malloc(sizeof *result);
    auth_sign_out_result_init(result, sizeof *result);
    defer(clear, result);
    auth_call_options options = within(timeout_ms);
    double start = seconds();
    auth_sign_out(client, &options, result);
    CHECK((seconds() - start) * 1e3 < timeout_ms + 3000);
    return result;
}

TEST("row 1: a delete whose prompt completes, at once or later, is done, and needs no allow_prompt")
{
    for (int delay = 0; delay <= 300; delay += 300) {
        auth_client *client = scene_client();
        sign_in(client);
        user_will("complete", delay, "Delete");
        int earlier = prompts();
        CHECK_TEXT(told(sign_out(client)), COMPLETE);
        CHECK_INT(prompts(), earlier + 1);
        CHECK_INT(mock_keyring_count(), 0);
        check_left_alone();
    }
}

TEST("row 2: so it is in a global sign-out")
{
    auth_client *client = scene_client();
    sign_in(client);
    user_will("complete", 0, "Delete");
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK_INT(mock_keyring_count(), 0);
}

TEST("row 23: a delete that the user declines fails the sign-out, and the session stays; the next one may be accepted")
{
    auth_client *client = scene_client();
    sign_in(client);
    user_will("dismiss", 50, "Delete");
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), LEFT);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    CHECK_INT(mock_keyring_count(), 1);
    check_left_alone();
    mock_keyring_behave("complete", 0);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
}

TEST("row 22: a delete that nobody answers is given up at the limit, and not known to be done; it may be yet")
{
    auth_client *client = scene_client();
    sign_in(client);
    user_will("silent", 0, "Delete");
    const auth_sign_out_result *result = sign_out_within(client, 1500);
    CHECK_TEXT(told(result), UNKNOWN);
    CHECK_STATUS(result->failure, AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK_INT(mock_keyring_count(), 1);
    check_left_alone();
    CHECK(mock_keyring_complete());
    CHECK_INT(mock_keyring_count(), 0);
    CHECK_TEXT(told(sign_out(client)), NOBODY);
}

TEST("row 23: a keyring that vanishes while a delete asks its user fails the sign-out soon")
{
    auth_client *client = scene_client();
    sign_in(client);
    user_will("vanish", 100, "Delete");
    const auth_sign_out_result *result = sign_out_within(client, 2000);
    CHECK_TEXT(told(result), UNKNOWN);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
}

TEST("row 25b: once the user is asked about the delete, a cancel has no effect")
{
    auth_client *client = scene_client();
    auth_call_options options = within(1500);
    auth_operation *operation = NULL;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    sign_in(client);
    user_will("silent", 0, "Delete");
    int earlier = prompts();
    CHECK_ANSWER(auth_sign_out_start(client, &options, &operation, NULL), AUTH_STATUS_SUCCESS);
    for (double end = seconds() + 1; prompts() == earlier && seconds() < end;) sleep_ms(20);
    auth_operation_cancel(operation);
    struct pollfd ready = {auth_operation_fd(operation), POLLIN, 0};
    CHECK_INT(poll(&ready, 1, 300), 0);
    CHECK(mock_keyring_complete());
    auth_operation_finish_sign_out(operation, &result);
    CHECK_TEXT(told(&result), COMPLETE);
    auth_sign_out_result_clear(&result);
    auth_operation_free(operation);
}

TEST("a store whose prompt completes, at once or later, is done")
{
    for (int delay = 0; delay <= 300; delay += 300) {
        auth_client *client = scene_client();
        user_will("complete", delay, "CreateItem");
        auth_session session = sign_in(client);
        CHECK_INT(mock_keyring_count(), 1);
        CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
        check_left_alone();
        CHECK_TEXT(told(sign_out(client)), COMPLETE);
    }
}

TEST("a store that the user declines is told of, and nothing is stored")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    user_will("dismiss", 50, "CreateItem");
    CHECK_ANSWER(auth_session_save(client, &session, NULL, NULL), AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    CHECK_INT(mock_keyring_count(), 0);
}

TEST("a store that nobody answers is given up at the limit, and may be done yet")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    auth_call_options options = within(1000);
    user_will("silent", 0, "CreateItem");
    double start = seconds();
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK(seconds() - start < 5);
    CHECK_INT(mock_keyring_count(), 0);
    check_left_alone();
    CHECK(mock_keyring_complete());
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
}

TEST("a keyring that vanishes while a store asks its user fails the save soon")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    user_will("vanish", 100, "CreateItem");
    double start = seconds();
    CHECK_ANSWER(auth_session_save(client, &session, NULL, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK(seconds() - start < 5);
}

/* A client of a Cognito that cannot be reached, with somebody signed in. */
static auth_client *offline_with_session(void)
{
    auth_client *client = offline_client();
    sign_in(client);
    return client;
}

TEST("a sign-out is kept whose item is stored only when its prompt has been run")
{
    auth_client *client = offline_with_session();
    user_will("complete", 100, "CreateItem");
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), OFFLINE);
    CHECK_INT(result->kept, AUTH_ANSWER_YES);
    CHECK_INT(mock_keyring_count(), 1);
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK_INT(mock_keyring_count(), 0);
    check_left_alone();
}

TEST("where its item cannot be stored, a sign-out goes on, is not kept, and its token has all that is open")
{
    for (int is_declined = 0; is_declined < 2; is_declined++) {
        auth_client *client = offline_with_session();
        if (is_declined)
            user_will("dismiss", 0, "CreateItem");
        else
            mock_keyring_refuse("CreateItem");
        const auth_sign_out_result *result = sign_out(client);
        CHECK_TEXT(told(result), OFFLINE);
        CHECK_INT(result->kept, AUTH_ANSWER_NO);
        CHECK_INT(result->unfinished_count, 0);
        CHECK_INT(mock_keyring_count(), 0);
        REQUIRE(result->partial_failure_token != NULL);
        CHECK_INT(retry(scene_client(), result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
        mock_keyring_refuse("");
    }
}

TEST("rows 19, L8: a resume that may ask has the keyring unlocked, and one that may not leaves it alone")
{
    auth_client *client = offline_with_session();
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    sign_out(client);
    CHECK(mock_keyring_lock());
    mock_keyring_behave("complete", 100);
    int earlier = prompts();
    CHECK_STATUS(resume(scene_client())->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK_INT(prompts(), earlier);
    options.allow_prompt = 1;
    CHECK_TEXT(told(sign_out_by(auth_sign_out_resume, scene_client(), &options)), RESUMED);
    CHECK_INT(prompts(), earlier + 1);
    CHECK_INT(mock_keyring_count(), 0);
}

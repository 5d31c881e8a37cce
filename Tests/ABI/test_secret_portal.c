/* SPDX-License-Identifier: Apache-2.0 */

/* What the Secret portal answers, or that it does not answer. Each case is a process of its own, as a portal may be
 * waited for as long as the process lives. */

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keyring_file.h"
#include "mock_portal.h"
#include "neighbour.h"
#include "sandbox.h"
#include "scene.h"

void set_scene(void)
{
    sandbox_leave();
    unsetenv("SECRET_BACKEND");
    server_select(NULL);
    server_reset();
    keyring_empty();
    unlink(keyring_file_path(""));
    unlink(keyring_file_path("~"));
    mock_portal_start();
}

/* As an unconfined process of a snap's terminal has it; libsecret asks the portal for the key. */
static void use_portal(void)
{
    setenv("SECRET_BACKEND", "file", 1);
    sandbox_enter_snap("terminal", NULL);
}

#define UNSEEN "failed: may have been signed in, still signed in; global not requested, revocation not attempted"

ROLE("meet refusals")
{
    auth_client *client = scene_client();
    const char *message;
    mock_portal_behave("dismiss");
    CHECK_ANSWER(load_within(client, 5000, NULL), AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    mock_portal_behave("fail");
    CHECK_ANSWER(load_within(client, 5000, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_TEXT(told(sign_out(client)), UNSEEN);
    mock_portal_behave("answer");
    mock_portal_use_key('x');
    CHECK_ANSWER(load_within(client, 5000, &message), AUTH_STATUS_KEYRING_FAILED);
    CHECK_HAS(message, "another key");
    mock_portal_use_key('k');
    CHECK_TEXT(load(client)->username, TOKEN_USERNAME);
    return 0;
}

TEST("a portal that refuses, or has another key, is told of, and asked again by the next call")
{
    use_portal();
    CHECK_INT(run_role("save"), 0);
    CHECK_INT(run_role("meet refusals"), 0);
}

ROLE("wait in vain")
{
    auth_client *client = scene_client();
    double start = seconds();
    mock_portal_behave("silent");
    CHECK_ANSWER(load_within(client, 700, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK_ANSWER(save_within(client, 300, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    auth_call_options options = scene_within(300);
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_sign_out(client, &options, &result);
    CHECK_TEXT(told(&result), UNSEEN);
    CHECK_STATUS(result.failure, AUTH_STATUS_DEADLINE_EXCEEDED);
    auth_sign_out_result_clear(&result);
    printf("  three calls of 1.3 s in all were over after %.2f s\n", seconds() - start);
    CHECK(seconds() - start >= 1.2 && seconds() - start < 4);
    CHECK_INT(mock_portal_requests(), 1);

    start = seconds();
    auth_client *other = NULL;
    auth_client_options other_options = scene_options();
    CHECK_ANSWER(auth_client_new(&other_options, &other, NULL), AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(load_within(other, 300, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    auth_client_free(other);
    CHECK(seconds() - start < 4);

    mock_portal_release();
    CHECK_TEXT(load(client)->username, TOKEN_USERNAME);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    return 0;
}

TEST("row 22: calls that wait for the portal end at their limits, none asks it again, and when it answers all is well")
{
    use_portal();
    CHECK_INT(run_role("save"), 0);
    mock_portal_start();
    CHECK_INT(run_role("wait in vain"), 0);
}

ROLE("leave changes behind")
{
    auth_client *client = scene_client();
    const char *stored = load(client)->refresh_token;
    mock_portal_answer(1);
    CHECK_ANSWER(save_within(client, 1000, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    mock_portal_release();
    sleep_ms(300);
    CHECK_TEXT(load(client)->refresh_token, stored);

    auth_call_options options = scene_within(1000);
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    mock_portal_answer(1);
    auth_sign_out(client, &options, &result);
    CHECK_TEXT(told(&result), "failed: was signed in, still signed in; global not requested, revocation done");
    CHECK_STATUS(result.failure, AUTH_STATUS_DEADLINE_EXCEEDED);
    auth_sign_out_result_clear(&result);
    mock_portal_release();
    sleep_ms(300);
    CHECK_TEXT(load(client)->refresh_token, stored);
    return 0;
}

TEST("row 22: a save and a deletion that were left behind change nothing when the portal answers")
{
    use_portal();
    CHECK_INT(run_role("save"), 0);
    CHECK_INT(run_role("leave changes behind"), 0);
}

ROLE("cancel")
{
    auth_client *client = scene_client();
    mock_portal_behave("silent");
    starter *starters[] = {auth_session_load_start, auth_sign_out_start};
    for (int i = 0; i < LENGTH(starters); i++) {
        auth_operation *operation = start_operation(client, starters[i]);
        struct pollfd ready = {auth_operation_fd(operation), POLLIN, 0};
        CHECK_INT(poll(&ready, 1, 300), 0);
        double start = seconds();
        auth_operation_cancel(operation);
        CHECK_INT(poll(&ready, 1, 5000), 1);
        printf("  cancelled after %.1f ms\n", (seconds() - start) * 1e3);
        CHECK(seconds() - start < 4);
        auth_status status = i == 0 ? auth_operation_finish_session(operation, NULL, NULL) : AUTH_STATUS_CANCELLED;
        CHECK_ANSWER(status, AUTH_STATUS_CANCELLED);
    }
    CHECK_INT(mock_portal_requests(), 1);
    return 0;
}

TEST("row 25: a call that waits for the portal can be cancelled")
{
    use_portal();
    CHECK_INT(run_role("save"), 0);
    mock_portal_start();
    CHECK_INT(run_role("cancel"), 0);
}

ROLE("free and end")
{
    auth_client_options options = scene_options();
    auth_client *client = NULL;
    auth_operation *operation = NULL;
    if (auth_client_new(&options, &client, NULL) != AUTH_STATUS_SUCCESS) return 2;
    if (auth_sign_out_start(client, NULL, &operation, NULL) != AUTH_STATUS_SUCCESS) return 3;
    sleep_ms(300);
    double start = seconds();
    auth_operation_free(operation);
    auth_client_free(client);
    CHECK(seconds() - start < 4);
    return 0;
}

TEST("operation and client are freed, and the process ends, while the portal is silent")
{
    use_portal();
    CHECK_INT(run_role("save"), 0);
    mock_portal_behave("silent");
    double start = seconds();
    CHECK_INT(run_role("free and end"), 0);
    CHECK(seconds() - start < 3);
    CHECK(mock_portal_requests() > 0);
}

/* Its call has ended; what it asked of the portal has not. */
ROLE("load and stay")
{
    CHECK_ANSWER(load_within(scene_client(), 300, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    sleep(20);
    return 0;
}

TEST("another process is not kept waiting by one that waits for the portal")
{
    use_portal();
    CHECK_INT(run_role("save"), 0);
    mock_portal_start();
    mock_portal_behave("silent");
    pid_t process = start_role("load and stay");
    for (int i = 0; i < 100 && mock_portal_requests() == 0; i++) sleep_ms(20);
    mock_portal_behave("answer");
    sleep_ms(300);
    double start = seconds();
    CHECK_INT(run_role("sign out"), 0);
    CHECK(seconds() - start < 4);
    kill(process, SIGKILL);
    wait_for(process, 5000);
}

/* libsecret 0.20 can miss an answer. */
ROLE("be forgotten")
{
    auth_client *client = scene_client();
    mock_portal_behave("silent");
    CHECK_ANSWER(load_within(client, 300, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    mock_portal_behave("answer");
    CHECK_ANSWER(load_within(client, 300, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK_INT(mock_portal_requests(), 1);
    double start = seconds();
    CHECK_ANSWER(load_within(client, 50000, NULL), AUTH_STATUS_SUCCESS);
    printf("  asked anew after %.1f s\n", seconds() - start);
    CHECK(mock_portal_requests() > 1);
    return 0;
}

TEST("an answer of the portal that never comes is given up after half a minute")
{
    use_portal();
    CHECK_INT(run_role("save"), 0);
    mock_portal_start();
    CHECK_INT(wait_for(start_role("be forgotten"), 60000), 0);
}

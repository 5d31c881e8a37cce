/* SPDX-License-Identifier: Apache-2.0 */

/* Turns: who has the same session works one after the other, in one process and in several. */

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "scene.h"

ROLE("sign out")
{
    const auth_sign_out_result *result = sign_out(scene_client());
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result->was_signed_in, AUTH_ANSWER_NO);
    return 0;
}

ROLE("hang")
{
    sign_out(scene_client());
    return 0;
}

TEST("two clients of the same app, pool and app client are served one after the other: one set of requests")
{
    auth_client *client = scene_client(), *other = scene_client();
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true,'default':true}");
    background *first = start_sign_out(client);
    CHECK(server_await(1));
    background *second = start_sign_out(other);
    sleep_ms(300); /* Enough for the second to go wrong. */
    CHECK_INT(server_request_count(), 1);
    server_release();
    CHECK_INT(finish(first)->was_signed_in, AUTH_ANSWER_YES);
    CHECK_INT(finish(second)->was_signed_in, AUTH_ANSWER_NO);
    CHECK_INT(server_request_count(), 1);
}

TEST("two processes are served one after the other: one set of requests")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true,'default':true}");
    background *first = start_sign_out(client);
    CHECK(server_await(1));
    pid_t second = start_role("sign out");
    CHECK_INT(wait_for(second, 500), -1);
    CHECK_INT(server_request_count(), 1);
    server_release();
    CHECK_INT(finish(first)->was_signed_in, AUTH_ANSWER_YES);
    CHECK_INT(wait_for(second, 5000), 0);
    CHECK_INT(server_request_count(), 1);
}

typedef struct {
    auth_client *client;
    auth_session session;
    auth_status status;
    double took;
} saving;

static void *run_save(void *pointer)
{
    saving *started = pointer;
    double start = seconds();
    started->status = auth_session_save(started->client, &started->session, NULL, NULL);
    started->took = seconds() - start;
    return NULL;
}

static char lines[4096];

static void collect(void *user_data, auth_log_level level, const char *message)
{
    (void)user_data, (void)level;
    strncat(lines, message, sizeof lines - strlen(lines) - 1);
}

TEST("row 32: while another process hangs, a save is BUSY after 5 s, and a sign-out goes on without its turn")
{
    auth_client_options options = scene_options();
    options.log_function = collect;
    auth_client *client = scene_client(), *other = scene_client_with(&options);
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true},{'default':true}");
    pid_t hanging = start_role("hang");
    CHECK(server_await(1));
    saving started = {client, scene_session(), -1, 0};
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, run_save, &started) == 0);
    pthread_join(thread, NULL);
    CHECK_ANSWER(started.status, AUTH_STATUS_BUSY);
    CHECK(started.took > 4 && started.took < 8);

    double start = seconds();
    const auth_sign_out_result *result = sign_out(other);
    CHECK(seconds() - start > 4 && seconds() - start < 8);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result->was_signed_in, AUTH_ANSWER_YES);
    CHECK(lines[0] != '\0');
    CHECK_INT(keyring_count(NULL), 0);
    kill(hanging, SIGKILL);
    wait_for(hanging, 1000);
}

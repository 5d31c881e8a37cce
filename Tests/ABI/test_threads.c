/* SPDX-License-Identifier: Apache-2.0 */

/* Threads and callbacks. */

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "scene.h"

TEST("two threads that sign out the same client are served one after the other: one set of requests, both complete")
{
    auth_client *client = scene_client();
    for (int global = 0; global < 2; global++) {
        server_reset();
        sign_in(client);
        const char *held = global ? "GlobalSignOut" : "RevokeToken";
        server_reply(held, "{'hold':true,'default':true}");
        background *first = global ? start_sign_out_global(client) : start_sign_out(client);
        CHECK(server_await(1));
        background *second = global ? start_sign_out_global(client) : start_sign_out(client);
        sleep_ms(300); /* Enough for the second to go wrong. */
        CHECK_INT(server_request_count(), 1);
        server_release();
        const auth_sign_out_result *results[] = {finish(first), finish(second)};
        CHECK_INT(results[0]->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_INT(results[0]->was_signed_in, AUTH_ANSWER_YES);
        CHECK_INT(results[1]->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_INT(results[1]->was_signed_in, AUTH_ANSWER_NO);
        CHECK_TEXT(server_operations(), global ? "GlobalSignOut RevokeToken" : "RevokeToken");
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("eight threads that sign out at once send one request")
{
    auth_client *client = scene_client();
    background *started[8];
    int signed_in = 0;
    sign_in(client);
    for (int i = 0; i < 8; i++) started[i] = start_sign_out(client);
    for (int i = 0; i < 8; i++) {
        const auth_sign_out_result *result = finish(started[i]);
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
        signed_in += result->was_signed_in == AUTH_ANSWER_YES;
    }
    CHECK_INT(signed_in, 1);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

typedef struct {
    auth_client *client;
    auth_session session;
    auth_status status;
} saving;

static void *run_save(void *pointer)
{
    saving *started = pointer;
    started->status = auth_session_save(started->client, &started->session, NULL, NULL);
    return NULL;
}

TEST("a save waits for the sign-out that is running, and what it stored stays")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true,'default':true}");
    background *running = start_sign_out(client);
    CHECK(server_await(1));
    saving started = {client, scene_session(), -1};
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, run_save, &started) == 0);
    sleep_ms(300);
    server_release();
    CHECK_INT(finish(running)->outcome, AUTH_SIGN_OUT_COMPLETE);
    pthread_join(thread, NULL);
    CHECK_ANSWER(started.status, AUTH_STATUS_SUCCESS);
    CHECK_TEXT(load(client)->refresh_token, started.session.refresh_token);
}

TEST("clients of different apps do not wait for each other")
{
    auth_client_options options = scene_options();
    options.app_id = "org.example.Other";
    auth_client *client = scene_client(), *other = scene_client_with(&options);
    sign_in(client);
    sign_in(other);
    server_reply("RevokeToken", HELD_ONCE);
    background *first = start_sign_out(client);
    CHECK(server_await(1));
    CHECK_INT(sign_out(other)->outcome, AUTH_SIGN_OUT_COMPLETE);
    server_release();
    CHECK_INT(finish(first)->outcome, AUTH_SIGN_OUT_COMPLETE);
}

/* A log function that calls the library again, with the client that is logging. */
typedef struct {
    auth_client *client;
    pthread_t thread;
    int calls;
    bool is_inside, is_on_another_thread;
} talker;

static void log_and_call(void *user_data, auth_log_level level, const char *message)
{
    talker *talker = user_data;
    (void)level, (void)message;
    talker->calls++;
    talker->is_on_another_thread = talker->is_on_another_thread || !pthread_equal(talker->thread, pthread_self());
    if (talker->is_inside) return;
    talker->is_inside = true;
    auth_session session = AUTH_SESSION_INIT;
    auth_session_load(talker->client, NULL, &session, NULL);
    auth_session_clear(&session);
    auth_sign_out(talker->client, NULL, NULL);
    talker->is_inside = false;
}

TEST("a log function may call the library, and runs on the thread of the call")
{
    talker talker = {.thread = pthread_self()};
    auth_client_options options = scene_options();
    options.log_function = log_and_call;
    options.log_user_data = &talker;
    options.log_level = AUTH_LOG_LEVEL_DEBUG;
    talker.client = scene_client_with(&options);
    sign_in(talker.client);
    talker.calls = 0;
    sign_in(talker.client);
    sign_out_global(talker.client);
    CHECK(talker.calls > 0);
    CHECK(!talker.is_on_another_thread);
    CHECK_INT(keyring_count(NULL), 0);
}

static void on_pipe(int number) { (void)number; }

TEST("the signal mask and what SIGPIPE does stay as they were, and no SIGPIPE is left behind")
{
    static const char *const replies[] = {"{'default':true}", "{'close':'reset'}", "{'close':'before_reply'}",
                                          "{'default':true,'keep_alive':false}"};
    struct sigaction ours = {.sa_handler = on_pipe}, before, after;
    sigset_t mask, mask_after, pending;
    sigaction(SIGPIPE, &ours, &before);
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    auth_client *client = scene_client();
    for (int i = 0; i < 4; i++) {
        during(replies[i]);
        sign_in(client);
        server_reply("RevokeToken", replies[i]);
        sign_out_global(client);
        sigaction(SIGPIPE, NULL, &after);
        pthread_sigmask(SIG_SETMASK, NULL, &mask_after);
        sigpending(&pending);
        CHECK(after.sa_handler == on_pipe);
        for (int number = 1; number < 32; number++) {
            CHECK_INT(sigismember(&mask_after, number), sigismember(&mask, number));
            CHECK_INT(sigismember(&pending, number), 0);
        }
    }
    sigemptyset(&mask);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGPIPE, &before, NULL);
}

TEST("clients may be made, used and freed on several threads at once")
{
    background *started[6];
    for (int i = 0; i < 6; i++) {
        auth_client_options options = scene_options();
        options.app_id = text("org.example.Test%d", i);
        auth_client *client = scene_client_with(&options);
        sign_in(client);
        started[i] = start_sign_out_global(client);
    }
    for (int i = 0; i < 6; i++) CHECK_INT(finish(started[i])->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(server_request_count(), 12);
    CHECK_INT(keyring_count_all(), 0);
}

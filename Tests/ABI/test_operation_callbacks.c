/* SPDX-License-Identifier: Apache-2.0 */

/* Operations in an event loop: when their descriptor is readable, and when and where callbacks run. */

#include <poll.h>
#include <pthread.h>
#include <stdio.h>

#include "scene.h"

/* What callbacks saw. */
static struct recorder {
    pthread_t thread; /* where they may run */
    bool is_allowed;  /* whether they may run now */
    int lines, events, misplaced;
    auth_event last;
} recorder;

static void record(void)
{
    if (!recorder.is_allowed || !pthread_equal(recorder.thread, pthread_self())) recorder.misplaced++;
}

static void on_line(void *user_data, auth_log_level level, const char *message)
{
    (void)user_data, (void)level, (void)message;
    record();
    recorder.lines++;
}

static void on_event(void *user_data, auth_event event)
{
    (void)user_data;
    record();
    recorder.events++;
    recorder.last = event;
}

static auth_client *recorded_client(void)
{
    auth_client_options options = scene_options();
    options.log_function = on_line;
    options.log_level = AUTH_LOG_LEVEL_DEBUG;
    options.event_function = on_event;
    recorder = (struct recorder){.thread = pthread_self(), .is_allowed = true};
    return scene_client_with(&options);
}

/* For what follows, callbacks count from nothing, and are misplaced. */
static void forbid_callbacks(void) { recorder = (struct recorder){.thread = pthread_self()}; }

static bool is_readable(auth_operation *operation, int timeout_ms)
{
    struct pollfd entry = {auth_operation_fd(operation), POLLIN, 0};
    return poll(&entry, 1, timeout_ms) == 1;
}

/* Dispatches whenever there is something to dispatch, until the operation is over or for 5 s. */
static bool dispatch_until_over(auth_operation *operation)
{
    while (is_readable(operation, 5000)) {
        if (auth_operation_dispatch(operation)) return true;
    }
    return false;
}

/* A sign-out whose RevokeToken is waiting for server_release(). */
static auth_operation *held_sign_out(auth_client *client)
{
    sign_in(client);
    server_reply("RevokeToken", HELD_ONCE);
    auth_operation *operation = start_operation(client, auth_sign_out_start);
    CHECK(server_await(1));
    return operation;
}

TEST("the descriptor is readable exactly while there is something to dispatch: lines come while the call runs")
{
    auth_operation *operation = held_sign_out(recorded_client());
    forbid_callbacks();
    REQUIRE(is_readable(operation, 5000));
    CHECK_INT(recorder.lines + recorder.events, 0);
    recorder.is_allowed = true;
    CHECK_INT(auth_operation_dispatch(operation), 0);
    CHECK(recorder.lines > 0);
    CHECK_INT(recorder.events, 0);
    CHECK(!is_readable(operation, 300));
    forbid_callbacks();
    CHECK_INT(auth_operation_dispatch(operation), 0);
    server_release();
    REQUIRE(is_readable(operation, 5000));
    CHECK_INT(recorder.lines + recorder.events, 0);
    CHECK(is_readable(operation, 0));
    recorder.is_allowed = true;
    CHECK(dispatch_until_over(operation));
    CHECK(recorder.lines > 0);
    CHECK_INT(recorder.events, 1);
    CHECK_INT(recorder.last, AUTH_EVENT_SIGNED_OUT);
    CHECK(!is_readable(operation, 100));
    forbid_callbacks();
    CHECK_INT(auth_operation_dispatch(operation), 1);
    double start = seconds();
    CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK(seconds() - start < 4);
    CHECK_INT(recorder.lines + recorder.events + recorder.misplaced, 0);
}

static void *release_later(void *pointer)
{
    (void)pointer;
    sleep_ms(300);
    server_release();
    return NULL;
}

TEST("finishing before the end waits for it, and runs the callbacks on its own thread")
{
    auth_operation *operation = held_sign_out(recorded_client());
    forbid_callbacks();
    pthread_t thread;
    REQUIRE(pthread_create(&thread, NULL, release_later, NULL) == 0);
    recorder.is_allowed = true;
    double start = seconds();
    CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK(seconds() - start >= 0.2);
    recorder.is_allowed = false;
    pthread_join(thread, NULL);
    CHECK(recorder.lines > 0);
    CHECK_INT(recorder.events, 1);
    CHECK_INT(recorder.misplaced, 0);
}

TEST("freeing an operation that runs cancels it, runs no callback and does not wait for the server")
{
    auth_client *client = recorded_client();
    auth_operation *operation = NULL;
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true},{'default':true}");
    CHECK_ANSWER(auth_sign_out_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK(server_await(1));
    forbid_callbacks();
    double start = seconds();
    auth_operation_free(operation);
    double took = seconds() - start;
    printf("  free took %.1f ms\n", took * 1e3);
    CHECK(took < 4);
    CHECK_INT(recorder.lines + recorder.events, 0);
    CHECK_INT(keyring_count("session"), 0);
    /* The client goes on, and so does its turn. */
    recorder.is_allowed = true;
    CHECK_TEXT(told(sign_out(client)), NOBODY);
}

TEST("an operation keeps its client alive")
{
    auth_client_options options = scene_options();
    options.event_function = on_event;
    auth_client *client = NULL;
    REQUIRE(auth_client_new(&options, &client, NULL) == AUTH_STATUS_SUCCESS);
    recorder = (struct recorder){.thread = pthread_self(), .is_allowed = true};
    auth_operation *operation = held_sign_out(client);
    auth_client_free(client);
    recorder.events = 0;
    server_release();
    CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(recorder.events, 1);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("a poll loop runs several operations of one client at once")
{
    auth_client *client = recorded_client();
    sign_in(client);
    server_reply("RevokeToken", "{'delay_ms':200,'default':true}");
    starter *const starters[] = {auth_session_load_start, auth_sign_out_start,     auth_sign_out_global_start,
                                 auth_sign_out_start,     auth_session_load_start, auth_session_fetch_start};
    enum { COUNT = LENGTH(starters) };
    auth_operation *operations[COUNT];
    struct pollfd entries[COUNT];
    forbid_callbacks();
    for (int i = 0; i < COUNT; i++) {
        operations[i] = start_operation(client, starters[i]);
        entries[i] = (struct pollfd){auth_operation_fd(operations[i]), POLLIN, 0};
    }
    int left = COUNT, signed_in = 0;
    while (left > 0 && CHECK(poll(entries, COUNT, 10000) > 0)) {
        for (int i = 0; i < COUNT; i++) {
            if (!(entries[i].revents & POLLIN)) continue;
            recorder.is_allowed = true;
            bool is_over = auth_operation_dispatch(operations[i]);
            recorder.is_allowed = false;
            if (!is_over) continue;
            entries[i].fd = -1;
            left--;
        }
    }
    CHECK_INT(left, 0);
    recorder.is_allowed = true;
    for (int i = 1; i < 4; i++) {
        auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
        CHECK_INT(auth_operation_finish_sign_out(operations[i], &result), AUTH_SIGN_OUT_COMPLETE);
        signed_in += result.was_signed_in == AUTH_ANSWER_YES;
        auth_sign_out_result_clear(&result);
    }
    CHECK_INT(signed_in, 1);
    CHECK_INT(recorder.events, 3);
    CHECK_INT(recorder.misplaced, 0);
    CHECK_INT(keyring_count("session"), 0);
}

static void call_library(void *user_data, auth_event event)
{
    auth_client *client = *(auth_client **)user_data;
    auth_session session = AUTH_SESSION_INIT;
    auth_operation *operation = NULL;
    if (event != AUTH_EVENT_SIGNED_OUT) return;
    recorder.events++;
    CHECK_ANSWER(auth_session_load(client, NULL, &session, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_ANSWER(auth_session_load_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(auth_operation_finish_session(operation, &session, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    auth_operation_free(operation);
    auth_client_cancel(client);
}

TEST("a callback may call the library, with the client that it is about")
{
    auth_client *client = NULL;
    auth_client_options options = scene_options();
    options.event_function = call_library;
    options.event_user_data = &client;
    client = scene_client_with(&options);
    sign_in(client);
    recorder.events = 0;
    auth_operation *operation = start_operation(client, auth_sign_out_start);
    REQUIRE(is_readable(operation, 5000));
    CHECK_INT(auth_operation_dispatch(operation), 1);
    CHECK_INT(recorder.events, 1);
    CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
}

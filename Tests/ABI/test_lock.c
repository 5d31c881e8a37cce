/* SPDX-License-Identifier: Apache-2.0 */

/* The lock between processes is fair: row 29b. */

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "lock_scene.h"

ROLE("fetch again and again")
{
    auth_client *client = scene_client();
    for (;;) fetch_within(client, 0, NULL);
    return 0;
}

/* Signs in and out beside processes that fetch again and again. */
static void check_is_served_beside(int count)
{
    enum { ROUNDS = 30, LONG_S = 5 };
    auth_client *client = warning_client();
    auth_session session = sign_in_expired(client, "");
    double longest = 0;
    for (int i = 0; i < count; i++) start_process("fetch again and again");
    CHECK(server_await(2 * count));
    for (int i = 0; i < ROUNDS && warnings == 0 && longest < LONG_S; i++) {
        during(text("round %d", i));
        save(client, &session);
        sleep_ms(30 + 7 * i % 40); /* They are at it again. */
        double began = seconds();
        CHECK_TEXT(told(sign_out(client)), COMPLETE);
        if (seconds() - began > longest) longest = seconds() - began;
    }
    printf("  the longest of the sign-outs beside %d took %.2f s\n", count, longest);
    CHECK(longest < LONG_S);
    CHECK_INT(warnings, 0);
}

TEST("row 29b: beside a process that fetches again and again, every save and sign-out gets the lock")
{
    check_is_served_beside(1);
}

TEST("row 29b: ... also beside three") { check_is_served_beside(3); }

TEST("row 29b: the calls of one client are served in the order in which they were started")
{
    enum { MOMENT_MS = 150 };
    auth_client *client = warning_client();
    for (int i = 0; i < 5; i++) {
        during(text("round %d", i));
        server_reset();
        sign_in_expired(client, HELD);
        auth_operation *first = start_operation(client, auth_session_fetch_start);
        CHECK(server_await(1));
        background *second = start_sign_out(client);
        sleep_ms(MOMENT_MS);
        auth_operation *third = start_operation(client, auth_session_fetch_start);
        sleep_ms(MOMENT_MS);
        server_release();
        CHECK_ANSWER(auth_operation_finish_session(first, NULL, NULL), AUTH_STATUS_SUCCESS);
        CHECK_INT(finish(second)->was_signed_in, AUTH_ANSWER_YES);
        CHECK_ANSWER(auth_operation_finish_session(third, NULL, NULL), AUTH_STATUS_NOT_SIGNED_IN);
        CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken");
    }
    CHECK_INT(warnings, 0);
}

/* While `holder` has the lock, and its request is held: another process is next and is stopped, and a sign-out of
 * `client` comes after it. However long the lock is free, the sign-out has to wait for who is next. */
static void check_order(auth_client *client, pid_t holder)
{
    pid_t next = start_process("fetch");
    CHECK(await_place(next));
    kill(next, SIGSTOP);
    background *started = start_sign_out(client);
    sleep_ms(100);
    server_release();
    CHECK_INT(wait_for(holder, 5000), AUTH_STATUS_SUCCESS);
    sleep_ms(500); /* Enough for the sign-out to go wrong. */
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    kill(next, SIGCONT);
    CHECK(server_await(2));
    server_release();
    CHECK_INT(wait_for(next, 5000), AUTH_STATUS_SUCCESS);
    CHECK_INT(finish(started)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GetTokensFromRefreshToken RevokeToken");
    CHECK_INT(warnings, 0);
}

TEST("row 29b: nobody overtakes a process that is next")
{
    auth_client *client = warning_client();
    sign_in_expired(client, HELD);
    pid_t holder = start_process("fetch");
    CHECK(server_await(1));
    check_order(client, holder);
}

TEST("row 29b: ... not even a client that has the gate open which was deleted since")
{
    auth_client *client = warning_client();
    sign_in_expired(client, HELD);
    const char *gate = lock_path("gate-");
    REQUIRE(gate != NULL);
    CHECK_INT(unlink(gate), 0);
    pid_t holder = start_process("fetch");
    CHECK(server_await(1));
    check_order(client, holder);
    CHECK(access(gate, F_OK) == 0);
}

TEST("row 29b: ... nor one that waited at a gate which was deleted meanwhile")
{
    auth_client *client = warning_client();
    sign_in_expired(client, HELD);
    pid_t first = start_process("fetch");
    CHECK(server_await(1));
    pid_t second = start_process("fetch");
    CHECK(await_place(second));
    background *started = start_sign_out(client);
    sleep_ms(100);
    CHECK_INT(unlink(lock_path("gate-")), 0);
    pid_t next = start_process("fetch"); /* At the new gate. */
    CHECK(await_place(next));
    kill(next, SIGSTOP);
    server_release();
    CHECK_INT(wait_for(first, 5000), AUTH_STATUS_SUCCESS);
    CHECK(server_await(2));
    server_release();
    CHECK_INT(wait_for(second, 5000), AUTH_STATUS_SUCCESS);
    sleep_ms(500); /* Enough for the sign-out to go wrong. */
    CHECK_INT(server_request_count(), 2);
    kill(next, SIGCONT);
    CHECK(server_await(3));
    server_release();
    CHECK_INT(wait_for(next, 5000), AUTH_STATUS_SUCCESS);
    CHECK_INT(finish(started)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(warnings, 0);
}

TEST("the place next to the lock is free as soon as who had it is cancelled, or killed")
{
    auth_client *client = warning_client();
    sign_in_expired(client, HELD);
    pid_t holder = start_process("fetch");
    CHECK(server_await(1));

    auth_operation *operation = start_operation(client, auth_session_fetch_start);
    CHECK(await_place(getpid()));
    auth_operation_cancel(operation);
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_CANCELLED);
    for (int i = 0; i < 3; i++) {
        pid_t next = start_process("fetch");
        CHECK(await_place(next));
        kill(next, SIGKILL);
        CHECK_INT(wait_for(next, 5000), 128 + SIGKILL);
    }
    server_release();
    CHECK_INT(wait_for(holder, 5000), AUTH_STATUS_SUCCESS);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(warnings, 0);
}

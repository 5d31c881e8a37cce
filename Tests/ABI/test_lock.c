/* SPDX-License-Identifier: Apache-2.0 */

/* The lock between processes is fair, and where it cannot be trusted it is not used: rows 29b and 32.
 *
 * There are two files, the gate and the lock: who waits for the lock holds the gate, and is next. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
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
        CHECK_TEXT(told(sign_out(client)),
                   "complete: was signed in, signed out; global not requested, revocation done");
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

TEST("a client that has the lock open which was deleted since waits for the new one")
{
    auth_client *client = warning_client();
    sign_in_expired(client, HELD);
    CHECK_INT(unlink(lock_path("lock-")), 0);
    pid_t holder = start_process("fetch");
    CHECK(server_await(1));
    background *started = start_sign_out(client);
    sleep_ms(400); /* Enough for the sign-out to go wrong. */
    CHECK_INT(server_request_count(), 1);
    server_release();
    CHECK_INT(wait_for(holder, 5000), AUTH_STATUS_SUCCESS);
    CHECK_INT(finish(started)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(warnings, 0);
}

TEST("a client that waited for a lock which was deleted meanwhile takes the new one")
{
    auth_client *client = warning_client();
    sign_in_expired(client, HELD);
    server_reply("RevokeToken", "{'hold':true,'default':true}");
    pid_t first = start_process("fetch");
    CHECK(server_await(1));
    background *started = start_sign_out(client);
    CHECK(await_place(getpid()));
    CHECK_INT(unlink(lock_path("lock-")), 0);
    server_release();
    CHECK_INT(wait_for(first, 5000), AUTH_STATUS_SUCCESS);
    CHECK(server_await(2));
    pid_t last = start_process("fetch");
    CHECK(await_place(last));
    sleep_ms(200); /* Enough for it to go wrong. */
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken");
    server_release();
    CHECK_INT(finish(started)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(wait_for(last, 5000), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(warnings, 0);
}

enum { PATIENCE_MS = 3000, WORK_MS = 2000 };

ROLE("open the files, and sign out when told")
{
    auth_client *client = warning_client();
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = 3 * PATIENCE_MS;
    CHECK_ANSWER(fetch_within(client, 0, NULL), AUTH_STATUS_SUCCESS);
    raise(SIGSTOP);
    CHECK_INT(auth_sign_out(client, &options, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(warnings, 0);
    return 0;
}

TEST("rows 29b, 32: who has to wait for one after the other says of none of them that it hangs")
{
    auth_client *client = scene_client();
    sign_in(client);
    pid_t waiting = start_process("open the files, and sign out when told");
    CHECK_INT(waitid(P_PID, (id_t)waiting, &(siginfo_t){0}, WSTOPPED), 0);
    sign_in_expired(client, HELD);
    /* What it has open is not what the others use: there, the number of the holder would stay the same. */
    CHECK_INT(unlink(lock_path("lock-")), 0);

    pid_t processes[3] = {start_process("fetch")};
    CHECK(server_await(1));
    processes[1] = start_process("fetch");
    CHECK(await_place(processes[1]));
    kill(waiting, SIGCONT);
    sleep_ms(WORK_MS);
    /* It is stopped so that a third process comes before it: it sees two that work, and is not next. */
    kill(waiting, SIGSTOP);
    server_release();
    CHECK(server_await(2));
    processes[2] = start_process("fetch");
    CHECK(await_place(processes[2]));
    kill(waiting, SIGCONT);
    sleep_ms(WORK_MS);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GetTokensFromRefreshToken");
    server_release();
    CHECK(server_await(3));
    server_release();
    for (int i = 0; i < 3; i++) CHECK_INT(wait_for(processes[i], 5000), AUTH_STATUS_SUCCESS);
    CHECK_INT(wait_for(waiting, 5000), 0);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("row 32: beside a process that hangs, who comes after one that waits is BUSY in its own time")
{
    auth_client *client = warning_client();
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = 6000; /* And a third of it is less than the 5 s of who is next. */
    auth_session session = sign_in_expired(client, HELD);
    pid_t hanging = start_process("fetch");
    CHECK(server_await(1));
    kill(hanging, SIGSTOP);
    pid_t next = start_process("fetch");
    CHECK(await_place(next));
    double began = seconds();
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_BUSY);
    CHECK(seconds() - began >= 2 && seconds() - began < 4);
    CHECK_INT(wait_for(next, 10000), AUTH_STATUS_BUSY);

    /* Who gave up is in nobody's way. */
    kill(hanging, SIGCONT);
    server_release();
    CHECK_INT(wait_for(hanging, 5000), AUTH_STATUS_SUCCESS);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(warnings, 0);
}

TEST("row 32: who goes on without the lock is in the way of nobody who waits for it")
{
    auth_client *client = warning_client();
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_operation *operation = NULL;
    options.timeout_ms = 3 * PATIENCE_MS;
    sign_in_expired(client, HELD);
    /* The fetch revokes what it got too, as its session is gone by then. */
    server_reply("RevokeToken", "{'hold':true,'default':true},{'default':true}");
    pid_t hanging = start_process("fetch");
    CHECK(server_await(1));
    kill(hanging, SIGSTOP);
    CHECK_ANSWER(auth_sign_out_start(client, &options, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK(server_await(2)); /* RevokeToken, when its patience is over. */
    pid_t next = start_process("fetch");
    CHECK(await_place(next));
    server_release();
    CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
    auth_operation_free(operation);
    kill(hanging, SIGCONT);
    CHECK_INT(wait_for(hanging, 5000), AUTH_STATUS_SESSION_CHANGED);
    CHECK_INT(wait_for(next, 5000), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(warnings, 1);
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

static void check_signs_out(void)
{
    auth_client *client = warning_client();
    sign_in(client);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
}

TEST("what stands in the files does not matter")
{
    static const char *const contents[] = {"", "\1\2\3", "\xff\xff\xff\xff\xff\xff\xff\xff", "a longer text than ours"};
    check_signs_out();
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        const char *paths[] = {lock_path("gate-"), lock_path("lock-")};
        for (int j = 0; j < 2; j++) {
            FILE *file = paths[j] ? fopen(paths[j], "w") : NULL;
            REQUIRE(file != NULL);
            fputs(contents[i], file);
            fclose(file);
        }
        check_signs_out();
        CHECK_INT(warnings, 0);
    }
}

static void restore_runtime_directory(void *value) { setenv("XDG_RUNTIME_DIR", value, 1); }

TEST("in a runtime directory of another user nothing is made, and a warning says that nobody is kept out")
{
    const char *directory = text("%s", getenv("XDG_RUNTIME_DIR"));
    const char *foreign = geteuid() == 0 ? text("%s/foreign", directory) : "/";
    defer(restore_runtime_directory, (void *)directory);
    if (geteuid() == 0) {
        CHECK_INT(mkdir(foreign, 0700), 0);
        CHECK_INT(chown(foreign, 65534, 65534), 0);
    }
    setenv("XDG_RUNTIME_DIR", foreign, 1);
    check_signs_out();
    CHECK_INT(warnings, 2);
    CHECK(access(text("%s/cognitoauth", foreign), F_OK) != 0);
}

TEST("FLATPAK_ID that is left outside of a sandbox does not part a process from the others")
{
    const char *directory = text("%s/app/org.example.Left", getenv("XDG_RUNTIME_DIR"));
    CHECK_INT(mkdir(text("%s/app", getenv("XDG_RUNTIME_DIR")), 0700), 0);
    CHECK_INT(mkdir(directory, 0700), 0);
    setenv("FLATPAK_ID", "org.example.Left", 1);
    check_signs_out();
    unsetenv("FLATPAK_ID");
    CHECK_INT(warnings, 0);
    CHECK(access(text("%s/cognitoauth", directory), F_OK) != 0);
}

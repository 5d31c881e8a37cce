/* SPDX-License-Identifier: Apache-2.0 */

/* Who waits for the lock beside a process that has it and hangs: row 32. */

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lock_scene.h"

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
    CHECK(seconds() - began >= 2 && seconds() - began < 4.7);
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
    server_reply("RevokeToken", HELD_ONCE);
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

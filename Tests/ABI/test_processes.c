/* SPDX-License-Identifier: Apache-2.0 */

/* Processes with the same session take turns: row 29, row 32 and "Turns between processes". */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lock_scene.h"

static void remove_lock(void *unused)
{
    (void)unused;
    CHECK_INT(system("rm -rf \"$XDG_RUNTIME_DIR/cognitoauth\" \"$XDG_RUNTIME_DIR/victim\""), 0);
}

ROLE("sign out")
{
    CHECK_INT(sign_out(scene_client())->outcome, AUTH_SIGN_OUT_COMPLETE);
    return 0;
}

ROLE("fetch three times")
{
    auth_client *client = scene_client();
    for (int i = 0; i < 3; i++) CHECK_ANSWER(fetch_within(client, 0, NULL), AUTH_STATUS_SUCCESS);
    return 0;
}

TEST("with rotation, four processes that fetch at once spend each refresh token once")
{
    auth_client *client = scene_client();
    enum { PROCESSES = 4, FETCHES = 3 * PROCESSES };
    const char *replies = "";
    pid_t processes[PROCESSES];
    sign_in_for(client, EXPIRED);
    for (int i = 0; i < FETCHES; i++) {
        /* What is renewed is expired again, so that each fetch has to spend the token that it finds. */
        replies = text("%s%s{'delay_ms':20,'body':{'AuthenticationResult':{'AccessToken':'%s','RefreshToken':'%s',"
                       "'ExpiresIn':0,'TokenType':'Bearer'}}}",
                       replies, i ? "," : "", access_token(EXPIRED), refresh_token());
    }
    server_reply("GetTokensFromRefreshToken", replies);
    for (int i = 0; i < PROCESSES; i++) processes[i] = start_role("fetch three times");
    for (int i = 0; i < PROCESSES; i++) CHECK_INT(wait_for(processes[i], 20000), 0);
    REQUIRE(server_request_count() == FETCHES);
    for (int i = 0; i < FETCHES; i++) {
        for (int j = 0; j < i; j++) CHECK(strcmp(server_body(i, "RefreshToken"), server_body(j, "RefreshToken")) != 0);
    }
    CHECK_INT(keyring_count("session"), 1);
}

TEST("a session that one process has renewed is not renewed by those that waited for it")
{
    pid_t processes[4];
    sign_in_for(scene_client(), EXPIRED);
    server_reply("GetTokensFromRefreshToken", "{'delay_ms':500,'default':true}");
    for (int i = 0; i < 4; i++) processes[i] = start_role("fetch");
    for (int i = 0; i < 4; i++) CHECK_INT(wait_for(processes[i], 20000), AUTH_STATUS_SUCCESS);
    CHECK_INT(server_request_count(), 1);
}

TEST("row 29: sign-out waits for a refresh in another process, revokes what it brought, and deletes it")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate();
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    pid_t process = start_role("fetch");
    CHECK(server_await(1));
    background *started = start_sign_out(client);
    sleep_ms(400); /* Enough for the sign-out to go wrong. */
    CHECK_INT(server_request_count(), 1);
    server_release();
    CHECK_INT(wait_for(process, 5000), AUTH_STATUS_SUCCESS);
    CHECK_INT(finish(started)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), rotated);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("rows 29, 32: a refresh that outlasts the turn does not bring back the session that was signed out meanwhile")
{
    auth_client *client = warning_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate();
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    pid_t process = start_role("fetch");
    CHECK(server_await(1));
    double start = seconds();
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    printf("  sign-out went on without the turn after %.2f s\n", seconds() - start);
    CHECK(seconds() - start >= 4 && seconds() - start < 7);
    CHECK_INT(warnings, 1);
    server_release();
    CHECK_INT(wait_for(process, 5000), AUTH_STATUS_SESSION_CHANGED);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken RevokeToken");
    CHECK_TEXT(server_body(2, "Token"), rotated);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("row 32: while a process with the turn hangs, save and fetch are BUSY, load works, sign-out goes on and warns")
{
    auth_client *client = warning_client();
    sign_in_for(client, EXPIRED);
    server_reply("RevokeToken", "{'hold':true,'default':true},{'default':true}");
    pid_t process = start_role("sign out");
    CHECK(server_await(1));
    kill(process, SIGSTOP);

    auth_session session = scene_session(), out = AUTH_SESSION_INIT;
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = 800;
    double start = seconds();
    CHECK_ANSWER(auth_session_load(client, &options, &out, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&out);
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_BUSY); /* After a third of that. */
    CHECK(seconds() - start < 3);

    auth_operation *save = NULL, *fetch = NULL;
    start = seconds();
    CHECK_ANSWER(auth_session_save_start(scene_client(), &session, NULL, &save, NULL), AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(auth_session_fetch_start(scene_client(), NULL, &fetch, NULL), AUTH_STATUS_SUCCESS);
    background *started = start_sign_out(client);
    CHECK_ANSWER(auth_operation_finish_session(save, NULL, NULL), AUTH_STATUS_BUSY);
    CHECK_ANSWER(auth_operation_finish_session(fetch, NULL, NULL), AUTH_STATUS_BUSY);
    double busy = seconds() - start;
    CHECK_TEXT(told(finish(started)), "complete: was signed in, signed out; global not requested, revocation done");
    printf("  BUSY after %.2f s, signed out after %.2f s\n", busy, seconds() - start);
    CHECK(busy >= 4 && seconds() - start < 7);
    CHECK_INT(warnings, 1);
    CHECK_HAS(last_warning, "another process");
    CHECK_INT(keyring_count("session"), 0);
    auth_operation_free(save);
    auth_operation_free(fetch);
    kill(process, SIGCONT);
    server_release();
    CHECK_INT(wait_for(process, 5000), 0);
}

TEST("the turn of a process that is killed is free at once")
{
    auth_client *client = warning_client();
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true,'default':true},{'default':true}");
    pid_t process = start_role("sign out");
    CHECK(server_await(1));
    kill(process, SIGKILL);
    CHECK_INT(wait_for(process, 5000), 128 + SIGKILL);
    double start = seconds();
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK(seconds() - start < 2);
    CHECK_INT(warnings, 0);
}

/* Signs in and out; how many warnings there were. */
static int warnings_of_a_round(void)
{
    auth_client *client = warning_client();
    sign_in(client);
    int first = warnings;
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(first > 0, warnings > first);
    CHECK_INT(keyring_count("session"), 0);
    return warnings;
}

static void restore_runtime_directory(void *value) { setenv("XDG_RUNTIME_DIR", value, 1); }

TEST("without a runtime directory the library works, and warns that it cannot keep other processes out")
{
    const char *directory = text("%s", getenv("XDG_RUNTIME_DIR"));
    defer(restore_runtime_directory, (void *)directory);
    unsetenv("XDG_RUNTIME_DIR");
    CHECK(warnings_of_a_round() > 0);
    CHECK_HAS(last_warning, "other processes");
    setenv("XDG_RUNTIME_DIR", "/nonexistent/directory", 1);
    CHECK(warnings_of_a_round() > 0);
    setenv("XDG_RUNTIME_DIR", "relative", 1);
    CHECK(warnings_of_a_round() > 0);
    CHECK(access("relative", F_OK) != 0);
}

static const char *const lock_files[] = {"gate-", "lock-"};

TEST("the lock files are 0600 in a directory of our own with 0700, whatever the umask, and tell nothing by their names")
{
    remove_lock(NULL);
    mode_t mask = umask(0);
    CHECK_INT(warnings_of_a_round(), 0);
    umask(mask);
    struct stat status;
    for (int i = 0; i < 2; i++) {
        const char *path = lock_path(lock_files[i]);
        REQUIRE(path != NULL && lstat(path, &status) == 0);
        CHECK_INT(status.st_mode, S_IFREG | 0600);
        CHECK(status.st_size <= 8); /* A number. */
        CHECK_LACKS(path, SCENE_CLIENT_ID);
        CHECK_LACKS(path, SCENE_APP_ID);
    }
    CHECK_INT(lstat(text("%s/cognitoauth", getenv("XDG_RUNTIME_DIR")), &status), 0);
    CHECK_INT(status.st_mode, S_IFDIR | 0700);
}

TEST("a lock file or directory that is a symbolic link is not followed, and one that others can write is not used")
{
    defer(remove_lock, NULL);
    const char *runtime = getenv("XDG_RUNTIME_DIR"), *victim = text("%s/victim", runtime);
    const char *directory = text("%s/cognitoauth", runtime);
    struct stat status;
    for (int i = 0; i < 2; i++) {
        remove_lock(NULL);
        CHECK_INT(warnings_of_a_round(), 0);
        const char *path = lock_path(lock_files[i]);
        REQUIRE(path != NULL);
        CHECK_INT(unlink(path), 0);
        CHECK_INT(symlink(victim, path), 0);
        CHECK(warnings_of_a_round() > 0);
        CHECK(lstat(victim, &status) != 0);
    }

    remove_lock(NULL);
    CHECK_INT(mkdir(victim, 0700), 0);
    CHECK_INT(symlink(victim, directory), 0);
    CHECK(warnings_of_a_round() > 0);
    CHECK_INT(rmdir(victim), 0); /* It is still empty. */

    remove_lock(NULL);
    CHECK_INT(mkdir(directory, 0700), 0);
    CHECK_INT(chmod(directory, 0777), 0);
    CHECK(warnings_of_a_round() > 0);
    CHECK_INT(rmdir(directory), 0);
}

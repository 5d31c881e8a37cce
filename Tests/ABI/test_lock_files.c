/* SPDX-License-Identifier: Apache-2.0 */

/* The files of the lock: where they are, who may touch them, and what becomes of a lock whose files were deleted. Where
 * they cannot be trusted they are not used. */

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lock_scene.h"

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

TEST("what stands in the files does not matter")
{
    static const char *const contents[] = {"", "\1\2\3", "\xff\xff\xff\xff\xff\xff\xff\xff", "a longer text than ours"};
    CHECK_INT(warnings_of_a_round(), 0);
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        const char *paths[] = {lock_path("gate-"), lock_path("lock-")};
        for (int j = 0; j < 2; j++) {
            FILE *file = paths[j] ? fopen(paths[j], "w") : NULL;
            REQUIRE(file != NULL);
            fputs(contents[i], file);
            fclose(file);
        }
        CHECK_INT(warnings_of_a_round(), 0);
    }
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
    CHECK_INT(warnings_of_a_round(), 2);
    CHECK(access(text("%s/cognitoauth", foreign), F_OK) != 0);
}

TEST("FLATPAK_ID that is left outside of a sandbox does not part a process from the others")
{
    const char *directory = text("%s/app/org.example.Left", getenv("XDG_RUNTIME_DIR"));
    CHECK_INT(mkdir(text("%s/app", getenv("XDG_RUNTIME_DIR")), 0700), 0);
    CHECK_INT(mkdir(directory, 0700), 0);
    setenv("FLATPAK_ID", "org.example.Left", 1);
    CHECK_INT(warnings_of_a_round(), 0);
    unsetenv("FLATPAK_ID");
    CHECK(access(text("%s/cognitoauth", directory), F_OK) != 0);
}

static void remove_lock(void *unused)
{
    (void)unused;
    CHECK_INT(system("rm -rf \"$XDG_RUNTIME_DIR/cognitoauth\" \"$XDG_RUNTIME_DIR/victim\""), 0);
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

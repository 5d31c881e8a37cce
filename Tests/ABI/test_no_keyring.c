/* SPDX-License-Identifier: Apache-2.0 */

/* Row 21: no session bus, no Secret Service, or one whose activation fails. run.sh runs these cases in all three. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unfinished.h"

void set_scene(void)
{
    server_select(NULL);
    server_reset();
}

enum { AT_ONCE_MS = 5000 };

TEST("row 21: where there is no keyring, signing out fails at once, and nothing is sent")
{
    auth_client *client = scene_client();
    double start = seconds();
    const auth_sign_out_result *results[] = {sign_out(client), sign_out_global(client)};
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
    for (int i = 0; i < 2; i++) {
        CHECK_TEXT(told(results[i]), text("failed: may have been signed in, still signed in; global %s, revocation "
                                          "not attempted",
                                          i ? "not attempted" : "not requested"));
        CHECK_STATUS(results[i]->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
        CHECK(results[i]->partial_failure_token == NULL);
    }
    CHECK_INT(server_connection_count(), 0);
}

TEST("row L8: where there is no keyring, resume fails at once, a sign-out that keeps does, and nothing is sent")
{
    double start = seconds();
    CHECK_STATUS(resume(scene_client())->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
    const auth_sign_out_result *result = sign_out(keeping_client());
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_INT(result->kept, AUTH_ANSWER_NO);
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
    CHECK_INT(server_connection_count(), 0);
}

TEST("row 21: where there is no keyring, saving, loading and fetching say so at once")
{
    auth_client *client = scene_client();
    auth_session session = scene_session(), out = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    double start = seconds();
    CHECK_ANSWER(auth_session_save(client, &session, NULL, &error), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK(auth_error_recovery_suggestion(error)[0] != '\0');
    auth_error_free(error);
    CHECK_ANSWER(auth_session_load(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_ANSWER(auth_session_fetch(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
    CHECK(out.owned == NULL && out.access_token == NULL);
    CHECK_INT(server_connection_count(), 0);
}

TEST("making and freeing a client does not ask for the keyring")
{
    double start = seconds();
    for (int i = 0; i < 100; i++) scene_client();
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
}

/* Programs that are asked where the bus is, and files that say who may enter, can take for ever. */
TEST("row 21: of an address of the bus that would be waited for without a limit nothing is tried, wherever it stands")
{
    const char *before = getenv("DBUS_SESSION_BUS_ADDRESS"), *path = text("%s", getenv("PATH"));
    if (before) before = text("%s", before); /* What setenv() may put something else into. */
    const char *folder = text("%s/programs", getenv("HOME")), *pipe = text("%s/pipe", getenv("HOME"));
    REQUIRE(mkdir(folder, 0700) == 0 && mkfifo(pipe, 0600) == 0);
    FILE *program = fopen(text("%s/dbus-launch", folder), "w");
    REQUIRE(program != NULL);
    fprintf(program, "#!/bin/sh\ntouch %s/launched\n", folder);
    fclose(program);
    CHECK_INT(chmod(text("%s/dbus-launch", folder), 0700), 0);
    setenv("PATH", text("%s:%s", folder, path), 1);
    setenv("DISPLAY", ":99", 1);
    const char *addresses[] = {"autolaunch:", "unix:path=/nonexistent;autolaunch:",
                               text("unix:path=/nonexistent;nonce-tcp:host=%s,port=%s,noncefile=%s", "127.0.0.1",
                                    strrchr(server_url(), ':') + 1, pipe)};
    for (int i = 0; i < LENGTH(addresses); i++) {
        during(addresses[i]);
        setenv("DBUS_SESSION_BUS_ADDRESS", addresses[i], 1);
        CHECK_STATUS(sign_out(scene_client())->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
    }
    CHECK(access(text("%s/launched", folder), F_OK) != 0);
    setenv("PATH", path, 1);
    unsetenv("DISPLAY");
    before ? setenv("DBUS_SESSION_BUS_ADDRESS", before, 1) : unsetenv("DBUS_SESSION_BUS_ADDRESS");
    unlink(text("%s/dbus-launch", folder));
    rmdir(folder);
    unlink(pipe);
}

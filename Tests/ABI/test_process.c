/* SPDX-License-Identifier: Apache-2.0 */

/* The process around the library: what loading changes, and what dying leaves. */

#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

/* Runs a shell command; what it printed, and in `status` how it ended. */
static const char *output(const char *command, int *status)
{
    char printed[8192] = "";
    FILE *stream = popen(text("(%s) 2>&1", command), "r");
    size_t length = stream ? fread(printed, 1, sizeof printed - 1, stream) : 0;
    printed[length] = '\0';
    *status = stream ? pclose(stream) >> 8 : -1;
    return text("%s", printed);
}

/* The changes that probe_loading.c found. */
static const char *changes(const char *how)
{
    int status;
    const char *printed = output(text("\"$COGNITOAUTH_TEST_PROBE\" \"$COGNITOAUTH_TEST_LIBRARY\" %s", how), &status);
    CHECK_INT(status, 0);
    return printed;
}

TEST("loading the library changes no signal, mask, locale, folder or environment, and prints nothing")
{
    CHECK_TEXT(changes("load"), "");
}

TEST("using the library changes no signal, mask, locale, folder or environment, and prints nothing")
{
    CHECK_TEXT(changes("use"), "");
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("in a process with raised privileges no client is made")
{
    /* A set-user-ID program that gives up root: both files go where the other user can read them. */
    static const char script[] =
        "set -e; d=$(mktemp -d /tmp/cognitoauth-probe.XXXXXX); trap 'rm -rf $d' EXIT; chmod 755 $d;"
        "cp -L \"$COGNITOAUTH_TEST_LIBRARY\" $d/library.so; cp \"$COGNITOAUTH_TEST_PROBE\" $d/probe;"
        "chmod 755 $d/library.so; chown nobody $d/probe; chmod 4755 $d/probe; $d/probe $d/library.so privileged";
    if (geteuid() != 0) {
        puts("  not tried: only root can make a set-user-ID program of another user's");
        return;
    }
    int status;
    const char *printed = output(script, &status);
    if (status == 2) {
        puts("  not tried: this system gives set-user-ID programs no privileges");
        return;
    }
    CHECK_TEXT(printed, "");
    CHECK_INT(status, 0);
}

ROLE("sign out") { return sign_out(scene_client())->outcome; }
ROLE("sign out globally") { return sign_out_global(scene_client())->outcome; }

TEST("row 30: a process that is killed while Cognito holds its answer leaves the whole session; signing out goes on")
{
    static const char *const roles[] = {"sign out", "sign out globally"};
    static const char *const held[] = {"RevokeToken", "GlobalSignOut"};
    for (int i = 0; i < 2; i++) {
        during(roles[i]);
        server_reset();
        sign_in(scene_client());
        const char *secret = keyring_secret("session");
        server_reply(held[i], HELD_ONCE);
        pid_t process = start_role(roles[i]);
        CHECK(server_await(1));
        kill(process, SIGKILL);
        CHECK_INT(wait_for(process, 5000), 128 + SIGKILL);
        CHECK_INT(keyring_count(NULL), 1);
        CHECK_TEXT(keyring_secret("session"), secret);
        CHECK_INT(run_role(roles[i]), AUTH_SIGN_OUT_COMPLETE);
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row 30: a process that is killed after GlobalSignOut leaves the whole session, and signing out again finishes")
{
    sign_in(scene_client());
    server_reply("RevokeToken", HELD_ONCE);
    pid_t process = start_role("sign out globally");
    CHECK(server_await(2));
    kill(process, SIGKILL);
    wait_for(process, 5000);
    CHECK_INT(keyring_count("session"), 1);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", "Access Token has been revoked"));
    const auth_sign_out_result *result = sign_out_global(scene_client());
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation done");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_SESSION_ENDED);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 30: at whatever moment a process is killed, there is the whole session or none")
{
    for (int i = 0; i < 12; i++) {
        server_reset();
        keyring_empty();
        auth_session session = sign_in(scene_client());
        pid_t process = start_role("sign out globally");
        sleep_ms(5 + 5 * i);
        kill(process, SIGKILL);
        wait_for(process, 5000);
        during(text("killed after %d ms", 5 + 5 * i));
        if (keyring_count(NULL) > 0) CHECK_TEXT(load(scene_client())->refresh_token, session.refresh_token);
        CHECK(keyring_count(NULL) <= 1);
    }
}

/* Uses the keyring, ends the bus and goes on. Runs in a private session of its own. */
ROLE("outlive the bus")
{
    auth_client *client = scene_client();
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    int status;
    const char *pid = output("gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus "
                             "--method org.freedesktop.DBus.GetConnectionUnixProcessID org.freedesktop.DBus",
                             &status);
    const char *number = strchr(pid, ' ');
    if (!CHECK(number != NULL)) return 1;
    kill((pid_t)atoi(number), SIGKILL);

    /* GIO ends a process whose connection to the session bus breaks off, once its main loop hears of it. */
    for (double end = seconds() + 1; seconds() < end; sleep_ms(10)) {
        while (g_main_context_iteration(NULL, FALSE)) continue;
    }
    const auth_sign_out_result *result = sign_out(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    auth_status failure = auth_error_status(result->failure);
    CHECK(failure == AUTH_STATUS_KEYRING_UNAVAILABLE || failure == AUTH_STATUS_KEYRING_FAILED);
    for (double end = seconds() + 0.5; seconds() < end; sleep_ms(10)) {
        while (g_main_context_iteration(NULL, FALSE)) continue;
    }
    return 0;
}

TEST("the session bus may die: the process does not, and signing out says that the keyring is not there")
{
    int status;
    const char *printed = output(text("\"$COGNITOAUTH_TEST_SUPPORT/private-session.sh\" "
                                      "'%s' --role 'outlive the bus'",
                                      own_program()),
                                 &status);
    CHECK_TEXT(printed, "");
    CHECK_INT(status, 0);
}

TEST("a process that uses the library ends without complaints, with or without freeing its client")
{
    CHECK_INT(run_role("sign out"), AUTH_SIGN_OUT_COMPLETE);
    sign_in(scene_client());
    CHECK_INT(run_role("sign out"), AUTH_SIGN_OUT_COMPLETE);
}

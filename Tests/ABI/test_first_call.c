/* SPDX-License-Identifier: Apache-2.0 */

/* The first call of a process connects to the keyring. Where it is cancelled, nobody else feels it: no other client,
 * and not the program itself, which may use the session bus too. */

#include <gio/gio.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "scene.h"

#define DELAY "COGNITOAUTH_TEST_DELAY"
#define BUS "COGNITOAUTH_TEST_BUS"

static void *load_with(void *client)
{
    auth_session session = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_load(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&session);
    return NULL;
}

/* What a program does that has a D-Bus name, or shows a notification. */
static void *use_bus(void *unused)
{
    (void)unused;
    GError *error = NULL;
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &error);
    CHECK_TEXT(error ? error->message : "", "");
    if (!bus) return NULL;
    g_dbus_connection_set_exit_on_close(bus, FALSE);
    GVariant *reply = g_dbus_connection_call_sync(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                  "org.freedesktop.DBus", "GetId", NULL, NULL,
                                                  G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
    CHECK_TEXT(error ? error->message : "", "");
    if (reply) g_variant_unref(reply);
    g_object_unref(bus);
    return NULL;
}

/* Makes two clients, begins a call of the first one, lets all others begin too, and cancels it. Returns 0 where it was
 * cancelled, 3 where it was done. */
static int cancel_first_call(int before_others_ms, int before_cancel_us, pid_t bus)
{
    auth_client *first = scene_client(), *other = scene_client();
    auth_session session = AUTH_SESSION_INIT;
    pthread_t threads[2];
    if (bus) CHECK_INT(kill(bus, SIGSTOP), 0);
    auth_operation *operation = start_operation(first, auth_session_load_start);
    sleep_ms(before_others_ms);
    CHECK_INT(pthread_create(&threads[0], NULL, load_with, other), 0);
    CHECK_INT(pthread_create(&threads[1], NULL, use_bus, NULL), 0);
    usleep((useconds_t)before_cancel_us);
    auth_operation_cancel(operation);
    auth_status status = auth_operation_finish_session(operation, &session, NULL);
    CHECK(status == AUTH_STATUS_SUCCESS || status == AUTH_STATUS_CANCELLED);
    auth_session_clear(&session);
    if (bus) CHECK_INT(kill(bus, SIGCONT), 0);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    use_bus(NULL);
    load_with(other);
    load_with(first);
    return status == AUTH_STATUS_CANCELLED ? 0 : 3;
}

ROLE("cancel after a delay") { return cancel_first_call(0, atoi(getenv(DELAY)), 0); }

ROLE("cancel while the bus stands still") { return cancel_first_call(20, 30000, (pid_t)atoi(getenv(BUS))); }

/* The daemon of gnome-keyring 42 ends now and then where a client leaves the bus that it is opening a session for
 * ("gkd_secret_service_get_pkcs11_session: assertion 'client' failed"), and comes back locked: started anew. */
static bool daemon_has_ended(void)
{
    if (!keyring_is_locked()) return false;
    CHECK(keyring_run("restart-unlocked"));
    sign_in(scene_client());
    return true;
}

TEST("where the first call of a process is cancelled, at whatever moment, other clients and the program go on")
{
    enum { PROCESSES = 100, STEP_US = 100, MOST_ENDS = 3 };
    int cancelled = 0, ends = 0;
    sign_in(scene_client());
    for (int i = 0; i < PROCESSES; i++) {
        setenv(DELAY, text("%d", i * STEP_US), 1);
        int end = run_role("cancel after a delay");
        if (end != 0 && end != 3 && daemon_has_ended())
            ends++;
        else
            CHECK(end == 0 || end == 3);
        cancelled += end == 0;
    }
    printf("  first calls          %d of %d cancelled; the daemon ended %d times\n", cancelled, PROCESSES, ends);
    CHECK(cancelled > 0);
    CHECK(ends <= MOST_ENDS);
}

TEST("so it is where it is cancelled while the bus does not answer")
{
    int bus = 0;
    FILE *answer = popen("gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus "
                         "--method org.freedesktop.DBus.GetConnectionUnixProcessID org.freedesktop.DBus",
                         "r");
    REQUIRE(answer != NULL);
    CHECK_INT(fscanf(answer, "(uint32 %d,)", &bus), 1);
    pclose(answer);
    REQUIRE(bus > 1);
    setenv(BUS, text("%d", bus), 1);
    sign_in(scene_client());
    for (int i = 0; i < 10; i++) CHECK_INT(run_role("cancel while the bus stands still"), 0);
    kill(bus, SIGCONT);
}

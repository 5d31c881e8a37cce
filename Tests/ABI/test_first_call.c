/* SPDX-License-Identifier: Apache-2.0 */

/* The first call of a process connects to the keyring. Nobody else feels that, also where it is cancelled: no other
 * client, not the keyring, and not the program itself, which may use the session bus too. */

#include <dirent.h>
#include <gio/gio.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
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
    GVariant *reply =
        g_dbus_connection_call_sync(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                    "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, &error);
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

TEST("where the first call of a process is cancelled, at whatever moment, other clients and the program go on")
{
    enum { PROCESSES = 100, STEP_US = 100 };
    int cancelled = 0;
    sign_in(scene_client());
    for (int i = 0; i < PROCESSES; i++) {
        setenv(DELAY, text("%d", i * STEP_US), 1);
        int end = run_role("cancel after a delay");
        CHECK(end == 0 || end == 3);
        cancelled += end == 0;
    }
    printf("  first calls          %d of %d cancelled\n", cancelled, PROCESSES);
    CHECK(cancelled > 0);
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

/* From now on the main loop of gnome-keyring's daemon has much to watch, and shares one processor with the thread that
 * reads from the bus, and takes its place there. So what the two should do one after the other is seldom far apart. */
static void burden_daemon(void)
{
    enum { CONNECTIONS = 800, NICENESS = 10 };
    cpu_set_t processors, one;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int daemon = atoi(getenv("GNOME_KEYRING_PID")), processor = 0;
    CHECK_INT(sched_getaffinity(0, sizeof processors, &processors), 0);
    while (!CPU_ISSET(processor, &processors)) processor++;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    DIR *threads = opendir(text("/proc/%d/task", daemon));
    if (!CHECK(threads != NULL)) return;
    for (struct dirent *thread; (thread = readdir(threads));) {
        if (atoi(thread->d_name) > 0) CHECK_INT(sched_setaffinity(atoi(thread->d_name), sizeof one, &one), 0);
    }
    closedir(threads);
    CHECK_INT(setpriority(PRIO_PROCESS, (id_t)daemon, NICENESS), 0); /* of the main thread */
    /* As a login does to unlock it; they stay open until this program ends. */
    snprintf(address.sun_path, sizeof address.sun_path, "%s/keyring/control", getenv("XDG_RUNTIME_DIR"));
    for (int i = 0; i < CONNECTIONS; i++) {
        int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK_INT(connect(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    }
}

static atomic_bool is_over;

/* A client that takes a name and gives it up, again and again, of which the bus tells the daemon. */
static void *take_names(void *unused)
{
    static const char *const methods[] = {"RequestName", "ReleaseName"};
    GDBusConnection *connection = g_dbus_connection_new_for_address_sync(
        getenv("DBUS_SESSION_BUS_ADDRESS"),
        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL,
        NULL);
    if (!CHECK(connection != NULL)) return unused;
    for (int i = 0; !is_over; i = !i) {
        GVariant *name = i ? g_variant_new("(s)", "org.example.Name") : g_variant_new("(su)", "org.example.Name", 0);
        GVariant *reply = g_dbus_connection_call_sync(connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                      "org.freedesktop.DBus", methods[i], name, NULL,
                                                      G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
        if (reply) g_variant_unref(reply);
        usleep(300);
    }
    g_object_unref(connection);
    return unused;
}

/* Each of them has its first call. */
ROLE("load in many processes")
{
    enum { PROCESSES = 100 };
    for (int i = 0; i < PROCESSES; i++) {
        pid_t process = fork();
        if (process == 0) return load_with(scene_client()) != NULL;
        if (wait_for(process, 20000) != 0) return 1;
    }
    return 0;
}

/* The daemon of gnome-keyring 42 to 50 can handle what a client asks first before it takes note of the client. Where it
 * must know the client for that it ends, and comes back locked. The more it has to do, the sooner. */
TEST("the first calls of processes do not end gnome-keyring's daemon, also where others keep it busy")
{
    enum { AT_ONCE = 3 };
    pthread_t others;
    pid_t processes[AT_ONCE];
    sign_in(scene_client());
    burden_daemon();
    REQUIRE(pthread_create(&others, NULL, take_names, NULL) == 0);
    for (int i = 0; i < AT_ONCE; i++) processes[i] = start_role("load in many processes");
    for (int i = 0; i < AT_ONCE; i++) CHECK_INT(wait_for(processes[i], 150000), 0);
    is_over = true;
    pthread_join(others, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Root with the runtime directory and the session bus of another user, as `sudo -E` leaves them. */

#include <ftw.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scene.h"

enum { OTHER_USER = 65534, AT_ONCE_MS = 5000 };

static char directory[64];
static pid_t bus;

void set_scene(void)
{
    server_select(NULL);
    server_reset();
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status, (void)kind, (void)position;
    return remove(path);
}

static void end(void *unused)
{
    (void)unused;
    kill(bus, SIGTERM);
    wait_for(bus, 5000);
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void run_bus(const char *address)
{
    /* From a place that this user may be in. */
    if (chdir("/") != 0 || setgroups(0, NULL) != 0 || setgid(OTHER_USER) != 0 || setuid(OTHER_USER) != 0) _exit(126);
    setenv("HOME", directory, 1);
    setenv("XDG_DATA_HOME", directory, 1);
    setenv("XDG_RUNTIME_DIR", directory, 1);
    execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--address", address, (char *)NULL);
    _exit(127);
}

/* The other user's session, which this process takes for its own. */
static bool enter_session(const char *variable)
{
    strcpy(directory, "/tmp/cognitoauth-user.XXXXXX");
    if (!mkdtemp(directory) || chown(directory, OTHER_USER, OTHER_USER) != 0) return false;
    const char *socket = text("%s/bus", directory), *address = text("unix:path=%s", socket);
    fflush(stdout);
    bus = fork();
    if (bus == 0) run_bus(address);
    defer(end, NULL);
    for (double limit = seconds() + 5; access(socket, F_OK) != 0 && seconds() < limit;) sleep_ms(10);
    setenv("XDG_RUNTIME_DIR", directory, 1);
    unsetenv("DBUS_SESSION_BUS_ADDRESS");
    if (variable) setenv(variable, address, 1);
    return access(socket, F_OK) == 0;
}

static void check_session(const char *variable)
{
    if (geteuid() != 0) {
        puts("  not tried: only root can be in another user's session");
        return;
    }
    REQUIRE(enter_session(variable));
    auth_client *client = scene_client();
    double start = seconds();
    const auth_sign_out_result *result = sign_out(client);
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_TEXT(auth_error_message(result->failure),
               "No keyring can be reached. (the session bus is another user's; run the program as that user)");
    auth_session session = scene_session();
    CHECK_ANSWER(auth_session_save(client, &session, NULL, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_INT(server_connection_count(), 0);
    /* What root makes there would keep its owner out. */
    CHECK(access(text("%s/cognitoauth", directory), F_OK) != 0);
}

TEST("row 21: the session bus of another user is told as such, and nothing is made in that user's directory")
{
    check_session("DBUS_SESSION_BUS_ADDRESS");
}

TEST("... also where only the runtime directory leads to it") { check_session(NULL); }

/* SPDX-License-Identifier: Apache-2.0 */

#include "mock_portal.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static pid_t portal;

static GDBusConnection *bus(void)
{
    static GDBusConnection *connection;
    if (!connection) {
        connection = g_dbus_connection_new_for_address_sync(getenv("DBUS_SESSION_BUS_ADDRESS"),
                                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                                G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                            NULL, NULL, NULL);
    }
    return connection;
}

/* Asks the mock; NULL if it does not answer. To be released. */
static GVariant *ask(const char *method, GVariant *arguments)
{
    return g_dbus_connection_call_sync(bus(), "org.freedesktop.portal.Desktop", "/mock", "org.cognitoauth.Mock", method,
                                       arguments, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, 5000, NULL, NULL);
}

static bool tell(const char *method, GVariant *arguments)
{
    GVariant *answer = ask(method, arguments);
    if (answer) g_variant_unref(answer);
    return answer != NULL;
}

void mock_portal_start(void)
{
    if (tell("Reset", NULL)) return;
    const char *script = text("%s/mock_secret_portal.py", getenv("COGNITOAUTH_TEST_SUPPORT"));
    fflush(stdout);
    portal = fork();
    if (portal == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execl("/usr/bin/python3", "/usr/bin/python3", "-I", script, (char *)NULL);
        execlp("python3", "python3", "-I", script, (char *)NULL);
        _exit(127);
    }
    for (double end = seconds() + 10; seconds() < end; sleep_ms(20)) {
        if (tell("Reset", NULL)) return;
    }
    fputs("the mock Secret portal did not start; is python3-gi there?\n", stderr);
    exit(1);
}

void mock_portal_stop(void)
{
    if (portal <= 0) return;
    kill(portal, SIGTERM);
    waitpid(portal, NULL, 0);
    portal = 0;
}

void mock_portal_behave(const char *ending) { CHECK(tell("Behave", g_variant_new("(s)", ending))); }

void mock_portal_use_key(int byte) { CHECK(tell("UseKey", g_variant_new("(y)", (guchar)byte))); }

void mock_portal_release(void) { CHECK(tell("Release", NULL)); }

void mock_portal_answer(int count) { CHECK(tell("Answer", g_variant_new("(u)", (guint32)count))); }

static int number(const char *method)
{
    GVariant *answer = ask(method, NULL);
    guint32 count = 0;
    if (!CHECK(answer != NULL)) return -1;
    g_variant_get(answer, "(u)", &count);
    g_variant_unref(answer);
    return (int)count;
}

int mock_portal_requests(void) { return number("Requests"); }

int mock_portal_open(void) { return number("Open"); }

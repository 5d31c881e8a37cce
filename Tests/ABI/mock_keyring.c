/* SPDX-License-Identifier: Apache-2.0 */

#include "mock_keyring.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness.h"

#define NAME "org.cognitoauth.Mock"

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
    return g_dbus_connection_call_sync(bus(), NAME, "/mock", NAME, method, arguments, NULL,
                                       G_DBUS_CALL_FLAGS_NO_AUTO_START, 5000, NULL, NULL);
}

static bool tell(const char *method, GVariant *arguments)
{
    GVariant *answer = ask(method, arguments);
    if (answer) g_variant_unref(answer);
    return answer != NULL;
}

int mock_keyring_calls(const char *call)
{
    GVariant *answer = ask("Calls", NULL);
    const char **names = NULL;
    int count = 0;
    if (!CHECK(answer != NULL)) return -1;
    g_variant_get(answer, "(^a&s)", &names);
    for (int i = 0; names[i]; i++) count += strcmp(names[i], call) == 0;
    g_free(names);
    g_variant_unref(answer);
    return count;
}

int mock_keyring_count(void)
{
    GVariant *answer = ask("Items", NULL);
    guint32 count = 0;
    if (!CHECK(answer != NULL)) return -1;
    g_variant_get(answer, "(u)", &count);
    g_variant_unref(answer);
    return (int)count;
}

void mock_keyring_start(void)
{
    setenv("SECRET_SERVICE_BUS_NAME", NAME, 1);
    if (tell("Reset", NULL)) return;
    const char *script = text("%s/mock_secret_service.py", getenv("COGNITOAUTH_TEST_SUPPORT"));
    fflush(stdout);
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execl("/usr/bin/python3", "/usr/bin/python3", "-I", script, (char *)NULL);
        execlp("python3", "python3", "-I", script, (char *)NULL);
        _exit(127);
    }
    for (double end = seconds() + 10; seconds() < end; sleep_ms(20)) {
        if (tell("Reset", NULL)) return;
    }
    fputs("the mock Secret Service did not start; is python3-gi there?\n", stderr);
    exit(1);
}

void mock_keyring_behave(const char *ending, int after_ms)
{
    CHECK(tell("Behave", g_variant_new("(su)", ending, (guint32)after_ms)));
}

void mock_keyring_ask(const char *method) { CHECK(tell("Ask", g_variant_new("(s)", method))); }

void mock_keyring_spoil(const char *way, int count)
{
    CHECK(tell("Spoil", g_variant_new("(su)", way, (guint32)count)));
}

bool mock_keyring_lock(void) { return tell("Lock", NULL); }
bool mock_keyring_complete(void) { return tell("Complete", NULL); }

/* SPDX-License-Identifier: Apache-2.0 */

#include "mock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness.h"

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

GVariant *mock_ask(const mock *mock, const char *method, GVariant *arguments)
{
    return g_dbus_connection_call_sync(bus(), mock->bus_name, "/mock", "org.cognitoauth.Mock", method, arguments, NULL,
                                       G_DBUS_CALL_FLAGS_NO_AUTO_START, 5000, NULL, NULL);
}

bool mock_tell(const mock *mock, const char *method, GVariant *arguments)
{
    GVariant *answer = mock_ask(mock, method, arguments);
    if (answer) g_variant_unref(answer);
    return answer != NULL;
}

int mock_count(const mock *mock, const char *method)
{
    GVariant *answer = mock_ask(mock, method, NULL);
    guint32 count = 0;
    if (!CHECK(answer != NULL)) return -1;
    g_variant_get(answer, "(u)", &count);
    g_variant_unref(answer);
    return (int)count;
}

void mock_start(mock *mock)
{
    if (mock_tell(mock, "Reset", NULL)) return;
    const char *script = text("%s/%s", getenv("COGNITOAUTH_TEST_SUPPORT"), mock->script);
    fflush(stdout);
    mock->process = fork();
    if (mock->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execl("/usr/bin/python3", "/usr/bin/python3", "-sEB", script, (char *)NULL);
        execlp("python3", "python3", "-sEB", script, (char *)NULL);
        _exit(127);
    }
    for (double end = seconds() + 10; seconds() < end; sleep_ms(20)) {
        if (mock_tell(mock, "Reset", NULL)) return;
    }
    fprintf(stderr, "%s did not start; is python3-gi there?\n", mock->title);
    exit(1);
}

/* SPDX-License-Identifier: Apache-2.0 */

#include "stopper.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>

void signal_keyring(int number) { kill(atoi(getenv("GNOME_KEYRING_PID")), number); }
void wake_keyring(void) { signal_keyring(SIGCONT); }

static const char *_Atomic stop_at;

static GDBusMessage *stop_before(GDBusConnection *connection, GDBusMessage *message, gboolean is_incoming,
                                 gpointer data)
{
    (void)connection, (void)data;
    const char *awaited = stop_at;
    if (!is_incoming && awaited && g_strcmp0(g_dbus_message_get_member(message), awaited) == 0) {
        signal_keyring(SIGSTOP);
        stop_at = NULL;
    }
    return message;
}

void stop_keyring_at(const char *call)
{
    static GDBusConnection *connection;
    if (!connection) {
        /* The connection to the bus is the process's one, and the library's too. */
        connection = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
        g_dbus_connection_add_filter(connection, stop_before, NULL, NULL);
    }
    stop_at = call;
}

/* SPDX-License-Identifier: Apache-2.0 */

#include "stopper.h"

#include <dlfcn.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>

void signal_keyring(int number) { kill(atoi(getenv("GNOME_KEYRING_PID")), number); }
void wake_keyring(void) { signal_keyring(SIGCONT); }

static const char *_Atomic stop_at;

/* Takes the place of GIO's own: the library's connection to the bus is one that nobody else can see. */
void g_dbus_connection_call(GDBusConnection *connection, const char *destination, const char *path,
                            const char *interface, const char *method, GVariant *arguments,
                            const GVariantType *reply, GDBusCallFlags flags, int timeout, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data)
{
    static __typeof__(g_dbus_connection_call) *own;
    const char *awaited = stop_at;
    if (!own) own = (__typeof__(own))dlsym(RTLD_NEXT, "g_dbus_connection_call");
    if (awaited && g_strcmp0(method, awaited) == 0) {
        signal_keyring(SIGSTOP);
        stop_at = NULL;
    }
    own(connection, destination, path, interface, method, arguments, reply, flags, timeout, cancellable, callback, data);
}

void stop_keyring_at(const char *call) { stop_at = call; }

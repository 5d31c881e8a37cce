/* SPDX-License-Identifier: Apache-2.0 */

#include "stopper.h"

#include <dlfcn.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "harness.h"
#include "keyring.h"

void signal_keyring(int number) { kill(atoi(getenv("GNOME_KEYRING_PID")), number); }
void wake_keyring(void) { signal_keyring(SIGCONT); }

static const char *_Atomic stop_at, *_Atomic lock_at;

/* Whether this call was waited for, which it is once. */
static bool is_awaited(const char *_Atomic *awaited, const char *method)
{
    const char *name = *awaited;
    if (!name || g_strcmp0(method, name) != 0) return false;
    *awaited = NULL;
    return true;
}

/* Takes the place of GIO's own: the library's connection to the bus is one that nobody else can see. */
void g_dbus_connection_call(GDBusConnection *connection, const char *destination, const char *path,
                            const char *interface, const char *method, GVariant *arguments,
                            const GVariantType *reply, GDBusCallFlags flags, int timeout, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data)
{
    static __typeof__(g_dbus_connection_call) *own;
    if (!own) own = (__typeof__(own))dlsym(RTLD_NEXT, "g_dbus_connection_call");
    if (is_awaited(&stop_at, method)) signal_keyring(SIGSTOP);
    if (is_awaited(&lock_at, method)) CHECK(keyring_run("lock"));
    own(connection, destination, path, interface, method, arguments, reply, flags, timeout, cancellable, callback, data);
}

void stop_keyring_at(const char *call) { stop_at = call; }
void lock_keyring_at(const char *call) { lock_at = call; }

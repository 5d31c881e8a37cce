/* SPDX-License-Identifier: Apache-2.0 */

#ifndef COGNITOAUTH_GIO_SHIM_H
#define COGNITOAUTH_GIO_SHIM_H

#include <gio/gdesktopappinfo.h>
#include <gio/gio.h>
#include <signal.h>

/* From GLib 2.88 on these are marked as flags, and then Swift knows their constants by other names. */
static const GSpawnFlags cognitoauth_spawn_flags =
    G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL;

/* Swift has no name for a type that is asked for by a macro. */
static inline GDesktopAppInfo *cognitoauth_desktop_app(GAppInfo *app)
{
    return app != NULL && G_IS_DESKTOP_APP_INFO(app) ? G_DESKTOP_APP_INFO(app) : NULL;
}

/* Lets a new process have the signals that our threads block; in the child, between fork and exec. */
static inline void cognitoauth_unblock_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Where nobody else uses the connection, says that the process goes on when the bus ends. */
static inline void cognitoauth_outlive_bus(GDBusConnection *connection)
{
    if (g_atomic_int_get(&((GObject *)connection)->ref_count) == 1)
        g_dbus_connection_set_exit_on_close(connection, FALSE);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* Macros and casts of libsecret and GLib that Swift cannot see. */

#ifndef COGNITOAUTH_SECRET_SHIM_H
#define COGNITOAUTH_SECRET_SHIM_H

#include <gio/gio.h>
#include <glib-unix.h>
/* Paths of items, and secrets as they go over the bus: in libsecret since 0.1, and not called stable. */
#define SECRET_API_SUBJECT_TO_CHANGE 1
#include <libsecret/secret.h>
#include <signal.h>

/* Installed, documented and exported, and yet not included by secret.h. */
#define __SECRET_INSIDE_HEADER__
#include <libsecret/secret-backend.h>
#undef __SECRET_INSIDE_HEADER__

/* GIO ignores SIGPIPE for the whole process as soon as it knows its first socket. It does not need to on
   Linux, where it sends with MSG_NOSIGNAL, and what the program does with the signal is the program's. */
static inline void cognitoauth_prepare_sockets(void)
{
    struct sigaction before, after;

    sigaction(SIGPIPE, NULL, &before);
    g_type_class_ref(G_TYPE_SOCKET);
    sigaction(SIGPIPE, NULL, &after);
    if (after.sa_handler == SIG_IGN && before.sa_handler != SIG_IGN) sigaction(SIGPIPE, &before, NULL);
}

/* A SecretService over a connection that it is given. libsecret's own constructor sets the bus to the session bus, which
   GDBusProxy does not take together with "g-connection", the name to the well-known one, and no flags, whatever it was
   given. Neither properties nor signals: what they tell is asked for when it is needed. */
static inline GObject *cognitoauth_service_construct(GType type, guint count, GObjectConstructParam *properties)
{
    GObjectClass *parent = (GObjectClass *)g_type_class_peek(SECRET_TYPE_SERVICE);
    GObject *service = parent->constructor(type, count, properties);

    g_object_set(service, "g-bus-type", G_BUS_TYPE_NONE, "g-flags",
                 G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS |
                     G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START,
                 NULL);
    return service;
}

static inline void cognitoauth_service_class_init(gpointer class, gpointer data)
{
    (void)data;
    ((GObjectClass *)class)->constructor = cognitoauth_service_construct;
}

static inline GType cognitoauth_service_type(void)
{
    static gsize type = 0;
    GTypeQuery parent;

    if (g_once_init_enter(&type)) {
        g_type_query(SECRET_TYPE_SERVICE, &parent);
        g_once_init_leave(&type, g_type_register_static_simple(SECRET_TYPE_SERVICE, "CognitoAuthSecretService",
                                                               (guint)parent.class_size, cognitoauth_service_class_init,
                                                               (guint)parent.instance_size, NULL, (GTypeFlags)0));
    }
    return type;
}

static inline void cognitoauth_service_new(GDBusConnection *connection, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer data)
{
    g_async_initable_new_async(cognitoauth_service_type(), G_PRIORITY_DEFAULT, cancellable, callback, data,
                               "g-connection", connection, NULL);
}

static inline SecretService *cognitoauth_service_new_finish(GAsyncResult *result, GError **error)
{
    GObject *source = g_async_result_get_source_object(result);
    GObject *service = g_async_initable_new_finish(G_ASYNC_INITABLE(source), result, error);

    g_object_unref(source);
    return service == NULL ? NULL : SECRET_SERVICE(service);
}

/* In no header, and exported by every libsecret that was built with its encrypted file. */
extern GType secret_file_backend_get_type(void) __attribute__((weak));

/* Of libsecret's encrypted file; 0 if there is none. libsecret itself finds the type only while it makes the one backend
   that the process shares. */
static inline GType cognitoauth_file_backend_type(void)
{
    return secret_file_backend_get_type == NULL ? 0 : secret_file_backend_get_type();
}

/* Where libsecret has that file, with `suffix` behind it; to be freed. */
static inline char *_Nonnull cognitoauth_keyring_file_path(const char *suffix)
{
    const char *path = g_getenv("SECRET_FILE_TEST_PATH");

    if (path != NULL && *path != '\0') return g_strconcat(path, suffix, NULL);
    return g_strconcat(g_get_user_data_dir(), "/keyrings/" SECRET_COLLECTION_DEFAULT ".keyring", suffix, NULL);
}

/* From GLib 2.88 on these are marked as flags, and then Swift knows their constants by other names. */
static const GDBusCallFlags cognitoauth_call_flags = G_DBUS_CALL_FLAGS_NONE;
static const GDBusSignalFlags cognitoauth_signal_flags = G_DBUS_SIGNAL_FLAGS_NONE;
static const GDBusConnectionFlags cognitoauth_connection_flags =
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;

/* GVariantType is a C string in disguise. */
static inline const GVariantType *cognitoauth_variant_type(const char *type) { return G_VARIANT_TYPE(type); }

/* Calls `function` from the main context when `descriptor` is readable. To be destroyed and released. */
static inline GSource *cognitoauth_descriptor_source(int descriptor, GUnixFDSourceFunc function, gpointer data)
{
    GSource *source = g_unix_fd_source_new(descriptor, G_IO_IN);

    g_source_set_callback(source, (GSourceFunc)(void (*)(void))function, data, NULL);
    return source;
}

/* The error domains are macros that call functions. */
static inline gboolean cognitoauth_is_secret_error(const GError *error) { return error->domain == SECRET_ERROR; }
static inline gboolean cognitoauth_is_dbus_error(const GError *error) { return error->domain == G_DBUS_ERROR; }
static inline gboolean cognitoauth_is_io_error(const GError *error) { return error->domain == G_IO_ERROR; }
static inline gboolean cognitoauth_is_cancelled(const GError *error)
{
    return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A table of strings that it frees; inline, as Swift cannot name g_str_hash as a function pointer. */
static inline GHashTable *cognitoauth_attributes_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static inline void cognitoauth_attributes_set(GHashTable *attributes, const char *name, const char *value)
{
    g_hash_table_insert(attributes, g_strdup(name), g_strdup(value));
}

#endif

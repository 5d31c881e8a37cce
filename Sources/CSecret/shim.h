/* SPDX-License-Identifier: Apache-2.0 */

/* Macros and casts of libsecret and GLib that Swift cannot see. */

#ifndef COGNITOAUTH_SECRET_SHIM_H
#define COGNITOAUTH_SECRET_SHIM_H

#include <gio/gio.h>
#include <glib-unix.h>
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

/* libsecret waits for ever for a backend that does not exist. */
static inline gboolean cognitoauth_secret_backend_is_known(void)
{
    const char *name = g_getenv("SECRET_BACKEND");

    return name == NULL || *name == '\0' || strcmp(name, "service") == 0 || strcmp(name, "file") == 0;
}

/* A reference of the caller's own. Whatever the documentation says, the first caller of all is handed the
   one that libsecret keeps for itself (0.20.5 and 0.21): that is when the task is not secret_backend_get's. */
static inline SecretBackend *cognitoauth_secret_backend_finish(GAsyncResult *result, GError **error)
{
    gboolean is_new = g_task_get_source_tag(G_TASK(result)) != (gpointer)secret_backend_get;
    SecretBackend *backend = secret_backend_get_finish(result, error);

    if (backend != NULL && is_new) g_object_ref(backend);
    return backend;
}

/* NULL if the backend is no Secret Service. */
static inline SecretService *cognitoauth_secret_service(SecretBackend *backend)
{
    return SECRET_IS_SERVICE(backend) ? SECRET_SERVICE(backend) : NULL;
}

/* Asks for the path of the collection that an alias stands for. Plain calls and no SecretCollection: that
   is a proxy with signal subscriptions, which takes three times as long and leaves 1 KB behind whenever
   it is made outside the default main context (measured, 0.20.5). */
static inline void cognitoauth_alias_read(SecretService *service, const char *alias, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer data)
{
    g_dbus_proxy_call(G_DBUS_PROXY(service), "ReadAlias", g_variant_new("(s)", alias), G_DBUS_CALL_FLAGS_NONE, -1,
                      cancellable, callback, data);
}

/* The path, to be freed; "/" for none. NULL sets the error. */
static inline char *cognitoauth_alias_read_finish(SecretService *service, GAsyncResult *result, GError **error)
{
    char *path = NULL;
    GVariant *answer = g_dbus_proxy_call_finish(G_DBUS_PROXY(service), result, error);

    if (answer == NULL) return NULL;
    if (g_variant_is_of_type(answer, G_VARIANT_TYPE("(o)")))
        g_variant_get(answer, "(o)", &path);
    else
        g_set_error_literal(error, SECRET_ERROR, SECRET_ERROR_PROTOCOL, "ReadAlias answered no object path");
    g_variant_unref(answer);
    return path;
}

static inline void cognitoauth_locked_read(SecretService *service, const char *path, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer data)
{
    g_dbus_connection_call(g_dbus_proxy_get_connection(G_DBUS_PROXY(service)),
                           g_dbus_proxy_get_name(G_DBUS_PROXY(service)), path, "org.freedesktop.DBus.Properties", "Get",
                           g_variant_new("(ss)", "org.freedesktop.Secret.Collection", "Locked"), G_VARIANT_TYPE("(v)"),
                           G_DBUS_CALL_FLAGS_NONE, -1, cancellable, callback, data);
}

/* TRUE also on failure, which sets the error. */
static inline gboolean cognitoauth_locked_read_finish(SecretService *service, GAsyncResult *result, GError **error)
{
    gboolean is_locked = TRUE;
    GVariant *value = NULL;
    GVariant *answer = g_dbus_connection_call_finish(g_dbus_proxy_get_connection(G_DBUS_PROXY(service)), result, error);

    if (answer == NULL) return TRUE;
    g_variant_get(answer, "(v)", &value);
    if (g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN))
        is_locked = g_variant_get_boolean(value);
    else
        g_set_error_literal(error, SECRET_ERROR, SECRET_ERROR_PROTOCOL, "Locked is no boolean");
    g_variant_unref(value);
    g_variant_unref(answer);
    return is_locked;
}

/* Asks for an item of the Secret Service to be deleted. What comes back may be a prompt, which is not
   shown: the item is then still there. */
static inline void cognitoauth_item_delete(SecretService *service, const char *path, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer data)
{
    g_dbus_connection_call(g_dbus_proxy_get_connection(G_DBUS_PROXY(service)),
                           g_dbus_proxy_get_name(G_DBUS_PROXY(service)), path, "org.freedesktop.Secret.Item", "Delete",
                           NULL, G_VARIANT_TYPE("(o)"), G_DBUS_CALL_FLAGS_NONE, -1, cancellable, callback, data);
}

static inline void cognitoauth_item_delete_finish(SecretService *service, GAsyncResult *result, GError **error)
{
    GVariant *answer = g_dbus_connection_call_finish(g_dbus_proxy_get_connection(G_DBUS_PROXY(service)), result, error);

    if (answer != NULL) g_variant_unref(answer);
}

static inline void cognitoauth_has_owner(SecretService *service, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer data)
{
    g_dbus_connection_call(g_dbus_proxy_get_connection(G_DBUS_PROXY(service)), "org.freedesktop.DBus",
                           "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
                           g_variant_new("(s)", g_dbus_proxy_get_name(G_DBUS_PROXY(service))), G_VARIANT_TYPE("(b)"),
                           G_DBUS_CALL_FLAGS_NONE, -1, cancellable, callback, data);
}

/* FALSE also on failure, which sets the error. */
static inline gboolean cognitoauth_has_owner_finish(SecretService *service, GAsyncResult *result, GError **error)
{
    gboolean has_owner = FALSE;
    GVariant *answer = g_dbus_connection_call_finish(g_dbus_proxy_get_connection(G_DBUS_PROXY(service)), result, error);

    if (answer != NULL) {
        g_variant_get(answer, "(b)", &has_owner);
        g_variant_unref(answer);
    }
    return has_owner;
}

/* Calls `function` from the main context when `descriptor` is readable. To be destroyed and released. */
static inline GSource *cognitoauth_descriptor_source(int descriptor, GUnixFDSourceFunc function, gpointer data)
{
    GSource *source = g_unix_fd_source_new(descriptor, G_IO_IN);

    g_source_set_callback(source, (GSourceFunc)(void (*)(void))function, data, NULL);
    return source;
}

/* Only items of the Secret Service can be locked. */
static inline gboolean cognitoauth_secret_is_locked(gpointer found)
{
    return SECRET_IS_ITEM(found) && secret_item_get_locked(SECRET_ITEM(found));
}

/* NULL for an item of libsecret's file. */
static inline const char *cognitoauth_secret_path(gpointer found)
{
    return SECRET_IS_ITEM(found) ? g_dbus_proxy_get_object_path(G_DBUS_PROXY(found)) : NULL;
}

/* To be freed; NULL if there is none of that name. */
static inline char *cognitoauth_secret_attribute(gpointer found, const char *name)
{
    GHashTable *attributes = secret_retrievable_get_attributes(SECRET_RETRIEVABLE(found));
    char *value = attributes == NULL ? NULL : g_strdup((const char *)g_hash_table_lookup(attributes, name));

    if (attributes != NULL) g_hash_table_unref(attributes);
    return value;
}

static inline guint64 cognitoauth_secret_modified(gpointer found)
{
    return secret_retrievable_get_modified(SECRET_RETRIEVABLE(found));
}

static inline void cognitoauth_secret_retrieve(gpointer found, GCancellable *cancellable, GAsyncReadyCallback callback,
                                               gpointer data)
{
    secret_retrievable_retrieve_secret(SECRET_RETRIEVABLE(found), cancellable, callback, data);
}

static inline SecretValue *cognitoauth_secret_retrieve_finish(gpointer found, GAsyncResult *result, GError **error)
{
    return secret_retrievable_retrieve_secret_finish(SECRET_RETRIEVABLE(found), result, error);
}

/* The error domains are macros that call functions. */
static inline gboolean cognitoauth_is_secret_error(const GError *error) { return error->domain == SECRET_ERROR; }
static inline gboolean cognitoauth_is_dbus_error(const GError *error) { return error->domain == G_DBUS_ERROR; }
static inline gboolean cognitoauth_is_io_error(const GError *error) { return error->domain == G_IO_ERROR; }

/* Attributes and their types, all of them strings; to be released. */
static inline GHashTable *cognitoauth_attribute_types_new(void) { return g_hash_table_new(g_str_hash, g_str_equal); }

static inline void cognitoauth_attribute_types_add(GHashTable *types, const char *name)
{
    g_hash_table_insert(types, (gpointer)name, GINT_TO_POINTER(SECRET_SCHEMA_ATTRIBUTE_STRING));
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

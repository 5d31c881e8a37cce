/* SPDX-License-Identifier: Apache-2.0 */

/* Macros and casts of libsecret and GLib that Swift cannot see. */

#ifndef COGNITOAUTH_SECRET_SHIM_H
#define COGNITOAUTH_SECRET_SHIM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <libsecret/secret.h>

/* Installed, documented and exported, and yet not included by secret.h. */
#define __SECRET_INSIDE_HEADER__
#include <libsecret/secret-backend.h>
#undef __SECRET_INSIDE_HEADER__

static inline void cognitoauth_secret_backend_found(GObject *source, GAsyncResult *result, gpointer found)
{
    (void)source;
    *(GAsyncResult **)found = (GAsyncResult *)g_object_ref(result);
}

/* The backend that libsecret has chosen: the Secret Service, or an encrypted file in a sandbox. There is
   no synchronous form; like libsecret's own, this one waits in a main context of its own.

   Borrowed, whatever the documentation says: the first caller of all is handed the reference that
   libsecret keeps for itself (0.20.5 and 0.21), and releasing it would leave libsecret with a dead
   object. A later caller's reference is never released; that is a number, not memory. */
static inline SecretBackend *cognitoauth_secret_backend_get_sync(GError **error)
{
    GAsyncResult *result = NULL;
    SecretBackend *backend;
    GMainContext *context = g_main_context_new();

    g_main_context_push_thread_default(context);
    secret_backend_get(SECRET_BACKEND_NONE, NULL, cognitoauth_secret_backend_found, &result);
    while (result == NULL)
        g_main_context_iteration(context, TRUE);
    backend = secret_backend_get_finish(result, error);
    g_object_unref(result);
    while (g_main_context_iteration(context, FALSE)) {
    }
    g_main_context_pop_thread_default(context);
    g_main_context_unref(context);
    return backend;
}

/* NULL if the backend is no Secret Service. */
static inline SecretService *cognitoauth_secret_service(SecretBackend *backend)
{
    return SECRET_IS_SERVICE(backend) ? SECRET_SERVICE(backend) : NULL;
}

/* The D-Bus path of the collection that an alias stands for, to be freed; "/" for none. Plain calls and
   no SecretCollection: that is a proxy with signal subscriptions, which takes three times as long and
   leaves 1 KB behind whenever it is made outside the default main context (measured, 0.20.5). */
static inline char *cognitoauth_collection_path(SecretService *service, const char *alias, GError **error)
{
    char *path = NULL;
    GVariant *answer = g_dbus_proxy_call_sync(
        G_DBUS_PROXY(service), "ReadAlias", g_variant_new("(s)", alias), G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);

    if (answer == NULL)
        return NULL;
    if (g_variant_is_of_type(answer, G_VARIANT_TYPE("(o)")))
        g_variant_get(answer, "(o)", &path);
    else
        g_set_error_literal(error, SECRET_ERROR, SECRET_ERROR_PROTOCOL, "ReadAlias answered no object path");
    g_variant_unref(answer);
    return path;
}

/* TRUE also on failure, which sets the error. */
static inline gboolean cognitoauth_collection_is_locked(SecretService *service, const char *path, GError **error)
{
    gboolean is_locked = TRUE;
    GVariant *value = NULL;
    GVariant *answer = g_dbus_connection_call_sync(
        g_dbus_proxy_get_connection(G_DBUS_PROXY(service)), g_dbus_proxy_get_name(G_DBUS_PROXY(service)), path,
        "org.freedesktop.DBus.Properties", "Get", g_variant_new("(ss)", "org.freedesktop.Secret.Collection", "Locked"),
        G_VARIANT_TYPE("(v)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);

    if (answer == NULL)
        return TRUE;
    g_variant_get(answer, "(v)", &value);
    if (g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN))
        is_locked = g_variant_get_boolean(value);
    else
        g_set_error_literal(error, SECRET_ERROR, SECRET_ERROR_PROTOCOL, "Locked is no boolean");
    g_variant_unref(value);
    g_variant_unref(answer);
    return is_locked;
}

/* Only items of the Secret Service can be locked. */
static inline gboolean cognitoauth_secret_is_locked(gpointer found)
{
    return SECRET_IS_ITEM(found) && secret_item_get_locked(SECRET_ITEM(found));
}

static inline guint64 cognitoauth_secret_modified(gpointer found)
{
    return secret_retrievable_get_modified(SECRET_RETRIEVABLE(found));
}

static inline SecretValue *cognitoauth_secret_retrieve(gpointer found, GError **error)
{
    return secret_retrievable_retrieve_secret_sync(SECRET_RETRIEVABLE(found), NULL, error);
}

/* The error domains are macros that call functions. */
static inline gboolean cognitoauth_is_secret_error(const GError *error) { return error->domain == SECRET_ERROR; }
static inline gboolean cognitoauth_is_dbus_error(const GError *error) { return error->domain == G_DBUS_ERROR; }
static inline gboolean cognitoauth_is_io_error(const GError *error) { return error->domain == G_IO_ERROR; }

/* A table of strings that it frees; inline, as Swift cannot name g_str_hash as a function pointer. */
static inline GHashTable *cognitoauth_attributes_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static inline void cognitoauth_attributes_set(GHashTable *attributes, const char *name, const char *value)
{
    g_hash_table_insert(attributes, g_strdup(name), g_strdup(value));
}

/* `org.cognitoauth.Session`. Stored items carry the name as an attribute of their own. A search must not
   ask for it: a keyring that was never unlocked shows its items only to a search without the name. */
static inline const SecretSchema *cognitoauth_schema(gboolean matches_name)
{
    static const SecretSchema named = {
        "org.cognitoauth.Session", SECRET_SCHEMA_NONE,
        {{"app-id", SECRET_SCHEMA_ATTRIBUTE_STRING}, {"user-pool-id", SECRET_SCHEMA_ATTRIBUTE_STRING},
         {"client-id", SECRET_SCHEMA_ATTRIBUTE_STRING}, {"kind", SECRET_SCHEMA_ATTRIBUTE_STRING}}, 0, 0, 0, 0, 0, 0, 0, 0};
    static const SecretSchema unnamed = {
        "org.cognitoauth.Session", SECRET_SCHEMA_DONT_MATCH_NAME,
        {{"app-id", SECRET_SCHEMA_ATTRIBUTE_STRING}, {"user-pool-id", SECRET_SCHEMA_ATTRIBUTE_STRING},
         {"client-id", SECRET_SCHEMA_ATTRIBUTE_STRING}, {"kind", SECRET_SCHEMA_ATTRIBUTE_STRING}}, 0, 0, 0, 0, 0, 0, 0, 0};
    return matches_name ? &named : &unnamed;
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */

#include "keyring.h"

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "scene.h"

#define SERVICE "org.freedesktop.Secret.Service"
#define ITEM "org.freedesktop.Secret.Item"
#define COLLECTION "org.freedesktop.Secret.Collection"
#define ROOT "/org/freedesktop/secrets"
#define LOGIN ROOT "/collection/login"

/* A warning of GLib's is printed on the program's stderr, where no library has business: it fails the case. */
static bool is_glib_checked = true;

void keyring_check_glib(bool is_checked) { is_glib_checked = is_checked; }

static GLogWriterOutput complain(GLogLevelFlags level, const GLogField *fields, gsize count, gpointer data)
{
    (void)data;
    bool is_complaint = level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
    for (gsize i = 0; is_complaint && is_glib_checked && i < count; i++) {
        if (strcmp(fields[i].key, "MESSAGE") == 0) harness_check(false, fields[i].value, __FILE__, __LINE__);
    }
    return G_LOG_WRITER_HANDLED;
}

__attribute__((constructor)) static void listen_to_glib(void) { g_log_set_writer_func(complain, NULL, NULL); }

/* gnome-keyring shows its prompts through whoever has the name org.gnome.keyring.SystemPrompter: here it is us. We
 * answer that there is no such method, which ends the prompt. */
static gint prompts;

static GDBusMessage *count_prompts(GDBusConnection *connection, GDBusMessage *message, gboolean is_incoming,
                                   gpointer data)
{
    (void)connection, (void)data;
    const char *member = g_dbus_message_get_member(message);
    if (is_incoming && g_dbus_message_get_message_type(message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL &&
        g_strcmp0(member, "BeginPrompting") == 0)
        g_atomic_int_inc(&prompts);
    return message;
}

int keyring_prompt_count(void) { return g_atomic_int_get(&prompts); }

static GDBusConnection *bus(void)
{
    static GDBusConnection *connection;
    if (connection && !g_dbus_connection_is_closed(connection)) return connection;
    g_clear_object(&connection); /* A bus can start again. */
    const char *address = getenv("DBUS_SESSION_BUS_ADDRESS");
    GError *error = NULL;
    if (address) {
        connection = g_dbus_connection_new_for_address_sync(
            address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
            NULL, NULL, &error);
    }
    if (!connection) g_error("no session bus: %s", error ? error->message : "no address");
    g_dbus_connection_add_filter(connection, count_prompts, NULL, NULL);
    GVariant *reply = g_dbus_connection_call_sync(
        connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
        g_variant_new("(su)", "org.gnome.keyring.SystemPrompter", 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
    if (reply) g_variant_unref(reply);
    return connection;
}

/* NULL, and a failed check, if the call fails. */
static GVariant *call(const char *path, const char *interface, const char *method, GVariant *arguments)
{
    GError *error = NULL;
    GVariant *reply = g_dbus_connection_call_sync(bus(), "org.freedesktop.secrets", path, interface, method, arguments,
                                                  NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, 10000, NULL, &error);
    if (!reply) {
        harness_check(false, text("the keyring's %s (%s)", method, error->message), __FILE__, __LINE__);
        g_error_free(error);
    }
    return reply;
}

static GVariant *property(const char *path, const char *interface, const char *name)
{
    GVariant *value = NULL;
    GVariant *reply = call(path, "org.freedesktop.DBus.Properties", "Get", g_variant_new("(ss)", interface, name));
    if (reply) {
        g_variant_get(reply, "(v)", &value);
        g_variant_unref(reply);
    }
    return value;
}

/* The paths of the items with these attributes, of all if both are NULL; to be freed with g_strfreev(). */
static char **paths(const char *app_id, const char *kind)
{
    GVariantBuilder attributes;
    g_variant_builder_init(&attributes, G_VARIANT_TYPE("a{ss}"));
    if (app_id) g_variant_builder_add(&attributes, "{ss}", "app-id", app_id);
    if (kind) g_variant_builder_add(&attributes, "{ss}", "kind", kind);
    GVariant *reply = call(ROOT, SERVICE, "SearchItems", g_variant_new("(a{ss})", &attributes));
    GStrvBuilder *found = g_strv_builder_new();
    if (reply) {
        GVariantIter *unlocked, *locked;
        const char *path;
        g_variant_get(reply, "(aoao)", &unlocked, &locked);
        while (g_variant_iter_next(unlocked, "&o", &path)) g_strv_builder_add(found, path);
        while (g_variant_iter_next(locked, "&o", &path)) g_strv_builder_add(found, path);
        g_variant_iter_free(unlocked);
        g_variant_iter_free(locked);
        g_variant_unref(reply);
    }
    char **result = g_strv_builder_end(found);
    g_strv_builder_unref(found);
    return result;
}

static int count(const char *app_id, const char *kind)
{
    char **found = paths(app_id, kind);
    int result = (int)g_strv_length(found);
    g_strfreev(found);
    return result;
}

static const char *only_path(const char *kind)
{
    char **found = paths(SCENE_APP_ID, kind);
    const char *path = g_strv_length(found) == 1 ? text("%s", found[0]) : NULL;
    g_strfreev(found);
    return path;
}

static const char *plain_session(void)
{
    GVariant *reply = call(ROOT, SERVICE, "OpenSession", g_variant_new("(sv)", "plain", g_variant_new_string("")));
    if (!reply) return "/";
    const char *path;
    g_variant_get(reply, "(v&o)", NULL, &path);
    path = text("%s", path);
    g_variant_unref(reply);
    return path;
}

static GVariant *secret_value_in(const char *session, const char *secret)
{
    GVariant *bytes = g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, secret, strlen(secret), 1);
    return g_variant_new("(o@ay@ays)", session, g_variant_new_array(G_VARIANT_TYPE_BYTE, NULL, 0), bytes,
                         "text/plain");
}

static GVariant *secret_value(const char *secret) { return secret_value_in(plain_session(), secret); }

bool keyring_run(const char *command)
{
    return system(text("\"$COGNITOAUTH_TEST_SUPPORT/keyring.sh\" %s", command)) == 0;
}

void keyring_lock(void) { CHECK(keyring_run("lock")); }

bool keyring_is_locked(void)
{
    GVariant *locked = property(LOGIN, COLLECTION, "Locked");
    bool result = locked && g_variant_get_boolean(locked);
    if (locked) g_variant_unref(locked);
    return result;
}

void keyring_empty(void)
{
    if (keyring_is_locked()) CHECK(keyring_run("unlock"));
    char **found = paths(NULL, NULL);
    for (char **path = found; *path; path++) {
        GVariant *reply = call(*path, ITEM, "Delete", NULL);
        if (reply) g_variant_unref(reply);
    }
    g_strfreev(found);
}

int keyring_count(const char *kind) { return count(SCENE_APP_ID, kind); }

int keyring_count_all(void) { return count(NULL, NULL); }

const char *keyring_secret(const char *kind)
{
    const char *path = only_path(kind);
    GVariant *reply = path ? call(path, ITEM, "GetSecret", g_variant_new("(o)", plain_session())) : NULL;
    if (!reply) return NULL;
    GVariant *bytes;
    g_variant_get(reply, "((oay@ays))", NULL, NULL, &bytes, NULL);
    gsize length;
    const char *start = g_variant_get_fixed_array(bytes, &length, 1);
    const char *result = text("%.*s", (int)length, start);
    g_variant_unref(bytes);
    g_variant_unref(reply);
    return result;
}

const char *keyring_label(const char *kind)
{
    const char *path = only_path(kind);
    GVariant *label = path ? property(path, ITEM, "Label") : NULL;
    if (!label) return NULL;
    const char *result = text("%s", g_variant_get_string(label, NULL));
    g_variant_unref(label);
    return result;
}

const char *keyring_attribute(const char *kind, const char *name)
{
    const char *path = only_path(kind), *value = NULL;
    GVariant *attributes = path ? property(path, ITEM, "Attributes") : NULL;
    if (!attributes) return NULL;
    if (g_variant_lookup(attributes, name, "&s", &value)) value = text("%s", value);
    g_variant_unref(attributes);
    return value;
}

int keyring_attribute_count(const char *kind)
{
    const char *path = only_path(kind);
    GVariant *attributes = path ? property(path, ITEM, "Attributes") : NULL;
    if (!attributes) return -1;
    int result = (int)g_variant_n_children(attributes);
    g_variant_unref(attributes);
    return result;
}

static void add(const char *collection, const char *kind, GVariant *secret, bool replaces)
{
    GVariantBuilder attributes, properties;
    g_variant_builder_init(&attributes, G_VARIANT_TYPE("a{ss}"));
    g_variant_builder_add(&attributes, "{ss}", "xdg:schema", "org.cognitoauth.Session");
    g_variant_builder_add(&attributes, "{ss}", "app-id", SCENE_APP_ID);
    g_variant_builder_add(&attributes, "{ss}", "user-pool-id", SCENE_POOL_ID);
    g_variant_builder_add(&attributes, "{ss}", "client-id", SCENE_CLIENT_ID);
    g_variant_builder_add(&attributes, "{ss}", "kind", kind);
    g_variant_builder_init(&properties, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&properties, "{sv}", ITEM ".Label", g_variant_new_string("foreign"));
    g_variant_builder_add(&properties, "{sv}", ITEM ".Attributes", g_variant_builder_end(&attributes));
    GVariant *reply = call(collection, COLLECTION, "CreateItem",
                           g_variant_new("(a{sv}@(oayays)b)", &properties, secret, replaces));
    if (reply) g_variant_unref(reply);
}

void keyring_add(const char *kind, const char *secret) { add(LOGIN, kind, secret_value(secret), false); }

void keyring_add_often(const char *kind, int count)
{
    const char *session = plain_session();
    char secret[16];
    for (int i = 0; i < count; i++) {
        snprintf(secret, sizeof secret, "%d", i);
        add(ROOT "/collection/session", kind, secret_value_in(session, secret), true);
    }
}

void keyring_replace(const char *kind, const char *secret)
{
    const char *path = only_path(kind);
    GVariant *reply = path ? call(path, ITEM, "SetSecret", g_variant_new("(@(oayays))", secret_value(secret))) : NULL;
    CHECK(reply != NULL);
    if (reply) g_variant_unref(reply);
}

void keyring_set_attribute(const char *kind, const char *name, const char *value)
{
    const char *path = only_path(kind), *key, *old;
    GVariant *attributes = path ? property(path, ITEM, "Attributes") : NULL;
    if (!CHECK(attributes != NULL)) return;
    GVariantBuilder changed;
    GVariantIter members;
    g_variant_builder_init(&changed, G_VARIANT_TYPE("a{ss}"));
    g_variant_iter_init(&members, attributes);
    while (g_variant_iter_next(&members, "{&s&s}", &key, &old)) {
        if (strcmp(key, name) != 0) g_variant_builder_add(&changed, "{ss}", key, old);
    }
    g_variant_builder_add(&changed, "{ss}", name, value);
    g_variant_unref(attributes);
    GVariant *reply = call(path, "org.freedesktop.DBus.Properties", "Set",
                           g_variant_new("(ssv)", ITEM, "Attributes", g_variant_builder_end(&changed)));
    if (reply) g_variant_unref(reply);
}

void keyring_delete(const char *kind)
{
    char **found = paths(SCENE_APP_ID, kind);
    for (char **path = found; *path; path++) {
        GVariant *reply = call(*path, ITEM, "Delete", NULL);
        if (reply) g_variant_unref(reply);
    }
    g_strfreev(found);
}

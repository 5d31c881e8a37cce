/* SPDX-License-Identifier: Apache-2.0 */

#include "provider.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "keyring.h"
#include "mock_portal.h"

#define NAME "org.freedesktop.secrets"
#define ROOT "/org/freedesktop/secrets"
#define PREFIX "org.freedesktop.Secret."

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

const char *provider_name(void)
{
    static const struct {
        const char *kind, *name;
    } names[] = {{"unlocked", "gnome-keyring"},
                 {"new", "gnome-keyring with a screen"},
                 {"kwallet", "KWallet"},
                 {"keepassxc", "KeePassXC"},
                 {"keepassxc-confirming", "KeePassXC that asks"},
                 {"encrypted-file", "the encrypted file"}};
    for (int i = 0; i < LENGTH(names); i++) {
        if (strcmp(names[i].kind, variable("COGNITOAUTH_TEST_KIND")) == 0) return names[i].name;
    }
    return "none";
}

bool provider_is(const char *name) { return strcmp(provider_name(), name) == 0; }

static bool is_file(void) { return provider_is("the encrypted file"); }

bool provider_run(const char *command)
{
    return system(text("\"$COGNITOAUTH_TEST_KEYRING\" %s", command)) == 0;
}

/* What a command prints; NULL if it fails. */
static const char *output(const char *command)
{
    char bytes[4096];
    FILE *stream = popen(command, "r");
    if (!stream) return NULL;
    size_t length = fread(bytes, 1, sizeof bytes, stream);
    return pclose(stream) == 0 ? text("%.*s", (int)length, bytes) : NULL;
}

static const char *ask(const char *path, const char *method, const char *arguments)
{
    return output(text("gdbus call --session --timeout 5 --dest " NAME " --object-path %s --method %s %s", path, method,
                       arguments));
}

/* secret-tool, as in an unconfined process that a snap's terminal started where there is the encrypted file: it has the
 * key from the portal then. */
static const char *secret_tool(const char *arguments)
{
    return text("%stimeout 10 secret-tool %s", is_file() ? "SECRET_BACKEND=file SNAP_NAME=terminal " : "", arguments);
}

/* What secret-tool shows of the items of an app; NULL if it fails. */
static const char *items_in_file(const char *app_id)
{
    return output(secret_tool(text("search --all app-id %s 2>&1", app_id)));
}

static int count_in_file(const char *app_id)
{
    int count = 0;
    const char *found = items_in_file(app_id);
    if (!found) return -1;
    while ((found = strstr(found, "[no path]\n"))) count++, found++;
    return count;
}

int provider_count(const char *app_id)
{
    if (is_file()) return count_in_file(app_id);
    const char *found = ask(ROOT, PREFIX "Service.SearchItems", text("\"{'app-id': '%s'}\"", app_id));
    int count = 0;
    if (!found) return -1;
    while ((found = strstr(found, "/collection/"))) count++, found++;
    return count;
}

bool provider_says_locked(void)
{
    const char *answer = ask(ROOT "/aliases/default", "org.freedesktop.DBus.Properties.Get",
                             PREFIX "Collection Locked");
    return answer && strstr(answer, "true");
}

const char *provider_windows(void)
{
    if (provider_is("gnome-keyring")) {
        keyring_is_locked(); /* From the first question on prompts are counted. */
        return keyring_prompt_count() > 0 ? "a prompt" : "";
    }
    if (is_file()) return mock_portal_open() > 0 ? "a request" : "";
    const char *windows = output("DISPLAY=$COGNITOAUTH_TEST_DISPLAY xdotool search --onlyvisible --class . "
                                 "getwindowname %@ 2>/dev/null | grep -Ev '^(test.* - )?KeePassXC$' | tr '\\n' ' '");
    return windows ? windows : "it cannot be asked for its windows";
}

int provider_start_user(const char *title, const char *keys)
{
    fflush(stdout);
    pid_t process = fork();
    if (process != 0) return process;
    execl("/bin/sh", "/bin/sh", "-c",
          "IFS=';'; exec \"$(dirname \"$COGNITOAUTH_TEST_KEYRING\")/press.sh\" \"$0\" $1", /* each step is an argument */
          title, keys, (char *)NULL);
    _exit(127);
}

/* A new connection, on which it knows nothing of us. */
static GDBusConnection *connect(void)
{
    return g_dbus_connection_new_for_address_sync(variable("DBUS_SESSION_BUS_ADDRESS"),
                                                  G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                      G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                  NULL, NULL, NULL);
}

static GVariant *call(GDBusConnection *bus, const char *path, const char *method, GVariant *arguments)
{
    const char *member = strrchr(method, '.'), *prefix = strncmp(method, "org.", 4) == 0 ? "" : PREFIX;
    const char *interface = text("%s%.*s", prefix, (int)(member - method), method);
    GError *error = NULL;
    GVariant *reply = g_dbus_connection_call_sync(bus, NAME, path, interface, member + 1, arguments, NULL,
                                                  G_DBUS_CALL_FLAGS_NONE, 10000, NULL, &error);
    if (!reply) {
        fprintf(stderr, "%s: %s\n", method, error->message);
        g_error_free(error);
    }
    return reply;
}

static void on_completed(GDBusConnection *bus, const gchar *sender, const gchar *path, const gchar *interface,
                         const gchar *signal, GVariant *arguments, gpointer is_completed)
{
    (void)bus, (void)sender, (void)path, (void)interface, (void)signal, (void)arguments;
    *(bool *)is_completed = true;
}

/* Unlocks an item, and runs the prompt that this may need. */
static bool unlock(GDBusConnection *bus, const char *path)
{
    const char *prompt;
    bool is_completed = false;
    GVariant *reply = call(bus, ROOT, "Service.Unlock", g_variant_new_parsed("([%o],)", path));
    if (!reply) return false;
    g_variant_get(reply, "(@ao&o)", NULL, &prompt);
    if (strcmp(prompt, "/") != 0) {
        g_dbus_connection_signal_subscribe(bus, NULL, PREFIX "Prompt", "Completed", prompt, NULL,
                                           G_DBUS_SIGNAL_FLAGS_NONE, on_completed, &is_completed, NULL);
        GVariant *run = call(bus, prompt, "Prompt.Prompt", g_variant_new("(s)", ""));
        if (run) g_variant_unref(run);
        for (double end = seconds() + 5; run && !is_completed && seconds() < end; sleep_ms(5))
            g_main_context_iteration(NULL, FALSE);
    }
    g_variant_unref(reply);
    return true;
}

static bool set_secret(GDBusConnection *bus, const char *path, const char *secret)
{
    GVariant *reply = call(bus, ROOT, "Service.OpenSession", g_variant_new_parsed("('plain', <''>)"));
    const char *session;
    if (!reply) return false;
    g_variant_get(reply, "(v&o)", NULL, &session);
    GVariant *bytes = g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, secret, strlen(secret), 1);
    GVariant *none = g_variant_new_array(G_VARIANT_TYPE_BYTE, NULL, 0);
    GVariant *value = g_variant_new("((o@ay@ays))", session, none, bytes, "text/plain");
    GVariant *set = call(bus, path, "Item.SetSecret", value);
    g_variant_unref(reply);
    if (set) g_variant_unref(set);
    return set != NULL;
}

static bool set_attribute(GDBusConnection *bus, const char *path, const char *name, const char *value)
{
    GVariant *reply = call(bus, path, "org.freedesktop.DBus.Properties.Get",
                           g_variant_new("(ss)", PREFIX "Item", "Attributes"));
    GVariant *attributes;
    if (!reply) return false;
    g_variant_get(reply, "(v)", &attributes);
    GVariantBuilder builder;
    GVariantIter iterator;
    const char *key, *old;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a{ss}"));
    g_variant_iter_init(&iterator, attributes);
    while (g_variant_iter_next(&iterator, "{&s&s}", &key, &old)) {
        /* KeePassXC adds some of its own, as in "Uuid", and lets nobody set them. */
        if (strcmp(key, name) != 0 && !g_ascii_isupper(key[0])) g_variant_builder_add(&builder, "{ss}", key, old);
    }
    g_variant_builder_add(&builder, "{ss}", name, value);
    GVariant *set = call(bus, path, "org.freedesktop.DBus.Properties.Set",
                         g_variant_new("(ssv)", PREFIX "Item", "Attributes", g_variant_builder_end(&builder)));
    g_variant_unref(attributes);
    g_variant_unref(reply);
    if (set) g_variant_unref(set);
    return set != NULL;
}

/* An item of the file is what its attributes are: with another one it is another item. */
static bool replace_in_file(const char *app_id, const char *secret, const char *session)
{
    static const char prefix[] = "attribute.";
    const char *found = items_in_file(app_id), *old = "", *new = "";
    if (!found) return false;
    while ((found = strstr(found, prefix))) {
        char name[64], value[256];
        found += strlen(prefix);
        if (sscanf(found, "%63s = %255s", name, value) != 2) return false;
        old = text("%s %s %s", old, name, value);
        new = text("%s %s %s", new, name, session && strcmp(name, "session") == 0 ? session : value);
    }
    if (session && system(secret_tool(text("clear %s", old))) != 0) return false;
    FILE *stream = popen(secret_tool(text("store --label=replaced %s", new)), "w");
    if (!stream) return false;
    fputs(secret, stream);
    return pclose(stream) == 0;
}

bool provider_delete(const char *app_id) { return system(secret_tool(text("clear app-id %s", app_id))) == 0; }

bool provider_replace(const char *app_id, const char *secret, const char *session)
{
    if (is_file()) return replace_in_file(app_id, secret, session);
    GDBusConnection *bus = connect();
    GVariant *found = NULL;
    char **unlocked, **locked;
    if (!bus) return false;
    if (!(found = call(bus, ROOT, "Service.SearchItems", g_variant_new_parsed("({'app-id': %s},)", app_id))))
        return false;
    g_variant_get(found, "(^ao^ao)", &unlocked, &locked);
    const char *path = unlocked[0] ? unlocked[0] : locked[0];
    bool is_done = path && unlock(bus, path) && (!session || set_attribute(bus, path, "session", session)) &&
                   set_secret(bus, path, secret);
    g_variant_unref(found);
    g_strfreev(unlocked);
    g_strfreev(locked);
    g_object_unref(bus);
    return is_done;
}

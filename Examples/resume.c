/* SPDX-License-Identifier: Apache-2.0
 *
 * resume: finishes the sign-outs that the keyring keeps. It tries when it
 * starts, when the network comes back and after the machine has slept, and ends
 * when nothing is left. Ctrl-C ends it earlier, and what is left stays there.
 *
 * Shows auth_sign_out_resume_start in a GLib main loop. A desktop program does
 * the same while it runs, and signs out with keep_unfinished.
 *
 *   cc resume.c -o resume $(pkg-config --cflags --libs cognitoauth gio-2.0)
 *   resume APP_ID USER_POOL_ID CLIENT_ID
 *
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 * Exit status: 0 if nothing is left, 2 if it cannot begin.
 */
#include <stdio.h>

#include <gio/gio.h>
#include <glib-unix.h>

#include <cognitoauth/auth.h>

typedef struct {
    GMainLoop *loop;
    auth_client *client;
    auth_operation *operation;
    gboolean is_due; /* something happened while it was trying */
} Program;

static void resume(Program *program);

static void finish(Program *program)
{
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_sign_out_outcome outcome = auth_operation_finish_sign_out(program->operation, &result);
    const auth_error *reason = result.failure ? result.failure : result.revoke_token_error;

    g_clear_pointer(&program->operation, auth_operation_free);
    printf("%s\n", auth_sign_out_result_message(&result));
    if (reason) fprintf(stderr, "  %s\n  %s\n", auth_error_message(reason), auth_error_recovery_suggestion(reason));
    if (outcome != AUTH_SIGN_OUT_FAILED && result.unfinished_count == 0)
        g_main_loop_quit(program->loop);
    else if (program->is_due)
        resume(program);
    else
        puts("Waiting for the network, or until the machine has slept.");
    auth_sign_out_result_clear(&result);
}

static gboolean dispatch(gint fd, GIOCondition condition, gpointer data)
{
    Program *program = data;

    (void)fd, (void)condition;
    if (!auth_operation_dispatch(program->operation)) return G_SOURCE_CONTINUE;
    finish(program);
    return G_SOURCE_REMOVE;
}

static void resume(Program *program)
{
    auth_error *error = NULL;

    program->is_due = program->operation != NULL;
    if (program->is_due) return;
    auth_sign_out_resume_start(program->client, NULL, &program->operation, &error);
    if (program->operation) g_unix_fd_add(auth_operation_fd(program->operation), G_IO_IN, dispatch, program);
    else fprintf(stderr, "%s\n", auth_error_message(error));
    auth_error_free(error);
}

static void network_changed(GNetworkMonitor *monitor, gboolean is_available, gpointer data)
{
    if (monitor && is_available) resume(data);
}

/* logind says it twice: with TRUE before the machine sleeps, and with FALSE after it. */
static void sleep_changed(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                          const char *signal, GVariant *parameters, gpointer data)
{
    gboolean sleeps = TRUE;

    (void)bus, (void)sender, (void)path, (void)interface, (void)signal;
    if (g_variant_is_of_type(parameters, G_VARIANT_TYPE("(b)"))) g_variant_get(parameters, "(b)", &sleeps);
    if (!sleeps) resume(data);
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    Program program = {NULL, NULL, NULL, FALSE};
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, NULL, NULL); /* a container may have none */
    auth_error *error;

    if (argc != 4) {
        fprintf(stderr, "usage: %s APP_ID USER_POOL_ID CLIENT_ID\n", argv[0]);
        return 2;
    }
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    options.endpoint = g_getenv("COGNITO_ENDPOINT");
    if (auth_client_new(&options, &program.client, &error) != AUTH_STATUS_SUCCESS) {
        fprintf(stderr, "%s\n", auth_error_message(error));
        auth_error_free(error);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    program.loop = g_main_loop_new(NULL, FALSE);
    g_signal_connect(g_network_monitor_get_default(), "network-changed", G_CALLBACK(network_changed), &program);
    if (bus)
        g_dbus_connection_signal_subscribe(bus, "org.freedesktop.login1", "org.freedesktop.login1.Manager",
                                           "PrepareForSleep", "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                           sleep_changed, &program, NULL);
    resume(&program);
    g_main_loop_run(program.loop);
    auth_client_free(program.client);
    return 0;
}

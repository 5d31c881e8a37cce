/* SPDX-License-Identifier: Apache-2.0
 *
 * glib_main_loop: signs the user out in a GLib main loop, with a spinner that
 * keeps turning while Cognito takes its time.
 *
 * Shows auth_sign_out_start with g_unix_fd_add: the descriptor is all that an
 * event loop needs to know of the library.
 *
 *   cc glib_main_loop.c -o glib_main_loop $(pkg-config --cflags --libs cognitoauth glib-2.0)
 *   glib_main_loop APP_ID USER_POOL_ID CLIENT_ID
 *
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 * Exit status: 0 complete, 1 partial, 2 failed.
 */
#include <stdio.h>
#include <stdlib.h>

#include <glib-unix.h>

#include <cognitoauth/auth.h>

typedef struct {
    GMainLoop *loop;
    auth_operation *operation;
    unsigned turns;
} Program;

static gboolean turn_spinner(gpointer data)
{
    Program *program = data;

    printf("\r%c Signing out ...", "|/-\\"[program->turns++ % 4]);
    fflush(stdout);
    return G_SOURCE_CONTINUE;
}

static gboolean dispatch(gint fd, GIOCondition condition, gpointer data)
{
    Program *program = data;

    (void)fd;
    (void)condition;
    if (!auth_operation_dispatch(program->operation)) return G_SOURCE_CONTINUE;
    g_main_loop_quit(program->loop);
    return G_SOURCE_REMOVE;
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_sign_out_outcome outcome;
    Program program = {NULL, NULL, 0};
    auth_client *client;
    auth_error *error;
    const auth_error *reason;

    if (argc != 4) {
        fprintf(stderr, "usage: %s APP_ID USER_POOL_ID CLIENT_ID\n", argv[0]);
        return AUTH_SIGN_OUT_FAILED;
    }
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    options.endpoint = getenv("COGNITO_ENDPOINT");
    if (auth_client_new(&options, &client, &error) != AUTH_STATUS_SUCCESS ||
        auth_sign_out_start(client, NULL, &program.operation, &error) != AUTH_STATUS_SUCCESS) {
        fprintf(stderr, "%s\n", auth_error_message(error));
        auth_error_free(error);
        auth_client_free(client);
        return AUTH_SIGN_OUT_FAILED;
    }

    program.loop = g_main_loop_new(NULL, FALSE);
    g_timeout_add(100, turn_spinner, &program);
    g_unix_fd_add(auth_operation_fd(program.operation), G_IO_IN, dispatch, &program);
    g_main_loop_run(program.loop);

    outcome = auth_operation_finish_sign_out(program.operation, &result);
    reason = result.failure ? result.failure : result.revoke_token_error;
    printf("\r%s (%u turns of the spinner)\n", auth_sign_out_result_message(&result), program.turns);
    if (reason) fprintf(stderr, "  %s\n  %s\n", auth_error_message(reason), auth_error_recovery_suggestion(reason));

    auth_sign_out_result_clear(&result);
    auth_operation_free(program.operation);
    auth_client_free(client);
    g_main_loop_unref(program.loop);
    return (int)outcome;
}

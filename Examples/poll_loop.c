/* SPDX-License-Identifier: Apache-2.0
 *
 * poll_loop: signs the user out without blocking, in a plain poll(2) loop.
 *
 * Shows auth_sign_out_start, auth_operation_fd, auth_operation_dispatch and
 * auth_operation_cancel: a line on standard input (or its end) cancels.
 *
 *   cc poll_loop.c -o poll_loop $(pkg-config --cflags --libs cognitoauth)
 *   poll_loop APP_ID USER_POOL_ID CLIENT_ID
 *
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 * Exit status: 0 complete, 1 partial, 2 failed.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cognitoauth/auth.h>

static void on_event(void *user_data, auth_event event)
{
    (void)user_data;
    if (event == AUTH_EVENT_SIGNED_OUT) puts("Event: signed out.");
}

/* Watches the operation and the keyboard until the operation is over. */
static void run(auth_operation *operation)
{
    struct pollfd watched[] = {{auth_operation_fd(operation), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};

    for (;;) {
        int ready = poll(watched, 2, 500);

        if (ready == 0) puts("Still working; Enter cancels.");
        if (ready > 0 && watched[0].revents && auth_operation_dispatch(operation)) return;
        if (ready > 0 && watched[1].revents) {
            puts("Cancelling.");
            auth_operation_cancel(operation);
            watched[1].fd = -1;
        }
        fflush(stdout);
    }
}

/* For those who look after the program; the user has the message. */
static void explain(const auth_error *error)
{
    if (error) fprintf(stderr, "  %s\n  %s\n", auth_error_message(error), auth_error_recovery_suggestion(error));
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_sign_out_outcome outcome;
    auth_operation *operation = NULL;
    auth_client *client;
    auth_error *error;

    if (argc != 4) {
        fprintf(stderr, "usage: %s APP_ID USER_POOL_ID CLIENT_ID\n", argv[0]);
        return AUTH_SIGN_OUT_FAILED;
    }
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    options.endpoint = getenv("COGNITO_ENDPOINT");
    options.event_function = on_event;
    if (auth_client_new(&options, &client, &error) != AUTH_STATUS_SUCCESS ||
        auth_sign_out_start(client, NULL, &operation, &error) != AUTH_STATUS_SUCCESS) {
        fprintf(stderr, "%s\n", auth_error_message(error));
        auth_error_free(error);
        auth_client_free(client);
        return AUTH_SIGN_OUT_FAILED;
    }

    run(operation);
    outcome = auth_operation_finish_sign_out(operation, &result);
    puts(auth_sign_out_result_message(&result));
    fflush(stdout);
    explain(result.failure);
    explain(result.revoke_token_error);
    explain(result.invalid_session_error);

    auth_sign_out_result_clear(&result);
    auth_operation_free(operation);
    auth_client_free(client);
    return (int)outcome;
}

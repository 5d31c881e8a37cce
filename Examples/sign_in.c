/* SPDX-License-Identifier: Apache-2.0
 *
 * sign_in: signs the user in through the browser. Enter opens the browser
 * again, for a user who has closed the tab; Ctrl-C cancels.
 *
 * Shows auth_sign_in_start in a poll(2) loop, auth_operation_open_again and
 * auth_operation_cancel. A program that has nothing else to do meanwhile calls
 * auth_sign_in, which does the same in one line.
 *
 *   cc sign_in.c -o sign_in $(pkg-config --cflags --libs cognitoauth)
 *   sign_in APP_ID USER_POOL_ID CLIENT_ID DOMAIN SIGN_IN_URI SIGN_OUT_URI
 *
 * DOMAIN is that of the hosted UI, as in mail-example.auth.eu-west-1.amazoncognito.com.
 * The app client has SIGN_IN_URI as a callback URL and SIGN_OUT_URI as a
 * sign-out URL, as in http://localhost:18500/signed-in and /signed-out.
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 * Exit status: 0 signed in, 2 not signed in.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cognitoauth/auth.h>

static int interrupts[2];

/* A handler may not call the library. */
static void on_interrupt(int number)
{
    ssize_t written = write(interrupts[1], "", 1);

    (void)number, (void)written;
}

static void explain(auth_error *error)
{
    if (error) fprintf(stderr, "%s\n%s\n", auth_error_message(error), auth_error_recovery_suggestion(error));
    auth_error_free(error);
}

/* Watches the operation, the keyboard and Ctrl-C until the operation is over. */
static void run(auth_operation *operation)
{
    struct pollfd watched[] = {
        {auth_operation_fd(operation), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}, {interrupts[0], POLLIN, 0}};
    char typed[256];
    auth_error *error;

    puts("Your browser opens: sign in there. Enter opens it again, Ctrl-C cancels.");
    fflush(stdout);
    for (;;) {
        if (poll(watched, 3, -1) <= 0) continue; /* a signal */
        if (watched[0].revents && auth_operation_dispatch(operation)) return;
        if (watched[1].revents) {
            if (read(STDIN_FILENO, typed, sizeof typed) <= 0)
                watched[1].fd = -1; /* nobody types */
            else if (auth_operation_open_again(operation, &error) != AUTH_STATUS_SUCCESS)
                explain(error);
        }
        if (watched[2].revents) {
            auth_operation_cancel(operation);
            watched[2].fd = -1;
        }
    }
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    auth_session session = AUTH_SESSION_INIT;
    auth_operation *operation = NULL;
    auth_client *client;
    auth_error *error;
    const char *sign_in_uri, *sign_out_uri;
    int exit_status = 2;

    if (argc != 7) {
        fprintf(stderr, "usage: %s APP_ID USER_POOL_ID CLIENT_ID DOMAIN SIGN_IN_URI SIGN_OUT_URI\n", argv[0]);
        return 2;
    }
    sign_in_uri = argv[5];
    sign_out_uri = argv[6];
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    options.hosted_ui_domain = argv[4];
    options.sign_in_redirect_uris = &sign_in_uri;
    options.sign_in_redirect_uri_count = 1;
    options.sign_out_redirect_uris = &sign_out_uri;
    options.sign_out_redirect_uri_count = 1;
    options.endpoint = getenv("COGNITO_ENDPOINT");

    if (pipe(interrupts) != 0) return 2;
    signal(SIGINT, on_interrupt);

    if (auth_client_new(&options, &client, &error) == AUTH_STATUS_SUCCESS &&
        auth_sign_in_start(client, NULL, NULL, &operation, &error) == AUTH_STATUS_SUCCESS) {
        run(operation);
        /* A session that cannot be stored is not wanted here, so it is revoked. */
        if (auth_operation_finish_session(operation, NULL, &error) == AUTH_STATUS_SUCCESS &&
            auth_session_load(client, NULL, &session, &error) == AUTH_STATUS_SUCCESS) {
            printf("%s is signed in.\n", session.username);
            exit_status = 0;
        }
    }
    explain(error);

    auth_session_clear(&session);
    auth_operation_free(operation);
    auth_client_free(client);
    return exit_status;
}

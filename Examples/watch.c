/* SPDX-License-Identifier: Apache-2.0
 *
 * watch: says who is signed in, and says it again when another program has
 * changed that, until Enter is pressed.
 *
 * Shows auth_session_watch_start in a plain poll(2) loop, and its events. With
 * --check it first asks Cognito whether the session was ended on another
 * device: auth_session_check.
 *
 *   cc watch.c -o watch $(pkg-config --cflags --libs cognitoauth)
 *   watch [--check] APP_ID USER_POOL_ID CLIENT_ID
 *
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 * Exit status: 0 when it is ended, 1 if it cannot watch.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cognitoauth/auth.h>

static void explain(const auth_error *error)
{
    if (error) fprintf(stderr, "%s\n%s\n", auth_error_message(error), auth_error_recovery_suggestion(error));
}

static void say_who(auth_client *client)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_error *error;
    auth_status status = auth_session_load(client, NULL, &session, &error);

    if (status == AUTH_STATUS_SUCCESS)
        printf("%s is signed in.\n", session.username);
    else if (status == AUTH_STATUS_NOT_SIGNED_IN)
        puts("Nobody is signed in.");
    else
        explain(error);
    auth_error_free(error);
    auth_session_clear(&session);
}

/* Runs in auth_operation_dispatch(). */
static void on_event(void *user_data, auth_event event)
{
    switch (event) {
    case AUTH_EVENT_SIGNED_OUT_ELSEWHERE:
        puts("Another program signed out.");
        say_who(*(auth_client **)user_data);
        break;
    case AUTH_EVENT_SESSION_CHANGED_ELSEWHERE:
        puts("Another program signed in, or refreshed the tokens.");
        say_who(*(auth_client **)user_data);
        break;
    case AUTH_EVENT_KEYRING_LOCKED:
        puts("The keyring is locked.");
        break;
    case AUTH_EVENT_KEYRING_UNLOCKED:
        puts("The keyring is unlocked.");
        break;
    case AUTH_EVENT_SESSION_EXPIRED:
        puts("The session has ended on another device, or has expired: sign in again.");
        break;
    default: /* What a newer library tells besides. */
        break;
    }
}

/* Until Enter is pressed, or the watch is over. */
static auth_status run(auth_operation *watch, auth_error **error)
{
    struct pollfd watched[] = {{auth_operation_fd(watch), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};

    while (poll(watched, 2, -1) > 0 && !watched[1].revents) {
        if (auth_operation_dispatch(watch)) break;
    }
    auth_operation_cancel(watch);
    return auth_operation_finish_session(watch, NULL, error);
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    auth_client *client = NULL;
    auth_operation *watch = NULL;
    auth_error *error;
    auth_status status;
    int checks = argc > 1 && strcmp(argv[1], "--check") == 0;

    if (argc != 4 + checks) {
        fprintf(stderr, "usage: %s [--check] APP_ID USER_POOL_ID CLIENT_ID\n", argv[0]);
        return 1;
    }
    options.app_id = argv[1 + checks];
    options.user_pool_id = argv[2 + checks];
    options.client_id = argv[3 + checks];
    options.endpoint = getenv("COGNITO_ENDPOINT");
    options.event_function = on_event;
    options.event_user_data = &client;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    status = auth_client_new(&options, &client, &error);
    if (status == AUTH_STATUS_SUCCESS) status = auth_session_watch_start(client, NULL, &watch, &error);
    if (status == AUTH_STATUS_SUCCESS) {
        say_who(client);
        if (checks) auth_session_check(client, NULL, NULL); /* on_event hears of it */
        status = run(watch, &error);
    }
    if (status != AUTH_STATUS_CANCELLED) explain(error);
    auth_error_free(error);
    auth_operation_free(watch);
    auth_client_free(client);
    return status != AUTH_STATUS_CANCELLED;
}

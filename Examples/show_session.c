/* SPDX-License-Identifier: Apache-2.0
 *
 * show_session: says who is signed in, and until when the tokens are good.
 *
 * Shows auth_session_load, which does not ask the network, and with --fresh
 * auth_session_fetch, which refreshes the tokens if needed. No token is
 * printed.
 *
 *   cc show_session.c -o show_session $(pkg-config --cflags --libs cognitoauth)
 *   show_session [--fresh] APP_ID USER_POOL_ID CLIENT_ID
 *
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 * Exit status: 0 somebody is signed in, 1 nobody is, 2 it could not be found out.
 */
#define _POSIX_C_SOURCE 200112L /* localtime_r */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cognitoauth/auth.h>

static void print_token(const char *name, const char *token, int64_t expires_at)
{
    char until[64] = "until it is revoked or expires";
    time_t time = (time_t)expires_at;
    struct tm parts;

    if (expires_at > 0 && localtime_r(&time, &parts)) strftime(until, sizeof until, "until %Y-%m-%d %H:%M:%S", &parts);
    if (token)
        printf("  %-13s %4zu characters, %s\n", name, strlen(token), until);
    else
        printf("  %-13s none\n", name);
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    auth_session session = AUTH_SESSION_INIT;
    auth_client *client;
    auth_error *error;
    auth_status status;
    int is_fresh = argc > 1 && strcmp(argv[1], "--fresh") == 0;
    int exit_status = 0;

    if (argc != 4 + is_fresh) {
        fprintf(stderr, "usage: %s [--fresh] APP_ID USER_POOL_ID CLIENT_ID\n", argv[0]);
        return 2;
    }
    options.app_id = argv[1 + is_fresh];
    options.user_pool_id = argv[2 + is_fresh];
    options.client_id = argv[3 + is_fresh];
    options.endpoint = getenv("COGNITO_ENDPOINT");
    status = auth_client_new(&options, &client, &error);
    if (status == AUTH_STATUS_SUCCESS)
        status = is_fresh ? auth_session_fetch(client, NULL, &session, &error)
                          : auth_session_load(client, NULL, &session, &error);

    if (status == AUTH_STATUS_SUCCESS) {
        printf("%s is signed in.\n", session.username);
        print_token("access token", session.access_token, session.access_token_expires_at);
        print_token("ID token", session.id_token, session.id_token_expires_at);
        print_token("refresh token", session.refresh_token, 0);
    } else if (status == AUTH_STATUS_NOT_SIGNED_IN) {
        puts("Nobody is signed in.");
        exit_status = 1;
    } else {
        fprintf(stderr, "%s\n%s\n", auth_error_message(error), auth_error_recovery_suggestion(error));
        exit_status = 2;
    }

    auth_error_free(error);
    auth_session_clear(&session);
    auth_client_free(client);
    return exit_status;
}

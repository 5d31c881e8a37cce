/* SPDX-License-Identifier: Apache-2.0
 *
 * save_session: stores the session of a user who has just signed in.
 *
 * Shows auth_client_new and auth_session_save. The tokens come on standard
 * input, one line each (access, ID, refresh token), as what is on a command
 * line can be read by everybody on the machine.
 *
 *   cc save_session.c -o save_session $(pkg-config --cflags --libs cognitoauth)
 *   save_session APP_ID USER_POOL_ID CLIENT_ID USERNAME <tokens
 *
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 * Exit status: 0 saved, 2 not saved.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cognitoauth/auth.h>

enum { MAX_TOKEN = 65536 };

/* Reads a line into `token`; an empty line is no token. */
static const char *read_token(char *token)
{
    if (!fgets(token, MAX_TOKEN, stdin)) return NULL;
    token[strcspn(token, "\r\n")] = '\0';
    return *token ? token : NULL;
}

static int report(const char *what, auth_error *error)
{
    fprintf(stderr, "%s: %s\n%s\n", what, auth_error_message(error), auth_error_recovery_suggestion(error));
    auth_error_free(error);
    return 2;
}

int main(int argc, char **argv)
{
    static char access_token[MAX_TOKEN], id_token[MAX_TOKEN], refresh_token[MAX_TOKEN];
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    auth_session session = AUTH_SESSION_INIT;
    auth_client *client;
    auth_error *error;
    int exit_status = 0;

    if (argc != 5) {
        fprintf(stderr, "usage: %s APP_ID USER_POOL_ID CLIENT_ID USERNAME <tokens\n", argv[0]);
        return 2;
    }
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    options.endpoint = getenv("COGNITO_ENDPOINT");
    if (auth_client_new(&options, &client, &error) != AUTH_STATUS_SUCCESS)
        return report("The configuration is wrong", error);

    session.username = argv[4];
    session.access_token = read_token(access_token);
    session.id_token = read_token(id_token);
    session.refresh_token = read_token(refresh_token);
    if (auth_session_save(client, &session, NULL, &error) == AUTH_STATUS_SUCCESS)
        printf("Saved the session of %s in the keyring.\n", session.username);
    else
        exit_status = report("The session was not saved", error);

    auth_client_free(client);
    return exit_status;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * sign_out: signs the user out on this machine.
 *
 * Shows auth_sign_out, and auth_sign_out_result_message, which is what the
 * user is told. Why a step failed goes to standard error.
 *
 *   cc sign_out.c -o sign_out $(pkg-config --cflags --libs cognitoauth)
 *   sign_out [--keep] APP_ID USER_POOL_ID CLIENT_ID [DOMAIN SIGN_OUT_URI]
 *
 * With --keep, the keyring keeps what cannot be done now, and the program resume
 * finishes it.
 * With the domain of the hosted UI, and a sign-out URL of the app client on this
 * machine, it signs the browser out too.
 * COGNITO_ENDPOINT in the environment names another endpoint than Cognito's.
 * Exit status: 0 complete, 1 partial, 2 failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cognitoauth/auth.h>

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
    auth_client *client;
    auth_error *error;
    const char *sign_out_uri;

    if (argc > 1 && strcmp(argv[1], "--keep") == 0) {
        options.keep_unfinished = 1;
        argv++, argc--;
    }
    if (argc != 4 && argc != 6) {
        fprintf(stderr, "usage: sign_out [--keep] APP_ID USER_POOL_ID CLIENT_ID [DOMAIN SIGN_OUT_URI]\n");
        return AUTH_SIGN_OUT_FAILED;
    }
    options.app_id = argv[1];
    options.user_pool_id = argv[2];
    options.client_id = argv[3];
    options.endpoint = getenv("COGNITO_ENDPOINT");
    if (argc == 6) {
        sign_out_uri = argv[5];
        options.hosted_ui_domain = argv[4];
        options.sign_out_redirect_uris = &sign_out_uri;
        options.sign_out_redirect_uri_count = 1;
    }
    if (auth_client_new(&options, &client, &error) != AUTH_STATUS_SUCCESS) {
        fprintf(stderr, "%s\n", auth_error_message(error));
        auth_error_free(error);
        return AUTH_SIGN_OUT_FAILED;
    }

    outcome = auth_sign_out(client, NULL, &result);
    puts(auth_sign_out_result_message(&result));
    fflush(stdout);
    explain(result.failure);
    explain(result.hosted_ui_error);
    explain(result.revoke_token_error);
    explain(result.invalid_session_error);
    /* Revoking ends the refresh token. What was made from it before lives on a while. */
    if (result.tokens_valid_until > (int64_t)time(NULL))
        printf("Services that do not ask Cognito accept the old tokens for another %lld min.\n",
               (long long)(result.tokens_valid_until - (int64_t)time(NULL) + 59) / 60);

    auth_sign_out_result_clear(&result);
    auth_client_free(client);
    return (int)outcome;
}

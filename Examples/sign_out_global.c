/* SPDX-License-Identifier: Apache-2.0
 *
 * sign_out_global: signs the user out on every device, and retries what a
 * first try left open.
 *
 * Shows auth_sign_out_global, the partial-failure token and
 * auth_sign_out_retry. The token is kept in memory: it is as secret as the
 * refresh token in it.
 *
 *   cc sign_out_global.c -o sign_out_global $(pkg-config --cflags --libs cognitoauth)
 *   sign_out_global APP_ID USER_POOL_ID CLIENT_ID
 *
 * After a partial sign-out it asks for a line on standard input and retries;
 * end of file ends it. COGNITO_ENDPOINT in the environment names another
 * endpoint than Cognito's. Exit status: 0 complete, 1 partial, 2 failed.
 */
#include <stdio.h>
#include <stdlib.h>

#include <cognitoauth/auth.h>

static void explain(const auth_error *error)
{
    if (error) printf("  %s\n  %s\n", auth_error_message(error), auth_error_recovery_suggestion(error));
}

static void report(auth_sign_out_outcome outcome, const auth_sign_out_result *result)
{
    if (outcome == AUTH_SIGN_OUT_FAILED) {
        puts("Not signed out:");
        explain(result->failure);
    } else if (outcome == AUTH_SIGN_OUT_PARTIAL) {
        puts("Signed out on this machine, but not all went well:");
        explain(result->global_sign_out_error);
        explain(result->revoke_token_error);
        explain(result->invalid_session_error);
    } else if (result->global_sign_out == AUTH_REMOTE_DONE) {
        puts("Signed out everywhere.");
    } else {
        puts("Nobody was signed in.");
    }
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_sign_out_outcome outcome;
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
    if (auth_client_new(&options, &client, &error) != AUTH_STATUS_SUCCESS) {
        fprintf(stderr, "%s\n", auth_error_message(error));
        auth_error_free(error);
        return AUTH_SIGN_OUT_FAILED;
    }

    outcome = auth_sign_out_global(client, NULL, &result);
    report(outcome, &result);

    while (outcome == AUTH_SIGN_OUT_PARTIAL && result.partial_failure_token) {
        auth_sign_out_result retried = AUTH_SIGN_OUT_RESULT_INIT;
        auth_sign_out_outcome retry;

        puts("Press Enter to retry.");
        fflush(stdout);
        if (getchar() == EOF) break;
        retry = auth_sign_out_retry(client, result.partial_failure_token, NULL, &retried);
        report(retry, &retried);
        if (retry == AUTH_SIGN_OUT_FAILED) {
            /* The retry was not made; what the first try told still holds. */
            auth_sign_out_result_clear(&retried);
            break;
        }
        auth_sign_out_result_clear(&result);
        result = retried;
        outcome = retry;
    }

    auth_sign_out_result_clear(&result);
    auth_client_free(client);
    return (int)outcome;
}

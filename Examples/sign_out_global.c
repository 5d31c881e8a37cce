/* SPDX-License-Identifier: Apache-2.0
 *
 * sign_out_global: signs the user out on every device, and tries again what
 * could not be done.
 *
 * Shows auth_sign_out_global, the partial-failure token and
 * auth_sign_out_retry. The token is kept in memory: it is as secret as the
 * refresh token in it.
 *
 *   cc sign_out_global.c -o sign_out_global $(pkg-config --cflags --libs cognitoauth)
 *   sign_out_global APP_ID USER_POOL_ID CLIENT_ID
 *
 * Where there is something left to do it asks for a line on standard input and
 * tries again; end of file ends it. COGNITO_ENDPOINT in the environment names
 * another endpoint than Cognito's. Exit status: 0 complete, 1 partial, 2 failed.
 */
#include <stdio.h>
#include <stdlib.h>

#include <cognitoauth/auth.h>

/* Waits for Enter; 0 at the end of the input. */
static int await_enter(void)
{
    int typed;

    do typed = getchar();
    while (typed != '\n' && typed != EOF);
    return typed == '\n';
}

/* What the user is told, and on standard error why. */
static void report(const auth_sign_out_result *result)
{
    const auth_error *errors[] = {result->failure, result->global_sign_out_error, result->revoke_token_error,
                                  result->invalid_session_error};

    puts(auth_sign_out_result_message(result));
    fflush(stdout);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i])
            fprintf(stderr, "  %s\n  %s\n", auth_error_message(errors[i]), auth_error_recovery_suggestion(errors[i]));
}

int main(int argc, char **argv)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_sign_out_outcome outcome;
    auth_client *client;
    auth_error *error;
    int can_retry;

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

    /* For a local sign-out this is the same, with auth_sign_out(). */
    outcome = auth_sign_out_global(client, NULL, &result);
    can_retry = result.partial_failure_token != NULL;
    for (;;) {
        auth_sign_out_result next = AUTH_SIGN_OUT_RESULT_INIT;
        int is_refused;

        report(&result);
        if (!can_retry && outcome != AUTH_SIGN_OUT_FAILED) break;
        puts("Press Enter to try again.");
        fflush(stdout);
        if (!await_enter()) break;
        if (can_retry)
            outcome = auth_sign_out_retry(client, result.partial_failure_token, NULL, &next);
        else
            outcome = auth_sign_out_global(client, NULL, &next);
        /* Only a retry that says so itself cannot be made: the same user has signed in here again. */
        is_refused = can_retry && auth_error_status(next.failure) == AUTH_STATUS_SESSION_CHANGED;
        can_retry = next.partial_failure_token && !is_refused;
        auth_sign_out_result_clear(&result);
        result = next;
    }

    auth_sign_out_result_clear(&result);
    auth_client_free(client);
    return (int)outcome;
}

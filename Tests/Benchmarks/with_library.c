/* SPDX-License-Identifier: Apache-2.0 */

/* A global sign-out with the library. */

#include "program.h"

#include <cognitoauth/auth.h>
#include <stdio.h>

static auth_client *client;

bool program_start(const char *endpoint)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    options.app_id = APP_ID;
    options.user_pool_id = USER_POOL_ID;
    options.client_id = CLIENT_ID;
    options.endpoint = endpoint;
    auth_status status = auth_client_new(&options, &client, NULL);
    if (status != AUTH_STATUS_SUCCESS) fprintf(stderr, "no client: %s\n", auth_status_message(status));
    return status == AUTH_STATUS_SUCCESS;
}

bool program_save(const struct tokens *tokens)
{
    auth_session session = AUTH_SESSION_INIT;
    session.username = USERNAME;
    session.access_token = tokens->access;
    session.id_token = tokens->id;
    session.refresh_token = tokens->refresh;
    auth_status status = auth_session_save(client, &session, NULL, NULL);
    if (status != AUTH_STATUS_SUCCESS) fprintf(stderr, "not saved: %s\n", auth_status_message(status));
    return status == AUTH_STATUS_SUCCESS;
}

bool program_sign_out(void)
{
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_sign_out_outcome outcome = auth_sign_out_global(client, NULL, &result);
    auth_sign_out_result_clear(&result);
    if (outcome != AUTH_SIGN_OUT_COMPLETE) fprintf(stderr, "the outcome is %d, not complete\n", (int)outcome);
    return outcome == AUTH_SIGN_OUT_COMPLETE;
}

void program_end(void) { auth_client_free(client); }

/* SPDX-License-Identifier: Apache-2.0 */

/* Operations: calls that do not block, and how they are finished. */

#include <stdlib.h>
#include <string.h>

#include "scene.h"

TEST("save, load and fetch: what is started is finished with what the blocking call answers; strings are copied")
{
    auth_client *client = scene_client();
    auth_session session = scene_session(), copy = session;
    char *user = strdup(session.username), *token = strdup(session.refresh_token);
    copy.username = user;
    copy.refresh_token = token;
    auth_operation *operation = NULL;
    CHECK_ANSWER(auth_session_save_start(client, &copy, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    memset(user, 'x', strlen(user));
    memset(token, 'x', strlen(token));
    free(user);
    free(token);
    auth_session out = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_operation_finish_session(operation, &out, NULL), AUTH_STATUS_SUCCESS);
    CHECK(out.username == NULL && out.owned == NULL);
    auth_operation_free(operation);
    starter *const starters[] = {auth_session_load_start, auth_session_fetch_start};
    for (int i = 0; i < LENGTH(starters); i++) {
        auth_error *error = NULL;
        operation = start_operation(client, starters[i]);
        CHECK_ANSWER(auth_operation_finish_session(operation, &out, &error), AUTH_STATUS_SUCCESS);
        CHECK_STATUS(error, AUTH_STATUS_SUCCESS);
        CHECK_TEXT(out.username, TOKEN_USERNAME);
        CHECK_TEXT(out.access_token, session.access_token);
        CHECK_TEXT(out.refresh_token, session.refresh_token);
        auth_session_clear(&out);
    }
    keyring_empty();
    auth_error *error = NULL;
    operation = start_operation(client, auth_session_load_start);
    CHECK_ANSWER(auth_operation_finish_session(operation, &out, &error), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_STATUS(error, AUTH_STATUS_NOT_SIGNED_IN);
    auth_error_free(error);
}

TEST("sign-out, global sign-out and retry: what is started is finished with what the blocking call answers")
{
    auth_client *client = scene_client();
    starter *const starters[] = {auth_sign_out_start, auth_sign_out_global_start};
    static const char *const expected[] = {
        "partial: was signed in, signed out; global not requested, revocation failed",
        "partial: was signed in, signed out; global done, revocation failed"};
    for (int i = 0; i < LENGTH(starters); i++) {
        sign_in(client);
        server_reply("RevokeToken", text("%s,{'default':true}", exception("ForbiddenException", "no")));
        auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT, second = AUTH_SIGN_OUT_RESULT_INIT;
        auth_operation *operation = start_operation(client, starters[i]);
        CHECK_INT(auth_operation_finish_sign_out(operation, &result), AUTH_SIGN_OUT_PARTIAL);
        CHECK_TEXT(told(&result), expected[i]);
        char *token = strdup(result.partial_failure_token ? result.partial_failure_token : "");
        CHECK_ANSWER(auth_sign_out_retry_start(client, token, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
        memset(token, 'x', strlen(token));
        free(token);
        CHECK_INT(auth_operation_finish_sign_out(operation, &second), AUTH_SIGN_OUT_COMPLETE);
        CHECK_INT(second.revoke_token, AUTH_REMOTE_DONE);
        auth_operation_free(operation);
        auth_sign_out_result_clear(&second);
        auth_sign_out_result_clear(&result);
    }
}

static void check_refused(auth_operation *operation, bool as_sign_out)
{
    if (as_sign_out) {
        auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
        CHECK_INT(auth_operation_finish_sign_out(operation, &result), AUTH_SIGN_OUT_FAILED);
        CHECK_STATUS(result.failure, AUTH_STATUS_INVALID_ARGUMENT);
        auth_sign_out_result_clear(&result);
    } else {
        auth_session session = AUTH_SESSION_INIT;
        auth_error *error = NULL;
        CHECK_ANSWER(auth_operation_finish_session(operation, &session, &error), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_STATUS(error, AUTH_STATUS_INVALID_ARGUMENT);
        CHECK(session.owned == NULL);
        auth_error_free(error);
    }
}

TEST("finishing twice, with the wrong function or without an operation is INVALID_ARGUMENT, and spoils nothing")
{
    auth_client *client = scene_client();
    sign_in(client);
    for (int is_sign_out = 0; is_sign_out < 2; is_sign_out++) {
        auth_operation *operation =
            start_operation(client, is_sign_out ? auth_sign_out_start : auth_session_load_start);
        check_refused(operation, !is_sign_out);
        if (is_sign_out)
            CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
        else
            CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_SUCCESS);
        check_refused(operation, is_sign_out);
        check_refused(operation, !is_sign_out);
        check_refused(NULL, is_sign_out);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Operations that cannot be started, and what is asked of none. */

#include "scene.h"

TEST("what is NULL or malformed is INVALID_ARGUMENT at once, names what it is about, and starts nothing")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    auth_operation *operation = (auth_operation *)&session;
    auth_error *error = NULL;
    auth_call_options bad = AUTH_CALL_OPTIONS_INIT;
    bad.timeout_ms = 99;
    starter *const starters[] = {auth_sign_out_start, auth_sign_out_global_start, auth_session_load_start,
                                 auth_session_fetch_start, auth_session_check_start};
    for (int i = 0; i < LENGTH(starters); i++) {
        for (int what = 0; what < 3; what++) {
            operation = (auth_operation *)&session;
            CHECK_ANSWER(
                starters[i](what == 0 ? NULL : client, what == 1 ? &bad : NULL, what == 2 ? NULL : &operation, &error),
                AUTH_STATUS_INVALID_ARGUMENT);
            CHECK_HAS(auth_error_message(error), what == 0 ? "client" : what == 1 ? "timeout_ms" : "operation");
            if (what < 2) CHECK(operation == NULL);
            auth_error_free(error);
        }
    }
    operation = (auth_operation *)&session;
    CHECK_ANSWER(auth_session_save_start(client, NULL, NULL, &operation, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(auth_error_message(error), "session");
    CHECK(operation == NULL);
    auth_error_free(error);
    CHECK_ANSWER(auth_session_save_start(client, &session, NULL, NULL, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_ANSWER(auth_session_save_start(NULL, &session, NULL, &operation, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_INT(auth_operation_fd(NULL), -1);
    CHECK_INT(auth_operation_dispatch(NULL), 1);
    auth_operation_cancel(NULL);
    auth_client_cancel(NULL);
    auth_operation_free(NULL);
    CHECK_INT(server_connection_count(), 0);
}

TEST("an operation that waits for no browser refuses to hear that one came back, and goes on")
{
    auth_client *client = scene_client();
    auth_operation *operation = NULL;
    auth_error *error = NULL;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    CHECK_ANSWER(auth_sign_out_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(auth_operation_browser_done(NULL, "myapp://bye", NULL), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_ANSWER(auth_operation_browser_done(operation, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(auth_error_message(error), "redirect_uri");
    auth_error_free(error);
    CHECK_ANSWER(auth_operation_browser_done(operation, "myapp://bye", &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(auth_error_message(error), "does not wait for a browser");
    auth_error_free(error);
    CHECK_INT(auth_operation_finish_sign_out(operation, &result), AUTH_SIGN_OUT_COMPLETE);
    auth_operation_free(operation);
}

TEST("a retry without a partial-failure token is INVALID_ARGUMENT at once, and does not say that it has looked")
{
    auth_client *client = scene_client();
    auth_operation *operation = (auth_operation *)client;
    auth_error *error = NULL;
    CHECK_ANSWER(auth_sign_out_retry_start(client, NULL, NULL, &operation, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(auth_error_message(error), "partial_failure_token");
    CHECK(operation == NULL);
    auth_error_free(error);

    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    CHECK_INT(auth_sign_out_retry(client, NULL, NULL, &result), AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result.failure, AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_INT(result.signed_out_locally, AUTH_ANSWER_UNKNOWN);
    auth_sign_out_result_clear(&result);
    CHECK_INT(server_connection_count(), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Structs that are all zero, as no macro has started them: what goes in is refused, what comes out is one of 0.1. */

#include <stdio.h>
#include <string.h>

#include "first_sizes.h"
#include "larger_struct.h"
#include "scene.h"

static char logged[512];
static int line_count;

static void collect(void *user_data, auth_log_level level, const char *line)
{
    CHECK(user_data == logged);
    CHECK_INT(level, AUTH_LOG_LEVEL_ERROR);
    line_count++;
    snprintf(logged, sizeof logged, "%s", line);
}

static void set_log(auth_client_options *options)
{
    options->log_function = collect;
    options->log_user_data = logged;
    options->log_level = AUTH_LOG_LEVEL_ERROR;
    line_count = 0;
    logged[0] = '\0';
}

/* Checks a failure with a message that the log was told too, in one line. */
static void check_misuse(auth_status status, auth_error *error, const char *message)
{
    CHECK_ANSWER(status, AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_TEXT(auth_error_message(error), message);
    CHECK_TEXT(logged, message);
    CHECK_INT(line_count, 1);
    line_count = 0;
    logged[0] = '\0';
    auth_error_free(error);
}

TEST("client options that are all zero are refused, and their own log function is told which macro starts them")
{
    static const char message[] = "options has struct_size 0: start it from AUTH_CLIENT_OPTIONS_INIT.";
    auth_client_options options = {0};
    auth_client *client = (auth_client *)&options;
    auth_error *error;
    set_log(&options);
    auth_status status = auth_client_new(&options, &client, &error);
    check_misuse(status, error, message);
    CHECK(client == NULL);
    status = auth_client_new_from_file("missing.json", &options, &client, &error);
    check_misuse(status, error, message);

    options.log_function = NULL;
    CHECK_ANSWER(auth_client_new(&options, &client, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_INT(line_count, 0);
}

TEST("call options that are all zero are refused, the log is told which macro starts them, and nothing happens")
{
    static const char message[] = "options has struct_size 0: start it from AUTH_CALL_OPTIONS_INIT.";
    auth_client_options client_options = scene_options();
    set_log(&client_options);
    auth_client *client = scene_client_with(&client_options);
    auth_session session = sign_in(client), out = AUTH_SESSION_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_call_options options = {0};
    auth_operation *operation;
    auth_error *error;
    auth_status status = auth_session_save(client, &session, &options, &error);
    check_misuse(status, error, message);
    status = auth_session_load(client, &options, &out, &error);
    check_misuse(status, error, message);
    status = auth_session_fetch(client, &options, &out, &error);
    check_misuse(status, error, message);
    status = auth_session_load_start(client, &options, &operation, &error);
    check_misuse(status, error, message);
    status = auth_sign_out_start(client, &options, &operation, &error);
    check_misuse(status, error, message);
    CHECK(operation == NULL);

    CHECK_INT(auth_sign_out(client, &options, &result), AUTH_SIGN_OUT_FAILED);
    CHECK_TEXT(auth_error_message(result.failure), message);
    CHECK_TEXT(logged, message);
    CHECK_INT(line_count, 1);
    auth_sign_out_result_clear(&result);
    /* Who asks for neither an error nor a result still finds it in the log. */
    CHECK_INT(auth_sign_out_global(client, &options, NULL), AUTH_SIGN_OUT_FAILED);
    CHECK_INT(line_count, 2);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(server_connection_count(), 0);
}

TEST("a session that is saved with struct_size 0 is refused, and the log is told which macro starts it")
{
    static const char message[] = "session has struct_size 0: start it from AUTH_SESSION_INIT.";
    auth_client_options options = scene_options();
    set_log(&options);
    auth_client *client = scene_client_with(&options);
    auth_session session = scene_session();
    session.struct_size = 0;
    auth_operation *operation;
    auth_error *error;
    auth_status status = auth_session_save(client, &session, NULL, &error);
    check_misuse(status, error, message);
    status = auth_session_save_start(client, &session, NULL, &operation, &error);
    check_misuse(status, error, message);
    CHECK(operation == NULL);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("a result that is all zero is one of 0.1, and holds what happened")
{
    auth_client *client = scene_client();
    LARGER(auth_sign_out_result) result = {.known = {0}};
    memset((char *)&result + SIGN_OUT_RESULT_FIRST_SIZE, 0xAA, sizeof result - SIGN_OUT_RESULT_FIRST_SIZE);
    CHECK_INT(auth_sign_out(NULL, NULL, &result.known), AUTH_SIGN_OUT_FAILED);
    CHECK_INT(result.known.outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_INT(result.known.struct_size, SIGN_OUT_RESULT_FIRST_SIZE);
    CHECK_STATUS(result.known.failure, AUTH_STATUS_INVALID_ARGUMENT);
    auth_sign_out_result_clear(&result.known);
    CHECK_INT(result.known.struct_size, SIGN_OUT_RESULT_FIRST_SIZE);

    sign_in(client);
    CHECK_INT(auth_sign_out(client, NULL, &result.known), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result.known.revoke_token, AUTH_REMOTE_DONE);
    auth_sign_out_result_clear(&result.known);
    CHECK(is_all((char *)&result + SIGN_OUT_RESULT_FIRST_SIZE, sizeof result - SIGN_OUT_RESULT_FIRST_SIZE, 0xAA));

    auth_operation *operation;
    auth_sign_out_result finished = {0};
    CHECK_ANSWER(auth_sign_out_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(auth_operation_finish_sign_out(operation, &finished), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(finished.struct_size, SIGN_OUT_RESULT_FIRST_SIZE);
    CHECK_INT(finished.was_signed_in, AUTH_ANSWER_NO);
    auth_sign_out_result_clear(&finished);
    auth_operation_free(operation);
}

TEST("a session that is all zero is one of 0.1: it comes out, and may go in again")
{
    auth_client *client = scene_client();
    LARGER(auth_session) session = {.known = {0}};
    memset((char *)&session + SESSION_FIRST_SIZE, 0xAA, sizeof session - SESSION_FIRST_SIZE);
    CHECK_ANSWER(auth_session_load(client, NULL, &session.known, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(session.known.struct_size, SESSION_FIRST_SIZE);
    auth_session saved = sign_in(client);
    session.known.struct_size = 0;
    CHECK_ANSWER(auth_session_fetch(client, NULL, &session.known, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(session.known.access_token, saved.access_token);
    CHECK_INT(session.known.struct_size, SESSION_FIRST_SIZE);
    sign_out(client);
    save(client, &session.known);
    CHECK_TEXT(load(client)->access_token, saved.access_token);
    auth_session_clear(&session.known);
    CHECK(is_all((char *)&session + SESSION_FIRST_SIZE, sizeof session - SESSION_FIRST_SIZE, 0xAA));

    auth_operation *operation;
    auth_session finished = {0};
    CHECK_ANSWER(auth_session_load_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(auth_operation_finish_session(operation, &finished, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(finished.access_token, saved.access_token);
    CHECK_INT(finished.struct_size, SESSION_FIRST_SIZE);
    auth_operation_free(operation);
    finished.struct_size = 0; /* As a binding may have it that does not know the field. */
    auth_session_clear(&finished);
    CHECK(finished.owned == NULL && finished.access_token == NULL);
}

TEST("an output struct that is all zero can be cleared")
{
    auth_session session = {0};
    auth_sign_out_result result = {0};
    auth_session_clear(&session);
    auth_sign_out_result_clear(&result);
    CHECK(is_all(&session, sizeof session, 0));
    CHECK(is_all(&result, sizeof result, 0));
}

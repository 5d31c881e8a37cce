/* SPDX-License-Identifier: Apache-2.0 */

/* A field that was appended: growth/trial.sh adds `trial` to every struct of a library and its headers. */

#include <string.h>

#include "first_sizes.h"
#include "scene.h"

TEST("a new field of a struct that goes in is read where the caller has it, and is 0 where not")
{
    auth_client_options options = scene_options();
    auth_call_options call = AUTH_CALL_OPTIONS_INIT;
    auth_session session = scene_session();
    auth_client *client;
    auth_error *error;
    options.trial = call.trial = session.trial = 1;
    CHECK_ANSWER(auth_client_new(&options, &client, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_TEXT(auth_error_message(error), "options has a trial.");
    auth_error_free(error);
    options.struct_size = CLIENT_OPTIONS_FIRST_SIZE;
    client = scene_client_with(&options);

    CHECK_ANSWER(auth_session_save(client, &session, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_TEXT(auth_error_message(error), "session has a trial.");
    auth_error_free(error);
    session.struct_size = SESSION_FIRST_SIZE;
    save(client, &session);

    CHECK_INT(auth_sign_out(client, &call, NULL), AUTH_SIGN_OUT_FAILED);
    call.struct_size = CALL_OPTIONS_FIRST_SIZE;
    CHECK_INT(auth_sign_out(client, &call, NULL), AUTH_SIGN_OUT_COMPLETE);
}

TEST("a new field of a struct that comes out is written where the caller has it, and left alone where not")
{
    auth_client *client = scene_client();
    auth_session session = AUTH_SESSION_INIT, older = AUTH_SESSION_INIT, zero = {0};
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    sign_in(client);
    CHECK_ANSWER(auth_session_load(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(session.trial, 7);
    auth_session_clear(&session);
    CHECK_INT(session.trial, 0);

    older.struct_size = SESSION_FIRST_SIZE;
    older.trial = 5;
    CHECK_ANSWER(auth_session_load(client, NULL, &older, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(older.trial, 5);
    auth_session_clear(&older);
    CHECK_INT(older.trial, 5);
    CHECK(older.owned == NULL);

    CHECK_ANSWER(auth_session_load(client, NULL, &zero, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(zero.struct_size, SESSION_FIRST_SIZE);
    CHECK_INT(zero.trial, 0);
    auth_session_clear(&zero);

    CHECK_INT(auth_sign_out(client, NULL, &result), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result.trial, 7);
    auth_sign_out_result_clear(&result);
    result.struct_size = 0;
    CHECK_INT(auth_sign_out(client, NULL, &result), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result.struct_size, SIGN_OUT_RESULT_FIRST_SIZE);
    CHECK_INT(result.trial, 0);
    auth_sign_out_result_clear(&result);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The conventions at the top of the header: NULL, ownership, errors, names. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

TEST("the library is of the version that the header says")
{
    CHECK_TEXT(auth_version(), COGNITOAUTH_VERSION_STRING);
    CHECK_TEXT(text("%d.%d.%d", COGNITOAUTH_VERSION_NUMBER >> 16, COGNITOAUTH_VERSION_NUMBER >> 8 & 255,
                    COGNITOAUTH_VERSION_NUMBER & 255),
               COGNITOAUTH_VERSION_STRING);
}

TEST("every status of status.h has its name and a message of one English sentence")
{
    /* Read from the header itself, so that none can be forgotten here. */
    FILE *header = fopen(getenv("COGNITOAUTH_TEST_HEADER"), "r");
    REQUIRE(header != NULL);
    char line[512], name[64];
    int number, count = 0;
    while (fgets(line, sizeof line, header)) {
        if (sscanf(line, " AUTH_STATUS_%63[A-Z0-9_] = %d", name, &number) != 2) continue;
        count++;
        during(name);
        CHECK_TEXT(auth_status_name(number), text("AUTH_STATUS_%s", name));
        const char *message = auth_status_message(number);
        CHECK(isupper((unsigned char)message[0]) && strchr(message, '.') == message + strlen(message) - 1);
    }
    fclose(header);
    CHECK(count >= 49);
}

TEST("a number that is no status has a name and a message too")
{
    static const auth_status numbers[] = {-1, 99, 199, 299, 399, 499, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        during(text("%d", numbers[i]));
        CHECK_TEXT(auth_status_name(numbers[i]), "AUTH_STATUS_UNKNOWN");
        CHECK(auth_status_message(numbers[i]) && auth_status_message(numbers[i])[0]);
    }
}

TEST("NULL for an error is no error")
{
    CHECK_INT(auth_error_status(NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(auth_error_message(NULL), "");
    CHECK_TEXT(auth_error_recovery_suggestion(NULL), "");
    CHECK_TEXT(auth_error_service_exception(NULL), NULL);
    CHECK_TEXT(auth_error_token(NULL), NULL);
}

TEST("freeing and clearing NULL does nothing")
{
    auth_client_free(NULL);
    auth_error_free(NULL);
    auth_session_clear(NULL);
    auth_sign_out_result_clear(NULL);
}

TEST("auth_client_new refuses NULL for the options and for the client")
{
    auth_client_options options = scene_options();
    auth_client *client = (auth_client *)&options;
    auth_error *error = NULL;
    CHECK_ANSWER(auth_client_new(NULL, &client, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK(client == NULL);
    CHECK_HAS(auth_error_message(error), "options");
    auth_error_free(error);
    CHECK_ANSWER(auth_client_new(&options, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(auth_error_message(error), "client");
    auth_error_free(error);
    CHECK_ANSWER(auth_client_new(NULL, NULL, NULL), AUTH_STATUS_INVALID_ARGUMENT);
}

TEST("every call refuses NULL for the client, and names it")
{
    auth_session in = scene_session(), out = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_save(NULL, &in, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(auth_error_message(error), "client");
    auth_error_free(error);
    CHECK_ANSWER(auth_session_load(NULL, NULL, &out, &error), AUTH_STATUS_INVALID_ARGUMENT);
    auth_error_free(error);
    CHECK_ANSWER(auth_session_fetch(NULL, NULL, &out, &error), AUTH_STATUS_INVALID_ARGUMENT);
    auth_error_free(error);
    CHECK(out.owned == NULL);
    CHECK_ANSWER(auth_session_check(NULL, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(auth_error_message(error), "client");
    auth_error_free(error);

    const auth_sign_out_result *results[] = {sign_out(NULL), sign_out_global(NULL), retry(NULL, "token")};
    for (int i = 0; i < 3; i++) {
        CHECK_INT(results[i]->outcome, AUTH_SIGN_OUT_FAILED);
        CHECK_STATUS(results[i]->failure, AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_HAS(auth_error_message(results[i]->failure), "client");
        CHECK(results[i]->signed_out_locally != AUTH_ANSWER_YES);
    }
    CHECK_INT(auth_sign_out(NULL, NULL, NULL), AUTH_SIGN_OUT_FAILED);
    CHECK_INT(auth_sign_out_global(NULL, NULL, NULL), AUTH_SIGN_OUT_FAILED);
    CHECK_INT(auth_sign_out_retry(NULL, NULL, NULL, NULL), AUTH_SIGN_OUT_FAILED);
}

TEST("the session calls refuse NULL for the session, and take NULL for the error")
{
    auth_client *client = scene_client();
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_save(client, NULL, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(auth_error_message(error), "session");
    auth_error_free(error);
    CHECK_ANSWER(auth_session_load(client, NULL, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    auth_error_free(error);
    CHECK_ANSWER(auth_session_fetch(client, NULL, NULL, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    auth_session out = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_load(client, NULL, &out, NULL), AUTH_STATUS_NOT_SIGNED_IN);
}

TEST("on success *error is NULL, on failure a new error, whatever it was before")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    auth_error *garbage = (auth_error *)&session, *error = garbage;
    CHECK_ANSWER(auth_session_save(client, &session, NULL, &error), AUTH_STATUS_SUCCESS);
    CHECK(error == NULL);
    error = garbage;
    CHECK_ANSWER(auth_session_save(client, NULL, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK(error != NULL && error != garbage);
    CHECK(auth_error_recovery_suggestion(error)[0] != '\0');
    CHECK_TEXT(auth_error_service_exception(error), NULL);
    CHECK_TEXT(auth_error_token(error), NULL);
    if (error != garbage) auth_error_free(error);
}

TEST("all strings of the options and of a session are copied")
{
    char app_id[] = SCENE_APP_ID, pool_id[] = SCENE_POOL_ID, client_id[] = SCENE_CLIENT_ID;
    char *endpoint = text("%s", server_url());
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    options.app_id = app_id;
    options.user_pool_id = pool_id;
    options.client_id = client_id;
    options.endpoint = endpoint;
    auth_client *client = scene_client_with(&options);
    memset(app_id, 'x', strlen(app_id));
    memset(pool_id, 'x', strlen(pool_id));
    memset(client_id, 'x', strlen(client_id));
    memset(endpoint, 'x', strlen(endpoint));
    memset(&options, 0xFF, sizeof options);
    sign_in(client);
    CHECK_TEXT(keyring_attribute("session", "user-pool-id"), SCENE_POOL_ID);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_body(0, "ClientId"), SCENE_CLIENT_ID);
}

TEST("a session may be cleared twice, and keeps only its size")
{
    auth_client *client = scene_client();
    sign_in(client);
    auth_session session = AUTH_SESSION_INIT, empty = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_load(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    CHECK(session.owned != NULL);
    for (int i = 0; i < 2; i++) {
        auth_session_clear(&session);
        CHECK(memcmp(&session, &empty, sizeof session) == 0);
    }
}

TEST("a session that the program filled itself is only zeroed")
{
    char token[] = "token";
    auth_session session = AUTH_SESSION_INIT, empty = AUTH_SESSION_INIT;
    session.username = token;
    session.access_token = token;
    session.refresh_token = token;
    session.access_token_expires_at = 1;
    auth_session_clear(&session);
    CHECK(memcmp(&session, &empty, sizeof session) == 0);
    CHECK_TEXT(token, "token");
}

TEST("a result may be cleared twice, and keeps only its size")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("RevokeToken", exception("ForbiddenException", "No."));
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT, empty = AUTH_SIGN_OUT_RESULT_INIT;
    CHECK_INT(auth_sign_out(client, NULL, &result), AUTH_SIGN_OUT_PARTIAL);
    CHECK(result.owned && result.partial_failure_token && result.revoke_token_error);
    for (int i = 0; i < 2; i++) {
        auth_sign_out_result_clear(&result);
        CHECK(memcmp(&result, &empty, sizeof result) == 0);
    }
}

TEST("freeing an error that belongs to a result does nothing")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", exception("ForbiddenException", "It cannot be done."));
    const auth_sign_out_result *result = sign_out_global(client);
    auth_error_free((auth_error *)result->global_sign_out_error);
    auth_error_free((auth_error *)result->revoke_token_error);
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_FORBIDDEN);
    CHECK_HAS(auth_error_message(result->global_sign_out_error), "It cannot be done.");
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NOT_ATTEMPTED);
}

TEST("a result outlives its client")
{
    auth_client_options options = scene_options();
    auth_client *client = NULL;
    REQUIRE(auth_client_new(&options, &client, NULL) == AUTH_STATUS_SUCCESS);
    sign_in(client);
    server_reply("RevokeToken", exception("ForbiddenException", "It cannot be done."));
    const auth_sign_out_result *result = sign_out(client);
    auth_client_free(client);
    CHECK_HAS(auth_error_message(result->revoke_token_error), "It cannot be done.");
    CHECK(result->partial_failure_token && strlen(result->partial_failure_token) > 0);
}

TEST("freeing a client leaves the session stored")
{
    auth_client_options options = scene_options();
    auth_client *client = NULL;
    REQUIRE(auth_client_new(&options, &client, NULL) == AUTH_STATUS_SUCCESS);
    sign_in(client);
    auth_client_free(client);
    CHECK_INT(keyring_count("session"), 1);
}

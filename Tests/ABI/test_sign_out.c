/* SPDX-License-Identifier: Apache-2.0 */

/* Local sign-out: each case of CASES.md by its row. */

#include <string.h>

#include "scene.h"

#define PARTIAL "partial: was signed in, signed out; global not requested, revocation failed"

TEST("row 1: a local sign-out revokes the refresh token, deletes the session and is complete")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    CHECK_INT(keyring_count("session"), 1);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("a result tells until when the access and ID tokens pass elsewhere: the later of the two")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.id_token = id_token(7200);
    save(client, &session);
    CHECK_INT(sign_out(client)->tokens_valid_until, token_expiry(session.id_token));

    session = scene_session_for(9000);
    save(client, &session);
    CHECK_INT(sign_out(client)->tokens_valid_until, token_expiry(session.access_token));

    session.access_token = "no.jwt";
    session.id_token = NULL;
    save(client, &session);
    CHECK_INT(sign_out(client)->tokens_valid_until, 0);
}

TEST("row 3: where nobody is signed in, a local sign-out is complete and nothing is sent")
{
    const auth_sign_out_result *result = sign_out(scene_client());
    CHECK_TEXT(told(result), NOBODY);
    CHECK_INT(result->tokens_valid_until, 0);
    CHECK_INT(server_connection_count(), 0);
}

TEST("a second sign-out finds nobody signed in")
{
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(sign_out(client)->was_signed_in, AUTH_ANSWER_NO);
    CHECK_INT(server_request_count(), 1);
}

TEST("row 4: whatever error RevokeToken answers, declared for it or not, the user is signed out here: partial")
{
    static const struct {
        const char *name;
        auth_status status;
    } errors[] = {
        {"InvalidParameterException", AUTH_STATUS_INVALID_PARAMETER},
        {"UnauthorizedException", AUTH_STATUS_UNAUTHORIZED},
        {"UnsupportedTokenTypeException", AUTH_STATUS_UNSUPPORTED_TOKEN_TYPE},
        {"ForbiddenException", AUTH_STATUS_FORBIDDEN},
        {"OperationNotEnabledException", AUTH_STATUS_OPERATION_NOT_ENABLED},
        {"NotAuthorizedException", AUTH_STATUS_NOT_AUTHORIZED},
        {"ResourceNotFoundException", AUTH_STATUS_RESOURCE_NOT_FOUND},
        {"PasswordResetRequiredException", AUTH_STATUS_PASSWORD_RESET_REQUIRED},
        {"UserNotConfirmedException", AUTH_STATUS_USER_NOT_CONFIRMED},
        {"UserNotFoundException", AUTH_STATUS_USER_NOT_FOUND},
        {"UnexpectedLambdaException", AUTH_STATUS_UNEXPECTED_LAMBDA},
        {"UserLambdaValidationException", AUTH_STATUS_USER_LAMBDA_VALIDATION},
        {"InvalidLambdaResponseException", AUTH_STATUS_INVALID_LAMBDA_RESPONSE},
        {"RefreshTokenReuseException", AUTH_STATUS_REFRESH_TOKEN_REUSE},
        {"BrandNewException", AUTH_STATUS_SERVICE_ERROR},
    };
    auth_client *client = scene_client();
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        during(errors[i].name);
        auth_session session = sign_in(client);
        server_reply("RevokeToken", exception(errors[i].name, "It cannot be done."));
        const auth_sign_out_result *result = sign_out(client);
        CHECK_TEXT(told(result), PARTIAL);
        CHECK_INT(auth_error_status(result->revoke_token_error), errors[i].status);
        CHECK_TEXT(auth_error_service_exception(result->revoke_token_error), errors[i].name);
        CHECK_HAS(auth_error_message(result->revoke_token_error), "It cannot be done.");
        CHECK_TEXT(auth_error_token(result->revoke_token_error), session.refresh_token);
        CHECK(result->partial_failure_token != NULL);
        CHECK_INT(keyring_count(NULL), 0);
    }
    CHECK_INT(server_request_count(), sizeof errors / sizeof *errors);
}

TEST("row 7: an access token that is no JWT, or has no origin_jti, keeps nothing from being revoked")
{
    const char *const tokens[] = {"not-a-jwt",         "a.b.c",   jwt("{'sub':'" TOKEN_SUB "','exp':4102444800}"),
                                  jwt("{}"),           jwt("[]"), jwt("{'exp':'soon'}"),
                                  jwt("{'exp':1e400}")};
    auth_client *client = scene_client();
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        during(tokens[i]);
        auth_session session = scene_session();
        session.access_token = tokens[i];
        save(client, &session);
        server_reset();
        CHECK_TEXT(told(sign_out(client)), COMPLETE);
        CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row 8: an app client without token revocation is signed out completely, and the result says so")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("RevokeToken", exception("UnsupportedOperationException", "Token revocation is not enabled"));
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), "complete: was signed in, signed out; global not requested, revocation not enabled");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 8b: in a replica region the revocation stays open")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("RevokeToken", exception("OperationNotEnabledException", "Use the primary region"));
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), PARTIAL);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_OPERATION_NOT_ENABLED);
    CHECK(result->partial_failure_token != NULL);
}

TEST("row 9: a session without a refresh token has nothing to revoke")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.refresh_token = NULL;
    save(client, &session);
    CHECK_TEXT(told(sign_out(client)),
               "complete: was signed in, signed out; global not requested, revocation not requested");
    CHECK_INT(server_connection_count(), 0);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 10: offline, the session is deleted all the same, and its refresh token is kept for a retry")
{
    auth_client *client = scene_client_at(closed_url());
    auth_session session = sign_in_for(client, -86400); /* RevokeToken does not need the access token. */
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), PARTIAL);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_CONNECTION_FAILED);
    CHECK_TEXT(auth_error_service_exception(result->revoke_token_error), NULL);
    CHECK_TEXT(auth_error_token(result->revoke_token_error), session.refresh_token);
    CHECK(result->partial_failure_token != NULL);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 16: an answer that is not Cognito's is INVALID_RESPONSE, and the user is signed out here")
{
    static const char *const replies[] = {
        "{'status':400,'body':''}",
        "{'status':400,'body':{}}",
        "{'status':400,'body':{'message':'No type is in here.'}}",
        "{'status':403,'headers':{'content-type':'text/html'},'body':'<html><body>Sign in here</body></html>'}",
        "{'status':200,'headers':{'content-type':'text/html'},'body':'<html><body>Welcome</body></html>'}",
        "{'status':200,'body':'{'}",
        "{'status':200,'body':[1]}",
        "{'status':200,'body':'7'}",
        "{'status':302,'headers':{'location':'http://127.0.0.1:9/'}}",
    };
    auth_client *client = scene_client();
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        during(replies[i]);
        sign_in(client);
        server_reply("RevokeToken", replies[i]);
        const auth_sign_out_result *result = sign_out(client);
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
        CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_INVALID_RESPONSE);
        CHECK(result->partial_failure_token != NULL);
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row 17: 200 with an empty body, or with any JSON object, is success")
{
    static const char *const replies[] = {"{'status':200,'body':''}", "{'body':{}}",
                                          "{'body':{'Future':[1,{'a':null}]}}",
                                          "{'headers':{'content-length':'0','content-type':null}}"};
    auth_client *client = scene_client();
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        during(replies[i]);
        sign_in(client);
        server_reply("RevokeToken", replies[i]);
        CHECK_TEXT(told(sign_out(client)), COMPLETE);
    }
}

TEST("a user of the hosted UI is signed out like any other where no hosted UI is configured, and a mark stays")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.sign_in_method = AUTH_SIGN_IN_METHOD_HOSTED_UI;
    for (int again = 0; again < 2; again++) {
        save(client, &session);
        CHECK_TEXT(told(sign_out(client)), COMPLETE);
        CHECK_INT(keyring_count("session"), 0);
        CHECK_INT(keyring_count(NULL), 1);
        CHECK_TEXT(keyring_secret("browser"), "{}");
        CHECK_TEXT(keyring_attribute("browser", "session"), NULL);
    }
    keyring_delete("browser");
    sign_in(client);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("what a call asks for the browser makes no difference to a session that no browser was in")
{
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    options.skip_browser = 1;
    options.browser_failure = AUTH_BROWSER_FAILURE_FAIL;
    options.browser_timeout_ms = 100;
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_INT(auth_sign_out(client, &options, &result), AUTH_SIGN_OUT_COMPLETE);
    CHECK(result.hosted_ui_error == NULL);
    CHECK_INT(keyring_count(NULL), 0);
    auth_sign_out_result_clear(&result);
}

TEST("the result may be NULL")
{
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(server_request_count(), 1);
    sign_in(client);
    server_reply("RevokeToken", exception("ForbiddenException", "No."));
    CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_PARTIAL);
}

TEST("signing out one app, pool or app client leaves the sessions of the others")
{
    auth_client_options options = scene_options();
    options.app_id = "org.example.Other";
    auth_client *other_app = scene_client_with(&options);
    options = scene_options();
    options.user_pool_id = "eu-west-1_OtherPool";
    auth_client *other_pool = scene_client_with(&options);
    options = scene_options();
    options.client_id = "otherclient";
    auth_client *other_client = scene_client_with(&options), *client = scene_client();
    sign_in(other_app);
    sign_in(other_pool);
    sign_in(other_client);
    sign_in(client);
    CHECK_INT(keyring_count_all(), 4);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(keyring_count_all(), 3);
    CHECK(load(other_app)->access_token && load(other_pool)->access_token && load(other_client)->access_token);
    CHECK_TEXT(told(sign_out(other_pool)), COMPLETE);
    CHECK(load(other_app)->access_token && load(other_client)->access_token);
}

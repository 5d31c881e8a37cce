/* SPDX-License-Identifier: Apache-2.0 */

/* Global sign-out with an access token that is good: each case of CASES.md by its row. */

#include <string.h>

#include "scene.h"

#define HELD_BACK "partial: was signed in, signed out; global failed, revocation not attempted"
#define HELD_BACK_UNKNOWN "partial: was signed in, signed out; global unknown, revocation not attempted"

TEST("row 2: a global sign-out ends every session, then revokes this one, and is complete")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), COMPLETE_GLOBAL);
    CHECK_INT(result->tokens_valid_until, token_expiry(session.access_token));
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
    CHECK_INT(server_connection_count(), 1);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 3b: where nobody is signed in, a global sign-out is complete, attempted nothing and sent nothing")
{
    CHECK_TEXT(told(sign_out_global(scene_client())),
               "complete: was not signed in, signed out; global not attempted, revocation not requested");
    CHECK_INT(server_connection_count(), 0);
}

TEST("row 5: a GlobalSignOut that a retry may cure holds RevokeToken back, and both are left to retry")
{
    static const struct {
        const char *reply;
        auth_status status;
    } failures[] = {
        {"{'status':400,'body':{'__type':'TooManyRequestsException','message':'Slow down'}}",
         AUTH_STATUS_TOO_MANY_REQUESTS},
        {"{'status':500,'body':{'__type':'InternalErrorException'}}", AUTH_STATUS_INTERNAL_ERROR},
        {"{'status':503,'body':'<html>busy</html>'}", AUTH_STATUS_INVALID_RESPONSE},
        {"{'status':400,'body':{'message':'no type'}}", AUTH_STATUS_INVALID_RESPONSE},
        {"{'status':400,'body':{'__type':'ForbiddenException','message':'No.'}}", AUTH_STATUS_FORBIDDEN},
        {"{'status':400,'body':{'__type':'NotAuthorizedException','message':'Something new'}}",
         AUTH_STATUS_NOT_AUTHORIZED},
        {"{'status':400,'body':{'__type':'ResourceNotFoundException','message':'No pool'}}",
         AUTH_STATUS_RESOURCE_NOT_FOUND},
        {"{'status':400,'body':{'__type':'OperationNotEnabledException','message':'Replica'}}",
         AUTH_STATUS_OPERATION_NOT_ENABLED},
        {"{'status':400,'body':{'__type':'PasswordResetRequiredException','message':'Reset'}}",
         AUTH_STATUS_PASSWORD_RESET_REQUIRED},
        {"{'status':400,'body':{'__type':'UserNotConfirmedException','message':'Confirm'}}",
         AUTH_STATUS_USER_NOT_CONFIRMED},
        {"{'status':400,'body':{'__type':'BrandNewException','message':'?'}}", AUTH_STATUS_SERVICE_ERROR},
    };
    auth_client_options options = scene_options();
    options.max_attempts = 1;
    auth_client *client = scene_client_with(&options);
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        during(failures[i].reply);
        auth_session session = sign_in(client);
        server_reset();
        server_reply("GlobalSignOut", failures[i].reply);
        const auth_sign_out_result *result = sign_out_global(client);
        CHECK_TEXT(told(result), strstr(failures[i].reply, "503") ? HELD_BACK_UNKNOWN : HELD_BACK);
        CHECK_INT(auth_error_status(result->global_sign_out_error), failures[i].status);
        CHECK_TEXT(auth_error_token(result->global_sign_out_error), session.access_token);
        CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NOT_ATTEMPTED);
        CHECK_TEXT(auth_error_token(result->revoke_token_error), session.refresh_token);
        CHECK(result->partial_failure_token != NULL);
        CHECK_TEXT(server_operations(), "GlobalSignOut");
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row 5: a GlobalSignOut that was sent and not answered is UNKNOWN and left to retry")
{
    auth_client_options options = scene_options();
    options.max_attempts = 1;
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    server_reply("GlobalSignOut", "{'close':'before_reply'}");
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global unknown, revocation not attempted");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_CONNECTION_LOST);
    CHECK(result->partial_failure_token != NULL);
}

TEST("row 5b: a session that was ended elsewhere is revoked here too, and is not retried")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", "Access Token has been revoked"));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation done");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_SESSION_ENDED);
    CHECK_TEXT(auth_error_service_exception(result->global_sign_out_error), "NotAuthorizedException");
    CHECK(result->revoke_token_error == NULL);
    CHECK(result->partial_failure_token == NULL);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 5b: where revoking fails as well, the retry is about that only")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", "Access Token has been revoked"));
    server_reply("RevokeToken", exception("ForbiddenException", "No."));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation failed");
    REQUIRE(result->partial_failure_token != NULL);
    server_reset();
    CHECK_TEXT(told(retry(client, result->partial_failure_token)),
               "complete: was not signed in, signed out; global not requested, revocation done");
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("row 5d: where the scope for GlobalSignOut is missing, the token is revoked and the suggestion names the scope")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", "Access Token does not have required scopes"));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation done");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_HAS(auth_error_recovery_suggestion(result->global_sign_out_error), "aws.cognito.signin.user.admin");
    CHECK(result->partial_failure_token == NULL);
}

TEST("row 5d: a disabled user's token is revoked and the suggestion names the state")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", "User is disabled."));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation done");
    CHECK_HAS(auth_error_recovery_suggestion(result->global_sign_out_error), "disabled");
    CHECK(result->partial_failure_token == NULL);
}

TEST("row 6: where only RevokeToken fails, only that is left to retry")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    server_reply("RevokeToken", exception("ForbiddenException", "No."));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global done, revocation failed");
    CHECK(result->global_sign_out_error == NULL);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_FORBIDDEN);
    CHECK_TEXT(auth_error_token(result->revoke_token_error), session.refresh_token);
    REQUIRE(result->partial_failure_token != NULL);
    server_reset();
    CHECK_INT(retry(client, result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("row 8: a global sign-out of an app client without token revocation is complete")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("RevokeToken", exception("UnsupportedOperationException", "Token revocation is not enabled"));
    CHECK_TEXT(told(sign_out_global(client)),
               "complete: was signed in, signed out; global done, revocation not enabled");
}

TEST("row 9: a session without a refresh token is signed out everywhere, and nothing is revoked")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.refresh_token = NULL;
    save(client, &session);
    CHECK_TEXT(told(sign_out_global(client)),
               "complete: was signed in, signed out; global done, revocation not requested");
    CHECK_TEXT(server_operations(), "GlobalSignOut");
}

TEST("row 9: where such a sign-out fails, no revocation is open")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.refresh_token = NULL;
    save(client, &session);
    server_reply("GlobalSignOut", exception("ForbiddenException", "No."));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation not requested");
    CHECK(result->revoke_token_error == NULL);
    CHECK(result->partial_failure_token != NULL);
}

TEST("row 11: offline, a global sign-out keeps both steps for a retry")
{
    auth_client *client = scene_client_at(closed_url());
    auth_session session = sign_in(client);
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), HELD_BACK);
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_CONNECTION_FAILED);
    CHECK_TEXT(auth_error_token(result->global_sign_out_error), session.access_token);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NOT_ATTEMPTED);
    CHECK_TEXT(auth_error_token(result->revoke_token_error), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
    REQUIRE(result->partial_failure_token != NULL);

    /* Online again: the same app client, another client. */
    CHECK_TEXT(told(retry(scene_client(), result->partial_failure_token)),
               "complete: was not signed in, signed out; global done, revocation done");
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
}

TEST("row 14: where GlobalSignOut finds no such user, there is nobody left to sign out: complete")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", exception("UserNotFoundException", "User does not exist."));
    CHECK_TEXT(told(sign_out_global(client)),
               "complete: was signed in, signed out; global done, revocation not requested");
    CHECK_TEXT(server_operations(), "GlobalSignOut");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 16: an answer to GlobalSignOut that is not Cognito's is INVALID_RESPONSE, and RevokeToken is held back")
{
    static const struct {
        const char *reply, *global;
    } answers[] = {
        {"{'status':400,'body':''}", "failed"},
        {"{'status':403,'headers':{'content-type':'text/html'},'body':'<html>Sign in here</html>'}", "failed"},
        {"{'status':302,'headers':{'location':'http://127.0.0.1:9/'}}", "failed"},
        {"{'status':200,'headers':{'content-type':'text/html'},'body':'<html>Welcome</html>'}", "unknown"},
        {"{'status':200,'body':[1]}", "unknown"},
        {"{'body_size':10485760}", "unknown"},
    };
    auth_client *client = scene_client();
    for (int i = 0; i < LENGTH(answers); i++) {
        during(answers[i].reply);
        server_reset();
        sign_in(client);
        server_reply("GlobalSignOut", answers[i].reply);
        const auth_sign_out_result *result = sign_out_global(client);
        CHECK_TEXT(told(result),
                   text("partial: was signed in, signed out; global %s, revocation not attempted", answers[i].global));
        CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_INVALID_RESPONSE);
        CHECK(result->partial_failure_token != NULL);
        CHECK_TEXT(server_operations(), "GlobalSignOut");
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row 17: GlobalSignOut's 200 with an empty body, or with any JSON object, is success")
{
    static const char *const replies[] = {"{'body':''}", "{'body':{}}", "{'body':{'New':true}}"};
    auth_client *client = scene_client();
    for (int i = 0; i < 3; i++) {
        during(replies[i]);
        sign_in(client);
        server_reply("GlobalSignOut", replies[i]);
        CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    }
}

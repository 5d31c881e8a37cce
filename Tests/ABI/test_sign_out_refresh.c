/* SPDX-License-Identifier: Apache-2.0 */

/* Global sign-out with an access token that must be renewed first: each case of CASES.md by its row. */

#include <string.h>

#include "scene.h"

#define EXPIRED_MESSAGE "Access Token has expired"

/* Whether the request with this number was sent with an access token of Cognito's, and not with `old`. */
static bool has_new_access_token(int number, const char *old)
{
    const char *sent = server_body(number, "AccessToken");
    return sent && strcmp(sent, old) != 0;
}

TEST("row 12: an expired access token is renewed before GlobalSignOut")
{
    static const int64_t ages[] = {-3600, -1, 0, 8};
    auth_client *client = scene_client();
    for (int i = 0; i < 4; i++) {
        during(text("%lld s left", (long long)ages[i]));
        server_reset();
        auth_session session = sign_in_for(client, ages[i]);
        CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
        CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GlobalSignOut RevokeToken");
        CHECK(has_new_access_token(1, session.access_token));
        CHECK_TEXT(server_body(2, "Token"), session.refresh_token);
        CHECK_INT(server_connection(2), server_connection(1));
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("an access token with more than 10 s left is not renewed, and one that cannot be read is")
{
    auth_client *client = scene_client();
    sign_in_for(client, 15);
    sign_out_global(client);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");

    server_reset();
    auth_session session = scene_session();
    session.access_token = "not.a.jwt";
    save(client, &session);
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GlobalSignOut RevokeToken");
}

TEST("a local sign-out renews nothing")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    sign_out(client);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("row 12: after a rotation it is the new refresh token that is revoked")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate();
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK_TEXT(server_body(2, "Token"), rotated);
}

TEST("row 12: what comes back is stored before GlobalSignOut is sent")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate();
    server_reply("GlobalSignOut", "{'hold':true,'default':true}");
    background *started = start_sign_out_global(client);
    CHECK(server_await(2));
    CHECK_HAS(keyring_secret("session"), rotated);
    CHECK_HAS(keyring_secret("session"), server_body(1, "AccessToken"));
    server_release();
    CHECK_TEXT(told(finish(started)), COMPLETE_GLOBAL);
}

TEST("the tokens that a refresh hands out count for how long tokens pass elsewhere")
{
    auth_client *client = scene_client();
    auth_session session = scene_session_for(EXPIRED);
    session.id_token = id_token(EXPIRED);
    save(client, &session);
    server_settings("{'access_exp':4102444800}");
    CHECK_INT(sign_out_global(client)->tokens_valid_until, 4102444800);
}

TEST("row 5c: where Cognito's clock has the access token expired, it is renewed once and tried once more")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    server_reply("GlobalSignOut", text("%s,{'default':true}", exception("NotAuthorizedException", EXPIRED_MESSAGE)));
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK_TEXT(server_operations(), "GlobalSignOut GetTokensFromRefreshToken GlobalSignOut RevokeToken");
    CHECK(has_new_access_token(2, session.access_token));
}

TEST("row 5c: where that does not help, it ends as row 5: both steps are left to retry")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", EXPIRED_MESSAGE));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation not attempted");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_TEXT(auth_error_token(result->global_sign_out_error), server_body(2, "AccessToken"));
    CHECK(result->partial_failure_token != NULL);
    CHECK_TEXT(server_operations(), "GlobalSignOut GetTokensFromRefreshToken GlobalSignOut");
}

TEST("row 5c: a token that was just renewed is not renewed again")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", EXPIRED_MESSAGE));
    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GlobalSignOut");
}

TEST("row 13: where the refresh is refused, GlobalSignOut is not sent and the refresh token is revoked")
{
    static const char *const names[] = {"NotAuthorizedException", "RefreshTokenReuseException",
                                        "ResourceNotFoundException", "UserLambdaValidationException"};
    static const auth_status statuses[] = {AUTH_STATUS_NOT_AUTHORIZED, AUTH_STATUS_REFRESH_TOKEN_REUSE,
                                           AUTH_STATUS_RESOURCE_NOT_FOUND, AUTH_STATUS_USER_LAMBDA_VALIDATION};
    auth_client *client = scene_client();
    for (int i = 0; i < 4; i++) {
        during(names[i]);
        server_reset();
        auth_session session = sign_in_for(client, EXPIRED);
        server_reply("GetTokensFromRefreshToken", exception(names[i], "Refresh Token has been revoked"));
        const auth_sign_out_result *result = sign_out_global(client);
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
        CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
        CHECK(result->global_sign_out == AUTH_REMOTE_NOT_ATTEMPTED || result->global_sign_out == AUTH_REMOTE_FAILED);
        CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
        CHECK_INT(auth_error_status(result->global_sign_out_error), statuses[i]);
        CHECK_TEXT(auth_error_recovery_suggestion(result->global_sign_out_error),
                   "Other devices may still be signed in. Sign in again, then sign out everywhere.");
        CHECK(result->partial_failure_token == NULL);
        CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken");
        CHECK_TEXT(server_body(1, "Token"), session.refresh_token);
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row 13: where revoking fails as well, both errors are told and the revocation is left to retry")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", exception("NotAuthorizedException", "Refresh Token has expired"));
    server_reply("RevokeToken", exception("UnauthorizedException", "No."));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_UNAUTHORIZED);
    REQUIRE(result->partial_failure_token != NULL);
    server_reset();
    CHECK_INT(retry(client, result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("row 13b: where the refresh failed in a way that a retry may cure, it ends as row 5 and is sent once")
{
    static const char *const replies[] = {"{'status':400,'body':{'__type':'TooManyRequestsException'}}",
                                          "{'status':500,'body':{'__type':'InternalErrorException'}}",
                                          "{'status':503,'body':'<html>busy</html>'}"};
    auth_client *client = scene_client();
    for (int i = 0; i < 3; i++) {
        during(replies[i]);
        server_reset();
        auth_session session = sign_in_for(client, EXPIRED);
        server_reply("GetTokensFromRefreshToken", replies[i]);
        const auth_sign_out_result *result = sign_out_global(client);
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
        CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
        CHECK(result->global_sign_out_error != NULL);
        CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NOT_ATTEMPTED);
        CHECK_TEXT(auth_error_token(result->revoke_token_error), session.refresh_token);
        CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
        REQUIRE(result->partial_failure_token != NULL);

        server_reset();
        CHECK_INT(retry(client, result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GlobalSignOut RevokeToken");
    }
}

TEST("a refresh whose reply was lost: the old token is revoked, and the revocation is UNKNOWN")
{
    static const char *const replies[] = {"{'close':'before_reply'}", "{'default':true,'cut_after':20}"};
    auth_client *client = scene_client();
    for (int i = 0; i < 2; i++) {
        during(replies[i]);
        server_reset();
        auth_session session = sign_in_for(client, EXPIRED);
        server_reply("GetTokensFromRefreshToken", replies[i]);
        const auth_sign_out_result *result = sign_out_global(client);
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
        CHECK_INT(result->revoke_token, AUTH_REMOTE_UNKNOWN);
        CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken");
        CHECK_TEXT(server_body(1, "Token"), session.refresh_token);
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row 14: where the refresh finds no such user, there is nobody left to sign out: complete")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", exception("UserNotFoundException", "User does not exist."));
    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 15: where the renewed tokens cannot be stored, the sign-out goes on with them")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate_held();
    server_reply("GlobalSignOut", "{'hold':true,'default':true}");
    background *started = start_sign_out_global(client);
    CHECK(server_await(1));
    CHECK(keyring_run("lock"));
    server_release();
    CHECK(server_await(2));
    CHECK(keyring_run("unlock"));
    CHECK_HAS(keyring_secret("session"), session.refresh_token);
    server_release();
    CHECK_TEXT(told(finish(started)), COMPLETE_GLOBAL);
    CHECK(has_new_access_token(1, session.access_token));
    CHECK_TEXT(server_body(2, "Token"), rotated);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("an access token that is expired, with no refresh token to renew it: GlobalSignOut alone can decide")
{
    auth_client *client = scene_client();
    auth_session session = scene_session_for(EXPIRED);
    session.refresh_token = NULL;
    save(client, &session);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", EXPIRED_MESSAGE));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_NOT_REQUESTED);
    CHECK(result->partial_failure_token == NULL);
    CHECK_INT(keyring_count(NULL), 0);
}

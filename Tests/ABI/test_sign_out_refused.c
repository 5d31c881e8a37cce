/* SPDX-License-Identifier: Apache-2.0 */

/* What Cognito refuses, or leaves without an answer, in a sign-out and in the retries after it. */

#include <string.h>

#include "scene.h"

#define HELD_BACK "partial: was signed in, signed out; global failed, revocation not attempted"
#define INVALID exception("NotAuthorizedException", "Invalid Access Token")
#define FORBIDDEN exception("ForbiddenException", "No.")

static const char *token_of(const auth_sign_out_result *result)
{
    CHECK(result->partial_failure_token != NULL);
    return result->partial_failure_token ? result->partial_failure_token : "";
}

static auth_client *client_with_one_attempt(void)
{
    auth_client_options options = scene_options();
    options.max_attempts = 1;
    return scene_client_with(&options);
}

/* Stores a session with these tokens, which a save would refuse. */
static void store(auth_client *client, const char *access, const char *id)
{
    sign_in(client);
    keyring_replace("session", json_text(text("{'version':1,'username':'ada','access_token':'%s','id_token':'%s',"
                                              "'refresh_token':'%s','sign_in_method':'api'}",
                                              access, id, refresh_token())));
}

TEST("row 5e: where access and ID token are stored in each other's place, they are refreshed before GlobalSignOut")
{
    auth_client *client = scene_client();
    store(client, id_token(3600), access_token(3600));
    const char *rotated = server_rotate();
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GlobalSignOut RevokeToken");
    CHECK_TEXT(server_body(2, "Token"), rotated);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 5e: an access token of another app client is refreshed first, and one of this client is sent as it is")
{
    static const char *const clients[] = {"anotherclient", SCENE_CLIENT_ID};
    auth_client *client = scene_client();
    for (int i = 0; i < 2; i++) {
        server_reset();
        store(client, jwt(text("{'exp':4102444800,'client_id':'%s'}", clients[i])), id_token(3600));
        CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
        CHECK_TEXT(server_operations(), i == 0 ? "GetTokensFromRefreshToken GlobalSignOut RevokeToken"
                                               : "GlobalSignOut RevokeToken");
    }
}

TEST("row 5e: what Cognito calls an invalid access token is refreshed once and tried again; then it is row 5")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", text("%s,{'default':true}", INVALID));
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK_TEXT(server_operations(), "GlobalSignOut GetTokensFromRefreshToken GlobalSignOut RevokeToken");

    server_reset();
    sign_in(client);
    server_reply("GlobalSignOut", INVALID);
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), HELD_BACK);
    CHECK_TEXT(server_operations(), "GlobalSignOut GetTokensFromRefreshToken GlobalSignOut");
    token_of(result);
}

TEST("row 5f: what was refused for good is given up in the first retry, and RevokeToken is sent")
{
    static const struct {
        const char *name;
        auth_status status;
    } refusals[] = {{"PasswordResetRequiredException", AUTH_STATUS_PASSWORD_RESET_REQUIRED},
                    {"InvalidParameterException", AUTH_STATUS_INVALID_PARAMETER},
                    {"ResourceNotFoundException", AUTH_STATUS_RESOURCE_NOT_FOUND},
                    {"NotAuthorizedException", AUTH_STATUS_NOT_AUTHORIZED}};
    auth_client *client = scene_client();
    for (int i = 0; i < LENGTH(refusals); i++) {
        during(refusals[i].name);
        server_reset();
        auth_session session = sign_in(client);
        server_reply("GlobalSignOut", exception(refusals[i].name, "Password reset required for the user"));
        const auth_sign_out_result *result = sign_out_global(client);
        CHECK_TEXT(told(result), HELD_BACK);
        result = retry(client, token_of(result));
        CHECK_TEXT(told(result), "partial: was not signed in, signed out; global failed, revocation done");
        CHECK_INT(auth_error_status(result->global_sign_out_error), refusals[i].status);
        CHECK_LACKS(auth_error_recovery_suggestion(result->global_sign_out_error), "partial-failure token");
        CHECK(result->partial_failure_token == NULL);
        CHECK_TEXT(server_operations(), "GlobalSignOut GlobalSignOut RevokeToken");
        CHECK_TEXT(server_body(2, "Token"), session.refresh_token);
    }
}

TEST("row 5f: what may go better later, or in another network, is not given up")
{
    const char *const replies[] = {FORBIDDEN, exception("TooManyRequestsException", "Later."),
                                   "{'status':500,'body':{'__type':'InternalErrorException'}}",
                                   "{'status':400,'body':'<html>'}", "{'close':'before_reply'}"};
    auth_client *client = client_with_one_attempt();
    sign_in(client);
    server_reply("GlobalSignOut", FORBIDDEN);
    const char *token = token_of(sign_out_global(client));
    for (int i = 0; i < LENGTH(replies); i++) {
        during(replies[i]);
        server_reply("GlobalSignOut", replies[i]);
        const auth_sign_out_result *result = retry(client, token);
        CHECK_INT(result->revoke_token, AUTH_REMOTE_NOT_ATTEMPTED);
        token = token_of(result);
    }
    server_reset();
    CHECK_TEXT(told(retry(client, token)), "complete: was not signed in, signed out; global done, revocation done");
}

TEST("row 4: a 200 that names an exception, in its header or in __type, is that exception")
{
    static const char *const replies[] = {"{'headers':{'x-amzn-errortype':'ForbiddenException:'},'body':''}",
                                          "{'headers':{'x-amzn-errortype':'ForbiddenException'},'body':{}}",
                                          "{'body':{'__type':'ForbiddenException','message':'No.'}}"};
    auth_client *client = scene_client();
    for (int i = 0; i < LENGTH(replies); i++) {
        during(replies[i]);
        sign_in(client);
        server_reply("RevokeToken", replies[i]);
        const auth_sign_out_result *result = sign_out(client);
        CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation failed");
        CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_FORBIDDEN);
        token_of(result);
    }
}

TEST("row 4: so it is in GlobalSignOut and in a refresh")
{
    static const char reply[] = "{'body':{'__type':'UserNotFoundException'}}";
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", reply);
    CHECK_TEXT(told(sign_out_global(client)),
               "complete: was signed in, signed out; global done, revocation not requested");
    sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", reply);
    auth_session fetched = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_USER_NOT_FOUND);
}

TEST("a step that got no answer is UNKNOWN in the retries too, until one of them is done")
{
    static const char *const unanswered[] = {"{'close':'before_reply'}", "{'status':502,'body':'<html>'}",
                                             "{'status':503}", "{'status':504}"};
    static const char *const operations[] = {"GlobalSignOut", "RevokeToken"};
    auth_client *client = client_with_one_attempt();
    for (int i = 0; i < LENGTH(unanswered) * 2; i++) {
        const char *operation = operations[i % 2];
        bool is_global = i % 2 == 0;
        during(text("%s %s", operation, unanswered[i / 2]));
        server_reset();
        sign_in(client);
        server_reply(operation, unanswered[i / 2]);
        const auth_sign_out_result *result = is_global ? sign_out_global(client) : sign_out(client);
        CHECK_INT(is_global ? result->global_sign_out : result->revoke_token, AUTH_REMOTE_UNKNOWN);
        server_reply(operation, FORBIDDEN);
        for (int j = 0; j < 2; j++) {
            result = retry(client, token_of(result));
            CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
            CHECK_INT(is_global ? result->global_sign_out : result->revoke_token, AUTH_REMOTE_UNKNOWN);
            CHECK_STATUS(is_global ? result->global_sign_out_error : result->revoke_token_error,
                         AUTH_STATUS_FORBIDDEN);
        }
        const char *token = token_of(result);
        server_reset();
        result = retry(client, token);
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
    }
}

TEST("a step that was lost and then refused, in one call, is UNKNOWN with the later error")
{
    static const char *const unanswered[] = {"{'close':'before_reply'}", "{'status':503}"};
    auth_client *client = scene_client();
    for (int i = 0; i < 2; i++) {
        sign_in(client);
        server_reply("RevokeToken", text("%s,%s", unanswered[i], FORBIDDEN));
        const auth_sign_out_result *result = sign_out(client);
        CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation unknown");
        CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_FORBIDDEN);
    }
}

/* Signs in so often that as many sessions lie side by side. */
static void sign_in_beside(auth_client *client, int count)
{
    const char *secrets[8];
    for (int i = 0; i < count; i++) {
        sign_in(client);
        secrets[i] = keyring_secret("session");
    }
    for (int i = 0; i + 1 < count; i++) keyring_add("session", secrets[i]);
    CHECK_INT(keyring_count("session"), count);
}

TEST("row 24: of several sessions RevokeToken is done only if each was revoked, and retries send what is open alone")
{
    auth_client *client = scene_client();
    sign_in_beside(client, 3);
    server_reply("RevokeToken", text("{'default':true},%s,{'default':true}", FORBIDDEN));
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation failed");
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken RevokeToken");
    const char *open = server_body(1, "Token");
    server_reset();
    server_reply("RevokeToken", FORBIDDEN);
    result = retry(client, token_of(result));
    CHECK_TEXT(server_body(0, "Token"), open);
    server_reply("RevokeToken", "{'default':true}");
    CHECK_INT(retry(client, token_of(result))->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), open);
}

TEST("row 24: where one of several got no answer it is UNKNOWN, and where another one failed it is FAILED")
{
    auth_client *client = client_with_one_attempt();
    for (int i = 0; i < 2; i++) {
        server_reset();
        sign_in_beside(client, 2);
        server_reply("RevokeToken", text("{'close':'before_reply'},%s", i == 0 ? "{'default':true}" : FORBIDDEN));
        const auth_sign_out_result *result = sign_out(client);
        CHECK_INT(result->revoke_token, i == 0 ? AUTH_REMOTE_UNKNOWN : AUTH_REMOTE_FAILED);
        CHECK_INT(auth_error_status(result->revoke_token_error),
                  i == 0 ? AUTH_STATUS_CONNECTION_LOST : AUTH_STATUS_FORBIDDEN);
    }
}

TEST("row 24: two hundred sessions are all left to a retry that ends them, and none is lost")
{
    enum { COUNT = 200 };
    auth_client_options options = scene_options();
    options.endpoint = closed_url();
    options.max_attempts = 1;
    auth_client *offline = scene_client_with(&options), *client = scene_client();
    const char *token = sign_in(client).refresh_token, *secret = keyring_secret("session");
    const char *found = secret ? strstr(secret, token) : NULL;
    REQUIRE(found != NULL);
    for (int i = 1; i < COUNT; i++) {
        keyring_add("session", text("%.*s%s-%d%s", (int)(found - secret), secret, token, i, found + strlen(token)));
    }
    CHECK_INT(keyring_count("session"), COUNT);
    const auth_sign_out_result *result = sign_out(offline);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation failed");
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(retry(client, token_of(result))->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(server_request_count(), COUNT);
}

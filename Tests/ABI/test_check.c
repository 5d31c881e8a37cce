/* SPDX-License-Identifier: Apache-2.0 */

/* auth_session_check(): what Cognito says of the session, and that it stays. */

#include <string.h>

#include "scene.h"

static int ended_events, refreshed_events;

static void count_event(void *user_data, auth_event event)
{
    (void)user_data;
    ended_events += event == AUTH_EVENT_SESSION_EXPIRED;
    refreshed_events += event == AUTH_EVENT_SESSION_REFRESHED;
}

static auth_client *told_client(void)
{
    auth_client_options options = scene_options();
    options.event_function = count_event;
    ended_events = refreshed_events = 0;
    return scene_client_with(&options);
}

static void free_error(void *error) { auth_error_free(error); }

/* Checks; *error lives until the case is over. */
static auth_status check(auth_client *client, auth_error **error)
{
    *error = NULL;
    auth_status status = auth_session_check(client, NULL, error);
    CHECK_INT(auth_error_status(*error), status);
    CHECK_TEXT(token_in(auth_error_message(*error)), NULL);
    defer(free_error, *error);
    return status;
}

static const char *not_authorized(const char *message) { return exception("NotAuthorizedException", message); }

TEST("a session that Cognito takes is good: GetUser is sent with its access token, and nothing is stored")
{
    auth_client *client = told_client();
    auth_session session = sign_in(client);
    const char *before = keyring_secret("session");
    auth_error *error;
    CHECK_ANSWER(check(client, &error), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(server_operations(), "GetUser");
    CHECK_TEXT(server_body(0, "AccessToken"), session.access_token);
    CHECK_TEXT(keyring_secret("session"), before);
    CHECK_INT(ended_events + refreshed_events, 0);
}

TEST("one whose access token is expired is refreshed and stored first, on the same connection")
{
    auth_client *client = told_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate();
    auth_error *error;
    CHECK_ANSWER(check(client, &error), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GetUser");
    CHECK_INT(server_connection_count(), 1);
    CHECK_TEXT(load(client)->refresh_token, rotated);
    CHECK_TEXT(server_body(1, "AccessToken"), load(client)->access_token);
    CHECK_INT(refreshed_events, 1);
    CHECK_INT(ended_events, 0);
}

TEST("row W6: a session that was ended elsewhere is SESSION_ENDED, with an event, and stays until it is signed out")
{
    auth_client *client = told_client();
    auth_session session = sign_in(client);
    server_reply("GetUser", not_authorized("Access Token has been revoked"));
    auth_error *error;
    for (int i = 1; i < 3; i++) {
        CHECK_ANSWER(check(client, &error), AUTH_STATUS_SESSION_ENDED);
        CHECK_TEXT(auth_error_message(error),
                   "The session has ended. Cognito did not confirm that the session is good: "
                   "NotAuthorizedException: Access Token has been revoked");
        CHECK_TEXT(auth_error_recovery_suggestion(error),
                   "Sign out to remove it from this machine, then sign in again.");
        CHECK_TEXT(auth_error_service_exception(error), "NotAuthorizedException");
        CHECK_INT(ended_events, i);
    }
    CHECK_TEXT(load(client)->access_token, session.access_token);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_ANSWER(check(client, &error), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(ended_events, 2);
}

TEST("row W6: so is one whose user is gone, and one whose refresh token Cognito refuses for good")
{
    static const struct {
        const char *operation, *name, *message;
    } ends[] = {{"GetUser", "UserNotFoundException", "User does not exist."},
                {"GetTokensFromRefreshToken", "UserNotFoundException", "User does not exist."},
                {"GetTokensFromRefreshToken", "RefreshTokenReuseException", "No."},
                {"GetTokensFromRefreshToken", "NotAuthorizedException", "Refresh Token has been revoked"},
                {"GetTokensFromRefreshToken", "NotAuthorizedException", "Refresh Token has expired"}};
    for (int i = 0; i < LENGTH(ends); i++) {
        during(ends[i].message);
        server_reset();
        keyring_empty();
        auth_client *client = told_client();
        sign_in_for(client, i ? EXPIRED : 3600);
        server_reply(ends[i].operation, exception(ends[i].name, ends[i].message));
        auth_error *error;
        CHECK_ANSWER(check(client, &error), AUTH_STATUS_SESSION_ENDED);
        CHECK_HAS(auth_error_message(error), ends[i].message);
        CHECK_TEXT(server_operations(), ends[i].operation);
        CHECK_INT(ended_events, 1);
        CHECK_INT(keyring_count("session"), 1);
    }
}

TEST("an access token that is expired by Cognito's clock, or invalid, is refreshed once and Cognito asked again")
{
    static const char *const messages[] = {"Access Token has expired", "Invalid Access Token"};
    for (int i = 0; i < 4; i++) {
        during(messages[i / 2]);
        server_reset();
        keyring_empty();
        auth_client *client = told_client();
        sign_in(client);
        server_reply("GetUser", text("%s%s", not_authorized(messages[i / 2]), i % 2 ? "" : ",{'default':true}"));
        auth_error *error;
        auth_status status = check(client, &error);
        if (i % 2)
            CHECK_ANSWER(status, AUTH_STATUS_NOT_AUTHORIZED);
        else
            CHECK_ANSWER(status, AUTH_STATUS_SUCCESS);
        CHECK_TEXT(server_operations(), "GetUser GetTokensFromRefreshToken GetUser");
        CHECK_TEXT(server_body(2, "AccessToken"), load(client)->access_token);
        CHECK_INT(refreshed_events, 1);
        CHECK_INT(ended_events, 0);
    }
}

TEST("without the scope the refresh decides; without a refresh token too, nothing can be learned")
{
    auth_error *error;
    auth_client *client = told_client();
    server_reply("GetUser", not_authorized("Access Token does not have required scopes"));
    sign_in(client);
    CHECK_ANSWER(check(client, &error), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(server_operations(), "GetUser GetTokensFromRefreshToken");
    server_reply("GetTokensFromRefreshToken", not_authorized("Refresh Token has been revoked"));
    CHECK_ANSWER(check(client, &error), AUTH_STATUS_SESSION_ENDED);
    CHECK_INT(ended_events, 1);

    keyring_empty();
    auth_session session = scene_session();
    session.refresh_token = NULL;
    save(client, &session);
    CHECK_ANSWER(check(client, &error), AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_HAS(auth_error_recovery_suggestion(error), "aws.cognito.signin.user.admin");
    CHECK_INT(ended_events, 1);
}

TEST("what is no end of the session has its own status: the session stays, and no event is told")
{
    static const struct {
        const char *reply, *status;
    } cases[] = {
        {"{'status':400,'body':{'__type':'NotAuthorizedException','message':'User is disabled.'}}",
         "AUTH_STATUS_NOT_AUTHORIZED"},
        {"{'status':400,'body':{'__type':'TooManyRequestsException'}}", "AUTH_STATUS_TOO_MANY_REQUESTS"},
        {"{'status':500,'body':{'__type':'InternalErrorException'}}", "AUTH_STATUS_INTERNAL_ERROR"},
        {"{'status':400,'body':{'__type':'PasswordResetRequiredException'}}", "AUTH_STATUS_PASSWORD_RESET_REQUIRED"},
        {"{'status':400,'body':{'__type':'ForbiddenException'}}", "AUTH_STATUS_FORBIDDEN"},
        {"{'close':'before_reply'}", "AUTH_STATUS_CONNECTION_LOST"},
        {"{'default':true,'cut_after':10}", "AUTH_STATUS_INVALID_RESPONSE"},
        {"{'body':'<html></html>'}", "AUTH_STATUS_INVALID_RESPONSE"},
        {"{'body':{}}", "AUTH_STATUS_INVALID_RESPONSE"},
        {"{'echo':true}", "AUTH_STATUS_NOT_AUTHORIZED"}};
    auth_client *client = told_client();
    sign_in(client);
    const char *before = keyring_secret("session");
    for (int i = 0; i < LENGTH(cases); i++) {
        during(cases[i].reply);
        server_reply("GetUser", cases[i].reply);
        auth_error *error;
        CHECK_TEXT(auth_status_name(check(client, &error)), cases[i].status);
        CHECK_TEXT(keyring_secret("session"), before);
    }
    CHECK_INT(ended_events + refreshed_events, 0);
    CHECK_LACKS(server_operations(), "RevokeToken");
    CHECK_LACKS(server_operations(), "GetTokens");
}

TEST("offline, whether the session is good is not known, and it stays")
{
    auth_client *client = scene_client_at(closed_url());
    sign_in(client);
    auth_error *error;
    CHECK_ANSWER(check(client, &error), AUTH_STATUS_CONNECTION_FAILED);
    CHECK_HAS(auth_error_message(error), "Could not confirm that the session is good.");
    CHECK_INT(keyring_count("session"), 1);
}

TEST("another client can work with the session while Cognito is asked; signed out meanwhile, nobody is signed in")
{
    auth_client *client = told_client(), *other = scene_client();
    sign_in(client);
    server_reply("GetUser", text("{'hold':true,'status':400,'body':{'__type':'NotAuthorizedException',"
                                 "'message':'Access Token has been revoked'}}"));
    auth_operation *operation = start_operation(client, auth_session_check_start);
    REQUIRE(server_await(1));
    CHECK_INT(sign_out(other)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GetUser RevokeToken");
    server_release();
    auth_session session = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_operation_finish_session(operation, &session, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK(session.owned == NULL && session.access_token == NULL);
    CHECK_INT(ended_events, 0);
}

TEST("a check that is cancelled ends without an answer")
{
    auth_client *client = told_client();
    sign_in(client);
    server_reply("GetUser", "{'hold':true,'default':true}");
    auth_operation *operation = start_operation(client, auth_session_check_start);
    REQUIRE(server_await(1));
    auth_operation_cancel(operation);
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_CANCELLED);
    CHECK_INT(keyring_count("session"), 1);
    server_release();
}

TEST("where new tokens cannot be stored, the error says so and has the refresh token")
{
    auth_client *client = told_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate_held();
    auth_operation *operation = start_operation(client, auth_session_check_start);
    REQUIRE(server_await(1));
    CHECK(keyring_run("lock"));
    server_release();
    auth_error *error = NULL;
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, &error), AUTH_STATUS_KEYRING_LOCKED);
    CHECK_HAS(auth_error_message(error), "its new tokens were not stored");
    CHECK_TEXT(auth_error_token(error), rotated);
    CHECK_TEXT(token_in(auth_error_message(error)), NULL);
    auth_error_free(error);
}

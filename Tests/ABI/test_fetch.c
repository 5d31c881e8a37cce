/* SPDX-License-Identifier: Apache-2.0 */

/* auth_session_fetch(): the session, renewed if it needs to be. */

#include <pthread.h>
#include <string.h>

#include "scene.h"

static void clear(void *session) { auth_session_clear(session); }

/* Fetches into `session`, which must live until the case is over. */
static auth_status fetch(auth_client *client, auth_session *session)
{
    auth_session_init(session, sizeof *session);
    auth_error *error = NULL;
    auth_status status = auth_session_fetch(client, NULL, session, &error);
    CHECK_INT(auth_error_status(error), status);
    CHECK_TEXT(token_in(auth_error_message(error)), NULL);
    auth_error_free(error);
    defer(clear, session);
    return status;
}

typedef struct {
    pthread_t thread;
    auth_client *client;
    auth_session *session;
    auth_status status;
} fetching;

static void *run(void *pointer)
{
    fetching *started = pointer;
    started->status = auth_session_fetch(started->client, NULL, started->session, NULL);
    return NULL;
}

/* Starts a fetch and waits until Cognito holds its request. */
static bool start(fetching *started, auth_client *client, auth_session *session)
{
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    auth_session_init(session, sizeof *session);
    *started = (fetching){.client = client, .session = session};
    return pthread_create(&started->thread, NULL, run, started) == 0 && CHECK(server_await(1));
}

static auth_status finish_fetch(fetching *started)
{
    server_release();
    pthread_join(started->thread, NULL);
    defer(clear, started->session);
    return started->status;
}

TEST("a session that is good is fetched without a request")
{
    static auth_session fetched;
    auth_client *client = scene_client();
    auth_session session = sign_in_for(client, 20);
    CHECK_ANSWER(fetch(client, &fetched), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(fetched.access_token, session.access_token);
    CHECK_INT(fetched.access_token_expires_at, token_expiry(session.access_token));
    CHECK_INT(server_connection_count(), 0);
}

TEST("an access token with less than 10 s left, or that does not tell, is renewed and stored")
{
    static auth_session fetched[3];
    const char *const tokens[] = {access_token(8), access_token(-3600), "not.a.jwt"};
    auth_client *client = scene_client();
    for (int i = 0; i < 3; i++) {
        during(tokens[i]);
        server_reset();
        auth_session session = scene_session();
        session.access_token = tokens[i];
        save(client, &session);
        CHECK_ANSWER(fetch(client, &fetched[i]), AUTH_STATUS_SUCCESS);
        CHECK(fetched[i].access_token && strcmp(fetched[i].access_token, tokens[i]) != 0);
        CHECK(fetched[i].id_token && strcmp(fetched[i].id_token, session.id_token) != 0);
        CHECK_TEXT(fetched[i].refresh_token, session.refresh_token);
        CHECK_TEXT(fetched[i].username, session.username);
        CHECK_INT(fetched[i].access_token_expires_at, token_expiry(fetched[i].access_token));
        CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
        CHECK_INT(keyring_count("session"), 1);
        CHECK_TEXT(load(client)->access_token, fetched[i].access_token);
        CHECK_TEXT(load(client)->id_token, fetched[i].id_token);
        CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    }
}

TEST("by a clock that is ahead, and where exp is no number, a token is refreshed once and not on every fetch")
{
    static auth_session fetched[12];
    time_t now = time(NULL);
    const char *const tokens[] = {
        /* As they look two hours ahead. */
        jwt(text("{'sub':'" TOKEN_SUB "','iat':%lld,'exp':%lld}", (long long)now - 7200, (long long)now - 3600)),
        jwt("{'sub':'" TOKEN_SUB "','exp':'1900000000'}"), jwt("{'sub':'" TOKEN_SUB "','exp':18446744073709551616}")};
    auth_client *client = scene_client();
    for (int i = 0; i < 12; i++) {
        if (i % 4 == 0) {
            during(tokens[i / 4]);
            server_reset();
            sign_in_for(client, EXPIRED);
            server_reply(
                "GetTokensFromRefreshToken",
                text("{'body':{'AuthenticationResult':{'AccessToken':'%s','ExpiresIn':3600}}}", tokens[i / 4]));
        }
        CHECK_ANSWER(fetch(i % 2 ? client : scene_client(), &fetched[i]), AUTH_STATUS_SUCCESS);
        CHECK_TEXT(fetched[i].access_token, tokens[i / 4]);
        CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    }
}

TEST("a refresh token that Cognito rotates takes the old one's place")
{
    static auth_session fetched;
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate();
    CHECK_ANSWER(fetch(client, &fetched), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(fetched.refresh_token, rotated);
    CHECK_TEXT(load(client)->refresh_token, rotated);
    sign_out(client);
    CHECK_TEXT(server_body(1, "Token"), rotated);
}

TEST("an ID token is kept where none comes back")
{
    static auth_session fetched;
    auth_client *client = scene_client();
    auth_session session = sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken",
                 text("{'body':{'AuthenticationResult':{'AccessToken':'%s','ExpiresIn':60}}}", access_token(60)));
    CHECK_ANSWER(fetch(client, &fetched), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(fetched.id_token, session.id_token);
}

TEST("a refused refresh token is NOT_AUTHORIZED, and the session stays until it is signed out")
{
    static auth_session fetched;
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", exception("NotAuthorizedException", "Refresh Token has been revoked"));
    CHECK_ANSWER(fetch(client, &fetched), AUTH_STATUS_NOT_AUTHORIZED);
    CHECK(fetched.owned == NULL && fetched.access_token == NULL);
    CHECK_INT(keyring_count("session"), 1);
}

TEST("an expired session without a refresh token has ended")
{
    static auth_session fetched;
    auth_client *client = scene_client();
    auth_session session = scene_session_for(EXPIRED);
    session.refresh_token = NULL;
    save(client, &session);
    CHECK_ANSWER(fetch(client, &fetched), AUTH_STATUS_SESSION_ENDED);
    CHECK_INT(server_connection_count(), 0);
}

static void check_sent_once(auth_client *client, auth_session *fetched, const char *reply)
{
    during(reply);
    server_reset();
    auth_session session = sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", reply);
    CHECK(fetch(client, fetched) != AUTH_STATUS_SUCCESS);
    CHECK(fetched->access_token == NULL);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
}

TEST("a refresh that was sent is never sent again: the pool may rotate tokens")
{
    static const char *const replies[] = {"{'status':500,'body':{'__type':'InternalErrorException'}}",
                                          "{'status':400,'body':{'__type':'TooManyRequestsException'}}",
                                          "{'status':503}",
                                          "{'close':'before_reply'}",
                                          "{'close':'reset'}",
                                          "{'default':true,'cut_after':10}"};
    static auth_session fetched[6];
    for (int i = 0; i < 6; i++) check_sent_once(scene_client(), &fetched[i], replies[i]);
}

TEST("a refresh on a connection that was kept, and is closed without an answer, is not sent again either")
{
    static const char *const replies[] = {"{'close':'before_reply'}", "{'close':'reset'}"};
    static auth_session fetched[2];
    for (int i = 0; i < 2; i++) {
        auth_client *client = scene_client();
        sign_in(client);
        CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
        check_sent_once(client, &fetched[i], replies[i]);
    }
}

TEST("an answer to a refresh without an access token in it is INVALID_RESPONSE, and the session stays")
{
    static const char *const bodies[] = {"''",
                                         "{}",
                                         "{'AuthenticationResult':{}}",
                                         "{'AuthenticationResult':null}",
                                         "{'AuthenticationResult':{'AccessToken':7}}",
                                         "{'AuthenticationResult':{'AccessToken':''}}",
                                         "{'AuthenticationResult':{'AccessToken':'not a token'}}",
                                         "'<html></html>'"};
    static auth_session fetched[8];
    auth_client *client = scene_client();
    for (int i = 0; i < 8; i++) {
        during(bodies[i]);
        auth_session session = sign_in_for(client, EXPIRED);
        server_reply("GetTokensFromRefreshToken", text("{'body':%s}", bodies[i]));
        CHECK_ANSWER(fetch(client, &fetched[i]), AUTH_STATUS_INVALID_RESPONSE);
        CHECK_TEXT(load(client)->access_token, session.access_token);
    }
}

TEST("offline, a session that must be renewed is not, and stays")
{
    static auth_session fetched;
    auth_client *client = scene_client_at(closed_url());
    sign_in_for(client, EXPIRED);
    CHECK_ANSWER(fetch(client, &fetched), AUTH_STATUS_CONNECTION_FAILED);
    CHECK_INT(keyring_count("session"), 1);
}

TEST("row 29: a session that was deleted during the refresh does not come back, and the new refresh token is revoked")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate();
    fetching started;
    static auth_session fetched;
    REQUIRE(start(&started, client, &fetched));
    keyring_delete("session");
    CHECK_ANSWER(finish_fetch(&started), AUTH_STATUS_SESSION_CHANGED);
    CHECK(fetched.access_token == NULL);
    CHECK_INT(keyring_count(NULL), 0);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), rotated);
}

TEST("row 29: where that refresh token cannot be revoked, the error says that it may still be good, and has it")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate_held();
    auth_session fetched = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    server_reply("RevokeToken", exception("ForbiddenException", "No."));
    auth_operation *operation = start_operation(client, auth_session_fetch_start);
    CHECK(server_await(1));
    keyring_delete("session");
    server_release();
    CHECK_ANSWER(auth_operation_finish_session(operation, &fetched, &error), AUTH_STATUS_SESSION_CHANGED);
    CHECK_HAS(auth_error_message(error), "A refresh token that no keyring holds may still be good.");
    CHECK_TEXT(token_in(auth_error_message(error)), NULL);
    CHECK_TEXT(auth_error_token(error), rotated);
    auth_error_free(error);
}

TEST("a session that was replaced during the refresh stays as it is")
{
    auth_client *client = scene_client();
    sign_in(client);
    const char *replacement = keyring_secret("session");
    keyring_empty();
    sign_in_for(client, EXPIRED);
    fetching started;
    static auth_session fetched;
    REQUIRE(start(&started, client, &fetched));
    keyring_replace("session", replacement);
    CHECK_ANSWER(finish_fetch(&started), AUTH_STATUS_SESSION_CHANGED);
    CHECK(fetched.access_token == NULL);
    CHECK_TEXT(keyring_secret("session"), replacement);
}

TEST("where the renewed session cannot be stored, it is handed out with the keyring's status")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_for(client, EXPIRED);
    fetching started;
    static auth_session fetched;
    REQUIRE(start(&started, client, &fetched));
    CHECK(keyring_run("lock"));
    CHECK_ANSWER(finish_fetch(&started), AUTH_STATUS_KEYRING_LOCKED);
    CHECK(fetched.access_token && strcmp(fetched.access_token, session.access_token) != 0);
    CHECK_TEXT(fetched.refresh_token, session.refresh_token);
}

TEST("row 29: a sign-out waits for the refresh that is running, and deletes what it stored")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate();
    fetching started;
    static auth_session fetched;
    REQUIRE(start(&started, client, &fetched));
    background *sign_out_started = start_sign_out(client);
    sleep_ms(300);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    CHECK_ANSWER(finish_fetch(&started), AUTH_STATUS_SUCCESS);
    CHECK_INT(finish(sign_out_started)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_body(1, "Token"), rotated);
    CHECK_INT(keyring_count(NULL), 0);
}

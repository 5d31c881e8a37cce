/* SPDX-License-Identifier: Apache-2.0 */

/* Row 24: what is stored is damaged, incomplete or more than one. */

#include <string.h>

#include "scene.h"

#define NOTHING_TO_REVOKE "partial: was signed in, signed out; global not requested, revocation not requested"
#define REVOKED "partial: was signed in, signed out; global not requested, revocation done"

/* The secret of a saved session without one of its members, or with another value of it: `from` becomes `to`. */
static const char *changed(const char *from, const char *to)
{
    const char *secret = keyring_secret("session"), *found = secret ? strstr(secret, from) : NULL;
    CHECK(found != NULL);
    return found ? text("%.*s%s%s", (int)(found - secret), secret, to, found + strlen(from)) : "";
}

TEST("row 24: a session that cannot be read is deleted, and the result says that one was")
{
    static const char *const secrets[] = {"",
                                          "damaged",
                                          "{",
                                          "[]",
                                          "null",
                                          "{}",
                                          "{\"version\":1}",
                                          "\xff\xfe\xfd",
                                          "{\"version\":1,\"refresh_token\":7}"};
    auth_client *client = scene_client();
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        during(secrets[i]);
        keyring_add("session", secrets[i]);
        auth_session session = AUTH_SESSION_INIT;
        CHECK_ANSWER(auth_session_load(client, NULL, &session, NULL), AUTH_STATUS_INVALID_SESSION);
        CHECK_ANSWER(auth_session_fetch(client, NULL, &session, NULL), AUTH_STATUS_INVALID_SESSION);
        CHECK(session.owned == NULL && session.access_token == NULL);
        const auth_sign_out_result *result = sign_out(client);
        CHECK_TEXT(told(result), NOTHING_TO_REVOKE);
        CHECK_STATUS(result->invalid_session_error, AUTH_STATUS_INVALID_SESSION);
        CHECK(result->partial_failure_token == NULL);
        CHECK_INT(keyring_count(NULL), 0);
        CHECK_INT(server_connection_count(), 0);
    }
}

TEST("row 24: a refresh token that is left of a damaged session is revoked")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    keyring_replace("session", changed(session.access_token, ""));
    auth_session loaded = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_load(client, NULL, &loaded, NULL), AUTH_STATUS_INVALID_SESSION);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), REVOKED);
    CHECK_STATUS(result->invalid_session_error, AUTH_STATUS_INVALID_SESSION);
    CHECK(result->revoke_token_error == NULL);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 24: a damaged session is signed out everywhere as far as its tokens go")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    keyring_replace("session", changed("\"version\"", "\"revision\""));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global done, revocation done");
    CHECK_STATUS(result->invalid_session_error, AUTH_STATUS_INVALID_SESSION);
    CHECK_TEXT(server_body(0, "AccessToken"), session.access_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 24: a damaged session with nothing to sign out with never gets a global sign-out stuck")
{
    auth_client *client = scene_client();
    keyring_add("session", "{\"version\":1,\"username\":\"ada\"}");
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
    CHECK(result->global_sign_out != AUTH_REMOTE_DONE);
    CHECK_STATUS(result->invalid_session_error, AUTH_STATUS_INVALID_SESSION);
    CHECK_INT(keyring_count(NULL), 0);
    CHECK_INT(server_connection_count(), 0);
}

TEST("a stored token with bytes that no token has is not sent")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    keyring_replace("session", changed(session.refresh_token, "refresh token\\r\\nX-Header: 1"));
    const auth_sign_out_result *result = sign_out(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_STATUS(result->invalid_session_error, AUTH_STATUS_INVALID_SESSION);
    CHECK_INT(server_connection_count(), 0);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 24: of several whole sessions each one is revoked and all are deleted: complete")
{
    auth_client *client = scene_client();
    const char *tokens[3], *secrets[3];
    for (int i = 0; i < 3; i++) {
        tokens[i] = sign_in(client).refresh_token;
        secrets[i] = keyring_secret("session");
    }
    keyring_add("session", secrets[0]);
    keyring_add("session", secrets[1]);
    CHECK_INT(keyring_count("session"), 3);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken RevokeToken");
    for (int i = 0; i < 3; i++) {
        int found = 0;
        for (int j = 0; j < 3; j++) found += strcmp(server_body(j, "Token"), tokens[i]) == 0;
        CHECK_INT(found, 1);
    }
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 24: beside a damaged one, the whole session is revoked, both are deleted and the damage is told")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    keyring_add("session", "damaged");
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), REVOKED);
    CHECK_STATUS(result->invalid_session_error, AUTH_STATUS_INVALID_SESSION);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 24: where revoking several fails, all of them are left to retry")
{
    auth_client *client = scene_client();
    const char *first = sign_in(client).refresh_token, *secret = keyring_secret("session");
    const char *second = sign_in(client).refresh_token;
    keyring_add("session", secret);
    server_reply("RevokeToken", exception("ForbiddenException", "No."));
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation failed");
    REQUIRE(result->partial_failure_token != NULL);
    server_reset();
    CHECK_INT(retry(client, result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    REQUIRE(server_request_count() == 2);
    const char *sent = text("%s %s", server_body(0, "Token"), server_body(1, "Token"));
    CHECK_HAS(sent, first);
    CHECK_HAS(sent, second);
}

TEST("of several sessions the one that was saved last is the session, whichever the keyring stored last")
{
    auth_client *client = scene_client();
    auth_session sessions[2];
    const char *secrets[2];
    for (int i = 0; i < 2; i++) {
        sessions[i] = sign_in(client);
        secrets[i] = keyring_secret("session");
    }
    for (int last = 0; last < 2; last++) {
        keyring_empty();
        keyring_add("session", secrets[!last]);
        sleep_ms(1100); /* The keyring counts in seconds. */
        keyring_add("session", secrets[last]);
        CHECK_TEXT(load(client)->access_token, sessions[1].access_token);
    }
}

TEST("row 24: items of other kinds stay, readable or not")
{
    auth_client *client = scene_client();
    keyring_add("device", "damaged");
    keyring_add("future", "{\"version\":9}");
    sign_in(client);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("device"), 1);
    CHECK_INT(keyring_count("future"), 1);
    CHECK_INT(keyring_count(NULL), 2);
}

TEST("a session of a later version of the library is not taken for a whole one")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    keyring_replace("session", changed("\"version\":1", "\"version\":2"));
    auth_session loaded = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_load(client, NULL, &loaded, NULL), AUTH_STATUS_INVALID_SESSION);
    CHECK_TEXT(told(sign_out(client)), REVOKED);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

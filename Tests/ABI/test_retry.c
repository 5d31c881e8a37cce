/* SPDX-License-Identifier: Apache-2.0 */

/* auth_sign_out_retry() and the partial-failure token. */

#include <stdlib.h>
#include <string.h>

#include "scene.h"

#define SECRET "clientsecretclientsecretclientsecret"

/* Signs out while one operation fails, and makes it work again; returns the partial-failure token. */
static const char *partial(auth_client *client, const auth_session *session, const char *failing)
{
    save(client, session);
    server_reply(failing, exception("ForbiddenException", "No."));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK(result->partial_failure_token != NULL);
    server_reset();
    return result->partial_failure_token ? result->partial_failure_token : "";
}

static const char *partial_global(auth_client *client)
{
    auth_session session = scene_session();
    return partial(client, &session, "GlobalSignOut");
}

static const char *partial_revocation(auth_client *client)
{
    auth_session session = scene_session();
    return partial(client, &session, "RevokeToken");
}

static void check_refused(auth_client *client, const char *token)
{
    const auth_sign_out_result *result = retry(client, token);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result->failure, AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(auth_error_message(result->failure), "partial_failure_token");
    CHECK(result->partial_failure_token == NULL);
    CHECK_INT(server_connection_count(), 0);
}

TEST("a retry sends exactly the steps that are open, with the tokens that were left")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    const char *token = partial(client, &session, "RevokeToken");
    CHECK_TEXT(told(retry(client, token)),
               "complete: was not signed in, signed out; global not requested, revocation done");
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);

    token = partial(client, &session, "GlobalSignOut");
    const auth_sign_out_result *result = retry(client, token);
    CHECK_TEXT(told(result), "complete: was not signed in, signed out; global done, revocation done");
    CHECK_INT(result->tokens_valid_until, token_expiry(session.access_token));
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
    CHECK_TEXT(server_body(0, "AccessToken"), session.access_token);
    CHECK_TEXT(server_body(1, "Token"), session.refresh_token);
}

TEST("a retry that fails again hands out a new token for what is still open")
{
    auth_client *client = scene_client();
    const char *token = partial_global(client);
    server_reply("GlobalSignOut", exception("ForbiddenException", "No."));
    const auth_sign_out_result *result = retry(client, token);
    CHECK_TEXT(told(result), "partial: was not signed in, signed out; global failed, revocation not attempted");
    REQUIRE(result->partial_failure_token != NULL);

    server_reset();
    server_reply("RevokeToken", exception("ForbiddenException", "No."));
    result = retry(client, result->partial_failure_token);
    CHECK_TEXT(told(result), "partial: was not signed in, signed out; global done, revocation failed");
    REQUIRE(result->partial_failure_token != NULL);

    server_reset();
    CHECK_INT(retry(client, result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("another client of the same app, pool and app client can retry, at another endpoint and with a secret")
{
    const char *token = partial_revocation(scene_client());
    auth_client_options options = scene_options();
    options.client_secret = SECRET;
    options.endpoint = text("%s/", server_url());
    CHECK_INT(retry(scene_client_with(&options), token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_body(0, "ClientSecret"), SECRET);
}

TEST("a token that was made for another app, pool or app client is refused")
{
    const char *token = partial_global(scene_client());
    auth_client_options options = scene_options();
    options.app_id = "org.example.Other";
    check_refused(scene_client_with(&options), token);
    options = scene_options();
    options.user_pool_id = "eu-west-1_OtherPool";
    check_refused(scene_client_with(&options), token);
    options = scene_options();
    options.client_id = "otherclient";
    check_refused(scene_client_with(&options), token);
}

TEST("a damaged token is refused, wherever it is damaged")
{
    auth_client *client = scene_client();
    const char *token = partial_global(client);
    size_t length = strlen(token);
    for (size_t i = 0; i < length; i += i < 8 || i + 12 > length ? 1 : length / 40) {
        during(text("character %zu of %zu", i, length));
        char *damaged = text("%s", token);
        damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
        check_refused(client, damaged);
    }
    for (size_t i = 1; i < length; i += length / 20) {
        during(text("the first %zu of %zu characters", i, length));
        check_refused(client, text("%.*s", (int)i, token));
    }
    during("more than the token");
    check_refused(client, text("%s0", token));
    check_refused(client, text(" %s", token));
    check_refused(client, text("%s\n", token));
}

TEST("a token that is NULL, empty or none of ours is refused")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    check_refused(client, NULL);
    check_refused(client, "");
    check_refused(client, ".");
    check_refused(client, session.access_token);
    check_refused(client, session.refresh_token);
    check_refused(client, text("\xff\xfe%s", long_token(2000)));
    check_refused(client, long_token(2000000));
}

TEST("a retry that is refused for its options sends nothing, and hands its token out again")
{
    auth_client *client = scene_client();
    const char *token = partial_global(client);
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    options.timeout_ms = 5;
    int before = server_request_count();
    CHECK_INT(auth_sign_out_retry(client, token, &options, &result), AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result.failure, AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_TEXT(result.partial_failure_token, token);
    CHECK_INT(result.signed_out_locally, AUTH_ANSWER_UNKNOWN);
    CHECK_INT(result.global_sign_out, AUTH_REMOTE_NOT_ATTEMPTED);
    auth_sign_out_result_clear(&result);
    CHECK_INT(auth_sign_out_retry(client, "none of ours", &options, &result), AUTH_SIGN_OUT_FAILED);
    CHECK(result.partial_failure_token == NULL);
    auth_sign_out_result_clear(&result);
    CHECK_INT(auth_sign_out_retry(NULL, token, NULL, &result), AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result.failure, AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_INT(result.signed_out_locally, AUTH_ANSWER_UNKNOWN);
    auth_sign_out_result_clear(&result);
    CHECK_INT(server_request_count(), before);
}

TEST("the token holds no host, no URL and no client secret")
{
    auth_client_options options = scene_options();
    options.client_secret = SECRET;
    const char *token = partial_global(scene_client_with(&options));
    char *rest = text("%s", token);
    int read = 0;
    for (char *part = strtok(rest, "."); part; part = strtok(NULL, ".")) {
        const char *decoded = base64url_decode(part);
        if (!decoded) continue;
        read++;
        CHECK_LACKS(decoded, SECRET);
        CHECK_LACKS(decoded, "127.0.0.1");
        CHECK_LACKS(decoded, "http");
    }
    CHECK(read > 0);
    CHECK_LACKS(token, SECRET);
}

TEST("a global retry does not end the session of the same user who is signed in here again")
{
    auth_client *client = scene_client();
    const char *token = partial_global(client);
    auth_session again = sign_in(client);
    const auth_sign_out_result *result = retry(client, token);
    CHECK_TEXT(told(result), "failed: was signed in, still signed in; global not attempted, revocation not attempted");
    CHECK_STATUS(result->failure, AUTH_STATUS_SESSION_CHANGED);
    CHECK_INT(server_connection_count(), 0);
    CHECK_TEXT(load(client)->access_token, again.access_token);

    /* All steps are still open: once that session is gone they can be done. */
    REQUIRE(result->partial_failure_token != NULL);
    keyring_empty();
    CHECK_INT(retry(client, result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
}

TEST("a global retry goes on while another user is signed in here, and leaves that session alone")
{
    auth_client *client = scene_client();
    const char *token = partial_global(client);
    auth_session other = scene_session();
    other.username = "grace.hopper";
    other.access_token = jwt("{'sub':'bbbbbbbb-1111-4222-8333-444444444444','exp':4102444800}");
    other.id_token = NULL;
    save(client, &other);
    CHECK_TEXT(told(retry(client, token)), "complete: was signed in, still signed in; global done, revocation done");
    CHECK_TEXT(load(client)->access_token, other.access_token);
}

TEST("a retry of the revocation alone leaves a new session of the same user alone")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    const char *token = partial(client, &session, "RevokeToken");
    auth_session again = sign_in(client);
    CHECK_TEXT(told(retry(client, token)),
               "complete: was signed in, still signed in; global not requested, revocation done");
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_TEXT(load(client)->refresh_token, again.refresh_token);
}

TEST("a locked keyring is no failure where only the revocation is open, and one where GlobalSignOut is")
{
    auth_client *client = scene_client();
    const char *global = partial_global(client), *revocation = partial_revocation(client);
    CHECK(keyring_run("lock"));
    const auth_sign_out_result *result = retry(client, global);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK(result->partial_failure_token != NULL);
    CHECK_INT(server_connection_count(), 0);

    result = retry(client, revocation);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_UNKNOWN);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("a global retry renews an access token that has expired since, and after a rotation goes on with the new token")
{
    auth_client *client = scene_client();
    auth_session session = scene_session_for(12);
    const char *token = partial(client, &session, "GlobalSignOut");
    sleep_ms(4000);
    const char *rotated = server_rotate();
    server_reply("RevokeToken", exception("ForbiddenException", "No."));
    const auth_sign_out_result *result = retry(client, token);
    CHECK_TEXT(told(result), "partial: was not signed in, signed out; global done, revocation failed");
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GlobalSignOut RevokeToken");
    CHECK_TEXT(server_body(0, "RefreshToken"), session.refresh_token);
    CHECK_TEXT(server_body(2, "Token"), rotated);
    REQUIRE(result->partial_failure_token != NULL);

    server_reset();
    CHECK_INT(retry(client, result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_body(0, "Token"), rotated);
}

TEST("a retry of a global sign-out answers 5b as the sign-out does")
{
    auth_client *client = scene_client();
    const char *token = partial_global(client);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", "Access Token has been revoked"));
    const auth_sign_out_result *result = retry(client, token);
    CHECK_TEXT(told(result), "partial: was not signed in, signed out; global failed, revocation done");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_SESSION_ENDED);
    CHECK(result->partial_failure_token == NULL);
}

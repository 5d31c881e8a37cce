/* SPDX-License-Identifier: Apache-2.0 */

/* The limits of time: a server that stalls costs a partial result, never a stuck user. The network part of a call ends
 * min(5 s, a third of timeout_ms) before its limit. Bounds are generous, for machines that are busy. */

#include "scene.h"

/* Signs in, then out with this limit while the server answers so; checks that it was over in time. */
static const auth_sign_out_result *sign_out_within(int timeout_ms, const char *replies)
{
    auth_client_options options = scene_options();
    options.timeout_ms = timeout_ms;
    options.max_attempts = 10;
    auth_client *client = scene_client_with(&options);
    sign_in(scene_client());
    server_reply("RevokeToken", replies);
    double start = seconds();
    const auth_sign_out_result *result = sign_out(client);
    CHECK((seconds() - start) * 1000 < timeout_ms + 3000);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
    CHECK(result->partial_failure_token != NULL);
    CHECK_INT(keyring_count(NULL), 0);
    return result;
}

TEST("a server that does not answer is given two thirds of the time, and the revocation is UNKNOWN")
{
    double start = seconds();
    const auth_sign_out_result *result = sign_out_within(1500, "{'delay_ms':20000}");
    CHECK(seconds() - start >= 0.8);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_UNKNOWN);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NETWORK_TIMED_OUT);
}

TEST("headers that drip in are waited for no longer than that")
{
    const auth_sign_out_result *result = sign_out_within(1500, "{'body':{},'header_drip_ms':100}");
    CHECK_INT(result->revoke_token, AUTH_REMOTE_UNKNOWN);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NETWORK_TIMED_OUT);
}

TEST("a body that drips in is waited for no longer than that")
{
    const auth_sign_out_result *result =
        sign_out_within(1500, "{'body':{'text':'0123456789012345678901234567890123456789'},'drip_ms':100}");
    CHECK_INT(result->revoke_token, AUTH_REMOTE_UNKNOWN);
}

TEST("attempts and the pauses between them keep the limit too")
{
    sign_out_within(1500, "{'status':503,'delay_ms':200}");
    CHECK(server_request_count() > 1);
}

TEST("a Retry-After that goes beyond the limit is not waited for")
{
    double start = seconds();
    const auth_sign_out_result *result = sign_out_within(10000, "{'status':503,'headers':{'retry-after':'3600'}}");
    CHECK(seconds() - start < 4);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_UNKNOWN);
    CHECK_INT(server_request_count(), 1);
}

TEST("a call's own limit takes the place of the client's")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", "{'delay_ms':20000}");
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = 900;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    double start = seconds();
    CHECK_INT(auth_sign_out_global(client, &options, &result), AUTH_SIGN_OUT_PARTIAL);
    CHECK(seconds() - start < 4);
    CHECK_INT(result.global_sign_out, AUTH_REMOTE_UNKNOWN);
    CHECK_INT(result.revoke_token, AUTH_REMOTE_NOT_ATTEMPTED);
    CHECK_INT(keyring_count(NULL), 0);
    auth_sign_out_result_clear(&result);
}

TEST("both requests of a global sign-out share one limit, and what was not begun says so")
{
    auth_client_options options = scene_options();
    options.timeout_ms = 6000;
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    server_reply("GlobalSignOut", "{'delay_ms':2500,'default':true}");
    server_reply("RevokeToken", "{'delay_ms':20000}");
    double start = seconds();
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK(seconds() - start < 6); /* And not 6.5, as with two thirds of the time for each. */
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global done, revocation unknown");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("the shortest limit that may be asked for still signs out here, or says that it was too short")
{
    auth_client_options options = scene_options();
    options.timeout_ms = 100;
    auth_client *client = scene_client_with(&options);
    int partial = 0;
    /* On a busy machine the keyring alone may take that long. */
    for (int attempt = 0; attempt < 50 && partial == 0; attempt++) {
        keyring_empty();
        sign_in(scene_client());
        server_reply("RevokeToken", "{'delay_ms':20000}");
        const auth_sign_out_result *result = sign_out(client);
        if (result->outcome == AUTH_SIGN_OUT_PARTIAL) {
            partial++;
            CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
            CHECK(result->revoke_token_error != NULL);
            CHECK(result->partial_failure_token != NULL);
            CHECK_INT(keyring_count(NULL), 0);
        } else {
            CHECK_STATUS(result->failure, AUTH_STATUS_DEADLINE_EXCEEDED);
        }
    }
    CHECK_INT(partial, 1);
}

TEST("a fetch keeps its limit, and the session stays")
{
    auth_client_options options = scene_options();
    options.timeout_ms = 900;
    auth_client *client = scene_client_with(&options);
    auth_session session = sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", "{'delay_ms':20000}");
    auth_session fetched = AUTH_SESSION_INIT;
    double start = seconds();
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_NETWORK_TIMED_OUT);
    CHECK(seconds() - start < 4);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Connections that are kept, and what a server does on them that is no fault. Faults are in test_faults.c. */

#include <stdlib.h>

#include "scene.h"

/* A kept connection may be dead, and libcurl would send a request again that was lost on it. */
TEST("a request on a kept connection is sent once for each attempt, and what is not answered is unknown")
{
    static const char *const replies[] = {"{'close':'before_reply'}", "{'close':'reset'}"};
    auth_client_options options = scene_options();
    options.max_attempts = 1;
    for (int i = 0; i < LENGTH(replies); i++) {
        during(replies[i]);
        server_reset();
        auth_client *client = scene_client_with(&options);
        sign_in(client);
        server_reply("RevokeToken", replies[i]);
        const auth_sign_out_result *result = sign_out_global(client);
        CHECK_TEXT(told(result), "partial: was signed in, signed out; global done, revocation unknown");
        CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_CONNECTION_LOST);
        CHECK_LACKS(auth_error_message(result->revoke_token_error), "callback");
        CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
        CHECK_INT(server_connection(1), server_connection(0));
    }
}

TEST("what another attempt does after a kept connection was lost is told as unknown if it fails")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("RevokeToken", text("{'close':'before_reply'},%s", exception("NotAuthorizedException", "No.")));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global done, revocation unknown");
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken RevokeToken");
}

TEST("an HTTP/2 server that wants HTTP/1.1 gets it, for a refresh too")
{
    server_select_http2("good");
    server_reset();
    auth_client_options options = scene_options();
    options.ca_file = text("%s/ca.pem", getenv("COGNITOAUTH_TEST_CERTIFICATES"));
    options.max_attempts = 1;
    auth_client *client = scene_client_with(&options);
    sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", "{'error':'HTTP_1_1_REQUIRED'},{'default':true}");
    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GetTokensFromRefreshToken GlobalSignOut RevokeToken");
    CHECK_TEXT(server_protocol(0), "2");
    CHECK_TEXT(server_protocol(1), "1.1");

    server_reset();
    client = scene_client_with(&options);
    sign_in(client);
    server_reply("RevokeToken", "{'error':'HTTP_1_1_REQUIRED'},{'default':true}");
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken");
}

TEST("provisional answers, trailers and an HTTP/2 server that goes away after its answer are no obstacle")
{
    static const char *const replies[] = {"{'default':true,'continues':2}", "{'default':true,'trailer_size':99}",
                                          "{'default':true,'goaway':1}"};
    auth_client_options options = scene_options();
    options.ca_file = text("%s/ca.pem", getenv("COGNITOAUTH_TEST_CERTIFICATES"));
    for (int i = 0; i < 2 * LENGTH(replies); i++) {
        const char *reply = replies[i / 2];
        during(text("%s %s", i % 2 ? "HTTP/2" : "HTTP/1.1", reply));
        i % 2 ? server_select_http2("good") : server_select(NULL);
        server_reset();
        options.endpoint = server_url();
        auth_client *client = scene_client_with(&options);
        sign_in(client);
        server_reply("GlobalSignOut", reply);
        server_reply("RevokeToken", reply);
        CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
    }
}

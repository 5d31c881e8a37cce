/* SPDX-License-Identifier: Apache-2.0 */

/* The requests as they are on the wire. */

#include <string.h>

#include "scene.h"

#define SECRET "clientsecretclientsecretclientsecret"

static void check_headers(int number, const char *operation)
{
    during(operation);
    CHECK_TEXT(server_method(number), "POST");
    CHECK_TEXT(server_path(number), "/");
    CHECK_TEXT(server_header(number, "x-amz-target"), text("AWSCognitoIdentityProviderService.%s", operation));
    CHECK_TEXT(server_header(number, "content-type"), "application/x-amz-json-1.1");
    CHECK_TEXT(server_header(number, "cache-control"), "no-store");
    CHECK_TEXT(server_header(number, "amz-sdk-request"), "attempt=1; max=3");
    CHECK_TEXT(server_header(number, "expect"), NULL);
    CHECK_TEXT(server_header(number, "authorization"), NULL);
    CHECK_TEXT(server_header(number, "cookie"), NULL);
    CHECK_TEXT(server_header(number, "transfer-encoding"), NULL);
    CHECK_TEXT(server_header(number, "host"), strstr(server_url(), "//") + 2);

    const char *agent = server_header(number, "user-agent"), *wanted = text("cognitoauth/%s", auth_version());
    CHECK(agent && strncmp(agent, wanted, strlen(wanted)) == 0 && strchr(" ", agent[strlen(wanted)]));

    const char *identifier = server_header(number, "amz-sdk-invocation-id");
    CHECK(identifier && strlen(identifier) == 36 && strspn(identifier, "0123456789abcdef-") == 36);
    during(NULL);
}

TEST("a local sign-out sends one RevokeToken with the refresh token and the client id")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    sign_out(client);
    CHECK_TEXT(server_operations(), "RevokeToken");
    check_headers(0, "RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_TEXT(server_body(0, "ClientId"), SCENE_CLIENT_ID);
    CHECK_INT(server_body_size(0), 2);
}

TEST("row 2: a global sign-out sends GlobalSignOut, then RevokeToken, on one connection")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    sign_out_global(client);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
    CHECK_INT(server_connection_count(), 1);
    check_headers(0, "GlobalSignOut");
    check_headers(1, "RevokeToken");
    CHECK_TEXT(server_body(0, "AccessToken"), session.access_token);
    CHECK_INT(server_body_size(0), 1);
    CHECK_TEXT(server_body(1, "Token"), session.refresh_token);
    CHECK_INT(server_body_size(1), 2);
    const char *first = server_header(0, "amz-sdk-invocation-id"), *second = server_header(1, "amz-sdk-invocation-id");
    CHECK(first && second && strcmp(first, second) != 0);
}

TEST("a refresh sends the refresh token, the client id and the device key")
{
    auth_client *client = scene_client();
    auth_session session = scene_session_for(5);
    session.device_key = SCENE_DEVICE_KEY;
    save(client, &session);
    auth_session fetched = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&fetched);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken");
    check_headers(0, "GetTokensFromRefreshToken");
    CHECK_TEXT(server_body(0, "RefreshToken"), session.refresh_token);
    CHECK_TEXT(server_body(0, "ClientId"), SCENE_CLIENT_ID);
    CHECK_TEXT(server_body(0, "DeviceKey"), SCENE_DEVICE_KEY);
    CHECK_INT(server_body_size(0), 3);
}

TEST("a client secret goes with RevokeToken and with a refresh, and not with GlobalSignOut")
{
    auth_client_options options = scene_options();
    options.client_secret = SECRET;
    auth_client *client = scene_client_with(&options);
    sign_in_for(client, 5);
    sign_out_global(client);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GlobalSignOut RevokeToken");
    CHECK_TEXT(server_body(0, "ClientSecret"), SECRET);
    CHECK_INT(server_body_size(1), 1);
    CHECK_TEXT(server_body(2, "ClientSecret"), SECRET);
    CHECK_INT(server_body_size(2), 3);
    CHECK_INT(server_connection_count(), 1);
}

TEST("a client keeps its connection from one sign-out to the next")
{
    auth_client *client = scene_client();
    sign_in(client);
    sign_out(client);
    sign_in(client);
    sign_out_global(client);
    CHECK_INT(server_request_count(), 3);
    CHECK_INT(server_connection_count(), 1);
}

TEST("a request that is repeated keeps its invocation id and counts its attempts")
{
    auth_client_options options = scene_options();
    options.max_attempts = 2;
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    server_reply("RevokeToken", "{'status':500,'body':{'__type':'InternalErrorException'}},{'default':true}");
    sign_out(client);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken");
    CHECK_TEXT(server_header(0, "amz-sdk-request"), "attempt=1; max=2");
    CHECK_TEXT(server_header(1, "amz-sdk-request"), "attempt=2; max=2");
    CHECK_TEXT(server_header(1, "amz-sdk-invocation-id"), server_header(0, "amz-sdk-invocation-id"));
}

TEST("an endpoint may end with a slash and may be named localhost")
{
    const char *port = strrchr(server_url(), ':');
    const char *const endpoints[] = {text("%s/", server_url()), text("http://localhost%s", port),
                                     text("http://localhost%s/", port)};
    for (int i = 0; i < 3; i++) {
        during(endpoints[i]);
        auth_client_options options = scene_options();
        options.endpoint = endpoints[i];
        auth_client *client = scene_client_with(&options);
        sign_in(client);
        server_reset();
        CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_TEXT(server_path(0), "/");
    }
}

TEST("a token of 16 KB, the largest that Cognito makes, is sent whole")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.refresh_token = long_token(16384);
    save(client, &session);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_TEXT(server_header(0, "expect"), NULL);
}

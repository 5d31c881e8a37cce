/* SPDX-License-Identifier: Apache-2.0 */

/* Cognito's own endpoints, as a proxy is asked for them. All regions are compared with those that AWS publishes in the
 * core's tests; here is one of each kind. */

#include "scene.h"

/* The host that a client asks a proxy for. */
static const char *host(const char *pool_id, const char *region, bool fips, bool dualstack)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    options.app_id = SCENE_APP_ID;
    options.user_pool_id = pool_id;
    options.client_id = SCENE_CLIENT_ID;
    options.region = region;
    options.use_fips = fips;
    options.use_dualstack = dualstack;
    options.proxy = server_refuse();
    options.max_attempts = 1;
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    CHECK_STATUS(sign_out(client)->revoke_token_error, AUTH_STATUS_PROXY_FAILED);
    CHECK_TEXT(server_operations(), "CONNECT");
    return server_path(0);
}

TEST("the endpoint is that of the pool's region and of its partition")
{
    CHECK_TEXT(host("eu-west-1_AbC", NULL, false, false), "cognito-idp.eu-west-1.amazonaws.com:443");
    CHECK_TEXT(host("us-gov-west-1_AbC", NULL, false, false), "cognito-idp.us-gov-west-1.amazonaws.com:443");
    CHECK_TEXT(host("cn-north-1_AbC", NULL, false, false), "cognito-idp.cn-north-1.amazonaws.com.cn:443");
    CHECK_TEXT(host("eusc-de-east-1_AbC", NULL, false, false), "cognito-idp.eusc-de-east-1.amazonaws.eu:443");
    CHECK_TEXT(host("us-iso-east-1_AbC", NULL, false, false), "cognito-idp.us-iso-east-1.c2s.ic.gov:443");
    CHECK_TEXT(host("us-isob-east-1_AbC", NULL, false, false), "cognito-idp.us-isob-east-1.sc2s.sgov.gov:443");
}

TEST("a region that is named wins over the pool's")
{
    CHECK_TEXT(host("eu-west-1_AbC", "us-west-2", false, false), "cognito-idp.us-west-2.amazonaws.com:443");
}

TEST("FIPS and dual-stack endpoints have names of their own, and together too")
{
    CHECK_TEXT(host("us-west-2_AbC", NULL, true, false), "cognito-idp-fips.us-west-2.amazonaws.com:443");
    CHECK_TEXT(host("cn-north-1_AbC", NULL, false, true), "cognito-idp.cn-north-1.api.amazonwebservices.com.cn:443");
    CHECK_TEXT(host("eusc-de-east-1_AbC", NULL, false, true),
               "cognito-idp.eusc-de-east-1.api.amazonwebservices.eu:443");
    CHECK_TEXT(host("us-west-2_AbC", NULL, true, true), "cognito-idp-fips.us-west-2.amazonaws.com:443");
    CHECK_TEXT(host("ca-central-1_AbC", NULL, true, true), "cognito-idp-fips.ca-central-1.api.aws:443");
}

TEST("an endpoint's path is where requests go, and one slash where it has none")
{
    static const char *const paths[][2] = {{"", "/"}, {"/", "/"}, {"/cognito", "/cognito"}, {"/a/b/", "/a/b/"}};
    for (int i = 0; i < LENGTH(paths); i++) {
        during(paths[i][0]);
        server_reset();
        auth_client_options options = scene_options();
        options.endpoint = text("%s%s", server_url(), paths[i][0]);
        auth_client *client = scene_client_with(&options);
        sign_in(client);
        CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_TEXT(server_path(0), paths[i][1]);
        CHECK_TEXT(server_path(1), paths[i][1]);
    }
}

TEST("an endpoint that would be read in another way than it looks is refused")
{
    static const char *const endpoints[] = {
        "https://example.org\\@evil.example", "https://example.org/../x", "http://127.1",           "https://a%41",
        "https://example.org/a//b",           "https://example.org/?x",   "https://ada@example.org"};
    for (int i = 0; i < LENGTH(endpoints); i++) {
        during(endpoints[i]);
        auth_client_options options = scene_options();
        options.endpoint = endpoints[i];
        auth_client *client = NULL;
        auth_error *error = NULL;
        CHECK_ANSWER(auth_client_new(&options, &client, &error), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_HAS(auth_error_message(error), "endpoint must be https://host[:port][/path]");
        CHECK(client == NULL);
        auth_error_free(error);
    }
}

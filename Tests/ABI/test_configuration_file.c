/* SPDX-License-Identifier: Apache-2.0 */

/* What an Amplify project's configuration file says to its client, rightly or wrongly. What each key of a file does is
 * in the core's tests. */

#include <string.h>
#include <unistd.h>

#include "configuration_file.h"

#define GEN_1 "auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default"

TEST("a client of amplifyconfiguration.json works with what is in it: pool, client id, client secret and endpoint")
{
    const char *path = put_gen_1();
    auth_client *client = client_from(path);
    unlink(path); /* It is read once. */
    sign_in_for(client, 5);
    CHECK_TEXT(keyring_attribute("session", "app-id"), SCENE_APP_ID);
    CHECK_TEXT(keyring_attribute("session", "user-pool-id"), GEN_1_POOL_ID);
    CHECK_TEXT(keyring_attribute("session", "client-id"), GEN_1_CLIENT_ID);
    CHECK_INT(server_connection_count(), 0);

    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken GlobalSignOut RevokeToken");
    for (int i = 0; i < 3; i += 2) {
        during(server_header(i, "x-amz-target"));
        CHECK_TEXT(server_body(i, "ClientId"), GEN_1_CLIENT_ID);
        CHECK_TEXT(server_body(i, "ClientSecret"), GEN_1_SECRET);
        CHECK_INT(server_body_size(i), 3);
    }
}

TEST("a client of amplify_outputs.json works with what is in it, and has no client secret")
{
    static const char *const samples[][3] = {
        {"amplify_outputs-1.json", "eu-central-1_Outputs1x", "4outputs1client1example1aa"},
        {"amplify_outputs-1.4.json", "us-east-2_Outputs14", "5outputs14client1example1b"},
        {"amplify_outputs-1.4-no-oauth.json", "cn-north-1_NoOauth14", "6outputs14without1oauth1cc"}};
    for (int i = 0; i < 3; i++) {
        during(samples[i][0]);
        server_reset();
        keyring_empty();
        auth_client_options options = only_app_id();
        options.endpoint = server_url();
        auth_client *client = client_with(sample_path(samples[i][0]), &options);
        auth_session session = sign_in(client);
        CHECK_TEXT(keyring_attribute("session", "user-pool-id"), samples[i][1]);
        CHECK_TEXT(keyring_attribute("session", "client-id"), samples[i][2]);
        CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_TEXT(server_operations(), "RevokeToken");
        CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
        CHECK_TEXT(server_body(0, "ClientId"), samples[i][2]);
        CHECK_INT(server_body_size(0), 2);
    }
}

/* The host that a client of a file asks a proxy for. */
static const char *host(const char *path, const char *pool_id)
{
    auth_client_options options = only_app_id();
    options.user_pool_id = pool_id;
    options.proxy = server_refuse();
    options.max_attempts = 1;
    auth_client *client = client_with(path, &options);
    keyring_empty();
    sign_in(client);
    CHECK_STATUS(sign_out(client)->revoke_token_error, AUTH_STATUS_PROXY_FAILED);
    CHECK_TEXT(server_operations(), "CONNECT");
    return server_path(0);
}

TEST("requests go over https to the endpoint of the file, else to Cognito in the file's region, or in its pool's")
{
    CHECK_TEXT(host(sample_path("amplifyconfiguration.json"), NULL), GEN_1_ENDPOINT ":443");
    CHECK_TEXT(host(sample_path("amplifyconfiguration-minimal.json"), NULL),
               "cognito-idp.ap-southeast-2.amazonaws.com:443");
    CHECK_TEXT(host(sample_path("amplify_outputs-1.json"), NULL), "cognito-idp.eu-central-1.amazonaws.com:443");
    CHECK_TEXT(host(sample_path("amplify_outputs-1.4-no-oauth.json"), NULL),
               "cognito-idp.cn-north-1.amazonaws.com.cn:443");
    const char *path =
        put_sample("amplify_outputs-1.4.json", "\"aws_region\": \"us-east-2\"", "\"aws_region\": \"eu-west-3\"");
    CHECK_TEXT(host(path, NULL), "cognito-idp.eu-west-3.amazonaws.com:443");
    CHECK_TEXT(host(path, "us-east-2_Outputs14"), "cognito-idp.eu-west-3.amazonaws.com:443");
    CHECK_TEXT(host(path, "us-east-2_Another"), "cognito-idp.us-east-2.amazonaws.com:443");
    CHECK_TEXT(host(put_json(GEN_2_LEAST), NULL), "cognito-idp.eu-west-1.amazonaws.com:443");
}

TEST("what options set wins over the file, and with another client id the file's client secret is left out")
{
    auth_client_options options = only_app_id();
    options.user_pool_id = SCENE_POOL_ID;
    options.client_id = SCENE_CLIENT_ID;
    options.endpoint = server_url();
    auth_client *client = client_with(sample_path("amplifyconfiguration.json"), &options);
    sign_in(client);
    CHECK_TEXT(keyring_attribute("session", "user-pool-id"), SCENE_POOL_ID);
    sign_out(client);
    CHECK_TEXT(server_body(0, "ClientId"), SCENE_CLIENT_ID);
    CHECK_INT(server_body_size(0), 2);

    server_reset();
    options.client_id = GEN_1_CLIENT_ID;
    client = client_with(sample_path("amplifyconfiguration.json"), &options);
    sign_in(client);
    sign_out(client);
    CHECK_TEXT(server_body(0, "ClientSecret"), GEN_1_SECRET);

    server_reset();
    options.client_id = NULL;
    options.client_secret = "2options1secret1options1secret";
    client = client_with(sample_path("amplifyconfiguration.json"), &options);
    sign_in(client);
    sign_out(client);
    CHECK_TEXT(server_body(0, "ClientId"), GEN_1_CLIENT_ID);
    CHECK_TEXT(server_body(0, "ClientSecret"), options.client_secret);
}

static int log_lines;
static void check_line(void *user_data, auth_log_level level, const char *message)
{
    (void)level;
    CHECK(user_data == &log_lines);
    CHECK_LACKS(message, GEN_1_CLIENT_ID);
    CHECK_LACKS(message, GEN_1_SECRET);
    log_lines++;
}

static int events;
static void count_event(void *user_data, auth_event event)
{
    CHECK(user_data == &events);
    CHECK(event == AUTH_EVENT_SESSION_SAVED || event == AUTH_EVENT_SIGNED_OUT);
    events++;
}

TEST("a client of a file calls the functions that its options name, and logs neither client id nor client secret")
{
    auth_client_options options = only_app_id();
    options.log_function = check_line;
    options.log_user_data = &log_lines;
    options.log_level = AUTH_LOG_LEVEL_DEBUG;
    options.event_function = count_event;
    options.event_user_data = &events;
    auth_client *client = client_with(put_gen_1(), &options);
    sign_in(client);
    sign_out(client);
    CHECK(log_lines > 0);
    CHECK_INT(events, 2);
}

/* What stands in the keyring of a session that was saved with a client of this file. */
static void check_pool_of(const char *json)
{
    during(json);
    keyring_empty();
    server_reset();
    auth_client_options options = only_app_id();
    options.endpoint = server_url();
    sign_in(client_with(put_json(json), &options));
    CHECK_TEXT(keyring_attribute("session", "user-pool-id"), "eu-west-1_AbCdEfGhI");
    CHECK_TEXT(keyring_attribute("session", "client-id"), "1example23456789");
}

#define POOL "'user_pool_id':'eu-west-1_AbCdEfGhI','user_pool_client_id':'1example23456789'"

TEST("a file for JavaScript and one of the mobile SDKs are taken, and a byte order mark or odd values hide nothing")
{
    check_pool_of("{'aws_project_region':'eu-west-1','aws_cognito_region':'eu-west-1',"
                  "'aws_user_pools_id':'eu-west-1_AbCdEfGhI','aws_user_pools_web_client_id':'1example23456789',"
                  "'oauth':{}}");
    check_pool_of("{'UserAgent':'aws-amplify/cli','Version':'0.1.0','CognitoUserPool':{'Default':{"
                  "'PoolId':'eu-west-1_AbCdEfGhI','AppClientId':'1example23456789','Region':'eu-west-1'}}}");
    check_pool_of("\xef\xbb\xbf{'version':'1.4','auth':{" POOL ",'aws_region':'eu-west-1'}}");
    check_pool_of("{'auth':{" POOL ",'oauth':null,'aws_region':null}}");
    check_pool_of("{'custom':{'a':1,'a':2,'b':1e400,'c':18446744073709551616,'d':'\\ud800','e':null},'auth':{" POOL
                  "}}");
}

TEST("the endpoint of amplify_outputs.json is where requests go")
{
    const char *path = put_json(text("{'auth':{" POOL ",'user_pool_endpoint':'%s'}}", server_url()));
    auth_client *client = client_from(path);
    sign_in(client);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("program code is told as such, with the file to take, and a file without a user pool is told its own key")
{
    refuse(put("amplify_outputs.dart", "const amplifyConfig = '''{\"version\":\"1.4\",\"auth\":{}}''';\n"),
           AUTH_STATUS_INVALID_CONFIGURATION,
           "The configuration file is Dart code, not JSON. Take amplify_outputs.json or amplifyconfiguration.json.");
    refuse(put("aws-exports.js", "/* eslint-disable */\n\nconst awsmobile = {\n};\n\nexport default awsmobile;\n"),
           AUTH_STATUS_INVALID_CONFIGURATION,
           "The configuration file is JavaScript or TypeScript code, not JSON. "
           "Take amplify_outputs.json or amplifyconfiguration.json.");
    refuse(put_json("{'UserAgent':'aws-amplify-cli/2.0','Version':'1.0','api':{'plugins':{'awsAPIPlugin':{}}}}"),
           AUTH_STATUS_INVALID_CONFIGURATION, GEN_1 ".PoolId is missing.");
    refuse(put_json("{'aws_project_region':'eu-west-1'}"), AUTH_STATUS_INVALID_CONFIGURATION,
           "aws_user_pools_id is missing.");
    refuse(put_json("{'IdentityManager':{'Default':{}}}"), AUTH_STATUS_INVALID_CONFIGURATION,
           "CognitoUserPool.Default.PoolId is missing.");
}

TEST("a file that is no JSON is refused with the line where that shows")
{
    refuse(put("empty.json", ""), AUTH_STATUS_INVALID_CONFIGURATION, "The configuration file is not JSON: see line 1.");
    refuse(put_json("{\n'auth':\n}"), AUTH_STATUS_INVALID_CONFIGURATION,
           "The configuration file is not JSON: see line 3.");
    refuse(put_json("\xef\xbb\xbf{\n\n'auth':}"), AUTH_STATUS_INVALID_CONFIGURATION,
           "The configuration file is not JSON: see line 3.");
    refuse(put_json("[]"), AUTH_STATUS_INVALID_CONFIGURATION, "The configuration file is not a JSON object.");

    char *garbage = text("%*s", LARGEST, "");
    static const char bytes[] = {'[', '{', '"', '7', '\0', '\n', '\xff'};
    for (size_t i = 0; i < sizeof bytes; i++) {
        memset(garbage, bytes[i], LARGEST);
        during(text("1 MiB of byte %d", bytes[i]));
        refuse(put_bytes("garbage", garbage, LARGEST), AUTH_STATUS_INVALID_CONFIGURATION,
               text("The configuration file is not JSON: see line %d.", bytes[i] == '\n' ? LARGEST + 1 : 1));
    }
}

TEST("a key that is missing or does not fit is named with its path, and nothing of the file is shown")
{
    refuse(put_json("{}"), AUTH_STATUS_INVALID_CONFIGURATION, "auth.user_pool_id is missing.");
    refuse(put_json("{'auth':'secret'}"), AUTH_STATUS_INVALID_CONFIGURATION, "auth must be an object.");
    refuse(put_sample("amplify_outputs-1.json", "\"user_pool_client_id\"", "\"client_id\""),
           AUTH_STATUS_INVALID_CONFIGURATION, "auth.user_pool_client_id is missing.");
    refuse(put_sample("amplifyconfiguration.json", GEN_1_POOL_ID, "no pool"), AUTH_STATUS_INVALID_CONFIGURATION,
           GEN_1 ".PoolId must have the form {region}_{letters and digits}, as in eu-west-1_AbCdEfGhI.");
    refuse(put_sample("amplifyconfiguration.json", "\"" GEN_1_CLIENT_ID "\"", "null"),
           AUTH_STATUS_INVALID_CONFIGURATION, GEN_1 ".AppClientId is missing.");
    refuse(put_sample("amplifyconfiguration.json", "\"" GEN_1_CLIENT_ID "\"", "7"), AUTH_STATUS_INVALID_CONFIGURATION,
           GEN_1 ".AppClientId must be a string.");
    refuse(put_sample("amplifyconfiguration.json", GEN_1_SECRET, GEN_1_SECRET "-"), AUTH_STATUS_INVALID_CONFIGURATION,
           GEN_1 ".AppClientSecret must be 24 to 64 of the characters A-Z a-z 0-9 _ +.");
    refuse(put_sample("amplifyconfiguration.json", GEN_1_ENDPOINT, "http://" GEN_1_ENDPOINT),
           AUTH_STATUS_INVALID_CONFIGURATION,
           GEN_1 ".Endpoint must be https://host[:port][/path], or http:// to localhost, 127.0.0.1 or [::1], without "
                 "user name or query.");
}

#define GEN_2_DOMAIN "\"mail-example.auth.eu-central-1.amazoncognito.com\""
#define GEN_1_OAUTH "auth.plugins.awsCognitoAuthPlugin.Auth.Default.OAuth"

TEST("a hosted UI of a file may have a domain and redirect URIs that do not fit, and no values of another type")
{
    static const char *const domains[] = {"\"not a domain\"", "\"https://login.example/path\"", "\"\"", "null"};
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
        during(domains[i]);
        client_from(put_sample("amplify_outputs-1.json", GEN_2_DOMAIN, domains[i]));
    }
    client_from(put_sample("amplify_outputs-1.json", "[\"http://localhost:3000/\", \"org.example.mail://callback/\"]",
                           "[\"\", \"http://localhost/\", \"https://mail.example/\", \"javascript:x\", \"?\"]"));

    refuse(put_sample("amplify_outputs-1.json", GEN_2_DOMAIN, "7"), AUTH_STATUS_INVALID_CONFIGURATION,
           "auth.oauth.domain must be a string.");
    refuse(put_sample("amplify_outputs-1.json", "[\"http://localhost:3000/\", \"org.example.mail://callback/\"]",
                      "\"http://localhost:3000/\""),
           AUTH_STATUS_INVALID_CONFIGURATION, "auth.oauth.redirect_sign_in_uri must be an array of strings.");
    refuse(put_sample("amplify_outputs-1.json", "[\"http://localhost:3000/\", \"org.example.mail://signout/\"]", "[7]"),
           AUTH_STATUS_INVALID_CONFIGURATION, "auth.oauth.redirect_sign_out_uri must be an array of strings.");
    refuse(put_sample("amplify_outputs-1.json", "[\"openid\", \"email\", \"aws.cognito.signin.user.admin\"]", "{}"),
           AUTH_STATUS_INVALID_CONFIGURATION, "auth.oauth.scopes must be an array of strings.");
    refuse(put_sample("amplifyconfiguration.json", "\"org.example.mail://callback/,http://localhost:3000/\"", "[]"),
           AUTH_STATUS_INVALID_CONFIGURATION, GEN_1_OAUTH ".SignInRedirectURI must be a string.");
    refuse(put_sample("amplifyconfiguration.json", "\"Scopes\": [", "\"Scopes\": \"openid\", \"Others\": ["),
           AUTH_STATUS_INVALID_CONFIGURATION, GEN_1_OAUTH ".Scopes must be an array of strings.");
}

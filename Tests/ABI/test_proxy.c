/* SPDX-License-Identifier: Apache-2.0 */

/* Proxies that work, that want a login, and whose URL is none. */

#include <stdlib.h>
#include <string.h>

#include "scene.h"

#define PASSWORD "pass-word-of-the-proxy"

void set_scene(void)
{
    server_select(NULL);
    server_reset();
    server_select("good");
    server_reset();
    keyring_empty();
}

static void check_line(void *count, auth_log_level level, const char *line)
{
    (void)level;
    ++*(int *)count;
    CHECK_LACKS(line, PASSWORD);
}

static auth_client_options options_through(const char *proxy)
{
    auth_client_options options = scene_options();
    options.ca_file = text("%s/ca.pem", getenv("COGNITOAUTH_TEST_CERTIFICATES"));
    options.proxy = proxy;
    options.log_level = AUTH_LOG_LEVEL_DEBUG;
    options.log_function = check_line;
    options.log_user_data = calloc(1, sizeof(int));
    defer(free, options.log_user_data);
    return options;
}

static const auth_sign_out_result *sign_out_through(const char *proxy)
{
    auth_client_options options = options_through(proxy);
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK(*(int *)options.log_user_data > 0);
    return result;
}

/* The proxy over plain http is the scripted server that is not selected, with `login` as in "user:password@". */
static const char *proxy_url(const char *login)
{
    server_select(NULL);
    const char *url = text("http://%s%s", login, server_url() + strlen("http://"));
    server_select("good");
    return url;
}

TEST("a proxy is asked for the server, and sees neither header nor token of the request")
{
    CHECK_TEXT(told(sign_out_through(proxy_url(""))), COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
    server_select(NULL);
    CHECK_TEXT(server_operations(), "CONNECT");
    CHECK(strncmp(server_path(0), "localhost:", 10) == 0);
    CHECK_TEXT(server_header(0, "x-amz-target"), NULL);
    CHECK_TEXT(server_header(0, "proxy-authorization"), NULL);
}

TEST("a proxy gets the user name and the password of its URL, percent-decoded")
{
    CHECK_TEXT(told(sign_out_through(proxy_url("ad%40:" PASSWORD "@"))), COMPLETE);
    server_select(NULL);
    CHECK_TEXT(server_header(0, "proxy-authorization"), "Basic YWRAOnBhc3Mtd29yZC1vZi10aGUtcHJveHk=");
}

TEST("an https proxy is believed by the authority in ca_file")
{
    CHECK_TEXT(told(sign_out_through(server_url())), COMPLETE);
    CHECK_TEXT(server_operations(), "CONNECT RevokeToken");
}

TEST("an https proxy whose certificate nobody signed is not believed, and is asked nothing")
{
    server_select("self-signed");
    server_reset();
    const char *proxy = server_url();
    server_select("good");
    CHECK_STATUS(sign_out_through(proxy)->revoke_token_error, AUTH_STATUS_TLS_FAILED);
    CHECK_INT(server_request_count(), 0);
    server_select("self-signed");
    CHECK_INT(server_request_count(), 0);
}

static void check_told(const auth_error *error, const char *part, const char *advice)
{
    CHECK_STATUS(error, AUTH_STATUS_PROXY_FAILED);
    CHECK_HAS(auth_error_message(error), part);
    CHECK_HAS(auth_error_recovery_suggestion(error), advice);
    CHECK_LACKS(auth_error_message(error), PASSWORD);
    CHECK_LACKS(auth_error_recovery_suggestion(error), PASSWORD);
}

TEST("a proxy that wants a login, or another one, says so, and its password is told to nobody")
{
    static const char *const logins[] = {"", "ada:" PASSWORD "@"};
    for (int i = 0; i < LENGTH(logins); i++) {
        during(logins[i]);
        const char *proxy = proxy_url(logins[i]);
        server_select(NULL);
        server_reply("CONNECT", "{'status':407,'headers':{'proxy-authenticate':'Basic realm=\\'proxy\\''}}");
        server_select("good");
        const auth_sign_out_result *result = sign_out_through(proxy);
        check_told(result->revoke_token_error, "login", "password");
        CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
    }
}

TEST("another refusal is told with its HTTP status")
{
    const char *proxy = proxy_url("ada:" PASSWORD "@");
    server_select(NULL);
    server_reply("CONNECT", "{'status':403}");
    server_select("good");
    check_told(sign_out_through(proxy)->revoke_token_error, "HTTP status 403", "proxy");
}

TEST("a proxy of the environment whose URL is none is told without its password")
{
    static const char *const urls[] = {
        "ftp://ada:" PASSWORD "@localhost:1",  "http://ada:" PASSWORD "@[::1",
        "http://ada:" PASSWORD "@local host",  "http://ada:" PASSWORD "@localhost:99999",
        "gopher://" PASSWORD ":ada@localhost", "http://ada:" PASSWORD "@nowhere.invalid:1"};
    for (int i = 0; i < LENGTH(urls); i++) {
        during(urls[i]);
        setenv("https_proxy", urls[i], 1);
        const auth_error *error = sign_out_through(NULL)->revoke_token_error;
        unsetenv("https_proxy");
        CHECK_STATUS(error, AUTH_STATUS_PROXY_FAILED);
        CHECK_LACKS(auth_error_message(error), PASSWORD);
        CHECK_INT(server_request_count(), 0);
    }
}

TEST("a proxy of the client whose URL would be read in another way than it looks is refused, without its password")
{
    static const char *const urls[] = {"http://ada:x@" PASSWORD "@localhost:1", "http://ada:" PASSWORD "@localhost/x",
                                       "http://ada:" PASSWORD "@localhost:99999", "ftp://ada:" PASSWORD "@localhost"};
    for (int i = 0; i < LENGTH(urls); i++) {
        during(urls[i]);
        auth_client_options options = options_through(urls[i]);
        auth_client *client = NULL;
        auth_error *error = NULL;
        CHECK_ANSWER(auth_client_new(&options, &client, &error), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_HAS(auth_error_message(error), "proxy must be");
        CHECK_LACKS(auth_error_message(error), PASSWORD);
        CHECK(client == NULL);
        auth_error_free(error);
    }
}

TEST("a proxy of the client with an encoded control character in its login is refused, as libcurl would go without it")
{
    static const char *const urls[] = {"http://ada%00:" PASSWORD "@localhost:1", "http://ada:%0a" PASSWORD "@localhost:1",
                                       "socks5h://ada:" PASSWORD "%1F@localhost:1"};
    for (int i = 0; i < LENGTH(urls); i++) {
        during(urls[i]);
        auth_client_options options = options_through(urls[i]);
        auth_client *client = NULL;
        auth_error *error = NULL;
        CHECK_ANSWER(auth_client_new(&options, &client, &error), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_HAS(auth_error_message(error), "proxy must not contain control characters");
        CHECK_LACKS(auth_error_message(error), PASSWORD);
        CHECK(client == NULL);
        auth_error_free(error);
        auth_client_free(client);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Bad input, rule by rule: a status, an error that names the field, and nothing else happens. */

#include <string.h>

#include "scene.h"

static auth_client *client;

static void check_nothing_happened(void)
{
    during("what has happened");
    CHECK_INT(keyring_count_all(), 0);
    CHECK_INT(server_connection_count(), 0);
    during(NULL);
}

BEFORE_EACH { client = scene_client(); }

static void check_error_names(auth_error *error, auth_status status, const char *field)
{
    CHECK_INT(auth_error_status(error), status);
    CHECK_HAS(auth_error_message(error), field);
    CHECK(auth_error_recovery_suggestion(error)[0] != '\0');
    auth_error_free(error);
}

/* A client of these options is refused for this field. */
static void refuse(const auth_client_options *options, auth_status status, const char *field)
{
    auth_client *refused = (auth_client *)options;
    auth_error *error = NULL;
    CHECK_INT(auth_client_new(options, &refused, &error), status);
    CHECK(refused == NULL);
    check_error_names(error, status, field);
}

/* Each value is refused for the field; the values are an array of strings. */
#define REFUSE_TEXTS(field, ...)                                                                                       \
    do {                                                                                                               \
        const char *const values[] = {__VA_ARGS__};                                                                    \
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {                                                  \
            auth_client_options options = scene_options();                                                             \
            options.field = values[i];                                                                                 \
            during(values[i]);                                                                                         \
            refuse(&options, AUTH_STATUS_INVALID_ARGUMENT, #field);                                                    \
        }                                                                                                              \
        check_nothing_happened();                                                                                      \
    } while (0)

#define REFUSE_NUMBERS(field, status, ...)                                                                             \
    do {                                                                                                               \
        const int32_t values[] = {__VA_ARGS__};                                                                        \
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {                                                  \
            auth_client_options options = scene_options();                                                             \
            options.field = values[i];                                                                                 \
            during(text(#field " = %d", values[i]));                                                                   \
            refuse(&options, status, #field);                                                                          \
        }                                                                                                              \
        check_nothing_happened();                                                                                      \
    } while (0)

TEST("an app id is 1 to 128 printable ASCII characters without spaces")
{
    REFUSE_TEXTS(app_id, NULL, "", "org example", "org.example\n", "\x7f", "org.\xc3\xa9xample", text("%0129d", 0));
    auth_client_options options = scene_options();
    options.app_id = text("%0128d", 0);
    scene_client_with(&options);
}

TEST("a pool id is a region, an underscore and letters and digits")
{
    REFUSE_TEXTS(user_pool_id, NULL, "", "_", "eu-west-1", "eu-west-1_", "_AbCdEfGhI", "eu-west-1_AbC dEf",
                 "eu-west-1_AbC/dEf", "eu-west-1_AbC\n", "eu west 1_AbCdEfGhI", "evil.example/_AbC",
                 "eu-west-1@evil_AbC", "eu-west-1_\xc3\xa9");
}

TEST("a client id is 1 to 128 letters, digits, underscores and plus signs")
{
    REFUSE_TEXTS(client_id, NULL, "", "client-id", "client id", "client\n", "client\"", text("%0129d", 0));
    auth_client_options options = scene_options();
    options.client_id = "A+_z09";
    scene_client_with(&options);
}

TEST("a client secret is 24 to 64 letters, digits, underscores and plus signs, and is not in the error")
{
    const char *wrong = "secretsecret-secretsecret-secret";
    REFUSE_TEXTS(client_secret, "", text("%023d", 0), text("%065d", 0), wrong, "secretsecretsecretsecret\n");
    auth_client_options options = scene_options();
    options.client_secret = wrong;
    auth_client *refused;
    auth_error *error = NULL;
    auth_client_new(&options, &refused, &error);
    CHECK_LACKS(auth_error_message(error), wrong);
    auth_error_free(error);
    options.client_secret = text("%064d", 0);
    scene_client_with(&options);
}

TEST("an endpoint is https, or http to this machine, without user info, query or fragment")
{
    REFUSE_TEXTS(endpoint, "", "cognito.example", "//cognito.example", "ftp://cognito.example", "file:///etc/passwd",
                 "https://", "https:///", "https://:443", "http://cognito.example", "http://127.0.0.2",
                 "http://0.0.0.0", "http://127.0.0.1.example", "http://localhost.example",
                 "http://localhost@evil.example", "http://user:pass@localhost", "https://user@cognito.example",
                 "https://cognito.example/..", "https://cognito.example?query", "https://cognito.example#fragment",
                 "https://cognito.example\\@evil", "https://cognito example", "https://cognito.example\r\nX: 1",
                 "https://cognito.example:0", "https://cognito.example:65536", "https://cognito.example:port",
                 "https://cognito.example:-1", "http://[::2]", "http://[::1", "http://::1", " https://cognito.example",
                 "https://cognito.example ");
}

TEST("an endpoint may be https anywhere and http on all names of this machine")
{
    static const char *const endpoints[] = {"https://cognito.example", "https://cognito.example:8443/",
                                            "https://[::1]:1",         "http://localhost",
                                            "http://127.0.0.1:1/",     "http://[::1]:65535/"};
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        during(endpoints[i]);
        auth_client_options options = scene_options();
        options.endpoint = endpoints[i];
        scene_client_with(&options);
    }
}

TEST("a region has a region's form")
{
    REFUSE_TEXTS(region, "", "eu west 1", "eu-west-1/", "evil.example/", "eu-west-1@evil.example", "eu-west-1\n",
                 "EU-WEST-1");
}

TEST("a certificate file and a proxy are no text with control characters, and the file's name is not empty")
{
    REFUSE_TEXTS(ca_file, "", "ca\n.pem");
    REFUSE_TEXTS(proxy, "http://proxy:1\n", "http://pro\x01xy:1");
}

TEST("a proxy has a scheme that there is, a host and a port that can be")
{
    REFUSE_TEXTS(proxy, "ftp://proxy:1", "http://", "socks5h://", "gopher://proxy:70", "http://proxy:99999");
    static const char *const proxies[] = {"", "http://proxy.example:3128", "socks5h://127.0.0.1:1080"};
    for (int i = 0; i < 3; i++) {
        during(proxies[i]);
        auth_client_options options = scene_options();
        options.proxy = proxies[i];
        scene_client_with(&options);
    }
}

TEST("a time limit is 100 to 3600000 ms, the attempts are 1 to 10, a log level is one of the header's")
{
    REFUSE_NUMBERS(timeout_ms, AUTH_STATUS_INVALID_ARGUMENT, -1, 1, 99, 3600001, INT32_MIN, INT32_MAX);
    REFUSE_NUMBERS(max_attempts, AUTH_STATUS_INVALID_ARGUMENT, -1, 11, INT32_MAX);
    REFUSE_NUMBERS(log_level, AUTH_STATUS_INVALID_ARGUMENT, -1, 5, INT32_MAX);
    auth_client_options options = scene_options();
    options.timeout_ms = 3600000;
    options.max_attempts = 10;
    options.log_level = AUTH_LOG_LEVEL_DEBUG;
    scene_client_with(&options);
    options.timeout_ms = 100;
    options.max_attempts = 1;
    scene_client_with(&options);
}

TEST("FIPS and dual-stack endpoints do not go together with an endpoint of one's own")
{
    REFUSE_NUMBERS(use_fips, AUTH_STATUS_INVALID_ARGUMENT, 1, -1);
    REFUSE_NUMBERS(use_dualstack, AUTH_STATUS_INVALID_ARGUMENT, 1, 2);
    auth_client_options options = scene_options();
    options.endpoint = NULL;
    options.use_fips = options.use_dualstack = 1;
    scene_client_with(&options);
}

TEST("what is reserved in a client's options is 0")
{
    REFUSE_NUMBERS(reserved, AUTH_STATUS_INVALID_ARGUMENT, 1, -1);
}

TEST("data for a callback that is not there is nobody's")
{
    auth_client_options options = scene_options();
    options.log_user_data = options.event_user_data = options.open_url_user_data = &options;
    scene_client_with(&options);
}

/* Every call with these options fails for this field. */
static void refuse_call(const auth_call_options *options, auth_status status, const char *field)
{
    auth_session in = scene_session(), out = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    CHECK_INT(auth_session_save(client, &in, options, &error), status);
    check_error_names(error, status, field);
    CHECK_INT(auth_session_load(client, options, &out, &error), status);
    check_error_names(error, status, field);
    CHECK_INT(auth_session_fetch(client, options, &out, &error), status);
    check_error_names(error, status, field);
    for (int global = 0; global < 2; global++) {
        auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
        CHECK_INT((global ? auth_sign_out_global : auth_sign_out)(client, options, &result), AUTH_SIGN_OUT_FAILED);
        CHECK_INT(auth_error_status(result.failure), status);
        CHECK_HAS(auth_error_message(result.failure), field);
        CHECK(result.signed_out_locally != AUTH_ANSWER_YES);
        auth_sign_out_result_clear(&result);
    }
}

#define REFUSE_CALL(field, status, ...)                                                                                \
    do {                                                                                                               \
        const int32_t values[] = {__VA_ARGS__};                                                                        \
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {                                                  \
            auth_call_options options = AUTH_CALL_OPTIONS_INIT;                                                        \
            options.field = values[i];                                                                                 \
            during(text(#field " = %d", values[i]));                                                                   \
            refuse_call(&options, status, #field);                                                                     \
        }                                                                                                              \
        check_nothing_happened();                                                                                      \
    } while (0)

TEST("the options of a call keep the same rules")
{
    REFUSE_CALL(timeout_ms, AUTH_STATUS_INVALID_ARGUMENT, -1, 99, 3600001);
    REFUSE_CALL(prompt_timeout_ms, AUTH_STATUS_INVALID_ARGUMENT, -1, 99, 3600001);
    REFUSE_CALL(browser_failure, AUTH_STATUS_INVALID_ARGUMENT, -1, 2);
    REFUSE_CALL(browser_timeout_ms, AUTH_STATUS_INVALID_ARGUMENT, -1, 99, 3600001);
}

static void refuse_session(const auth_session *session, const char *field)
{
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_save(client, session, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_TEXT(token_in(auth_error_message(error)), NULL);
    check_error_names(error, AUTH_STATUS_INVALID_ARGUMENT, field);
}

#define REFUSE_SESSIONS(field, ...)                                                                                    \
    do {                                                                                                               \
        const char *const values[] = {__VA_ARGS__};                                                                    \
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {                                                  \
            auth_session session = scene_session();                                                                    \
            session.field = values[i];                                                                                 \
            during(values[i]);                                                                                         \
            refuse_session(&session, #field);                                                                          \
        }                                                                                                              \
        check_nothing_happened();                                                                                      \
    } while (0)

TEST("a user name is 1 to 256 characters of UTF-8 without control characters")
{
    REFUSE_SESSIONS(username, "", "ada\n", "\x1b[31mada", "ada\x7f", text("%0257d", 0), "\xff\xfe", "ada\xc3",
                    "\xed\xa0\x80", "\xc0\xaf");
}

TEST("a token is 1 to 65536 of the characters that a token has")
{
    const char *too_long = long_token(65537);
    REFUSE_SESSIONS(access_token, NULL, "", "a b", "a\nb", "a/b", "a+b", "a\"b", "a\\b", "\xc3\xa9", too_long);
    REFUSE_SESSIONS(id_token, "", "a b", "a\r\nb", "a~b", too_long);
    REFUSE_SESSIONS(refresh_token, "", "a b", "a\tb", "a,b", too_long);
}

TEST("a user name that neither the program nor a token tells is an error")
{
    auth_session session = scene_session();
    session.username = NULL;
    session.access_token = "opaque";
    session.id_token = NULL;
    refuse_session(&session, "username");
    session.access_token = jwt("{'username':7,'cognito:username':null}");
    refuse_session(&session, "username");
    session.access_token = "{\"AccessToken\": \"a.b.c\"}";
    refuse_session(&session, "access_token");
    session.access_token = "opaque";
    session.id_token = "{\"IdToken\": \"a.b.c\"}";
    refuse_session(&session, "id_token");
    check_nothing_happened();
}

TEST("a token of another app client or user pool, or in another's place, is refused, and the claim is named")
{
    static const struct {
        const char *claims, *name;
    } others[] = {{"{'client_id':'another'}", "client_id"},
                  {"{'iss':'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Another'}", "iss"},
                  {"{'iss':'https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Another'}", "iss"},
                  {"{'token_use':'id'}", "token_use"}};
    auth_client *client = scene_client();
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        during(others[i].claims);
        auth_session session = scene_session();
        session.access_token = jwt(others[i].claims);
        auth_error *error = NULL;
        CHECK_ANSWER(auth_session_save(client, &session, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_HAS(auth_error_message(error), "access_token ");
        CHECK_HAS(auth_error_message(error), text(" claim %s.", others[i].name));
        CHECK_LACKS(auth_error_message(error), "Another");
        auth_error_free(error);
    }
    auth_session session = scene_session();
    session.id_token = jwt("{'aud':'another'}");
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_save(client, &session, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_TEXT(auth_error_message(error), "id_token is of another app client: see its claim aud.");
    auth_error_free(error);
    session = scene_session();
    session.refresh_token = session.access_token;
    refuse_session(&session, "refresh_token");
    session = scene_session();
    session.id_token = session.access_token;
    refuse_session(&session, "id_token");
    check_nothing_happened();
}

TEST("a device key is 1 to 256 printable ASCII characters")
{
    REFUSE_SESSIONS(device_key, "", "key\n", "\x01", "\xc3\xa9", text("%0257d", 0));
}

TEST("a way to sign in is one of the header's, and what is reserved is 0")
{
    auth_session session = scene_session();
    session.sign_in_method = 2;
    refuse_session(&session, "sign_in_method");
    session.sign_in_method = -1;
    refuse_session(&session, "sign_in_method");
    session.sign_in_method = AUTH_SIGN_IN_METHOD_API;
    session.reserved = 1;
    refuse_session(&session, "reserved");
    check_nothing_happened();
}

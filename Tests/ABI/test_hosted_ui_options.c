/* SPDX-License-Identifier: Apache-2.0 */

/* What a client's options say of the hosted UI: a client is made of what fits, and what does not is refused by the name
 * of its field. */

#include "scene.h"

static void refuse(const auth_client_options *options, const char *message)
{
    auth_client *refused = (auth_client *)options;
    auth_error *error = NULL;
    CHECK_INT(auth_client_new(options, &refused, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK(refused == NULL);
    CHECK_HAS(auth_error_message(error), message);
    CHECK(auth_error_recovery_suggestion(error)[0] != '\0');
    auth_error_free(error);
}

TEST("a domain is https, or http to this machine, without user info, path, query or fragment")
{
    static const char *const bad[] = {"", "/", "https://", "http://login.example", "http://localhost.example",
                                      "http://127.0.0.1.example:1", "login.example/oauth2", "https://login.example//",
                                      "user@login.example", "login.example?query", "login.example#fragment",
                                      "login.example:0", "login.example:65536", "ftp://login.example",
                                      "HTTPS://login.example", "login example", "login.example\n", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        during(bad[i]);
        auth_client_options options = scene_options();
        options.hosted_ui_domain = bad[i];
        refuse(&options, "hosted_ui_domain must be ");
    }
    static const char *const good[] = {"mail.auth.eu-west-1.amazoncognito.com", "login.example:8443",
                                       "https://login.example/", "http://localhost:9229", "http://[::1]:1"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        during(good[i]);
        auth_client_options options = scene_options();
        options.hosted_ui_domain = good[i];
        scene_client_with(&options);
    }
}

/* For a sign-in and for a logout. */
static void refuse_redirects(const char *const *uris, size_t count, const char *problem)
{
    auth_client_options options = scene_options();
    options.sign_in_redirect_uris = uris;
    options.sign_in_redirect_uri_count = count;
    refuse(&options, text("sign_in_redirect_uris %s", problem));
    options = scene_options();
    options.sign_out_redirect_uris = uris;
    options.sign_out_redirect_uri_count = count;
    refuse(&options, text("sign_out_redirect_uris %s", problem));
}

TEST("a redirect URI is http to this machine with a port, or has a scheme of the program's own")
{
    static const char *const bad[] = {
        "", "https://mail.example/", "http://mail.example:3000/", "http://localhost", "http://localhost/",
        "http://localhost:0/", "http://localhost:70000/", "http://user@localhost:3000/",
        "http://localhost:3000@evil.example/", "http://localhost.evil.org:3000/", "http://127.0.0.1.evil:3000/",
        "http://127.0.0.2:3000/", "http://localhost:3000/?query", "http://localhost:3000/#fragment",
        "http://localhost:3000/..", "http://localhost:3000/\n", "HTTP://localhost:3000/", "http://LOCALHOST:3000/",
        "localhost:3000", "javascript:alert(1)", "file:///etc/passwd", "Mail://in", "mail://in?query",
        "mail://in#fragment", "mail://in\x01", "mail:", "mail"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *const uris[] = {"http://localhost:3000/", bad[i]};
        during(bad[i]);
        refuse_redirects(uris, 2, "must be http://host:port[/path]");
        refuse_redirects(uris + 1, 1, "must be http://host:port[/path]");
    }

    const char *const good[] = {"http://localhost:3000/", "http://127.0.0.1:3001", "http://[::1]:65535/in",
                                "org.example.mail://in"};
    auth_client_options options = scene_options();
    options.sign_in_redirect_uris = options.sign_out_redirect_uris = good;
    options.sign_in_redirect_uri_count = options.sign_out_redirect_uri_count = 4;
    scene_client_with(&options);
}

TEST("an array of redirect URIs has as many entries as its count says, at most 64, none of them NULL")
{
    const char *uris[65];
    for (int i = 0; i < 65; i++) uris[i] = "http://localhost:3000/";
    refuse_redirects(uris, 65, "has more than 64 entries");
    refuse_redirects(uris, SIZE_MAX, "has more than 64 entries");
    refuse_redirects(NULL, 65, "has more than 64 entries");
    refuse_redirects(NULL, 1, "is NULL, and has a count");
    refuse_redirects(uris, 0, "is not NULL, and its count is 0");
    auth_client_options options = scene_options();
    options.sign_in_redirect_uris = options.sign_out_redirect_uris = uris;
    options.sign_in_redirect_uri_count = options.sign_out_redirect_uri_count = 64;
    scene_client_with(&options);
    uris[63] = "mail://\xff";
    refuse_redirects(uris, 64, "must be UTF-8");
    uris[63] = NULL;
    refuse_redirects(uris, 64, "has an entry that is NULL");

    /* What is behind the count is not looked at. */
    options.sign_in_redirect_uri_count = 63;
    options.sign_out_redirect_uri_count = 1;
    scene_client_with(&options);
}

TEST("app_name is 1 to 128 bytes of UTF-8 without control characters")
{
    const char *const bad[] = {"", "Mail\n", "Mail\x7f", text("%0129d", 0), "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        during(bad[i]);
        auth_client_options options = scene_options();
        options.app_name = bad[i];
        refuse(&options, "app_name must be ");
    }
    auth_client_options options = scene_options();
    options.app_name = "Gr\xc3\xbc\xc3\x9fung & <Post>";
    scene_client_with(&options);
}

static int open_url(void *user_data, const char *url) { return user_data && url; }

TEST("a function that starts the browser may be set")
{
    auth_client_options options = scene_options();
    options.open_url_function = open_url;
    scene_client_with(&options);
}

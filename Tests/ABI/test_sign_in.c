/* SPDX-License-Identifier: Apache-2.0 */

/* auth_sign_in(): in through the browser, with a scripted Cognito behind it and a browser that the test plays: what is
 * asked of it, what comes of it, and when it is not opened. A browser that fails is in test_sign_in_browser, tokens that
 * are not right in test_sign_in_tokens, and what happens beside it in test_sign_in_turns. */

#include <curl/curl.h>
#include <dlfcn.h>
#include <glib.h>
#include <string.h>

#include "hosted_ui.h"

static const char *challenge_of(const char *verifier)
{
    guint8 digest[32];
    gsize size = sizeof digest;
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)verifier, (gssize)strlen(verifier));
    g_checksum_get_digest(checksum, digest, &size);
    g_checksum_free(checksum);
    char *encoded = g_base64_encode(digest, size), *result = text("%s", encoded);
    g_free(encoded);
    for (char *at = result; *at; at++) *at = (char)(*at == '+' ? '-' : *at == '/' ? '_' : *at == '=' ? '\0' : *at);
    return result;
}

TEST("row S1: who signs in in the browser is signed in here: one item, an event, and the page says so")
{
    static auth_session session;
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    CHECK_ANSWER(browser_sign_in(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(session.username, TOKEN_USERNAME);
    CHECK_TEXT(session.access_token, brought.access_token);
    CHECK_TEXT(session.id_token, brought.id_token);
    CHECK_TEXT(session.refresh_token, brought.refresh_token);
    CHECK_INT(session.sign_in_method, AUTH_SIGN_IN_METHOD_HOSTED_UI);
    CHECK_INT(keyring_count(NULL), 1);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(saved_events, 1);
    CHECK_TEXT(load(client)->access_token, brought.access_token);
    CHECK_INT(load(client)->sign_in_method, AUTH_SIGN_IN_METHOD_HOSTED_UI);
    CHECK_INT(visitor_pages(player), 1);
    CHECK_INT(visitor_page(player, 0).status, 200);
    CHECK_HAS(visitor_page(player, 0).text, "You are signed in to " SCENE_APP_ID ".");
    CHECK(!is_listened_at(first_port));
    auth_session fetched = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(fetched.access_token, brought.access_token);
    auth_session_clear(&fetched);
}

TEST("the URL asks for a code with PKCE, state and nonce, and the code is redeemed with the verifier, once")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
    const char *url = visitor_url(player);
    CHECK_HAS(url, text("%s/oauth2/authorize?", server_url()));
    CHECK_TEXT(parameter(url, "response_type"), "code");
    CHECK_TEXT(parameter(url, "client_id"), SCENE_CLIENT_ID);
    CHECK_TEXT(parameter(url, "redirect_uri"), text("http://127.0.0.1:%d/signed-in", first_port));
    CHECK_TEXT(parameter(url, "scope"), "openid aws.cognito.signin.user.admin");
    CHECK_TEXT(parameter(url, "code_challenge_method"), "S256");
    CHECK(parameter(url, "state") && strlen(parameter(url, "state")) == 22);
    CHECK(parameter(url, "nonce") && strlen(parameter(url, "nonce")) == 22);
    CHECK(parameter(url, "prompt") == NULL);
    CHECK_TEXT(server_operations(), "/oauth2/token");
    CHECK_TEXT(server_path(0), "/oauth2/token");
    CHECK_TEXT(server_header(0, "content-type"), "application/x-www-form-urlencoded");
    CHECK(server_header(0, "authorization") == NULL);
    CHECK_TEXT(server_body(0, "grant_type"), "authorization_code");
    CHECK_TEXT(server_body(0, "client_id"), SCENE_CLIENT_ID);
    CHECK_TEXT(server_body(0, "code"), "code-of-the-test");
    CHECK_TEXT(server_body(0, "redirect_uri"), parameter(url, "redirect_uri"));
    const char *verifier = server_body(0, "code_verifier");
    REQUIRE(verifier != NULL);
    CHECK_INT((int)strlen(verifier), 43);
    CHECK_TEXT(parameter(url, "code_challenge"), challenge_of(verifier));
    CHECK_LACKS(url, verifier);
}

TEST("state, nonce and verifier are others in each sign-in")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    const char *seen[2][3];
    for (int i = 0; i < 2; i++) {
        keyring_empty();
        server_reset();
        CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
        seen[i][0] = text("%s", parameter(visitor_url(player), "state"));
        seen[i][1] = text("%s", parameter(visitor_url(player), "nonce"));
        seen[i][2] = server_body(0, "code_verifier");
    }
    for (int i = 0; i < 3; i++) CHECK(seen[0][i] && seen[1][i] && strcmp(seen[0][i], seen[1][i]) != 0);
}

TEST("the options reach the hosted UI, encoded")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    const char *const scopes[] = {"openid", "email", "https://api.example.org/mail.read"};
    auth_sign_in_options options = AUTH_SIGN_IN_OPTIONS_INIT;
    options.scopes = scopes;
    options.scope_count = 3;
    options.identity_provider = "Our Google & Co";
    options.login_hint = "ada+test@example.org";
    options.lang = "de";
    options.prompt = AUTH_SIGN_IN_PROMPT_SELECT_ACCOUNT;
    CHECK_ANSWER(browser_sign_in(client, &options, NULL, NULL), AUTH_STATUS_SUCCESS);
    const char *url = visitor_url(player);
    CHECK_TEXT(parameter(url, "scope"), "openid email https://api.example.org/mail.read");
    CHECK_TEXT(parameter(url, "identity_provider"), "Our Google & Co");
    CHECK_TEXT(parameter(url, "login_hint"), "ada+test@example.org");
    CHECK_TEXT(parameter(url, "lang"), "de");
    CHECK_TEXT(parameter(url, "prompt"), "select_account");
    CHECK_HAS(url, "login_hint=ada%2Btest%40example.org");
}

/* Lists of header lines that were given back, and those with a login in them that could still be read. */
static int lists, readable_logins;

/* A program's own comes before libcurl's. */
void curl_slist_free_all(struct curl_slist *list)
{
    void (*original)(struct curl_slist *) = NULL;
    *(void **)&original = dlsym(RTLD_NEXT, "curl_slist_free_all");
    if (list) lists++;
    for (struct curl_slist *line = list; line; line = line->next) {
        if (strncmp(line->data, "Authorization:", 14) == 0) readable_logins++;
    }
    original(list);
}

TEST("a client secret goes to the token endpoint as HTTP Basic, and into no body and no URL; its header line is wiped")
{
    lists = 0;
    visitor *player = new_visitor(travel);
    auth_client_options options = hosted_ui_options(player);
    options.client_secret = "abcdefghijklmnopqrstuvwx";
    auth_client *client = scene_client_with(&options);
    CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
    char *plain = text("%s:%s", SCENE_CLIENT_ID, options.client_secret);
    char *encoded = g_base64_encode((const guchar *)plain, strlen(plain));
    CHECK_TEXT(server_header(0, "authorization"), text("Basic %s", encoded));
    g_free(encoded);
    CHECK(server_body(0, "client_secret") == NULL);
    CHECK_LACKS(visitor_url(player), options.client_secret);
    CHECK(lists > 0);
    CHECK_INT(readable_logins, 0);
}

TEST("bad options are refused by name, and nothing else happens")
{
    static const char *const without_openid[] = {"email"}, *const hole[] = {"openid", NULL};
    const struct {
        const char *name;
        auth_sign_in_options options;
    } bad[] = {
        {"scopes", {.scopes = without_openid, .scope_count = 1}},
        {"scopes", {.scopes = hole, .scope_count = 2}},
        {"scopes", {.scope_count = 1}},
        {"scopes", {.scopes = without_openid, .scope_count = (size_t)-1}},
        {"idp_identifier", {.identity_provider = "Google", .idp_identifier = "example.org"}},
        {"login_hint", {.login_hint = "a\nb"}},
        {"lang", {.lang = "d\xff"}},
        {"prompt", {.prompt = 4}},
        {"prompt", {.prompt = -1}},
    };
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    for (int i = 0; i < LENGTH(bad); i++) {
        during(bad[i].name);
        const char *message = "";
        auth_sign_in_options options = bad[i].options;
        options.struct_size = sizeof options;
        CHECK_ANSWER(browser_sign_in(client, &options, NULL, &message), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_HAS(message, bad[i].name);
    }
    CHECK_INT(visitor_count(player), 0);
    CHECK_INT(server_request_count(), 0);
}

TEST("without a domain or a redirect URI of this machine it says what is missing")
{
    visitor *player = new_visitor(travel);
    const char *message = "";
    auth_client_options options = hosted_ui_options(player);
    options.hosted_ui_domain = NULL;
    CHECK_ANSWER(browser_sign_in(scene_client_with(&options), NULL, NULL, &message), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(message, "hosted_ui_domain");
    options = hosted_ui_options(player);
    options.sign_in_redirect_uri_count = 0;
    options.sign_in_redirect_uris = NULL;
    CHECK_ANSWER(browser_sign_in(scene_client_with(&options), NULL, NULL, &message), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(message, "sign_in_redirect_uris");
    static const char *const own[] = {"org.example.test://signed-in"};
    options.sign_in_redirect_uris = own;
    options.sign_in_redirect_uri_count = 1;
    CHECK_ANSWER(browser_sign_in(scene_client_with(&options), NULL, NULL, &message), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_HAS(message, "sign_in_redirect_uris");
    CHECK_INT(visitor_count(player), 0);
}

TEST("row S2: whoever is signed in, no browser is opened; replace_same_user replaces the same user's session only")
{
    static auth_session session;
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    sign_in(client);
    CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_ALREADY_SIGNED_IN);
    CHECK_INT(visitor_count(player), 0);
    auth_sign_in_options replacing = AUTH_SIGN_IN_OPTIONS_INIT;
    replacing.replace_same_user = 1;
    CHECK_ANSWER(browser_sign_in(client, &replacing, &session, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_TEXT(load(client)->access_token, brought.access_token);
    const char *kept = text("%s", brought.access_token);
    plan.access_claims = "'sub':'another'";
    plan.id_claims = "'sub':'another'";
    server_reset();
    CHECK_ANSWER(browser_sign_in(client, &replacing, &session, NULL), AUTH_STATUS_ALREADY_SIGNED_IN);
    CHECK_TEXT(load(client)->access_token, kept);
    CHECK_TEXT(server_operations(), "/oauth2/token RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), brought.refresh_token);
    CHECK_LACKS(visitor_page(player, 1).text, "You are signed in");
}

TEST("row S3: with a locked keyring no browser is opened")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    keyring_run("lock");
    CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_KEYRING_LOCKED);
    keyring_run("unlock");
    CHECK_INT(visitor_count(player), 0);
}

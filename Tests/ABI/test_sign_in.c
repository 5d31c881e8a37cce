/* SPDX-License-Identifier: Apache-2.0 */

/* auth_sign_in(): in through the browser, with a scripted Cognito behind it and a browser that the test plays. */

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
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
    for (char *at = result; *at; at++) *at = *at == '+' ? '-' : *at == '/' ? '_' : *at == '=' ? '\0' : *at;
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

TEST("a client secret goes to the token endpoint as HTTP Basic, and into no body and no URL")
{
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

TEST("row S4: without a browser, and without a free port")
{
    visitor *player = new_visitor(travel);
    visitor_refuse(player);
    CHECK_REFUSED(hosted_ui_client(player), AUTH_STATUS_BROWSER_UNAVAILABLE, "");
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    CHECK_REFUSED(hosted_ui_client(NULL), AUTH_STATUS_BROWSER_UNAVAILABLE, "");
    player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    take_port(first_port);
    CHECK_ANSWER(browser_sign_in(client, NULL, NULL, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(parameter(visitor_url(player), "redirect_uri"), text("http://127.0.0.1:%d/signed-in", second_port));
    keyring_empty();
    take_port(second_port);
    const char *message = "";
    CHECK_ANSWER(browser_sign_in(client, NULL, NULL, &message), AUTH_STATUS_BROWSER_NO_PORT);
    CHECK_HAS(message, text(":%d/", first_port));
    CHECK_HAS(message, text(":%d/", second_port));
    CHECK_INT(visitor_count(player), 1);
}

TEST("row S4: a browser that does not come back is waited for until its time is over, and not by timeout_ms")
{
    visitor *player = new_visitor(NULL);
    auth_client *client = hosted_ui_client(player);
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = 3000;
    options.browser_timeout_ms = 4000;
    auth_error *error = NULL;
    double start = seconds();
    CHECK_ANSWER(auth_sign_in(client, NULL, &options, NULL, &error), AUTH_STATUS_BROWSER_TIMED_OUT);
    CHECK(seconds() - start > 3.5);
    auth_error_free(error);
    CHECK_INT(keyring_count(NULL), 0);
    CHECK(!is_listened_at(first_port));
}

TEST("row S5: who declines is told so, by the code that came back")
{
    const char *message = "";
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    plan.query = "error=access_denied&error_description=No%%20thanks&state=%s";
    CHECK_ANSWER(attempt_sign_in(client, &message), AUTH_STATUS_BROWSER_REDIRECT_ERROR);
    CHECK_HAS(message, "[access_denied]");
    CHECK_HAS(message, "No thanks");
    CHECK_HAS(visitor_page(player, 0).text, "Sign-in failed.");
    CHECK_LACKS(visitor_page(player, 0).text, "thanks");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row S5: an error without a state ends nothing, and is what a time-out tells")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    plan.query = "error=invalid_scope";
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.browser_timeout_ms = 1500;
    auth_error *error = NULL;
    CHECK_ANSWER(auth_sign_in(client, NULL, &options, NULL, &error), AUTH_STATUS_BROWSER_REDIRECT_ERROR);
    CHECK_TEXT(auth_error_service_exception(error), "invalid_scope");
    CHECK_HAS(auth_error_recovery_suggestion(error), "scope");
    auth_error_free(error);
    CHECK_HAS(visitor_page(player, 0).text, "Sign-in failed.");
}

/* Comes with what is not ours first, and then as it should. */
static void persist(visitor *player, const char *url)
{
    static const char *const foreign[] = {"code=a&state=wrong",
                                          "code=a",
                                          "state=%s",
                                          "code=a&code=b&state=%s",
                                          "code=a&state=%s&state=%s",
                                          "code=a&error=b&state=%s",
                                          "code=a&state=%s%%00",
                                          "",
                                          "error=access_denied&state=wrong"};
    for (int i = 0; i < LENGTH(foreign); i++) {
        const char *state = parameter(url, "state");
        char query[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(query, sizeof query, foreign[i], state, state);
#pragma GCC diagnostic pop
        visitor_get(player, redirect(url, "%s", query), "");
    }
    travel(player, url);
    visitor_get(player, redirect(url, "code=again&state=%s", parameter(url, "state")), "");
}

TEST("row S6: a redirect with a foreign, a missing or a doubled state or code is refused, and the wait goes on")
{
    visitor *player = new_visitor(persist);
    auth_client *client = hosted_ui_client(player);
    CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
    int count = visitor_pages(player);
    CHECK(count >= 10);
    for (int i = 0; i < 9; i++) {
        during(text("redirect %d", i));
        CHECK_INT(visitor_page(player, i).status, 400);
    }
    during(NULL);
    CHECK_HAS(visitor_page(player, 9).text, "You are signed in");
    CHECK_TEXT(server_operations(), "/oauth2/token");
}

TEST("row S7: a code that Cognito refuses: its word is told, and nothing is stored")
{
    const char *message = "";
    static const char *const codes[] = {"invalid_grant", "invalid_client", "unauthorized_client", "invalid_request",
                                        "unsupported_grant_type"};
    for (int i = 0; i < LENGTH(codes); i++) {
        during(codes[i]);
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        server_reset();
        plan.reply = text("{'status':%d,'body':{'error':'%s'}}", i == 1 ? 401 : 400, codes[i]);
        CHECK_ANSWER(attempt_sign_in(client, &message), AUTH_STATUS_SERVICE_ERROR);
        CHECK_HAS(message, text("[%s]", codes[i]));
        CHECK_INT(keyring_count(NULL), 0);
        CHECK_TEXT(server_operations(), "/oauth2/token");
        CHECK_LACKS(visitor_page(player, 0).text, "You are signed in");
    }
}

TEST("row S8: a code is not redeemed twice where the answer is lost, and the text says what may be")
{
    const char *message = "";
    static const char *const lost[] = {"{'close':'before_reply'}", "{'close':'reset'}",
                                       "{'cut_after':20,'body_size':400}"};
    for (int i = 0; i < LENGTH(lost); i++) {
        during(lost[i]);
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        server_reset();
        plan.reply = lost[i];
        auth_status status = attempt_sign_in(client, &message);
        CHECK(status >= 200 && status < 300);
        CHECK_HAS(message, "in again");
        CHECK_TEXT(server_operations(), "/oauth2/token");
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row S9: tokens that are not for us are not stored, and are revoked")
{
    const struct {
        const char *id, *access;
    } wrong[] = {{"'nonce':'other'", NULL},
                 {"'aud':'otherclient'", NULL},
                 {"'token_use':'access'", NULL},
                 {"'sub':'another'", NULL},
                 {"'iss':'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Another00'", NULL},
                 {"'at_hash':'AAAAAAAAAAAAAAAAAAAAAA'", NULL},
                 {"'exp':1", NULL},
                 {NULL, "'client_id':'otherclient'"},
                 {NULL, "'token_use':'id'"},
                 {NULL, "'iss':'https://evil.example.org/" SCENE_POOL_ID "x'"},
                 {NULL, "'username':null"}};
    for (int i = 0; i < LENGTH(wrong); i++) {
        during(wrong[i].id ? wrong[i].id : wrong[i].access);
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        server_reset();
        plan.id_claims = wrong[i].id;
        plan.access_claims = wrong[i].access;
        CHECK_REFUSED(client, AUTH_STATUS_INVALID_RESPONSE, "/oauth2/token RevokeToken");
        CHECK_TEXT(server_body(1, "Token"), brought.refresh_token);
    }
}

TEST("row S9: what is no answer of Cognito's")
{
    static const char *const replies[] = {
        "{'body':'<html>Please log in to this network</html>','headers':{'Content-Type':'text/html'}}", "{}",
        "{'body':{}}", "{'body':{'access_token':1}}", "{'body_size':1000000}"};
    for (int i = 0; i < LENGTH(replies); i++) {
        during(replies[i]);
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        server_reset();
        plan.reply = replies[i];
        CHECK_REFUSED(client, AUTH_STATUS_INVALID_RESPONSE, "/oauth2/token");
    }
}

TEST("both of Cognito's issuers are taken, and a token without what Cognito may leave out")
{
    static const char *const issuers[] = {"https://cognito-idp.eu-west-1.amazonaws.com/" SCENE_POOL_ID,
                                          "https://issuer-cognito-idp.eu-west-1.amazonaws.com/" SCENE_POOL_ID};
    for (int i = 0; i < LENGTH(issuers); i++) {
        keyring_empty();
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        plan.id_claims = plan.access_claims = text("'iss':'%s'", issuers[i]);
        CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
    }
}

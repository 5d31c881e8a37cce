/* SPDX-License-Identifier: Apache-2.0 */

/* auth_sign_in() beside others: other calls, other processes, a keyring that changes, and the browser's mark. */

#include <dirent.h>
#include <glib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hosted_ui.h"

static auth_client *mine;

static void save_another(void)
{
    auth_session session = AUTH_SESSION_INIT;
    session.username = "grace";
    session.access_token = jwt("{'sub':'grace','token_use':'access'}");
    CHECK_ANSWER(auth_session_save(mine, &session, NULL, NULL), AUTH_STATUS_SUCCESS);
}

TEST("row S10: whoever was signed in meanwhile stays, and the new tokens are revoked")
{
    visitor *player = new_visitor(travel);
    auth_client *client = mine = hosted_ui_client(player);
    plan.meanwhile = save_another;
    static auth_session session;
    CHECK_ANSWER(browser_sign_in(client, NULL, &session, NULL), AUTH_STATUS_ALREADY_SIGNED_IN);
    CHECK(session.access_token == NULL);
    CHECK_TEXT(load(client)->username, "grace");
    CHECK_TEXT(server_operations(), "/oauth2/token RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), brought.refresh_token);
}

TEST("row S11: a session that cannot be stored is handed out, and revoked where nobody takes it")
{
    static auth_session session;
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    plan.meanwhile = keyring_lock;
    CHECK_ANSWER(browser_sign_in(client, NULL, &session, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK_TEXT(session.access_token, brought.access_token);
    CHECK_TEXT(session.refresh_token, brought.refresh_token);
    CHECK_TEXT(server_operations(), "/oauth2/token");
    CHECK_LACKS(visitor_page(player, 0).text, "You are signed in");
    keyring_run("unlock");
    CHECK_INT(keyring_count(NULL), 0);
    server_reset();
    CHECK_ANSWER(browser_sign_in(client, NULL, NULL, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK_TEXT(server_operations(), "/oauth2/token RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), brought.refresh_token);
    keyring_run("unlock");
}

TEST("row S11: an operation that is freed before its session was taken leaves no live token")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    plan.meanwhile = keyring_lock;
    auth_operation *operation = start_sign_in(client);
    for (double end = seconds() + 20; seconds() < end && !auth_operation_dispatch(operation);) sleep_ms(5);
    auth_operation_free(operation);
    keyring_run("unlock");
    CHECK_TEXT(server_operations(), "/oauth2/token RevokeToken");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row S4: cancelled while the browser is open, it ends at once and leaves no port")
{
    visitor *player = new_visitor(NULL);
    auth_client *client = hosted_ui_client(player);
    auth_operation *operation = start_sign_in(client);
    CHECK(await_browser(operation, player, 1));
    CHECK(is_listened_at(first_port));
    double start = seconds();
    auth_operation_cancel(operation);
    auth_session session = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_operation_finish_session(operation, &session, NULL), AUTH_STATUS_CANCELLED);
    CHECK(seconds() - start < 1);
    CHECK(session.access_token == NULL);
    auth_operation_free(operation);
    CHECK(!is_listened_at(first_port));
    CHECK_INT(keyring_count(NULL), 0);
    CHECK_INT(server_request_count(), 0);
}

TEST("row S4: cancelled once the code was sent, what it brought is revoked and not stored")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    plan.reply =
        "{'hold':true,'body':{'access_token':'a.b.c','id_token':'a.b.c','refresh_token':'late-refresh-token'}}";
    auth_operation *operation = start_sign_in(client);
    CHECK(await_browser(operation, player, 1));
    CHECK(server_await(1));
    auth_operation_cancel(operation);
    sleep_ms(200);
    server_release();
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_CANCELLED);
    auth_operation_free(operation);
    CHECK_TEXT(server_operations(), "/oauth2/token RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), "late-refresh-token");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row S12: a client that is cancelled while its browser is open stores nothing, and a sign-out finds its turn")
{
    visitor *player = new_visitor(NULL);
    auth_client *client = hosted_ui_client(player);
    auth_operation *operation = start_sign_in(client);
    CHECK(await_browser(operation, player, 1));
    /* No lock is held meanwhile. */
    CHECK_TEXT(told(sign_out(client)), NOBODY);
    auth_client_cancel(client);
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_CANCELLED);
    auth_operation_free(operation);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("a second sign-in of a client whose first waits for the browser is busy")
{
    visitor *player = new_visitor(NULL);
    auth_client *client = hosted_ui_client(player);
    auth_operation *operation = start_sign_in(client);
    CHECK(await_browser(operation, player, 1));
    CHECK_ANSWER(auth_sign_in(client, NULL, NULL, NULL, NULL), AUTH_STATUS_BUSY);
    auth_operation_free(operation);
    CHECK_INT(visitor_count(player), 1);
    plan.reply = NULL;
    visitor *second = new_visitor(travel);
    CHECK_ANSWER(browser_sign_in(hosted_ui_client(second), NULL, NULL, NULL), AUTH_STATUS_SUCCESS);
}

TEST("row S13: of two sign-ins at once one is stored; each has its port, and with one port the second has none")
{
    visitor *player = new_visitor(NULL);
    auth_client_options options = hosted_ui_options(player);
    auth_client *one = scene_client_with(&options), *other = scene_client_with(&options);
    auth_operation *first = start_sign_in(one);
    CHECK(await_browser(first, player, 1));
    const char *first_url = visitor_url(player);
    auth_operation *second = start_sign_in(other);
    CHECK(await_browser(second, player, 2));
    const char *second_url = visitor_url(player);
    CHECK_HAS(parameter(first_url, "redirect_uri"), text(":%d/", first_port));
    CHECK_HAS(parameter(second_url, "redirect_uri"), text(":%d/", second_port));
    travel(new_visitor(travel), second_url);
    CHECK_ANSWER(auth_operation_finish_session(second, NULL, NULL), AUTH_STATUS_SUCCESS);
    const char *kept = text("%s", brought.access_token);
    travel(new_visitor(travel), first_url);
    CHECK_ANSWER(auth_operation_finish_session(first, NULL, NULL), AUTH_STATUS_ALREADY_SIGNED_IN);
    auth_operation_free(first);
    auth_operation_free(second);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_TEXT(load(one)->access_token, kept);

    keyring_empty();
    options = hosted_ui_options(player);
    options.sign_in_redirect_uri_count = 1;
    one = scene_client_with(&options);
    other = scene_client_with(&options);
    first = start_sign_in(one);
    CHECK(await_browser(first, player, 3));
    CHECK_ANSWER(auth_sign_in(other, NULL, NULL, NULL, NULL), AUTH_STATUS_BROWSER_NO_PORT);
    auth_operation_free(first);
}

/* What the browser was asked for first in a sign-in, and what it was sent on to. */
static void sign_in_after(auth_client *client, visitor *player)
{
    static auth_session session;
    (void)player;
    CHECK_ANSWER(browser_sign_in(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
}

TEST("row S14: after a sign-out that skipped the browser, the next sign-in signs it out first, and once")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    sign_in_after(client, player);
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.skip_browser = 1;
    CHECK_INT(auth_sign_out(client, &options, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(visitor_count(player), 1);
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(keyring_count("browser"), 1);
    sign_in_after(client, player);
    CHECK_HAS(visitor_url(player), "/logout?");
    CHECK_TEXT(parameter(visitor_url(player), "client_id"), SCENE_CLIENT_ID);
    CHECK_TEXT(parameter(visitor_url(player), "logout_uri"), text("http://127.0.0.1:%d/signed-out", logout_port));
    page sent_on = visitor_page(player, 1);
    CHECK_INT(sent_on.status, 303);
    CHECK_HAS(sent_on.text, "/oauth2/authorize?");
    CHECK_HAS(sent_on.text, "prompt=login");
    CHECK_INT(keyring_count("browser"), 0);
    CHECK(!is_listened_at(logout_port) && !is_listened_at(first_port));
    CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("browser"), 0);
    sign_in_after(client, player);
    CHECK_HAS(visitor_url(player), "/oauth2/authorize?");
    CHECK(parameter(visitor_url(player), "prompt") == NULL);
}

TEST("row S14: without a sign-out URI of this machine the next sign-in says prompt=login, whatever was asked for")
{
    visitor *player = new_visitor(travel);
    auth_client_options without = hosted_ui_options(player);
    without.sign_out_redirect_uris = NULL;
    without.sign_out_redirect_uri_count = 0;
    auth_client *client = scene_client_with(&without);
    sign_in_after(client, player);
    CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("browser"), 1);
    auth_sign_in_options options = AUTH_SIGN_IN_OPTIONS_INIT;
    options.prompt = AUTH_SIGN_IN_PROMPT_SELECT_ACCOUNT;
    CHECK_ANSWER(browser_sign_in(client, &options, NULL, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(parameter(visitor_url(player), "prompt"), "login");
}

TEST("the browser is opened again for one who closed the tab, and only while it is waited for")
{
    visitor *player = new_visitor(NULL);
    auth_client *client = hosted_ui_client(player);
    auth_operation *operation = start_sign_in(client);
    CHECK(await_browser(operation, player, 1));
    const char *first = visitor_url(player);
    CHECK_ANSWER(auth_operation_open_again(operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(visitor_count(player), 2);
    CHECK_TEXT(visitor_url(player), first);
    visitor_refuse(player);
    CHECK_ANSWER(auth_operation_open_again(operation, NULL), AUTH_STATUS_BROWSER_UNAVAILABLE);
    travel(new_visitor(travel), first);
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(auth_operation_open_again(operation, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    auth_operation_free(operation);
    CHECK_ANSWER(auth_operation_open_again(NULL, NULL), AUTH_STATUS_INVALID_ARGUMENT);
}

TEST("a redirect URI of the program's own: the program reports the return, and what is not ours is refused")
{
    static const char *const uris[] = {"org.example.test://signed-in"};
    visitor *player = new_visitor(NULL);
    auth_client_options options = hosted_ui_options(player);
    options.sign_in_redirect_uris = uris;
    options.sign_in_redirect_uri_count = 1;
    auth_client *client = scene_client_with(&options);
    auth_operation *operation = start_sign_in(client);
    CHECK(await_browser(operation, player, 1));
    const char *url = visitor_url(player), *state = text("%s", parameter(url, "state"));
    CHECK_TEXT(parameter(url, "redirect_uri"), uris[0]);
    const char *const foreign[] = {"org.example.test://signed-in", "org.example.test://signed-in?code=a&state=b",
                                   text("org.example.other://signed-in?code=a&state=%s", state),
                                   text("org.example.test://signed-in/more?code=a&state=%s", state), ""};
    for (int i = 0; i < LENGTH(foreign); i++) {
        during(foreign[i]);
        CHECK_ANSWER(auth_operation_browser_done(operation, foreign[i], NULL), AUTH_STATUS_INVALID_ARGUMENT);
    }
    during(NULL);
    travel(new_visitor(travel), url); /* It has the code brought, and comes to no port. */
    CHECK_ANSWER(auth_operation_browser_done(operation, text("%s/?code=mine&state=%s", uris[0], state), NULL),
                 AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(server_body(0, "code"), "mine");
    CHECK_TEXT(server_body(0, "redirect_uri"), uris[0]);
    CHECK_ANSWER(auth_operation_browser_done(operation, text("%s?code=a&state=%s", uris[0], state), NULL),
                 AUTH_STATUS_INVALID_ARGUMENT);
    auth_operation_free(operation);
    CHECK_INT(keyring_count("session"), 1);
}

TEST("row S6: once the browser came back, no other return is taken and no browser is opened again")
{
    static const char *const uris[] = {"org.example.test://signed-in"};
    for (int i = 0; i < 2; i++) {
        keyring_empty();
        server_reset();
        visitor *player = new_visitor(NULL);
        auth_client_options options = hosted_ui_options(player);
        if (i == 1) {
            options.sign_in_redirect_uris = uris;
            options.sign_in_redirect_uri_count = 1;
        }
        auth_operation *operation = start_sign_in(scene_client_with(&options));
        CHECK(await_browser(operation, player, 1));
        const char *url = visitor_url(player);
        const char *back = text("%s?code=mine&state=%s", uris[0], parameter(url, "state"));
        plan.reply = "{'hold':true,'status':400,'body':{'error':'invalid_grant'}}";
        if (i == 1) server_reply("/oauth2/token", plan.reply);
        visitor *second = new_visitor(travel);
        if (i == 0) visitor_open(second, url);
        if (i == 1) CHECK_ANSWER(auth_operation_browser_done(operation, back, NULL), AUTH_STATUS_SUCCESS);
        CHECK(server_await(1));
        CHECK_ANSWER(auth_operation_browser_done(operation, back, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_ANSWER(auth_operation_open_again(operation, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_INT(visitor_count(player), 1);
        server_release();
        CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_SERVICE_ERROR);
        auth_operation_free(operation);
    }
}

static char lines[65536];

static void write_line(void *user_data, auth_log_level level, const char *message)
{
    (void)user_data, (void)level;
    strncat(lines, message, sizeof lines - strlen(lines) - 2);
    strcat(lines, "\n");
}

TEST("no code, verifier, state, nonce, token or URL is in a line of the log, an error or a page")
{
    const char *message = "";
    for (int i = 0; i < 3; i++) {
        keyring_empty();
        server_reset();
        *lines = '\0';
        visitor *player = new_visitor(travel);
        auth_client_options options = hosted_ui_options(player);
        options.log_function = write_line;
        options.log_level = AUTH_LOG_LEVEL_DEBUG;
        auth_client *client = scene_client_with(&options);
        if (i == 1) plan.id_claims = "'nonce':'other'";
        if (i == 2) plan.reply = "{'echo':true}";
        browser_sign_in(client, NULL, NULL, &message);
        const char *url = visitor_url(player);
        if (i == 0) auth_sign_out(client, NULL, NULL);
        const char *const secrets[] = {
            "code-of-the-test",      server_body(0, "code_verifier"),  parameter(url, "state"),
            parameter(url, "nonce"), parameter(url, "code_challenge"), "oauth2/authorize"};
        const char *seen = text("%s%s%s", lines, message, visitor_page(player, 0).text);
        CHECK(*lines != '\0');
        CHECK_TEXT(token_in(seen), NULL);
        for (int j = 0; j < LENGTH(secrets); j++) {
            if (CHECK(secrets[j] != NULL)) CHECK_LACKS(seen, secrets[j]);
        }
    }
}

static int entries_of(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    while (folder && readdir(folder)) count++;
    if (folder) closedir(folder);
    return count;
}

TEST("200 sign-ins leave no port, descriptor or thread behind")
{
    int descriptors = 0, threads = 0;
    static auth_session session;
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    for (int i = 0; i < 200; i++) {
        auth_session_init(&session, sizeof session);
        if (!CHECK_ANSWER(auth_sign_in(client, NULL, NULL, &session, NULL), AUTH_STATUS_SUCCESS)) break;
        auth_session_clear(&session);
        visitor_pages(player);
        CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
        visitor_pages(player);
        CHECK(!is_listened_at(first_port) && !is_listened_at(logout_port));
        server_reset();
        if (i == 20) descriptors = entries_of("/proc/self/fd"), threads = entries_of("/proc/self/task");
    }
    CHECK(entries_of("/proc/self/fd") <= descriptors + 1);
    CHECK(entries_of("/proc/self/task") <= threads + 1);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* auth_sign_in() beside others: other calls, other sign-ins, a keyring that changes, and a cancellation: rows S10 to S13,
 * and S4. */

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
    CHECK(seconds() - start < 4);
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

/* SPDX-License-Identifier: Apache-2.0 */

/* What a sign-out that leaves the browser signed in keeps for the next sign-in: row S14. */

#include "hosted_ui.h"

TEST("row S14: after a sign-out that skipped the browser, the next sign-in signs it out first, and once")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.skip_browser = 1;
    CHECK_INT(auth_sign_out(client, &options, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(visitor_count(player), 1);
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(keyring_count("browser"), 1);
    CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
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
    CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
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
    CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("browser"), 1);
    auth_sign_in_options options = AUTH_SIGN_IN_OPTIONS_INIT;
    options.prompt = AUTH_SIGN_IN_PROMPT_SELECT_ACCOUNT;
    CHECK_ANSWER(browser_sign_in(client, &options, NULL, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(parameter(visitor_url(player), "prompt"), "login");
}

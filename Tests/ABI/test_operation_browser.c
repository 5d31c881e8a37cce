/* SPDX-License-Identifier: Apache-2.0 */

/* auth_operation_open_again() and auth_operation_browser_done(): what a program does for the browser of an operation. */

#include "hosted_ui.h"
#include "lingering_threads.h"

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

TEST("when auth_operation_free() returns, the operation's thread and that of its listener have ended")
{
    visitor *player = new_visitor(NULL);
    auth_client *client = hosted_ui_client(player);
    let_threads_linger(100);
    auth_operation *operation = start_sign_in(client);
    CHECK(await_browser(operation, player, 1));
    auth_operation_free(operation);
    CHECK_INT(threads_left(), 0);
    CHECK(threads_begun() > 1);
    let_threads_linger(0);
}

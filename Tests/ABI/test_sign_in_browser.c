/* SPDX-License-Identifier: Apache-2.0 */

/* auth_sign_in() with a browser that is missing, that does not come back, or that comes back with something else: rows S4
 * to S6. */

#include <stdio.h>
#include <stdlib.h>

#include "hosted_ui.h"

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

/* SPDX-License-Identifier: Apache-2.0 */

/* In and out through real browsers, which GIO starts, at a Cognito that is not ours: MiniStack's login pages, behind a proxy
 * of the tests that remembers a browser. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "browser.h"
#include "emulator.h"
#include "scene.h"

static const char *const kinds[] = {"plain", "chromium", "firefox"};

/* How many visits there have been. */
static int visits;

static const char *running;

/* Login pages of a kind, for all cases that want them. */
static bool start_login(const char *kind)
{
    if (running && strcmp(running, kind) == 0) return true;
    if (running) emulator_stop();
    running = kind;
    return CHECK(emulator_start_login(kind));
}

void set_scene(void)
{
    keyring_empty();
    /* No browser here shows a window; but without a screen none is started. */
    setenv("DISPLAY", ":99", 1);
}

static browser_visit next_visit(void)
{
    browser_visit visit = browser_await(++visits);
    CHECK_TEXT(visit.error, NULL);
    return visit;
}

static auth_status sign_in_there(auth_client *client, auth_session *session)
{
    auth_error *error = NULL;
    auth_session_init(session, sizeof *session);
    auth_status status = auth_sign_in(client, NULL, NULL, session, &error);
    if (status != AUTH_STATUS_SUCCESS) printf("%s\n", auth_error_message(error));
    auth_error_free(error);
    return status;
}

/* Signs in, out and in again, each time with the browser's own word. */
static void go_in_and_out(const char *kind)
{
    if (!browser_install(kind, "sign-in")) {
        printf("%s is not installed: not tried\n", kind);
        return;
    }
    auth_client_options options = emulator_options();
    auth_client *client = scene_client_with(&options);
    auth_session session = AUTH_SESSION_INIT;
    REQUIRE(CHECK_ANSWER(sign_in_there(client, &session), AUTH_STATUS_SUCCESS));
    browser_visit visit = next_visit();
    CHECK(visit.asked_password);
    CHECK_HAS(visit.text, "You are signed in to " SCENE_APP_ID);
    CHECK_INT(keyring_count(NULL), 1);
    CHECK(emulator_takes_refresh_token(session.refresh_token));
    CHECK(emulator_takes_access_token(session.access_token));

    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    visit = next_visit();
    CHECK_HAS(visit.text, "Your browser is signed out");
    CHECK_INT(keyring_count(NULL), 0);
    CHECK(!emulator_takes_refresh_token(session.refresh_token));
    CHECK(!emulator_takes_access_token(session.access_token));
    auth_session_clear(&session);

    /* The cookie is gone: the password is asked for. */
    REQUIRE(CHECK_ANSWER(sign_in_there(client, &session), AUTH_STATUS_SUCCESS));
    CHECK(next_visit().asked_password);
    auth_session_clear(&session);

    /* The cookie is there: it would walk straight in, and is kept from it. */
    auth_call_options skipping = AUTH_CALL_OPTIONS_INIT;
    skipping.skip_browser = 1;
    CHECK_INT(auth_sign_out(client, &skipping, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("browser"), 1);
    REQUIRE(CHECK_ANSWER(sign_in_there(client, &session), AUTH_STATUS_SUCCESS));
    CHECK(next_visit().asked_password);
    CHECK_INT(keyring_count(NULL), 1);
    auth_session_clear(&session);
    CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
    next_visit();
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("rows S1 and S14: in and out of managed login with each browser of this machine")
{
    if (!start_login("managed")) return;
    for (int i = 0; i < LENGTH(kinds); i++) {
        during(kinds[i]);
        go_in_and_out(kinds[i]);
        keyring_empty();
    }
}

TEST("row S14: of two users, the second is not walked into the first one's account, with managed and classic login")
{
    static const char *const logins[] = {"managed", "classic"};
    for (int i = 0; i < LENGTH(logins); i++) {
        during(logins[i]);
        keyring_empty();
        if (!start_login(logins[i]) || !CHECK(browser_install("plain", "sign-in"))) return;
        auth_client_options options = emulator_options();
        auth_client *client = scene_client_with(&options);
        auth_session session = AUTH_SESSION_INIT;
        REQUIRE(CHECK_ANSWER(sign_in_there(client, &session), AUTH_STATUS_SUCCESS));
        next_visit();
        auth_session_clear(&session);
        auth_call_options skipping = AUTH_CALL_OPTIONS_INIT;
        skipping.skip_browser = 1;
        CHECK_INT(auth_sign_out(client, &skipping, NULL), AUTH_SIGN_OUT_COMPLETE);
        browser_install("plain", "sign-in --user grace");
        REQUIRE(CHECK_ANSWER(sign_in_there(client, &session), AUTH_STATUS_SUCCESS));
        CHECK(next_visit().asked_password);
        CHECK_TEXT(session.username, "grace");
        auth_session_clear(&session);
        CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
        next_visit();
    }
}

TEST("a browser that is signed in is not asked again, unless the program wants it")
{
    if (!start_login("managed") || !CHECK(browser_install("plain", "sign-in"))) return;
    auth_client_options options = emulator_options();
    auth_client *client = scene_client_with(&options);
    auth_session session = AUTH_SESSION_INIT;
    REQUIRE(CHECK_ANSWER(sign_in_there(client, &session), AUTH_STATUS_SUCCESS));
    next_visit();
    auth_session_clear(&session);
    keyring_empty(); /* as on another day: no sign-out, no mark */
    REQUIRE(CHECK_ANSWER(sign_in_there(client, &session), AUTH_STATUS_SUCCESS));
    CHECK(!next_visit().asked_password);
    auth_session_clear(&session);
    keyring_empty();
    auth_sign_in_options asking = AUTH_SIGN_IN_OPTIONS_INIT;
    asking.prompt = AUTH_SIGN_IN_PROMPT_LOGIN;
    CHECK_ANSWER(auth_sign_in(client, &asking, NULL, NULL, NULL), AUTH_STATUS_SUCCESS);
    CHECK(next_visit().asked_password);
    CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
    next_visit();
}

TEST("row S5: who presses Cancel on the login page is not signed in")
{
    if (!start_login("managed") || !CHECK(browser_install("plain", "cancel"))) return;
    auth_client_options options = emulator_options();
    auth_client *client = scene_client_with(&options);
    auth_session session = AUTH_SESSION_INIT;
    CHECK_ANSWER(sign_in_there(client, &session), AUTH_STATUS_BROWSER_REDIRECT_ERROR);
    browser_visit visit = next_visit();
    CHECK_HAS(visit.text, "Sign-in failed.");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("the browser is not this process's child, and is not waited for")
{
    if (!start_login("managed") || !CHECK(browser_install("plain", "nothing"))) return;
    auth_client_options options = emulator_options();
    auth_client *client = scene_client_with(&options);
    auth_call_options within = AUTH_CALL_OPTIONS_INIT;
    within.browser_timeout_ms = 3000;
    CHECK_ANSWER(auth_sign_in(client, NULL, &within, NULL, NULL), AUTH_STATUS_BROWSER_TIMED_OUT);
    next_visit();
    auth_client_free(NULL);
    /* The emulator's commands were waited for; no zombie of the browser's is left. */
    CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
}

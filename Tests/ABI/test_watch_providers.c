/* SPDX-License-Identifier: Apache-2.0 */

/* Watching the session with each provider of the Secret Service, and with libsecret's encrypted file in a sandbox: rows
 * W1 to W5, as far as the provider tells what it does. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider.h"
#include "sandbox.h"
#include "scene.h"
#include "watcher.h"

#define APP_ID "COGNITOAUTH_TEST_APP"

/* Each case is another app, to which what others left is nothing. */
void set_scene(void)
{
    static int cases;
    server_select(NULL);
    server_reset();
    if (provider_is("the encrypted file")) sandbox_enter_flatpak();
    CHECK(provider_run("unlock"));
    setenv(APP_ID, text("org.example.Case%d", ++cases), 1);
}

static auth_client_options options_here(void)
{
    auth_client_options options = scene_options();
    options.app_id = getenv(APP_ID);
    return options;
}

static auth_client *client_here(void)
{
    auth_client_options options = options_here();
    return scene_client_with(&options);
}

static watcher *watch_here(void)
{
    auth_client_options options = options_here();
    return watcher_start(&options);
}

ROLE("save")
{
    sign_in(client_here());
    return 0;
}

ROLE("fetch")
{
    auth_session session = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(client_here(), NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&session);
    return 0;
}

ROLE("sign out")
{
    CHECK_INT(sign_out(client_here())->outcome, AUTH_SIGN_OUT_COMPLETE);
    return 0;
}

TEST("rows W1, W2: what another process does is told, once")
{
    watcher *watcher = watch_here();
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
    CHECK_TEXT(provider_windows(), "");
}

TEST("row W2: a refresh by another process is told, once")
{
    sign_in_for(client_here(), EXPIRED);
    watcher *watcher = watch_here();
    const char *newest = server_rotate();
    CHECK_INT(run_role("fetch"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    CHECK_TEXT(load(watcher_client(watcher))->refresh_token, newest);
}

TEST("row W3: a keyring that is locked and unlocked is told as that, and never as a sign-out; a file is never locked")
{
    bool tells = !provider_is("the encrypted file");
    sign_in(client_here());
    watcher *watcher = watch_here();
    for (int i = 0; i < 2; i++) {
        CHECK(provider_run("lock"));
        CHECK_TEXT(watcher_hears(watcher, tells), tells ? "KEYRING_LOCKED" : "");
        CHECK(provider_run("unlock"));
        CHECK_TEXT(watcher_hears(watcher, tells), tells ? "KEYRING_UNLOCKED" : "");
    }
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
}

TEST("row W4: a keyring that ends and comes back is no sign-out, and what changes afterwards is told")
{
    sign_in(client_here());
    watcher *watcher = watch_here();
    CHECK(provider_run("stop"));
    CHECK_LACKS(watcher_hears(watcher, 0), "ELSEWHERE");
    CHECK(provider_run("restart-unlocked"));
    CHECK_LACKS(watcher_hears(watcher, 0), "ELSEWHERE"); /* KeePassXC starts locked. */
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
}

TEST("row W5: what the client itself does is not told")
{
    watcher *watcher = watch_here();
    auth_client *client = watcher_client(watcher);
    auth_session session = AUTH_SESSION_INIT;
    for (int i = 0; i < 3; i++) {
        sign_in_for(client, EXPIRED);
        server_rotate();
        CHECK_ANSWER(auth_session_fetch(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
        auth_session_clear(&session);
        sign_in(client);
        CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    }
    CHECK_TEXT(watcher_hears_after_look(watcher), "");
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Watching the session with each provider of the Secret Service, and with libsecret's encrypted file in a sandbox: rows
 * W1 to W5, as far as the provider tells what it does. */

#include "neighbour.h"
#include "provider_scene.h"
#include "watcher.h"

TEST("rows W1, W2: what another process does is told, once")
{
    watcher *watcher = watcher_start(NULL);
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
    sign_in_for(scene_client(), EXPIRED);
    watcher *watcher = watcher_start(NULL);
    const char *newest = server_rotate();
    CHECK_INT(run_role("fetch"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    CHECK_TEXT(load(watcher_client(watcher))->refresh_token, newest);
}

TEST("row W3: a keyring that is locked and unlocked is told as that, and never as a sign-out; a file is never locked")
{
    bool tells = !is_file();
    sign_in(scene_client());
    watcher *watcher = watcher_start(NULL);
    for (int i = 0; i < 2; i++) {
        provider_lock();
        CHECK_TEXT(watcher_hears(watcher, tells), tells ? "KEYRING_LOCKED" : "");
        CHECK(provider_run("unlock"));
        CHECK_TEXT(watcher_hears(watcher, tells), tells ? "KEYRING_UNLOCKED" : "");
    }
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
}

TEST("row W4: a keyring that ends and comes back is no sign-out, and what changes afterwards is told")
{
    sign_in(scene_client());
    watcher *watcher = watcher_start(NULL);
    CHECK(provider_run("stop"));
    CHECK_LACKS(watcher_hears(watcher, 0), "ELSEWHERE");
    CHECK(provider_run("restart-unlocked"));
    CHECK_LACKS(watcher_hears(watcher, 0), "ELSEWHERE"); /* KeePassXC starts locked. */
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
}

TEST("row W5: what the client itself does is not told")
{
    watcher *watcher = watcher_start(NULL);
    auth_client *client = watcher_client(watcher);
    for (int i = 0; i < 3; i++) {
        sign_in_for(client, EXPIRED);
        server_rotate();
        CHECK_ANSWER(fetch_within(client, 0, NULL), AUTH_STATUS_SUCCESS);
        sign_in(client);
        CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    }
    CHECK_TEXT(watcher_hears_after_look(watcher), "");
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
}

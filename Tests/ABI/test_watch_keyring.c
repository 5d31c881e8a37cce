/* SPDX-License-Identifier: Apache-2.0 */

/* Watching the session of a keyring that is locked, ends and comes back: rows W3 and W4, with gnome-keyring. The other
 * keyrings are in test_watch_providers. */

#include <signal.h>
#include <stdio.h>

#include "neighbour.h"
#include "watcher.h"

TEST("row W3: a keyring that is locked and unlocked is told as that, and as no sign-out")
{
    watcher *watcher = watcher_start_signed_in();
    for (int i = 0; i < 2; i++) {
        CHECK(keyring_run("lock"));
        CHECK_TEXT(watcher_hears(watcher, 1), "KEYRING_LOCKED");
        CHECK(keyring_run("unlock-told"));
        CHECK_TEXT(watcher_hears(watcher, 1), "KEYRING_UNLOCKED");
    }
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
    CHECK_INT(keyring_prompt_count(), 0);
}

TEST("row W3: a keyring that is locked when the watch begins is told, and its unlocking; allow_prompt asks nobody")
{
    sign_in(scene_client());
    CHECK(keyring_run("lock"));
    watcher *watcher = watcher_start(NULL);
    CHECK_TEXT(watcher_hears(watcher, 1), "KEYRING_LOCKED");
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_operation *operation = NULL;
    options.allow_prompt = 1;
    CHECK_ANSWER(auth_session_watch_start(watcher_client(watcher), &options, &operation, NULL), AUTH_STATUS_SUCCESS);
    sleep_ms(500);
    auth_operation_free(operation);
    CHECK(keyring_run("unlock-told"));
    CHECK_TEXT(watcher_hears(watcher, 1), "KEYRING_UNLOCKED");
    CHECK_INT(keyring_prompt_count(), 0);
}

TEST("row W4: a keyring that ends and comes back is no sign-out, and what changes afterwards is told")
{
    watcher *watcher = watcher_start_signed_in();
    CHECK(keyring_run("stop"));
    CHECK_TEXT(watcher_hears(watcher, 0), "");
    CHECK(keyring_run("restart-unlocked"));
    CHECK_TEXT(watcher_hears_after_look(watcher), "");
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
}

TEST("row W4: a keyring that is killed, and comes back locked, is locked; unlocked, it is as it was")
{
    watcher *watcher = watcher_start_signed_in();
    FILE *stream = popen("\"$COGNITOAUTH_TEST_SUPPORT/keyring.sh\" pid", "r");
    int process = 0;
    CHECK(stream && fscanf(stream, "%d", &process) == 1 && pclose(stream) == 0);
    REQUIRE(process > 0);
    kill(process, SIGKILL);
    CHECK(keyring_run("restart-cold"));
    CHECK_TEXT(watcher_hears(watcher, 1), "KEYRING_LOCKED");
    CHECK(keyring_run("unlock-told"));
    CHECK_TEXT(watcher_hears(watcher, 1), "KEYRING_UNLOCKED");
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
}

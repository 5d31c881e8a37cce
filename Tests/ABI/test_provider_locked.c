/* SPDX-License-Identifier: Apache-2.0 */

/* Every provider of the Secret Service while it is locked: rows 18 and 23. */

#include <stdio.h>
#include <string.h>

#include "provider_scene.h"

/* What is locked answers at once, shows no window, and changes nothing. */
static void check_locked(auth_client *mine)
{
    auth_session session = scene_session(), out = AUTH_SESSION_INIT;
    double start = seconds();
    CHECK_TEXT(told(sign_out(mine)), LOCKED);
    check_says_locked(auth_error_status(sign_out_by(auth_sign_out, mine, NULL)->failure));
    check_says_locked(auth_session_save(mine, &session, NULL, NULL));
    check_says_locked(auth_session_load(mine, NULL, &out, NULL));
    check_says_locked(auth_session_fetch(mine, NULL, &out, NULL));
    CHECK((seconds() - start) * 1e3 < AT_ONCE_MS);
    CHECK_TEXT(provider_windows(), "");
    CHECK_INT(server_connection_count(), 0);
}

TEST("row 18: what is locked is said to be locked, at once and without a window, and nothing is deleted")
{
    auth_client *mine = scene_client();
    sign_in(mine);
    provider_lock();
    check_locked(mine);
    CHECK(provider_run("unlock"));
    CHECK_INT(item_count(), 1);
    will_confirm_delete();
    CHECK_TEXT(told(sign_out(mine)), COMPLETE);
    CHECK_INT(item_count(), 0);
}

ROLE("locked")
{
    check_locked(scene_client());
    return 0;
}

TEST("row 18: to a process that begins when all is locked, it is locked too")
{
    sign_in(scene_client());
    provider_lock();
    CHECK_INT(run_role("locked"), 0);
}

TEST("row 18: where nothing is stored, what is locked is locked, not signed out")
{
    /* Whether a file is empty can be seen without its key. */
    if (is_file()) sign_in(other_client());
    provider_lock();
    CHECK_INT(run_role("locked"), 0);
}

TEST("row 18: where one of two databases is locked, nothing that was found counts for nothing, and no window is shown")
{
    if (strncmp(provider_name(), "KeePassXC", strlen("KeePassXC")) != 0)
        return cannot("it hides nothing that is locked");
    CHECK(provider_run("add-locked"));
    CHECK(!provider_says_locked());
    auth_client *mine = scene_client();
    CHECK_TEXT(told(sign_out(mine)), LOCKED);
    CHECK_TEXT(provider_windows(), "");
    CHECK(provider_run("restart-unlocked"));
    CHECK_TEXT(told(sign_out(mine)), NOBODY);
}

TEST("row 18: a wallet that is open needs neither allow_prompt nor a window, also where it says that it is locked")
{
    if (!provider_is("KWallet")) return cannot("what it says is locked is locked");
    auth_session session = sign_in(scene_client());
    /* kwalletd says so until somebody has asked it to unlock, ksecretd does not. */
    CHECK(provider_run("restart-unlocked"));
    printf("  it says that it is %s\n", provider_says_locked() ? "locked" : "unlocked");
    CHECK_INT(load_elsewhere(&session, false), 0);
    CHECK_TEXT(provider_windows(), "");
}

TEST("row 23: what is locked while Cognito works stays, and the sign-out has failed; unlocked, the next one completes")
{
    auth_client *mine = scene_client();
    sign_in(mine);
    const auth_sign_out_result *result = sign_out_while(mine, HELD_ONCE, provider_lock);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    check_says_locked(auth_error_status(result->failure));
    CHECK(result->signed_out_locally != AUTH_ANSWER_YES);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
    CHECK_TEXT(provider_windows(), "");
    CHECK(provider_run("unlock"));
    CHECK_INT(item_count(), 1);
    will_allow_access();
    will_confirm_delete();
    CHECK_INT(run_role(SIGNING_OUT), 0);
    CHECK_INT(item_count(), 0);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* A session, and its sign-out, with every provider of the Secret Service. What one that is locked does is in
 * test_provider_locked, what asks the user in test_provider_prompts, and what processes do to each other in
 * test_provider_processes. */

#include "keyring_file.h"
#include "mock_portal.h"
#include "provider_scene.h"

TEST("a session that was saved is loaded and fetched, by another process too, and no window is shown")
{
    auth_client *mine = scene_client();
    auth_session session = sign_in(mine), fetched = AUTH_SESSION_INIT;
    CHECK_INT(item_count(), 1);
    CHECK_TEXT(load(mine)->refresh_token, session.refresh_token);
    CHECK_ANSWER(auth_session_fetch(mine, NULL, &fetched, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(fetched.access_token, session.access_token);
    auth_session_clear(&fetched);
    CHECK_INT(load_elsewhere(&session, false), is_asking() ? 100 + AUTH_STATUS_KEYRING_LOCKED : 0);
    CHECK_TEXT(provider_windows(), "");
}

TEST("row 1: a local sign-out deletes the session, which no other process finds then")
{
    auth_client *mine = scene_client();
    sign_in(mine);
    will_confirm_delete();
    CHECK_TEXT(told(sign_out(mine)), COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_INT(item_count(), 0);
    CHECK_TEXT(provider_windows(), "");
}

TEST("row 2: a global sign-out deletes the session too")
{
    auth_client *mine = scene_client();
    sign_in(mine);
    will_confirm_delete();
    CHECK_TEXT(told(sign_out_global(mine)), COMPLETE_GLOBAL);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
    CHECK_INT(item_count(), 0);
}

TEST("row 3: where nobody is signed in, that is known, and nothing is sent")
{
    CHECK_TEXT(told(sign_out(scene_client())), NOBODY);
    CHECK_INT(server_connection_count(), 0);
}

TEST("row 10: offline the session is deleted, and a retry finishes")
{
    auth_client *offline = scene_client_at(closed_url());
    sign_in(offline);
    will_confirm_delete();
    const auth_sign_out_result *result = sign_out(offline);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation failed");
    CHECK_INT(item_count(), 0);
    REQUIRE(result->partial_failure_token != NULL);
    CHECK_INT(retry(scene_client(), result->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("what one process saved another signs out of")
{
    sign_in(scene_client());
    will_allow_access();
    will_confirm_delete();
    CHECK_INT(run_role(SIGNING_OUT), 0);
    CHECK_INT(item_count(), 0);
    CHECK_TEXT(told(sign_out(scene_client())), NOBODY);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("a provider that was started again is used again, by the same client")
{
    auth_client *mine = scene_client();
    auth_session session = sign_in(mine);
    CHECK(provider_run("restart-unlocked"));
    if (!is_asking()) CHECK_TEXT(load(mine)->refresh_token, session.refresh_token);
    will_allow_access();
    will_confirm_delete();
    auth_call_options options = prompting(10000);
    CHECK_TEXT(told(sign_out_by(auth_sign_out, mine, is_asking() ? &options : NULL)), COMPLETE);
    CHECK_INT(item_count(), 0);
}

TEST("each process opens a session with KWallet that is of use, however often its key begins with a zero")
{
    enum { PROCESSES = 100 };
    if (!provider_is("KWallet")) return cannot("it agrees with libsecret on every key");
    auth_session session = sign_in(scene_client());
    for (int i = 0; i < PROCESSES; i++) CHECK_INT(load_elsewhere(&session, false), 0);
}

TEST("a key that is not the file's is told of, and the file is left as it is")
{
    if (!is_file()) return cannot("test_spoiled_session has one that lost the key of its session");
    auth_client *mine = scene_client();
    auth_session session = sign_in(mine), out = AUTH_SESSION_INIT;
    keyring_file_contents before = keyring_file_read();
    auth_error *error = NULL;
    mock_portal_use_key('x');
    CHECK_ANSWER(auth_session_load(mine, NULL, &out, &error), AUTH_STATUS_KEYRING_FAILED);
    CHECK_HAS(auth_error_message(error), "another key");
    CHECK_HAS(auth_error_message(error), keyring_file_path(""));
    auth_error_free(error);
    CHECK_ANSWER(auth_session_fetch(mine, NULL, &out, NULL), AUTH_STATUS_KEYRING_FAILED);
    CHECK_ANSWER(auth_session_save(mine, &session, NULL, NULL), AUTH_STATUS_KEYRING_FAILED);
    CHECK_TEXT(told(sign_out(mine)), LOCKED);
    CHECK_TEXT(told(sign_out_global(mine)),
               "failed: may have been signed in, still signed in; global not attempted, revocation not attempted");
    CHECK_INT(server_connection_count(), 0);
    CHECK(keyring_file_is(before));
    mock_portal_use_key('k');
    CHECK_TEXT(load(mine)->refresh_token, session.refresh_token);
}

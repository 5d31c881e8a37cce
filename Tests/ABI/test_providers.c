/* SPDX-License-Identifier: Apache-2.0 */

/* The same with every provider of the Secret Service. What came of it is asked by another process. */

#include <stdlib.h>
#include <string.h>

#include "keyring_file.h"
#include "mock_portal.h"
#include "neighbour.h"
#include "provider_scene.h"
#include "watcher.h"

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

TEST("row 19: another process may read the session once the user has allowed it")
{
    auth_session session = sign_in(scene_client());
    if (!is_asking()) return cannot("it lets every program read what is unlocked");
    will_allow_access();
    CHECK_INT(load_elsewhere(&session, true), 0);
}

TEST("row 20: another process may not read the session where the user declines, and is told so")
{
    auth_session session = sign_in(scene_client());
    if (!is_asking()) return cannot("it lets every program read what is unlocked");
    will_answer("Access Request", "Escape");
    CHECK_INT(load_elsewhere(&session, true), 100 + AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    CHECK_INT(item_count(), 1);
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

TEST("row 19: a user who does not answer in time is told of, and the window is left as it is")
{
    auth_client *mine = scene_client();
    auth_session session = AUTH_SESSION_INIT;
    if (provider_is("gnome-keyring")) return cannot("its prompt is another program's; test_prompt has a mock");
    sign_in(mine);
    CHECK(provider_run(is_file() ? "silence" : "lock"));
    auth_call_options options = prompting(1500);
    if (is_file()) options.timeout_ms = 1500; /* The portal asks whoever it likes, as long as the call lasts. */
    CHECK_ANSWER(auth_session_load(mine, &options, &session, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK(provider_windows()[0] != '\0');
    CHECK(provider_run("restart-unlocked"));
}

TEST("each process opens a session with KWallet that is of use, however often its key begins with a zero")
{
    enum { PROCESSES = 100 };
    if (!provider_is("KWallet")) return cannot("it agrees with libsecret on every key");
    auth_session session = sign_in(scene_client());
    for (int i = 0; i < PROCESSES; i++) CHECK_INT(load_elsewhere(&session, false), 0);
}

TEST("row 18: a wallet that is open, and says that it is locked, needs neither allow_prompt nor a window")
{
    if (!provider_is("KWallet")) return cannot("what it says is locked is locked");
    auth_session session = sign_in(scene_client());
    CHECK(provider_run("restart-unlocked")); /* It says so until somebody has asked it to unlock. */
    CHECK(provider_says_locked());
    CHECK_INT(load_elsewhere(&session, false), 0);
    CHECK_TEXT(provider_windows(), "");
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

TEST("of two processes that sign out at once, one does, and the other finds nobody signed in")
{
    if (is_asking()) return cannot("which of the two asks its user first is not known beforehand");
    sign_in(scene_client());
    pid_t one = start_role(SIGNING_OUT), other = start_role(SIGNING_OUT);
    int ends[] = {wait_for(one, 20000), wait_for(other, 20000)};
    CHECK(ends[0] + ends[1] == 3 && ends[0] * ends[1] == 0);
    CHECK_INT(item_count(), 0);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

/* Fetches so many times, or until nobody is signed in. */
static auth_status fetch_again_and_again(int times)
{
    auth_status status = AUTH_STATUS_SUCCESS;
    auth_client *mine = scene_client();
    for (int i = 0; i < times && status == AUTH_STATUS_SUCCESS; i++) {
        auth_session session = AUTH_SESSION_INIT;
        status = auth_session_fetch(mine, NULL, &session, NULL);
        if (status == AUTH_STATUS_SUCCESS) CHECK(session.access_token && session.refresh_token);
        auth_session_clear(&session);
    }
    return status;
}

ROLE("fetch twenty times")
{
    CHECK_ANSWER(fetch_again_and_again(20), AUTH_STATUS_SUCCESS);
    return 0;
}

TEST("a process that fetches while another saves has a session each time, and the last one saved stays")
{
    if (is_asking()) return cannot("its user would be asked about each new session");
    auth_client *mine = scene_client();
    auth_session session = sign_in(mine);
    pid_t process = start_role("fetch twenty times");
    for (int i = 0; i < 10; i++) session = sign_in(mine);
    CHECK_INT(wait_for(process, 40000), 0);
    CHECK_TEXT(load(mine)->refresh_token, session.refresh_token);
    CHECK_INT(item_count(), 1);
}

ROLE("fetch until nobody is signed in")
{
    CHECK_ANSWER(fetch_again_and_again(10000), AUTH_STATUS_NOT_SIGNED_IN);
    return 0;
}

TEST("row 1: a sign-out while another process fetches all the time completes, and that one finds nobody signed in")
{
    if (is_asking()) return cannot("its user would be asked about the fetches too");
    auth_client *mine = scene_client();
    sign_in_for(mine, EXPIRED);
    server_rotate();
    pid_t process = start_role("fetch until nobody is signed in");
    CHECK(server_await(1));
    sleep_ms(200);
    CHECK_TEXT(told(sign_out(mine)), COMPLETE);
    CHECK_INT(wait_for(process, 40000), 0);
    CHECK_INT(item_count(), 0);
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

static void delete_elsewhere(void)
{
    CHECK(provider_delete(scene_app_id()));
    CHECK_INT(item_count(), 0);
}

TEST("a session that another process deletes while Cognito works is no failure")
{
    auth_client *mine = scene_client();
    if (is_asking()) return cannot("secret-tool would ask its user");
    sign_in(mine);
    CHECK_TEXT(told(sign_out_while(mine, HELD_ONCE, delete_elsewhere)), COMPLETE);
}

#define NEW_SESSION "COGNITOAUTH_TEST_NEW_SESSION"
#define NEW_TOKEN "COGNITOAUTH_TEST_NEW_TOKEN"

/* Another process puts a later session in the place of what is stored: the same one, refreshed; or with another
 * identity, that of a later sign-in. */
ROLE("replace")
{
    const char *secret = json_text(text("{'version':1,'username':'%s','access_token':'%s','refresh_token':'%s',"
                                        "'sign_in_method':'api'}",
                                        TOKEN_USERNAME, access_token(3600), getenv(NEW_TOKEN)));
    return provider_replace(scene_app_id(), secret, getenv(NEW_SESSION)) ? 0 : 5;
}

static void replace_elsewhere(void)
{
    setenv(NEW_TOKEN, refresh_token(), 1);
    CHECK_INT(run_role("replace"), 0);
    CHECK_INT(item_count(), 1);
}

TEST("row 29: a refresh token that another process stores in the same place meanwhile is revoked too")
{
    auth_client *mine = scene_client();
    if (is_asking()) return cannot("the other process would ask its user");
    auth_session session = sign_in(mine);
    unsetenv(NEW_SESSION);
    CHECK_TEXT(told(sign_out_while(mine, HELD_ONCE, replace_elsewhere)), COMPLETE);
    REQUIRE(server_request_count() == 2);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_TEXT(server_body(1, "Token"), getenv(NEW_TOKEN));
    CHECK_INT(item_count(), 0);
}

TEST("row 23b: a session of a later sign-in that another process stores in the same place meanwhile stays")
{
    auth_client *mine = scene_client();
    if (is_asking()) return cannot("the other process would ask its user");
    auth_session session = sign_in(mine);
    setenv(NEW_SESSION, "another", 1);
    const auth_sign_out_result *result = sign_out_while(mine, HELD_ONCE, replace_elsewhere);
    CHECK_STATUS(result->failure, AUTH_STATUS_SESSION_CHANGED);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_NO);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
    REQUIRE(server_request_count() == 1);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(item_count(), 1);
    CHECK_TEXT(load(mine)->refresh_token, getenv(NEW_TOKEN));
}

TEST("row 23: a session that another process puts back after the delete is found by the second look, and that is said")
{
    if (!is_file()) return cannot("nothing can be held between the two");
    auth_client *mine = scene_client();
    sign_in(other_client()); /* Else the file would be empty, and the second look would need no key. */
    auth_session session = sign_in(mine);
    keyring_file_contents before = keyring_file_read();
    int asked = mock_portal_requests();
    mock_portal_answer(3); /* The first look, the second reading and the delete. */
    background *running = start_sign_out(mine);
    for (double end = seconds() + 10; mock_portal_requests() < asked + 4 && seconds() < end;) sleep_ms(5);
    CHECK_INT(mock_portal_open(), 1);
    CHECK(!keyring_file_is(before));
    keyring_file_write(before.bytes, before.size);
    mock_portal_release();
    const auth_sign_out_result *result = finish(running);
    CHECK_TEXT(told(result), LEFT);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_FAILED);
    CHECK_TEXT(load(mine)->refresh_token, session.refresh_token);
    CHECK_TEXT(told(sign_out(mine)), COMPLETE);
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

TEST("row 20: a delete that the user declines fails the sign-out, and the session stays")
{
    auth_client *mine = scene_client();
    if (!is_asking()) return cannot("it asks nobody before it deletes");
    sign_in(mine);
    will_answer("^Move entry", "Escape");
    const auth_sign_out_result *result = sign_out(mine);
    CHECK_TEXT(told(result), LEFT);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    CHECK_INT(item_count(), 1);
}

TEST("row 22: a delete that the user does not answer in time is left to the user, and not known to be done")
{
    auth_client *mine = scene_client();
    if (!is_asking()) return cannot("it asks nobody before it deletes");
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = 2500;
    sign_in(mine);
    double start = seconds();
    const auth_sign_out_result *result = sign_out_by(auth_sign_out, mine, &options);
    CHECK((seconds() - start) * 1e3 < options.timeout_ms + AT_ONCE_MS);
    CHECK_TEXT(told(result), "failed: was signed in, may be signed in; global not requested, revocation done");
    CHECK_STATUS(result->failure, AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK_HAS(provider_windows(), "Move entry");
    CHECK_INT(item_count(), 1);
    CHECK_INT(wait_for(provider_start_user("^Move entry", "shift+Tab space"), 10000), 0);
    for (double end = seconds() + 5; item_count() != 0 && seconds() < end;) sleep_ms(50);
    CHECK_INT(item_count(), 0);
    CHECK_TEXT(told(sign_out(mine)), NOBODY);
}

TEST("row W3: a watch opens no window; an entry that the user would be asked about is locked to it")
{
    watcher *watcher = watcher_start(NULL);
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), is_asking() ? "KEYRING_LOCKED" : "SESSION_CHANGED_ELSEWHERE");
    CHECK_TEXT(provider_windows(), "");
}

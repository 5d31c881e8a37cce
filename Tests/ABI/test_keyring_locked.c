/* SPDX-License-Identifier: Apache-2.0 */

/* A keyring that is locked while the program runs. No prompt is ever shown: each answer comes at once. */

#include <stdlib.h>

#include "scene.h"
#include "stopper.h"

/* An answer that took longer than this was waiting for somebody. */
enum { AT_ONCE_MS = 4000 };
static double started;

static void start_clock(void) { started = seconds(); }
static void check_at_once(void)
{
    CHECK((seconds() - started) * 1000 < AT_ONCE_MS);
    CHECK_INT(keyring_prompt_count(), 0);
}

#define LOCKED "failed: may have been signed in, still signed in; global %s, revocation not attempted"

static void check_locked(auth_client *client)
{
    start_clock();
    const auth_sign_out_result *local = sign_out(client), *global = sign_out_global(client);
    check_at_once();
    for (int i = 0; i < 2; i++) {
        const auth_sign_out_result *result = i ? global : local;
        CHECK_TEXT(told(result), text(LOCKED, i ? "not attempted" : "not requested"));
        CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
        CHECK_TEXT(auth_error_recovery_suggestion(result->failure), "Unlock the keyring and sign out again.");
        CHECK(result->partial_failure_token == NULL);
    }
    CHECK_INT(server_connection_count(), 0);
}

static void check_unlocked_again(auth_client *client, const auth_session *session)
{
    CHECK(keyring_run("unlock"));
    CHECK_TEXT(load(client)->refresh_token, session->refresh_token);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 18: a locked keyring fails the sign-out, and nothing is revoked or deleted; unlocked, it goes on")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    CHECK(keyring_run("lock"));
    check_locked(client);
    CHECK(keyring_is_locked());
    CHECK_INT(keyring_count("session"), 1);
    check_unlocked_again(client, &session);
}

TEST("row 18: one that is locked while the session is read is locked, and the session is not taken for damaged")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client), loaded = AUTH_SESSION_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    lock_keyring_at("GetSecrets");
    CHECK_ANSWER(auth_session_load(client, NULL, &loaded, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK(keyring_run("unlock"));
    lock_keyring_at("GetSecrets");
    CHECK_INT(auth_sign_out(client, NULL, &result), AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result.failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK(result.invalid_session_error == NULL);
    auth_sign_out_result_clear(&result);
    CHECK_INT(server_connection_count(), 0);
    check_unlocked_again(client, &session);
}

TEST("a locked keyring that holds no session is locked, not signed out")
{
    auth_client *client = scene_client();
    CHECK(keyring_run("lock"));
    check_locked(client);
}

TEST("saving, loading and fetching on a locked keyring say so at once, show no prompt and change nothing")
{
    auth_client *client = scene_client();
    sign_in(client);
    const char *secret = keyring_secret("session");
    CHECK(keyring_run("lock"));
    auth_session session = scene_session(), out = AUTH_SESSION_INIT;
    session.device_key = SCENE_DEVICE_KEY;
    auth_error *error = NULL;
    start_clock();
    CHECK_ANSWER(auth_session_save(client, &session, NULL, &error), AUTH_STATUS_KEYRING_LOCKED);
    CHECK(auth_error_recovery_suggestion(error)[0] != '\0');
    auth_error_free(error);
    CHECK_ANSWER(auth_session_load(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK_ANSWER(auth_session_fetch(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_LOCKED);
    check_at_once();
    CHECK(out.owned == NULL && out.access_token == NULL);
    CHECK(keyring_is_locked());
    CHECK(keyring_run("unlock"));
    CHECK_TEXT(keyring_secret("session"), secret);
    CHECK_INT(keyring_count(NULL), 1);
}

TEST("row 23: a keyring that is locked while Cognito works fails the sign-out, and the tokens are told to be dead")
{
    for (int global = 0; global < 2; global++) {
        server_reset();
        auth_client *client = scene_client();
        auth_session session = sign_in(client);
        server_reply("RevokeToken", "{'hold':true,'default':true}");
        background *running = global ? start_sign_out_global(client) : start_sign_out(client);
        CHECK(server_await(global ? 2 : 1));
        CHECK(keyring_run("lock"));
        start_clock();
        server_release();
        const auth_sign_out_result *result = finish(running);
        check_at_once();
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
        CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
        CHECK_INT(result->was_signed_in, AUTH_ANSWER_YES);
        CHECK(result->signed_out_locally != AUTH_ANSWER_YES);
        CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
        CHECK_INT(result->global_sign_out, global ? AUTH_REMOTE_DONE : AUTH_REMOTE_NOT_REQUESTED);
        CHECK_TEXT(auth_error_recovery_suggestion(result->failure),
                   "Unlock the keyring, then retry with the partial-failure token.");
        CHECK_INT(keyring_count("session"), 1);
        server_reset();
        check_unlocked_again(client, &session);
    }
}

TEST("row 23: where the revocation failed too, the result says both and lets it be retried")
{
    auth_client *client = scene_client();
    sign_in(client);
    const auth_sign_out_result *result = sign_out_while(client, REFUSED_ONCE, keyring_lock);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_FAILED);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_FORBIDDEN);
    CHECK(result->partial_failure_token != NULL);
}

static void delete_session(void) { keyring_delete("session"); }

TEST("an item that another program deletes while Cognito works is no failure")
{
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_TEXT(told(sign_out_while(client, HELD_ONCE, delete_session)), COMPLETE);
}

/* The last case: it shows that the others could have failed. */
TEST("a prompt would have been seen: secret-tool, which asks for one, is")
{
    sign_in(scene_client());
    CHECK(keyring_run("lock"));
    CHECK(system("timeout 10 secret-tool lookup app-id " SCENE_APP_ID " >/dev/null 2>&1") != 0);
    CHECK(keyring_prompt_count() > 0);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* A session whose sign-out was written down, and that is still stored, as it could not be deleted or the process was
 * killed: what other calls make of it, in this process and in others. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "stopper.h"
#include "unfinished.h"

#define LEFT "failed: was signed in, still signed in; global not requested, revocation %s"

/* A session whose sign-out was written down, and that could not be deleted, as the keyring was locked meanwhile; it is
 * unlocked again. That the token was revoked could not be written down either. */
static auth_session leave_session(const char *replies, const char *revocation)
{
    auth_client *client = keeping_client();
    auth_session session = sign_in(client);
    const auth_sign_out_result *result = sign_out_while(client, replies, keyring_lock);
    CHECK_TEXT(told(result), text(LEFT, revocation));
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(keyring_count(KEPT), 1);
    server_reset();
    return session;
}

static auth_session leave_revoked_session(void) { return leave_session(HELD_ONCE, "done"); }

static auth_status fetch(auth_client *client)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_status status = auth_session_fetch(client, NULL, &session, NULL);
    CHECK(session.access_token == NULL || status == AUTH_STATUS_SUCCESS);
    auth_session_clear(&session);
    return status;
}

/* The exit status is the status, which is below 256 for all that may come. */
ROLE("load") { return load_within(scene_client(), 0, NULL); }
ROLE("fetch") { return fetch(scene_client()); }

TEST("row L9: a session that an unfinished sign-out names is nobody's, in every process, and resume deletes it")
{
    leave_revoked_session();
    CHECK_INT(run_role("load"), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(run_role("fetch"), AUTH_STATUS_NOT_SIGNED_IN);
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_TEXT(told(result), RESUMED);
    check_kept(result, AUTH_ANSWER_NO, 0);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L9: while the keyring is locked resume fails, and the session and the item stay")
{
    leave_revoked_session();
    CHECK(keyring_run("lock"));
    CHECK_STATUS(resume(scene_client())->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L9: what a refresh brings that was under way when the session was signed out is revoked")
{
    auth_client *client = keeping_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate_held();
    pid_t process = start_role("fetch");
    CHECK(server_await(1));
    /* It goes on without the lock that the other process has. */
    lock_keyring_at("Delete");
    CHECK_STATUS(sign_out(client)->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(keyring_count(KEPT), 1);
    server_release();
    CHECK_INT(wait_for(process, 20000), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken RevokeToken");
    CHECK_TEXT(server_body(2, "Token"), rotated);
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L9: another user can sign in at once, and the session that was left is deleted")
{
    leave_revoked_session();
    auth_session other = scene_session();
    other.username = "grace";
    other.access_token = jwt("{'sub':'other','username':'grace','token_use':'access','exp':4000000000}");
    other.id_token = NULL;
    auth_client *client = scene_client();
    save(client, &other);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_TEXT(load(client)->refresh_token, other.refresh_token);
    resume(client);
    CHECK_TEXT(load(client)->refresh_token, other.refresh_token);
    CHECK_INT(keyring_count(KEPT), 0);
}

TEST("row L9: the next sign-out finds nobody signed in, and completes the deletion")
{
    for (int global = 0; global < 2; global++) {
        leave_revoked_session();
        auth_client *client = scene_client();
        const auth_sign_out_result *result = global ? sign_out_global(client) : sign_out(client);
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
        CHECK_INT(result->was_signed_in, AUTH_ANSWER_NO);
        CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
        CHECK_INT(keyring_count("session"), 0);
        resume(client);
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row L9: where the revocation failed too, resume deletes the session first, and then revokes")
{
    auth_session session = leave_session(REFUSED_ONCE, "failed");
    server_reply("RevokeToken", HELD_ONCE);
    background *started = start_resume(scene_client());
    CHECK(server_await(1));
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(keyring_count(KEPT), 1);
    server_release();
    CHECK_TEXT(told(finish(started)), RESUMED);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L9: a deletion that is refused again keeps the item, whatever Cognito answers")
{
    leave_revoked_session();
    lock_keyring_at("Delete");
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(keyring_count(KEPT), 1);
    resume(scene_client());
    CHECK_INT(keyring_count(NULL), 0);
}

ROLE("sign out")
{
    sign_out(keeping_client());
    return 0;
}

/* Kills a sign-out while Cognito works on RevokeToken number `number`. */
static void kill_sign_out(int number)
{
    const char *replies = HELD_ONCE;
    for (int i = 1; i < number; i++) replies = text("{'default':true},%s", replies);
    server_reply("RevokeToken", replies);
    pid_t process = start_role("sign out");
    CHECK(server_await(number));
    kill(process, SIGKILL);
    CHECK_INT(wait_for(process, 5000), 128 + SIGKILL);
    server_release();
    server_reply("RevokeToken", "{'default':true}");
    CHECK_INT(keyring_count(KEPT), 1);
}

TEST("row L9: the next sign-out of a client that keeps nothing finishes one that was killed")
{
    auth_session session = sign_in(scene_client());
    kill_sign_out(1);
    const auth_sign_out_result *result = sign_out(scene_client());
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

/* A session as 0.1 stored it: without the attribute `session`. */
static const char *add_old_session(void)
{
    const char *token = refresh_token();
    keyring_add("session", json_text(text("{'version':1,'username':'%s','access_token':'%s','refresh_token':'%s',"
                                          "'sign_in_method':'api'}",
                                          TOKEN_USERNAME, access_token(3600), token)));
    return token;
}

TEST("rows L2, L9: so it is with a session that 0.1 stored")
{
    const char *token = add_old_session();
    CHECK_TEXT(load(scene_client())->refresh_token, token);
    kill_sign_out(1);
    CHECK_INT(run_role("load"), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK_TEXT(server_body(1, "Token"), token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("rows L2, L9: so it is with a session that is damaged")
{
    const char *token = refresh_token();
    keyring_add("session", json_text(text("{'version':1,'refresh_token':'%s'}", token)));
    kill_sign_out(1);
    CHECK_INT(run_role("load"), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(resume(scene_client())->unfinished_count, 0);
    CHECK_TEXT(server_body(1, "Token"), token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("rows L2, L9: where several sessions were stored, all of them are ended, whichever was reached")
{
    for (int reached = 1; reached <= 2; reached++) {
        during(text("killed at revocation %d", reached));
        keyring_empty();
        server_reset();
        auth_session session = sign_in(scene_client());
        const char *other = add_old_session();
        server_add_session(session.access_token, session.refresh_token);
        server_add_session(access_token(3600), other);
        kill_sign_out(reached);
        CHECK_INT(keyring_count("session"), 2);
        CHECK_INT(run_role("load"), AUTH_STATUS_NOT_SIGNED_IN);
        resume(scene_client());
        CHECK_TEXT(server_live_tokens(), "");
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("rows L9, 22: a deletion that the keyring did not answer is done by a resume, or found done")
{
    auth_client *client = keeping_client();
    sign_in(client);
    auth_call_options options = scene_within(1500);
    stop_keyring_at("Delete");
    const auth_sign_out_result *result = sign_out_by(auth_sign_out, client, &options);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_UNKNOWN);
    CHECK(result->kept != AUTH_ANSWER_NO);
    wake_keyring();
    CHECK_TEXT(told(resume(scene_client())), NOBODY);
    CHECK_INT(keyring_count(NULL), 0);
}

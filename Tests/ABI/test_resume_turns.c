/* SPDX-License-Identifier: Apache-2.0 */

/* Kept sign-outs beside others: who finishes them, and what other calls make of a session that one of them names. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hosted_ui.h"
#include "stopper.h"
#include "unfinished.h"

#define HELD "{'hold':true,'default':true},{'default':true}"
#define LEFT "failed: was signed in, still signed in; global not requested, revocation %s"

ROLE("resume")
{
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result->unfinished_count, 0);
    return 0;
}

TEST("row L7: of processes that resume at once, one finishes each sign-out")
{
    enum { ITEMS = 3, PROCESSES = 4 };
    pid_t processes[PROCESSES];
    for (int i = 0; i < ITEMS; i++) keep_sign_out();
    server_reply("RevokeToken", "{'delay_ms':200,'default':true}");
    for (int i = 0; i < PROCESSES; i++) processes[i] = start_role("resume");
    for (int i = 0; i < PROCESSES; i++) CHECK_INT(wait_for(processes[i], 20000), 0);
    CHECK_INT(server_request_count(), ITEMS);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L7: one that resumes and one that retries by hand run the steps once")
{
    auth_client *offline = offline_client();
    sign_in(offline);
    const auth_sign_out_result *result = sign_out(offline);
    REQUIRE(result->partial_failure_token != NULL);
    server_reply("RevokeToken", HELD);
    pid_t process = start_role("resume");
    CHECK(server_await(1));
    auth_operation *operation = NULL;
    CHECK_ANSWER(auth_sign_out_retry_start(scene_client(), result->partial_failure_token, NULL, &operation, NULL),
                 AUTH_STATUS_SUCCESS);
    sleep_ms(300); /* Enough for the retry to go wrong. */
    CHECK_INT(server_request_count(), 1);
    server_release();
    CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
    auth_operation_free(operation);
    CHECK_INT(wait_for(process, 20000), 0);
    CHECK_INT(server_request_count(), 1);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L7: a process that is killed while it resumes keeps nobody out")
{
    auth_session session = keep_sign_out();
    server_reply("RevokeToken", HELD);
    pid_t process = start_role("resume");
    CHECK(server_await(1));
    kill(process, SIGKILL);
    CHECK_INT(wait_for(process, 5000), 128 + SIGKILL);
    double start = seconds();
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK(seconds() - start < 3);
    CHECK_TEXT(server_body(1, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

/* A session whose sign-out wrote its item and could not delete it, as the keyring was locked meanwhile; unlocked again. */
static auth_session leave_session(const char *reply, const char *revocation)
{
    auth_client *client = keeping_client();
    auth_session session = sign_in(client);
    server_reply("RevokeToken", reply);
    background *started = start_sign_out(client);
    CHECK(server_await(1));
    CHECK(keyring_run("lock"));
    server_release();
    const auth_sign_out_result *result = finish(started);
    CHECK_TEXT(told(result), text(LEFT, revocation));
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(keyring_count(KEPT), 1);
    server_reset();
    return session;
}

static auth_session leave_revoked_session(void) { return leave_session(HELD, "done"); }

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
    CHECK_TEXT(told(result), NOTHING);
    check_kept(result, AUTH_ANSWER_NO, 0);
    CHECK_INT(server_request_count(), 0);
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
    CHECK_TEXT(told(resume(scene_client())), NOTHING);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L9: what a refresh brings that was under way when the session was signed out is revoked")
{
    auth_client *client = keeping_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate();
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    pid_t process = start_role("fetch");
    CHECK(server_await(1));
    /* It goes on without the lock that the other process has. */
    lock_keyring_at("Delete");
    CHECK_TEXT(told(sign_out(client)), text(LEFT, "done"));
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(keyring_count(KEPT), 1);
    server_release();
    CHECK_INT(wait_for(process, 20000), AUTH_STATUS_SESSION_CHANGED);
    CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken RevokeToken");
    CHECK_TEXT(server_body(2, "Token"), rotated);
    CHECK_TEXT(told(resume(scene_client())), NOTHING);
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
    auth_session session = leave_session("{'hold':true,'status':400,'body':{'__type':'ForbiddenException'}}", "failed");
    server_reply("RevokeToken", HELD);
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

TEST("a save and a sign-out finish what others left, where GlobalSignOut is not open")
{
    for (int is_save = 0; is_save < 2; is_save++) {
        during(is_save ? "save" : "sign-out");
        server_reset();
        auth_session old = keep_sign_out();
        auth_client *client = scene_client();
        if (is_save)
            sign_in(client);
        else
            CHECK_TEXT(told(sign_out(client)), NOTHING);
        CHECK_TEXT(server_operations(), "RevokeToken");
        CHECK_TEXT(server_body(0, "Token"), old.refresh_token);
        CHECK_INT(keyring_count(KEPT), 0);
        sign_out(client);
    }
    keep_sign_out_global();
    server_reset();
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_TEXT(server_operations(), "");
    CHECK_INT(keyring_count(KEPT), 1);
}

TEST("what others left does not change how a sign-out ends, and no session is deleted with it")
{
    keep_sign_out();
    auth_client *client = scene_client();
    server_reply("RevokeToken", exception("ForbiddenException", "no"));
    auth_session session = sign_in(client);
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    server_reset();
    server_reply("RevokeToken", text("{'default':true},%s", exception("ForbiddenException", "no")));
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), "complete: was signed in, signed out; global not requested, revocation done");
    CHECK_INT(result->unfinished_count, 1);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(KEPT), 1);
}

TEST("row L4: a sign-in gives up GlobalSignOut of the same user before it redeems its code: its session is not ended")
{
    visitor *player = new_visitor(travel);
    auth_client_options options = hosted_ui_options(player);
    auth_client *client = scene_client_with(&options);
    auth_session old = keep_sign_out_global(), session = AUTH_SESSION_INIT;
    CHECK_ANSWER(browser_sign_in(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    resume(client);
    CHECK_LACKS(server_operations(), "GlobalSignOut");
    CHECK_TEXT(server_body(server_request_count() - 1, "Token"), old.refresh_token);
    CHECK_TEXT(load(client)->refresh_token, brought.refresh_token);
    CHECK_INT(keyring_count(KEPT), 0);
}

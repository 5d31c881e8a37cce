/* SPDX-License-Identifier: Apache-2.0 */

/* auth_sign_out_resume(): what it finishes, and what it leaves alone. */

#include <poll.h>
#include <string.h>

#include "stopper.h"
#include "unfinished.h"

TEST("where nothing is kept, resume is complete and sends nothing; it says who is signed in")
{
    auth_client *client = scene_client();
    CHECK_TEXT(told(resume(client)), NOBODY);
    sign_in(client);
    CHECK_TEXT(told(resume(client)),
               "complete: was signed in, still signed in; global not requested, revocation not requested");
    CHECK_INT(server_connection_count(), 0);
    CHECK_INT(keyring_count("session"), 1);
}

TEST("row L3: the sign-outs of two users are two items, and resume ends both, the oldest first")
{
    auth_session first = keep_sign_out(), second = keep_sign_out();
    CHECK_INT(keyring_count(KEPT), 2);
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), first.refresh_token);
    CHECK_TEXT(server_body(1, "Token"), second.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L4: a global sign-out is resumed whole within 24 hours")
{
    auth_session session = keep_sign_out_global(), elsewhere = scene_session();
    server_add_session(session.access_token, session.refresh_token);
    server_add_session(elsewhere.access_token, elsewhere.refresh_token);
    kept_move(-23);
    CHECK_TEXT(told(resume(scene_client())), RESUMED_GLOBAL);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
    CHECK_TEXT(server_live_tokens(), "");
    CHECK_INT(keyring_count(NULL), 0);
}

/* Of a global sign-out only RevokeToken is run, and it is said. */
static void check_given_up(const char *expected)
{
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_TEXT(told(result), expected);
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_NOT_ATTEMPTED);
    CHECK(result->partial_failure_token == NULL);
    check_kept(result, AUTH_ANSWER_NO, 0);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

TEST("rows L4, L10: later than that, or where the clock was set back since, only this device's session is ended")
{
    static const int hours[] = {-25, -24 * 80, 2};
    for (int i = 0; i < LENGTH(hours); i++) {
        during(text("%d hours", hours[i]));
        server_reset();
        auth_session session = keep_sign_out_global(), elsewhere = scene_session();
        server_add_session(session.access_token, session.refresh_token);
        server_add_session(elsewhere.access_token, elsewhere.refresh_token);
        kept_move(hours[i]);
        check_given_up(GIVEN_UP);
        CHECK_TEXT(server_live_tokens(), elsewhere.refresh_token);
    }
}

TEST("row L10: a time that no clock shows makes it an old one, and ends no other session")
{
    static const int64_t times[] = {INT64_MIN, -1, 0, INT64_MAX};
    for (int i = 0; i < LENGTH(times); i++) {
        during(text("%lld", (long long)times[i]));
        server_reset();
        keep_sign_out_global();
        kept_set("signed_out_at", times[i]);
        check_given_up(GIVEN_UP);
    }
}

TEST("rows L4, L10: where the same user is signed in again, the new session lives, and only the old one is ended")
{
    auth_client *client = scene_client();
    auth_session old = keep_sign_out_global(), new = scene_session();
    server_add_session(old.access_token, old.refresh_token);
    server_add_session(new.access_token, new.refresh_token);
    /* As a program of 0.1 stores it, which knows of nothing that is kept. */
    keyring_add("session", json_text(text("{'version':1,'username':'%s','access_token':'%s','refresh_token':'%s',"
                                          "'sign_in_method':'api'}",
                                          TOKEN_USERNAME, new.access_token, new.refresh_token)));
    check_given_up("partial: was signed in, still signed in; global not attempted, revocation done");
    CHECK_TEXT(server_live_tokens(), new.refresh_token);
    CHECK_TEXT(load(client)->refresh_token, new.refresh_token);
}

TEST("row L4: so it is where the same user was saved again, which gives up GlobalSignOut for good")
{
    auth_client *client = scene_client();
    auth_session old = keep_sign_out_global(), new = sign_in(client);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_TEXT(told(resume(client)), NOBODY);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), old.refresh_token);
    CHECK_TEXT(server_body(1, "Token"), new.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L4: another user who is signed in stays so, and the global sign-out is resumed")
{
    auth_client *client = scene_client();
    auth_session old = keep_sign_out_global(), other = scene_session();
    other.username = "grace";
    other.access_token = jwt(text("{'sub':'other','username':'grace','token_use':'access','exp':4000000000}"));
    other.id_token = NULL;
    save(client, &other);
    CHECK_TEXT(told(resume(client)), "complete: was signed in, still signed in; global done, revocation done");
    CHECK_TEXT(server_body(0, "AccessToken"), old.access_token);
    CHECK_TEXT(load(client)->refresh_token, other.refresh_token);
}

TEST("row L5: resumed offline it stays as it is, and is finished later")
{
    auth_session session = keep_sign_out();
    for (int i = 0; i < 2; i++) {
        const auth_sign_out_result *result = resume(offline_client());
        CHECK_TEXT(told(result), "partial: was not signed in, signed out; global not requested, revocation failed");
        check_kept(result, AUTH_ANSWER_YES, 1);
    }
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L6: one that is damaged is removed and told")
{
    static const char *const secrets[] = {"", "not JSON", "{'version':1,'token':1}",
                                          "{'version':1,'signed_out_at':1,'token':'ca1.damaged.00000000'}"};
    for (int i = 0; i < LENGTH(secrets); i++) {
        during(secrets[i]);
        keyring_add(KEPT, json_text(secrets[i]));
        const auth_sign_out_result *result = resume(scene_client());
        CHECK_TEXT(told(result),
                   "partial: was not signed in, signed out; global not requested, revocation not requested");
        CHECK_STATUS(result->invalid_session_error, AUTH_STATUS_INVALID_SESSION);
        check_kept(result, AUTH_ANSWER_NO, 0);
    }
    CHECK_INT(server_connection_count(), 0);
}

TEST("row L6: beside one that is damaged the others are finished")
{
    auth_session session = keep_sign_out();
    keyring_add(KEPT, "damaged");
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_STATUS(result->invalid_session_error, AUTH_STATUS_INVALID_SESSION);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    check_kept(result, AUTH_ANSWER_NO, 0);
}

TEST("row L6: a damaged one is told of beside one that stays open, too")
{
    keep_sign_out();
    keyring_add(KEPT, "damaged");
    server_reply("RevokeToken", exception("ForbiddenException", "no"));
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_STATUS(result->invalid_session_error, AUTH_STATUS_INVALID_SESSION);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_FORBIDDEN);
    check_kept(result, AUTH_ANSWER_YES, 1);
}

TEST("row L6: one of another user pool is left alone")
{
    keep_sign_out();
    auth_client_options options = scene_options();
    options.user_pool_id = "eu-west-1_Another01";
    CHECK_TEXT(told(resume(scene_client_with(&options))), NOBODY);
    CHECK_INT(keyring_count(KEPT), 1);
    /* With our attributes, and a token that was made for that pool. */
    keyring_empty();
    options.endpoint = closed_url();
    auth_client *other = keeping_client_with(options);
    sign_in(other);
    sign_out(other);
    keyring_set_attribute(KEPT, "user-pool-id", SCENE_POOL_ID);
    CHECK_TEXT(told(resume(scene_client())), NOBODY);
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK_INT(server_connection_count(), 0);
}

TEST("row L6: one of a newer version is left alone")
{
    keep_sign_out();
    kept_set("version", 2);
    const char *before = keyring_secret(KEPT);
    resume(scene_client());
    CHECK_TEXT(keyring_secret(KEPT), before);
    CHECK_INT(server_connection_count(), 0);
}

TEST("row L8: with the keyring locked resume fails, nothing is sent, and nothing is lost")
{
    keep_sign_out();
    CHECK(keyring_run("lock"));
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_INT(result->kept, AUTH_ANSWER_UNKNOWN);
    CHECK_INT(server_connection_count(), 0);
    CHECK_INT(keyring_prompt_count(), 0);
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
}

TEST("row L8: with the keyring locked a sign-out that keeps fails, and nothing is kept or ended")
{
    auth_client *client = keeping_client();
    sign_in(client);
    CHECK(keyring_run("lock"));
    CHECK_STATUS(sign_out(client)->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK_INT(server_connection_count(), 0);
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count(KEPT), 0);
    CHECK_INT(keyring_count("session"), 1);
}

TEST("resume is there as an operation too, and without a result")
{
    keep_sign_out();
    auth_operation *operation = start_operation(scene_client(), auth_sign_out_resume_start);
    struct pollfd ready = {auth_operation_fd(operation), POLLIN, 0};
    while (!auth_operation_dispatch(operation)) CHECK_INT(poll(&ready, 1, 10000), 1);
    CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
    keep_sign_out();
    CHECK_INT(auth_sign_out_resume(scene_client(), NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
}

/* Cancels a resume while Cognito keeps its first request waiting, until server_release(). */
static const auth_sign_out_result *resume_and_cancel(auth_client *client)
{
    server_reply("RevokeToken", HELD_ONCE);
    background *started = start_resume(client);
    CHECK(server_await(1));
    auth_client_cancel(client);
    return finish(started);
}

TEST("a resume that is cancelled leaves kept what is open")
{
    auth_client *client = scene_client();
    keep_sign_out();
    const auth_sign_out_result *result = resume_and_cancel(client);
    CHECK(result->outcome != AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count(KEPT), 1);
    server_release();
    CHECK_TEXT(told(resume(client)), RESUMED);
}

TEST("a resume that is cancelled tells of the newest, which it had not begun, that it was not attempted")
{
    auth_client *client = scene_client();
    keep_sign_out();
    keep_sign_out();
    const auth_sign_out_result *result = resume_and_cancel(client);
    CHECK_STATUS(result->failure, AUTH_STATUS_CANCELLED);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_NOT_ATTEMPTED);
    CHECK(strstr(auth_sign_out_result_message(result), "The service may not know it") != NULL);
    CHECK_INT(server_request_count(), 1);
    server_release();
    CHECK_TEXT(told(resume(client)), RESUMED);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("where the item cannot be removed after all else is done, resume does not say that nothing is left")
{
    keep_sign_out();
    lock_keyring_at("Delete");
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
    CHECK(result->kept != AUTH_ANSWER_NO);
    CHECK_INT(result->unfinished_count, 1);
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK_INT(keyring_count(NULL), 0);
}

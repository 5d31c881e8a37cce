/* SPDX-License-Identifier: Apache-2.0 */

/* Several who finish what is kept, and calls beside them: each sign-out is finished once, and nobody is kept out. */

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "hosted_ui.h"
#include "unfinished.h"

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
    server_reply("RevokeToken", HELD_ONCE);
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
    server_reply("RevokeToken", HELD_ONCE);
    pid_t process = start_role("resume");
    CHECK(server_await(1));
    kill(process, SIGKILL);
    CHECK_INT(wait_for(process, 5000), 128 + SIGKILL);
    double start = seconds();
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK(seconds() - start < 4.5); /* It did not wait for 5 s. */
    CHECK_TEXT(server_body(1, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L7: two threads with one client run the steps once too")
{
    auth_client *client = scene_client();
    keep_sign_out();
    server_reply("RevokeToken", "{'delay_ms':300,'default':true}");
    background *one = start_resume(client), *other = start_resume(client);
    CHECK_INT(finish(one)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(finish(other)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_INT(keyring_count(NULL), 0);
}

ROLE("sign out")
{
    CHECK_INT(sign_out(keeping_client())->outcome, AUTH_SIGN_OUT_COMPLETE);
    return 0;
}

TEST("row L7: a resume beside a sign-out that is under way waits for it, and does nothing twice")
{
    sign_in(scene_client());
    server_reply("RevokeToken", HELD_ONCE);
    pid_t process = start_role("sign out");
    CHECK(server_await(1));
    background *started = start_resume(scene_client());
    sleep_ms(400); /* Enough for the resume to go wrong. */
    server_release();
    CHECK_TEXT(told(finish(started)), NOBODY);
    CHECK_INT(wait_for(process, 20000), 0);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("rows L7, 32: while a process with the lock hangs, resume fails, BUSY, and nothing is sent")
{
    sign_in(scene_client());
    server_reply("RevokeToken", HELD_ONCE);
    pid_t process = start_role("sign out");
    CHECK(server_await(1));
    kill(process, SIGSTOP);
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_STATUS(result->failure, AUTH_STATUS_BUSY);
    CHECK_INT(server_request_count(), 1);
    kill(process, SIGCONT);
    server_release();
    CHECK_INT(wait_for(process, 20000), 0);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L7: while one resumes, the network works without the lock: others save, load and sign out meanwhile")
{
    auth_session old = keep_sign_out();
    server_reply("RevokeToken", HELD_ONCE);
    pid_t process = start_role("resume");
    CHECK(server_await(1));
    double start = seconds();
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK(seconds() - start < 5);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken");
    server_release();
    CHECK_INT(wait_for(process, 20000), 0);
    CHECK_TEXT(server_body(0, "Token"), old.refresh_token);
    CHECK_TEXT(server_body(1, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L7: one that hangs while it resumes keeps nobody from saving and signing out, and another resume is BUSY")
{
    keep_sign_out();
    server_reply("RevokeToken", HELD_ONCE);
    pid_t process = start_role("resume");
    CHECK(server_await(1));
    kill(process, SIGSTOP);
    double start = seconds();
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK(seconds() - start < 5);
    const auth_sign_out_result *result = resume(client);
    CHECK_STATUS(result->failure, AUTH_STATUS_BUSY);
    check_kept(result, AUTH_ANSWER_YES, 1);
    kill(process, SIGCONT);
    server_release();
    CHECK_INT(wait_for(process, 20000), 0);
    CHECK_INT(keyring_count(NULL), 0);
}

static void save_other_user(auth_client *client)
{
    auth_session other = scene_session();
    other.username = "grace";
    other.access_token = jwt("{'sub':'other','username':'grace','token_use':'access','exp':4000000000}");
    other.id_token = NULL;
    save(client, &other);
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
            CHECK_TEXT(told(sign_out(client)), NOBODY);
        CHECK_TEXT(server_operations(), "RevokeToken");
        CHECK_TEXT(server_body(0, "Token"), old.refresh_token);
        CHECK_INT(keyring_count(KEPT), 0);
        sign_out(client);
    }
    keep_sign_out_global();
    server_reset();
    auth_client *client = scene_client();
    save_other_user(client);
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
    CHECK_TEXT(told(result), COMPLETE);
    CHECK_INT(result->unfinished_count, 1);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(KEPT), 1);
}

TEST("what others left costs a sign-out little time, and ends at once where it is cancelled: it was complete before")
{
    for (int is_cancelled = 0; is_cancelled < 2; is_cancelled++) {
        during(is_cancelled ? "cancelled" : "stalled");
        keyring_empty();
        server_reset();
        keep_sign_out();
        auth_client *client = scene_client();
        server_reply("RevokeToken", exception("ForbiddenException", "no"));
        sign_in(client);
        server_reset();
        server_reply("RevokeToken", "{'default':true},{'hold':true}");
        double start = seconds();
        background *started = start_sign_out(client);
        CHECK(server_await(2));
        if (is_cancelled) auth_client_cancel(client);
        const auth_sign_out_result *result = finish(started);
        CHECK(seconds() - start < (is_cancelled ? 4.5 : 9));
        CHECK_TEXT(told(result), COMPLETE);
        CHECK_INT(keyring_count("session"), 0);
        CHECK_INT(keyring_count(KEPT), 1);
        server_release();
    }
}

TEST("what a sign-out could not do itself it does not try again in passing, and its result stays true")
{
    auth_session old = keep_sign_out();
    auth_client *client = keeping_client();
    server_reply("RevokeToken", exception("ForbiddenException", "no"));
    auth_session session = sign_in(client);
    server_reset();
    server_reply("RevokeToken", text("%s,{'default':true}", exception("ForbiddenException", "no")));
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), OFFLINE);
    check_kept(result, AUTH_ANSWER_YES, 1);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_TEXT(server_body(1, "Token"), old.refresh_token);
    CHECK_INT(server_request_count(), 2);
}

TEST("row L4: a sign-in gives up GlobalSignOut of the same user before it redeems its code: its session is not ended")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    auth_session old = keep_sign_out_global();
    static auth_session session = AUTH_SESSION_INIT; /* cleared when the case is over */
    CHECK_ANSWER(browser_sign_in(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    resume(client);
    CHECK_LACKS(server_operations(), "GlobalSignOut");
    CHECK_TEXT(server_body(server_request_count() - 1, "Token"), old.refresh_token);
    CHECK_TEXT(load(client)->refresh_token, brought.refresh_token);
    CHECK_INT(keyring_count(KEPT), 0);
}

ROLE("sign out everywhere")
{
    CHECK_INT(sign_out_global(keeping_client())->outcome, AUTH_SIGN_OUT_COMPLETE);
    return 0;
}

static void *release_later(void *unused)
{
    sleep_ms(1000); /* Enough for the sign-in to go wrong. */
    server_release();
    return unused;
}

TEST("row L4: a sign-in waits for a global sign-out that is under way before it redeems its code")
{
    visitor *player = new_visitor(travel);
    auth_client_options options = hosted_ui_options(player);
    static auth_session session = AUTH_SESSION_INIT; /* cleared when the case is over */
    pthread_t thread;
    sign_in(scene_client());
    server_reply("GlobalSignOut", HELD_ONCE);
    pid_t process = start_role("sign out everywhere");
    CHECK(server_await(1));
    REQUIRE(pthread_create(&thread, NULL, release_later, NULL) == 0);
    CHECK_ANSWER(browser_sign_in(scene_client_with(&options), NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    pthread_join(thread, NULL);
    CHECK_INT(wait_for(process, 20000), 0);
    const char *operations = server_operations(), *redeemed = strstr(operations, "/oauth2/token");
    CHECK_HAS(operations, "GlobalSignOut RevokeToken");
    CHECK(redeemed != NULL && redeemed > strstr(operations, "RevokeToken"));
    CHECK_TEXT(load(scene_client())->refresh_token, brought.refresh_token);
    CHECK_INT(keyring_count(KEPT), 0);
}

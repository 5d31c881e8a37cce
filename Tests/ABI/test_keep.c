/* SPDX-License-Identifier: Apache-2.0 */

/* A client with `keep_unfinished`: what its sign-outs write down, when, and what is left of it. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "hosted_ui.h"
#include "stopper.h"
#include "unfinished.h"

ROLE("sign out")
{
    sign_out(keeping_client());
    return 0;
}

ROLE("sign out everywhere")
{
    sign_out_global(keeping_client());
    return 0;
}

ROLE("sign out offline")
{
    const auth_sign_out_result *result = sign_out(offline_client());
    CHECK_TEXT(told(result), OFFLINE);
    check_kept(result, AUTH_ANSWER_YES, 1);
    return 0;
}

ROLE("resume")
{
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    return 0;
}

TEST("row L1: what a program that has ended could not finish, another one finishes when the network is back")
{
    auth_session session = sign_in(scene_client());
    server_add_session(session.access_token, session.refresh_token);
    CHECK_INT(run_role("sign out offline"), 0);
    CHECK_INT(keyring_count("session"), 0);
    CHECK_TEXT(server_live_tokens(), session.refresh_token);
    CHECK_INT(run_role("resume"), 0);
    CHECK_TEXT(server_live_tokens(), "");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("where all goes well nothing is kept, and nothing more is sent")
{
    for (int global = 0; global < 2; global++) {
        auth_client *client = keeping_client();
        sign_in(client);
        server_reset();
        const auth_sign_out_result *result = global ? sign_out_global(client) : sign_out(client);
        CHECK_TEXT(told(result), global ? COMPLETE_GLOBAL : COMPLETE);
        check_kept(result, AUTH_ANSWER_NO, 0);
        CHECK_TEXT(server_operations(), global ? "GlobalSignOut RevokeToken" : "RevokeToken");
        CHECK_INT(server_connection_count(), 1);
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("what is kept is an item of its own, of the session that it ends")
{
    auth_client *client = offline_client();
    auth_session session = sign_in(client);
    const char *identity = keyring_attribute("session", "session");
    int attributes = keyring_attribute_count("session");
    sign_out(client);
    CHECK(identity != NULL);
    CHECK_TEXT(keyring_attribute(KEPT, "session"), identity);
    CHECK_TEXT(keyring_attribute(KEPT, "app-id"), SCENE_APP_ID);
    CHECK_TEXT(keyring_attribute(KEPT, "user-pool-id"), SCENE_POOL_ID);
    CHECK_TEXT(keyring_attribute(KEPT, "client-id"), SCENE_CLIENT_ID);
    CHECK_INT(keyring_attribute_count(KEPT), attributes);
    CHECK_HAS(keyring_secret(KEPT), "\"version\":1,\"signed_out_at\":1");
    CHECK_LACKS(keyring_label(KEPT), session.username);
}

TEST("row L2: before anything is sent it is written down, and the session is still there")
{
    auth_client *client = keeping_client();
    sign_in(client);
    server_reply("RevokeToken", HELD_ONCE);
    background *started = start_sign_out(client);
    CHECK(server_await(1));
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK_INT(keyring_count("session"), 1);
    server_release();
    check_kept(finish(started), AUTH_ANSWER_NO, 0);
}

/* Kills a process at the request with this number, which then does nothing. */
static void kill_at_request(const char *role, const char *operation, int number)
{
    server_reply(operation, "{'hold':true,'status':500},{'default':true}");
    pid_t process = start_role(role);
    CHECK(server_await(number));
    kill(process, SIGKILL);
    CHECK_INT(wait_for(process, 5000), 128 + SIGKILL);
    server_release();
}

TEST("row L2: refreshed tokens are kept before they are used: killed then, nothing lives that nobody holds")
{
    auth_session session = sign_in_for(scene_client(), EXPIRED);
    server_add_session(session.access_token, session.refresh_token);
    kill_at_request("sign out everywhere", "GlobalSignOut", 2);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(keyring_count(KEPT), 1);
    resume(scene_client());
    CHECK_TEXT(server_live_tokens(), "");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L2: so are those that a resume gets, where no session is stored any more")
{
    auth_client *offline = offline_client();
    auth_session session = sign_in_for(offline, EXPIRED);
    sign_out_global(offline);
    server_add_session(session.access_token, session.refresh_token);
    kill_at_request("resume", "GlobalSignOut", 2);
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK_TEXT(told(resume(scene_client())), RESUMED_GLOBAL);
    CHECK_TEXT(server_live_tokens(), "");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("refreshed tokens that a locked keyring did not take are kept once it takes them")
{
    auth_client *client = keeping_client();
    auth_session session = sign_in_for(client, EXPIRED);
    server_add_session(session.access_token, session.refresh_token);
    server_reply("GlobalSignOut", REFUSED_ONCE);
    lock_keyring_at("SetSecret");
    background *started = start_sign_out_global(client);
    CHECK(server_await(2));
    CHECK(keyring_run("unlock"));
    server_release();
    const auth_sign_out_result *result = finish(started);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation not attempted");
    check_kept(result, AUTH_ANSWER_YES, 1);
    resume(scene_client());
    CHECK_TEXT(server_live_tokens(), "");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row L2: a step that is done is not done again: killed while it is revoked, only the revocation is left")
{
    auth_session session = sign_in(scene_client());
    kill_at_request("sign out everywhere", "RevokeToken", 2);
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken RevokeToken");
    CHECK_TEXT(server_body(2, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("of a global sign-out whose second step failed only that one is kept")
{
    auth_client *client = keeping_client();
    sign_in(client);
    server_reply("RevokeToken", text("%s,{'default':true}", exception("ForbiddenException", "no")));
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global done, revocation failed");
    check_kept(result, AUTH_ANSWER_YES, 1);
    CHECK_TEXT(told(resume(client)), RESUMED);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken RevokeToken");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("without keep_unfinished nothing is kept, and the partial-failure token is all that there is")
{
    auth_client *client = scene_client_at(closed_url());
    sign_in(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), OFFLINE);
    check_kept(result, AUTH_ANSWER_NO, 0);
    CHECK(result->partial_failure_token != NULL);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 25: a sign-out that is cancelled before anything was sent to end the session leaves nothing kept")
{
    auth_client *client = keeping_client();
    sign_in_for(client, EXPIRED);
    const char *rotated = server_rotate_held();
    background *started = start_sign_out_global(client);
    CHECK(server_await(1));
    CHECK_INT(keyring_count(KEPT), 1);
    auth_client_cancel(client);
    sleep_ms(300);
    server_release();
    const auth_sign_out_result *result = finish(started);
    CHECK_STATUS(result->failure, AUTH_STATUS_CANCELLED);
    check_kept(result, AUTH_ANSWER_NO, 0);
    CHECK_TEXT(load(client)->refresh_token, rotated);
}

TEST("row 25b: one that is cancelled later is kept as far as it is open, and resume finishes it")
{
    auth_client *client = keeping_client();
    sign_in(client);
    server_reply("RevokeToken", HELD_ONCE);
    background *started = start_sign_out(client);
    CHECK(server_await(1));
    auth_client_cancel(client);
    const auth_sign_out_result *result = finish(started);
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation unknown");
    check_kept(result, AUTH_ANSWER_YES, 1);
    server_release();
    CHECK_TEXT(told(resume(client)), RESUMED);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 25b: of an operation that is freed before it is over the result is lost, and not what is open")
{
    auth_client *client = keeping_client();
    auth_session session = sign_in(client);
    auth_operation *operation = NULL;
    server_reply("RevokeToken", HELD_ONCE);
    CHECK_ANSWER(auth_sign_out_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK(server_await(1));
    auth_operation_free(operation);
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(keyring_count(KEPT), 1);
    server_release();
    CHECK_TEXT(told(resume(client)), RESUMED);
    CHECK_TEXT(server_body(1, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("a retry by hand that completes removes what is kept, and one that does not leaves it")
{
    auth_client *offline = offline_client();
    sign_in(offline);
    const auth_sign_out_result *result = sign_out(offline);
    REQUIRE(result->partial_failure_token != NULL);
    const auth_sign_out_result *again = retry(offline, result->partial_failure_token);
    check_kept(again, AUTH_ANSWER_YES, 1);
    REQUIRE(again->partial_failure_token != NULL);
    CHECK_INT(retry(scene_client(), again->partial_failure_token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_TEXT(told(resume(scene_client())), NOBODY);
}

TEST("a retry that cannot look does not say that nothing is kept")
{
    auth_client *offline = offline_client();
    sign_in(offline);
    const auth_sign_out_result *result = sign_out_global(offline);
    REQUIRE(result->partial_failure_token != NULL);
    CHECK(keyring_run("lock"));
    result = retry(scene_client(), result->partial_failure_token);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK_INT(result->kept, AUTH_ANSWER_UNKNOWN);
    CHECK(result->partial_failure_token != NULL);
    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count(KEPT), 1);
}

TEST("sign-outs that are kept are counted")
{
    for (int count = 1; count <= 3; count++) {
        auth_client *client = offline_client();
        sign_in(client);
        check_kept(sign_out(client), AUTH_ANSWER_YES, count);
    }
    CHECK_INT(resume(scene_client())->unfinished_count, 0);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken RevokeToken");
}

/* A client with a hosted UI whose browser cannot be started, and who signed in there. */
static auth_client *client_without_browser(visitor *player, const char *endpoint)
{
    auth_client_options options = hosted_ui_options(player);
    options.endpoint = endpoint;
    auth_session session = scene_session();
    session.sign_in_method = AUTH_SIGN_IN_METHOD_HOSTED_UI;
    visitor_refuse(player);
    auth_client *client = keeping_client_with(options);
    save(client, &session);
    return client;
}

TEST("row 26: the browser's step is not kept: alone nothing is, and resume never opens a browser")
{
    visitor *player = new_visitor(travel);
    const auth_sign_out_result *result = sign_out(client_without_browser(player, server_url()));
    CHECK(result->hosted_ui_error != NULL && result->partial_failure_token != NULL);
    check_kept(result, AUTH_ANSWER_NO, 0);

    auth_client *offline = client_without_browser(player, closed_url());
    result = sign_out(offline);
    CHECK(result->hosted_ui_error != NULL && result->revoke_token_error != NULL);
    check_kept(result, AUTH_ANSWER_YES, 1);
    int opened = visitor_count(player);
    auth_client_options options = hosted_ui_options(player);
    CHECK_TEXT(told(resume(scene_client_with(&options))), RESUMED);
    CHECK_INT(visitor_count(player), opened);
    CHECK_INT(keyring_count(KEPT), 0);
}

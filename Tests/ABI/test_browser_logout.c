/* SPDX-License-Identifier: Apache-2.0 */

/* Signing the browser out too: the hosted UI's logout, in sign-outs, in retries, blocking and not. */

#include <stdlib.h>
#include <string.h>

#include "hosted_ui.h"

/* Somebody who signed in in the browser. */
static auth_session sign_in_there(auth_client *client)
{
    auth_session session = scene_session();
    session.sign_in_method = AUTH_SIGN_IN_METHOD_HOSTED_UI;
    save(client, &session);
    return session;
}

static void clear_result(void *result) { auth_sign_out_result_clear(result); }

static const auth_sign_out_result *sign_out_with(auth_client *client, const auth_call_options *options)
{
    static auth_sign_out_result results[16];
    static int next;
    auth_sign_out_result *result = &results[next++ % 16];
    auth_sign_out_result_init(result, sizeof *result);
    auth_sign_out(client, options, result);
    defer(clear_result, result);
    return result;
}

static const char *sentence(const auth_sign_out_result *result) { return auth_sign_out_result_message(result); }

TEST("a sign-out of a session of the hosted UI signs the browser out first, and then ends the session")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    auth_session session = sign_in_there(client);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    const char *url = visitor_url(player);
    CHECK_HAS(url, text("%s/logout?", server_url()));
    CHECK_TEXT(parameter(url, "client_id"), SCENE_CLIENT_ID);
    CHECK_TEXT(parameter(url, "logout_uri"), text("http://127.0.0.1:%d/signed-out", logout_port));
    CHECK_HAS(url, text("logout_uri=http%%3A%%2F%%2F127.0.0.1%%3A%d%%2Fsigned-out", logout_port));
    CHECK_INT(visitor_pages(player), 1);
    CHECK_HAS(visitor_page(player, 0).text, "Your browser is signed out.");
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(keyring_count(NULL), 0);
    CHECK(!is_listened_at(logout_port));
}

/* Nothing was ended yet when the browser is opened. */
static void look(visitor *player, const char *url)
{
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(server_request_count(), 0);
    travel(player, url);
}

TEST("nothing is revoked or deleted before the browser came back")
{
    visitor *player = new_visitor(look);
    auth_client *client = hosted_ui_client(player);
    sign_in_there(client);
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
}

TEST("no browser is opened for a session of the API, for nobody, and where it is skipped")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    sign_in(client);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    sign_in_there(client);
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.skip_browser = 1;
    CHECK_TEXT(told(sign_out_with(client, &options)), COMPLETE);
    CHECK_INT(visitor_count(player), 0);
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(keyring_count("browser"), 1);
}

/* What holds where only the browser's step failed. */
static void check_partial(auth_client *client, const auth_sign_out_result *result, const char *status)
{
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
    CHECK_TEXT(auth_status_name(auth_error_status(result->hosted_ui_error)), status);
    CHECK_HAS(auth_error_token(result->hosted_ui_error), "/logout?");
    CHECK_LACKS(auth_error_message(result->hosted_ui_error), "/logout?");
    CHECK(result->failure == NULL && result->revoke_token_error == NULL);
    CHECK(result->partial_failure_token != NULL);
    CHECK_HAS(sentence(result), "browser");
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(keyring_count("browser"), 1);
    CHECK(load(client)->access_token == NULL);
    CHECK(!is_listened_at(logout_port));
}

TEST("row 26: a browser that cannot be started leaves a partial sign-out, and a retry that finishes it")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    sign_in_there(client);
    visitor *refusing = new_visitor(travel);
    visitor_refuse(refusing);
    auth_client_options options = hosted_ui_options(refusing);
    auth_client *without = scene_client_with(&options);
    const auth_sign_out_result *result = sign_out(without);
    check_partial(without, result, "AUTH_STATUS_BROWSER_UNAVAILABLE");
    const char *token = text("%s", result->partial_failure_token);
    server_reset();
    result = retry(without, token);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_STATUS(result->hosted_ui_error, AUTH_STATUS_BROWSER_UNAVAILABLE);
    REQUIRE(result->partial_failure_token != NULL);
    result = retry(client, text("%s", result->partial_failure_token));
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK(result->hosted_ui_error == NULL && result->partial_failure_token == NULL);
    CHECK_HAS(visitor_url(player), "/logout?");
    CHECK_INT(server_request_count(), 0);
}

TEST("row 26: without a free port, and with a browser that does not come back")
{
    visitor *player = new_visitor(NULL);
    auth_client *client = hosted_ui_client(player);
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.browser_timeout_ms = 1000;
    sign_in_there(client);
    check_partial(client, sign_out_with(client, &options), "AUTH_STATUS_BROWSER_TIMED_OUT");
    keyring_empty();
    take_port(logout_port);
    sign_in_there(client);
    const auth_sign_out_result *result = sign_out_with(client, &options);
    CHECK_STATUS(result->hosted_ui_error, AUTH_STATUS_BROWSER_NO_PORT);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(visitor_count(player), 1);
}

TEST("row 26: with browser_failure FAIL nothing is revoked or deleted")
{
    visitor *player = new_visitor(travel);
    visitor_refuse(player);
    auth_client *client = hosted_ui_client(player);
    auth_session session = sign_in_there(client);
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.browser_failure = AUTH_BROWSER_FAILURE_FAIL;
    const auth_sign_out_result *result = sign_out_with(client, &options);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result->failure, AUTH_STATUS_BROWSER_UNAVAILABLE);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_NO);
    CHECK_INT(server_request_count(), 0);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_INT(keyring_count("browser"), 0);
    options.browser_failure = 2;
    CHECK_STATUS(sign_out_with(client, &options)->failure, AUTH_STATUS_INVALID_ARGUMENT);
}

TEST("row 27: cancelled while the browser is open, everything stays as it was")
{
    visitor *player = new_visitor(NULL);
    auth_client *client = hosted_ui_client(player);
    auth_session session = sign_in_there(client);
    auth_operation *operation = start_operation(client, auth_sign_out_start);
    CHECK(await_browser(operation, player, 1));
    double start = seconds();
    auth_operation_cancel(operation);
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    CHECK_INT(auth_operation_finish_sign_out(operation, &result), AUTH_SIGN_OUT_FAILED);
    CHECK(seconds() - start < 4);
    CHECK_STATUS(result.failure, AUTH_STATUS_CANCELLED);
    CHECK_INT(result.signed_out_locally, AUTH_ANSWER_NO);
    auth_sign_out_result_clear(&result);
    CHECK_INT(server_request_count(), 0);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_INT(keyring_count("browser"), 0);
    CHECK(!is_listened_at(logout_port));
}

/* Another process signs the user out while the browser is open. */
static void sign_out_meanwhile(visitor *player, const char *url)
{
    auth_client_options options = scene_options();
    auth_client *another = NULL;
    auth_call_options skipping = AUTH_CALL_OPTIONS_INIT;
    skipping.skip_browser = 1;
    CHECK_ANSWER(auth_client_new(&options, &another, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(auth_sign_out(another, &skipping, NULL), AUTH_SIGN_OUT_COMPLETE);
    auth_client_free(another);
    travel(player, url);
}

TEST("row 27b: where another process signed out meanwhile, nothing is sent twice")
{
    visitor *player = new_visitor(sign_out_meanwhile);
    auth_client *client = hosted_ui_client(player);
    sign_in_there(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result->was_signed_in, AUTH_ANSWER_YES);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_INT(keyring_count("session"), 0);
}

/* Another process stores another session while the browser is open. */
static void save_meanwhile(visitor *player, const char *url)
{
    auth_client_options options = scene_options();
    auth_client *another = NULL;
    auth_session session = AUTH_SESSION_INIT;
    session.username = "grace";
    session.access_token = jwt("{'sub':'grace','token_use':'access'}");
    keyring_delete("session");
    CHECK_ANSWER(auth_client_new(&options, &another, NULL), AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(auth_session_save(another, &session, NULL, NULL), AUTH_STATUS_SUCCESS);
    auth_client_free(another);
    travel(player, url);
}

TEST("row 27c: a session that was stored meanwhile stays, and nothing is sent")
{
    visitor *player = new_visitor(save_meanwhile);
    auth_client *client = hosted_ui_client(player);
    sign_in_there(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result->failure, AUTH_STATUS_SESSION_CHANGED);
    CHECK_INT(server_request_count(), 0);
    CHECK_TEXT(load(client)->username, "grace");
}

TEST("row 28: a redirect with an error is no success")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    sign_in_there(client);
    plan.query = "error=server_error";
    const auth_sign_out_result *result = sign_out(client);
    check_partial(client, result, "AUTH_STATUS_BROWSER_REDIRECT_ERROR");
    CHECK_TEXT(auth_error_service_exception(result->hosted_ui_error), "server_error");
    CHECK_LACKS(visitor_page(player, 0).text, "server_error");
    CHECK_HAS(visitor_page(player, 0).text, "may still be signed in");
}

TEST("a redirect URI of the program's own works in operations, and is refused in blocking calls")
{
    static const char *const uris[] = {"org.example.test://bye"};
    visitor *player = new_visitor(NULL);
    auth_client_options options = hosted_ui_options(player);
    options.sign_out_redirect_uris = uris;
    auth_client *client = scene_client_with(&options);
    sign_in_there(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_STATUS(result->failure, AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_INT(keyring_count("session"), 1);
    auth_operation *operation = start_operation(client, auth_sign_out_start);
    CHECK(await_browser(operation, player, 1));
    CHECK_ANSWER(auth_operation_browser_done(operation, "org.example.test://other", NULL),
                 AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_ANSWER(auth_operation_browser_done(operation, uris[0], NULL), AUTH_STATUS_SUCCESS);
    auth_sign_out_result finished = AUTH_SIGN_OUT_RESULT_INIT;
    CHECK_INT(auth_operation_finish_sign_out(operation, &finished), AUTH_SIGN_OUT_COMPLETE);
    auth_sign_out_result_clear(&finished);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("200 logouts leave no port and no mark behind")
{
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    for (int i = 0; i < 200; i++) {
        sign_in_there(client);
        auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
        if (!CHECK_INT(auth_sign_out(client, NULL, &result), AUTH_SIGN_OUT_COMPLETE)) break;
        auth_sign_out_result_clear(&result);
        visitor_pages(player);
        CHECK(!is_listened_at(logout_port));
        server_reset();
    }
    CHECK_INT(keyring_count(NULL), 0);
}

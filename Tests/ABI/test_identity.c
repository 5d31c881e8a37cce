/* SPDX-License-Identifier: Apache-2.0 */

/* Which session a call means, while another process changes what is stored: rows 22, 23, 23b, 29 and 29c. The other
 * process has a runtime directory of its own, as one in a sandbox has, so that no lock keeps it out. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fault_point.h"
#include "scene.h"
#include "stopper.h"

#define ANOTHER "COGNITOAUTH_TEST_ANOTHER"
#define CHANGED "failed: was signed in, still signed in; global not requested, revocation done"
#define DELETED "complete: was signed in, signed out; global not requested, revocation not requested"

enum { LIMIT_MS = 1500 };

/* What this process makes is what the other one made before it: the refresh token comes from there. */
ROLE("save another session")
{
    auth_session session = scene_session();
    session.refresh_token = getenv(ANOTHER);
    save(scene_client(), &session);
    return 0;
}

ROLE("refresh the session")
{
    auth_session session = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(scene_client(), NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&session);
    return 0;
}

/* How many times the program was told that the user is signed out here. */
static int signed_out_events;

static void on_event(void *user_data, auth_event event)
{
    (void)user_data;
    if (event == AUTH_EVENT_SIGNED_OUT) signed_out_events++;
}

static auth_client *told_client(void)
{
    auth_client_options options = scene_options();
    options.event_function = on_event;
    signed_out_events = 0;
    return scene_client_with(&options);
}

static void run_beside(const char *role)
{
    const char *runtime = text("%s", getenv("XDG_RUNTIME_DIR")), *other = text("%s/other", runtime);
    mkdir(other, 0700);
    setenv("XDG_RUNTIME_DIR", other, 1);
    CHECK_INT(run_role(role), 0);
    setenv("XDG_RUNTIME_DIR", runtime, 1);
}

/* Begins a sign-out, which waits for Cognito's answer to RevokeToken, until server_release(). */
static background *begin(auth_client *client, background *(*start)(auth_client *))
{
    server_reply("RevokeToken", HELD_ONCE);
    background *started = start(client);
    CHECK(server_await(start == start_sign_out ? 1 : 2));
    return started;
}

static const auth_sign_out_result *release(background *started)
{
    server_release();
    return finish(started);
}

/* The session that is stored is the other one, and can be used. */
static void check_another(auth_client *client, const char *refresh_token)
{
    CHECK_INT(keyring_count("session"), 1);
    CHECK_TEXT(load(client)->refresh_token, refresh_token);
}

TEST("row 23b: a session that another process saves while the old one is signed out stays, and that is told")
{
    auth_client *client = scene_client();
    const char *old = sign_in(client).refresh_token, *another = refresh_token();
    setenv(ANOTHER, another, 1);
    background *started = begin(client, start_sign_out);
    run_beside("save another session");
    const auth_sign_out_result *result = release(started);
    CHECK_TEXT(told(result), CHANGED);
    CHECK_STATUS(result->failure, AUTH_STATUS_SESSION_CHANGED);
    CHECK(result->partial_failure_token == NULL);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), old);
    check_another(client, another);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_TEXT(server_body(1, "Token"), another);
}

TEST("row 23b: so it is in a global sign-out, whose remote fields tell that the old session has ended")
{
    auth_client *client = scene_client();
    sign_in(client);
    const char *another = refresh_token();
    setenv(ANOTHER, another, 1);
    background *started = begin(client, start_sign_out_global);
    run_beside("save another session");
    const auth_sign_out_result *result = release(started);
    CHECK_TEXT(told(result), "failed: was signed in, still signed in; global done, revocation done");
    CHECK_STATUS(result->failure, AUTH_STATUS_SESSION_CHANGED);
    check_another(client, another);
}

TEST("row 23b: one that a program stores beside the old one, as 0.1 did, stays, and the old one is deleted")
{
    auth_client *client = scene_client();
    const char *another = sign_in(client).refresh_token, *secret = keyring_secret("session");
    const char *old = sign_in(client).refresh_token;
    background *started = begin(client, start_sign_out);
    keyring_add("session", secret);
    const auth_sign_out_result *result = release(started);
    CHECK_TEXT(told(result), CHANGED);
    CHECK_STATUS(result->failure, AUTH_STATUS_SESSION_CHANGED);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), old);
    check_another(client, another);
}

TEST("row 23b: one that is stored in the very place of the old one is neither deleted nor revoked")
{
    auth_client *client = scene_client();
    const char *another = sign_in(client).refresh_token, *secret = keyring_secret("session");
    const char *old = sign_in(client).refresh_token;
    background *started = begin(client, start_sign_out);
    keyring_set_attribute("session", "session", "0123456789abcdef0123456789abcdef");
    keyring_replace("session", secret);
    const auth_sign_out_result *result = release(started);
    CHECK_TEXT(told(result), CHANGED);
    CHECK_STATUS(result->failure, AUTH_STATUS_SESSION_CHANGED);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), old);
    check_another(client, another);
}

TEST("row 23b: where the old one was not revoked, a retry revokes it still, and leaves the other one alone")
{
    auth_client *client = scene_client();
    const char *another = sign_in(client).refresh_token, *secret = keyring_secret("session");
    const char *old = sign_in(client).refresh_token;
    server_reply("RevokeToken", REFUSED_ONCE);
    background *started = start_sign_out(client);
    CHECK(server_await(1));
    keyring_add("session", secret);
    const auth_sign_out_result *result = release(started);
    CHECK_STATUS(result->failure, AUTH_STATUS_SESSION_CHANGED);
    result = retry(client, result->partial_failure_token);
    CHECK_TEXT(told(result), "complete: was signed in, still signed in; global not requested, revocation done");
    CHECK(result->partial_failure_token == NULL);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken");
    CHECK_TEXT(server_body(1, "Token"), old);
    check_another(client, another);
}

TEST("row 29: where another process refreshed the session meanwhile, both refresh tokens are revoked")
{
    auth_client *client = scene_client();
    const char *old = sign_in_for(client, EXPIRED).refresh_token, *rotated = server_rotate();
    background *started = begin(client, start_sign_out);
    run_beside("refresh the session");
    CHECK_TEXT(told(release(started)), COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken GetTokensFromRefreshToken RevokeToken");
    CHECK_TEXT(server_body(0, "Token"), old);
    CHECK_TEXT(server_body(2, "Token"), rotated);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("a session that is gone by the time of the deletion is signed out")
{
    auth_client *client = scene_client();
    sign_in(client);
    background *started = begin(client, start_sign_out);
    keyring_delete("session");
    CHECK_TEXT(told(release(started)), COMPLETE);
}

/* Signs out while the keyring is stopped at a call, or before any call of the deletion; wakes it and returns the
 * partial-failure token. */
static const char *undeleted(auth_client *client, const char *call)
{
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_operation *operation = NULL;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    options.timeout_ms = LIMIT_MS;
    server_reply("RevokeToken", HELD_ONCE);
    CHECK_ANSWER(auth_sign_out_start(client, &options, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK(server_await(1));
    if (call)
        stop_keyring_at(call);
    else
        signal_keyring(SIGSTOP);
    server_release();
    CHECK_INT(auth_operation_finish_sign_out(operation, &result), AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result.failure, AUTH_STATUS_DEADLINE_EXCEEDED);
    wake_keyring();
    const char *token = text("%s", result.partial_failure_token ? result.partial_failure_token : "");
    auth_sign_out_result_clear(&result);
    auth_operation_free(operation);
    server_reset();
    return token;
}

TEST("rows 22, 23: a retry of a deletion that was not asked for deletes the session, sends nothing and is told")
{
    auth_client *client = told_client();
    sign_in(client);
    const char *token = undeleted(client, NULL);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(signed_out_events, 0);
    const auth_sign_out_result *result = retry(client, token);
    CHECK_TEXT(told(result), DELETED);
    CHECK_TEXT(auth_sign_out_result_message(result), "Signed out on this computer.");
    CHECK_INT(signed_out_events, 1);
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(server_connection_count(), 0);
}

TEST("row 22: a retry of a deletion that the keyring carried out late finds nothing left to do, and is told")
{
    auth_client *client = told_client();
    sign_in(client);
    CHECK_TEXT(told(retry(client, undeleted(client, "Delete"))), NOBODY);
    CHECK_INT(signed_out_events, 1);
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(server_connection_count(), 0);
}

TEST("row 23: such a retry needs a keyring that can be read, and leaves another session alone")
{
    auth_client *client = told_client();
    sign_in(client);
    const char *token = undeleted(client, NULL);
    CHECK(keyring_run("lock"));
    const auth_sign_out_result *result = retry(client, token);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_UNKNOWN);
    CHECK_TEXT(result->partial_failure_token, token);

    CHECK(keyring_run("unlock"));
    CHECK_INT(keyring_count("session"), 1);
    const char *another = sign_in(client).refresh_token; /* Which deletes the older one. */
    CHECK_TEXT(told(retry(client, token)),
               "complete: was signed in, still signed in; global not requested, revocation not requested");
    check_another(client, another);
    CHECK_INT(server_connection_count(), 0);
    CHECK_INT(signed_out_events, 0);
}

TEST("a session that 0.1 stored, without an identity, is loaded, refreshed in its place and signed out")
{
    auth_client *client = scene_client();
    auth_session session = sign_in_for(client, EXPIRED), fetched = AUTH_SESSION_INIT;
    const char *secret = keyring_secret("session");
    keyring_empty();
    keyring_add("session", secret);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    const char *rotated = server_rotate();
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(fetched.refresh_token, rotated);
    auth_session_clear(&fetched);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_TEXT(keyring_attribute("session", "session"), NULL);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_TEXT(server_body(1, "Token"), rotated);
    CHECK_INT(keyring_count("session"), 0);
}

/* Saves while the keyring is stopped at a call, and cancels; what the save said. The keyring is woken `wake_after_ms`
 * after that. */
static const char *cancelled_save(auth_client *client, const auth_session *session, const char *call, int wake_after_ms)
{
    auth_operation *operation = NULL;
    auth_error *error = NULL;
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = LIMIT_MS;
    stop_keyring_at(call);
    CHECK_ANSWER(auth_session_save_start(client, session, &options, &operation, NULL), AUTH_STATUS_SUCCESS);
    for (double end = seconds() + 30; !fault_points_have_come() && seconds() < end;) sleep_ms(10);
    sleep_ms(300);
    auth_operation_cancel(operation);
    sleep_ms(wake_after_ms);
    wake_keyring();
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, &error), AUTH_STATUS_CANCELLED);
    const char *message = text("%s", auth_error_message(error));
    auth_error_free(error);
    auth_operation_free(operation);
    return message;
}

TEST("row 29c: a save that is cancelled before it stores says that the session was not stored")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    CHECK_HAS(cancelled_save(client, &session, "SearchItems", 0), "was not stored");
    CHECK_INT(keyring_count("session"), 0);
}

TEST("row 29c: one whose session the keyring stored all the same looks, and says so; the session can be signed out")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    CHECK_HAS(cancelled_save(client, &session, "CreateItem", 0), "was stored all the same");
    check_another(client, session.refresh_token);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
}

TEST("row 29c: one that cannot look says that the session may have been stored, or may be yet")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    CHECK_HAS(cancelled_save(client, &session, "CreateItem", LIMIT_MS), "may have been stored");
    check_another(client, session.refresh_token);
}

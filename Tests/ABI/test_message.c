/* SPDX-License-Identifier: Apache-2.0 */

/* What a person is told of a sign-out: auth_sign_out_result_message(). */

#include <string.h>

#include "first_sizes.h"
#include "scene.h"

#define CHECK_MESSAGE(result, sentence) CHECK_TEXT(auth_sign_out_result_message(result), sentence)
#define NOT_KNOWN "It is not known whether you are signed in."

static auth_client *unreachable(void)
{
    return scene_client_at(closed_url());
}

/* Of a call whose result may be kept. */
static const char *said_of(auth_sign_out_outcome (*function)(auth_client *, const auth_call_options *,
                                                             auth_sign_out_result *),
                           auth_client *client)
{
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    function(client, NULL, &result);
    const char *sentence = auth_sign_out_result_message(&result);
    auth_sign_out_result_clear(&result);
    return sentence;
}

TEST("who was not signed in is told so, and after a global sign-out that other devices were not signed out")
{
    auth_client *client = scene_client();
    CHECK_MESSAGE(sign_out(client), "You were not signed in.");
    CHECK_MESSAGE(sign_out_global(client), "You were not signed in here. Other devices were not signed out: sign in, "
                                           "then sign out everywhere.");
}

TEST("who is signed out is told where")
{
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_MESSAGE(sign_out(client), "Signed out on this computer.");
    sign_in(client);
    CHECK_MESSAGE(sign_out_global(client), "Signed out on all devices.");
}

TEST("what Cognito does not do is told, with what to do first, until a retry has done it")
{
    auth_client *client = scene_client();
    sign_in(client);
    const auth_sign_out_result *result = sign_out_global(unreachable());
    CHECK_MESSAGE(result, "Signed out on this computer. Other devices may still be signed in: check the network, then "
                          "try again.");
    server_reply("GlobalSignOut", exception("TooManyRequestsException", "Slow down."));
    result = retry(client, result->partial_failure_token);
    CHECK_MESSAGE(result, "Signed out on this computer. Other devices may still be signed in: try again in a minute.");
    server_reset();
    server_reply("RevokeToken", exception("TooManyRequestsException", "Slow down."));
    result = retry(client, result->partial_failure_token);
    CHECK_MESSAGE(result, "Signed out on all devices. One step is left: try again in a minute.");
    server_reset();
    CHECK_MESSAGE(retry(client, result->partial_failure_token), "Signed out. The last step is done.");

    sign_in(client);
    result = sign_out(unreachable());
    CHECK_MESSAGE(result, "Signed out on this computer. The service may not know it yet: check the network, then try "
                          "again.");
    server_reply("RevokeToken", exception("TooManyRequestsException", "Slow down."));
    result = retry(client, result->partial_failure_token);
    CHECK_MESSAGE(result, "Signed out on this computer. The service may not know it yet: try again in a minute.");
    sign_in(client);
    CHECK_MESSAGE(retry(client, result->partial_failure_token),
                  "Your earlier sign-in may not have ended everywhere. There is a newer one on this computer.");
    server_reset();
    CHECK_MESSAGE(retry(client, result->partial_failure_token),
                  "Your earlier sign-in is gone from this computer. There is a newer one on it.");
}

TEST("who keeps what is open is told that it will be done, and not to try again, but what is left in the browser")
{
    auth_client *client = scene_client();
    sign_in(client);
    auth_sign_out_result result = *sign_out(unreachable());
    result.kept = AUTH_ANSWER_UNKNOWN;
    CHECK_HAS(auth_sign_out_result_message(&result), "try again.");
    result.kept = AUTH_ANSWER_YES;
    CHECK_MESSAGE(&result, "Signed out on this computer. The service may not know it yet: it will be told later.");
    result.global_sign_out = AUTH_REMOTE_FAILED;
    CHECK_MESSAGE(&result, "Signed out on this computer. Other devices may still be signed in: this will be tried again.");
    result.global_sign_out = AUTH_REMOTE_DONE;
    CHECK_MESSAGE(&result, "Signed out on all devices. One step is left: it will be done later.");
    result.hosted_ui_error = result.revoke_token_error;
    CHECK_MESSAGE(&result, "Signed out on all devices. Your browser may still be signed in: try again.");
    result.outcome = AUTH_SIGN_OUT_FAILED;
    result.global_sign_out = AUTH_REMOTE_NOT_REQUESTED;
    result.signed_out_locally = AUTH_ANSWER_NO;
    CHECK_MESSAGE(&result, "Signing out is not finished: it will be tried again.");
}

TEST("what is resumed is told by what became of it, and of who is signed in here now")
{
    auth_client *client = scene_client();
    CHECK_TEXT(said_of(auth_sign_out_resume, client), "You were not signed in.");
    sign_in(client);
    CHECK_TEXT(said_of(auth_sign_out_resume, client), "You are signed in. No earlier sign-out is left to finish.");

    auth_client_options options = scene_options();
    options.keep_unfinished = 1;
    options.endpoint = closed_url();
    auth_client *keeping = scene_client_with(&options);
    CHECK_TEXT(said_of(auth_sign_out, keeping),
               "Signed out on this computer. The service may not know it yet: it will be told later.");
    CHECK_TEXT(said_of(auth_sign_out_resume, keeping),
               "Signed out on this computer. The service may not know it yet: it will be told later.");
    CHECK_TEXT(said_of(auth_sign_out_resume, client), "Signed out. The last step is done.");

    sign_in(client);
    CHECK_TEXT(said_of(auth_sign_out_global, keeping),
               "Signed out on this computer. Other devices may still be signed in: this will be tried again.");
    CHECK_TEXT(said_of(auth_sign_out_resume, client), "Signed out on all devices.");

    sign_in(client);
    said_of(auth_sign_out, keeping);
    sign_in(keeping);
    CHECK_TEXT(said_of(auth_sign_out_resume, keeping),
               "Your earlier sign-in may not have ended everywhere. There is a newer one on this computer.");
    CHECK_TEXT(said_of(auth_sign_out_resume, client),
               "Your earlier sign-in is gone from this computer. There is a newer one on it.");
    CHECK(keyring_run("lock"));
    CHECK_TEXT(said_of(auth_sign_out_resume, client), "You may still be signed in. The keyring is locked.");
    CHECK(keyring_run("unlock"));
}

TEST("a browser that may still be signed in is told, beside what Cognito has not done")
{
    auth_client *client = scene_client();
    sign_in(client);
    auth_sign_out_result result = *sign_out(unreachable());
    result.hosted_ui_error = result.revoke_token_error;
    CHECK_MESSAGE(&result, "Signed out on this computer. The service may not know it yet, and your browser may still be "
                           "signed in: try again.");
    result.revoke_token = AUTH_REMOTE_DONE;
    CHECK_MESSAGE(&result, "Signed out on this computer. Your browser may still be signed in: try again.");
    result.global_sign_out = AUTH_REMOTE_FAILED;
    CHECK_MESSAGE(&result, "Signed out on this computer. Other devices and your browser may still be signed in: try "
                           "again.");
    result.global_sign_out = AUTH_REMOTE_DONE;
    CHECK_MESSAGE(&result, "Signed out on all devices. Your browser may still be signed in: try again.");
}

TEST("who cannot be signed out on other devices is told that, and of no second try")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", exception("NotAuthorizedException", "Access Token has been revoked"));
    CHECK_MESSAGE(sign_out_global(client), "Signed out on this computer. Other devices may still be signed in.");
}

TEST("with a locked keyring nobody is told to be signed out, in a retry neither")
{
    auth_client *client = scene_client();
    sign_in(client);
    const char *token = sign_out_global(unreachable())->partial_failure_token;
    sign_in(client);
    CHECK(keyring_run("lock"));
    CHECK_MESSAGE(sign_out(client), "You may still be signed in. The keyring is locked.");
    CHECK_MESSAGE(retry(client, token), "You may still be signed in. The keyring is locked.");
    CHECK(keyring_run("unlock"));
    CHECK_MESSAGE(retry(client, token), "You are still signed in. There is a newer sign-in on this computer.");
}

TEST("where the keyring is locked after Cognito has ended the session, that is told, and in a retry that it may be stored")
{
    for (int global = 0; global < 2; global++) {
        server_reset();
        auth_client *client = scene_client();
        sign_in(client);
        server_reply("RevokeToken", "{'hold':true,'default':true}");
        background *running = global ? start_sign_out_global(client) : start_sign_out(client);
        CHECK(server_await(global ? 2 : 1));
        CHECK(keyring_run("lock"));
        server_release();
        const auth_sign_out_result *result = finish(running);
        CHECK_MESSAGE(result, text("Your sign-in has ended%s, but %s still stored on this computer. The keyring is "
                                   "locked: unlock it, then try again.",
                                   global ? " on all devices" : "",
                                   result->signed_out_locally == AUTH_ANSWER_NO ? "is" : "may be"));
        result = retry(client, result->partial_failure_token);
        CHECK_MESSAGE(result, "Your sign-in may still be stored on this computer. The keyring is locked.");
        CHECK(keyring_run("unlock"));
        CHECK_MESSAGE(retry(client, result->partial_failure_token), "Signed out on this computer.");
    }
}

TEST("of a session that was damaged it is told that it was")
{
    auth_client *client = scene_client();
    sign_in(client);
    keyring_replace("session", "{}");
    CHECK_MESSAGE(sign_out(client), "Signed out on this computer. What was stored on it was damaged.");
}

TEST("of a sign-out that was cancelled before it began it is told that it was")
{
    auth_client *client = scene_client();
    sign_in(client);
    auth_operation *operation = start_operation(client, auth_sign_out_start);
    auth_operation_cancel(operation);
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    if (auth_operation_finish_sign_out(operation, &result) == AUTH_SIGN_OUT_FAILED)
        CHECK_HAS(auth_sign_out_result_message(&result), "still be signed in. Signing out was cancelled.");
    auth_sign_out_result_clear(&result);
}

TEST("what no sign-out wrote tells that nothing is known")
{
    auth_sign_out_result zero = {0}, started = AUTH_SIGN_OUT_RESULT_INIT;
    CHECK_MESSAGE(NULL, NOT_KNOWN);
    CHECK_MESSAGE(&zero, NOT_KNOWN);
    CHECK_MESSAGE(&started, NOT_KNOWN);

    auth_client *client = scene_client();
    CHECK_INT(auth_sign_out(client, NULL, &started), AUTH_SIGN_OUT_COMPLETE);
    const char *message = auth_sign_out_result_message(&started);
    auth_sign_out_result_clear(&started);
    CHECK_MESSAGE(&started, NOT_KNOWN);
    CHECK_TEXT(message, "You were not signed in.");
}

TEST("a result of another size is read as far as it is known, and one whose size is refused not at all")
{
    struct {
        auth_sign_out_result known;
        char tail[64];
    } larger = {.known = {.struct_size = sizeof larger}};
    auth_client *client = scene_client();
    auth_sign_out(client, NULL, &larger.known);
    CHECK_MESSAGE(&larger.known, "You were not signed in.");
    const size_t refused[] = {1, SIGN_OUT_RESULT_FIRST_SIZE - 1, 4097, SIZE_MAX};
    for (int i = 0; i < LENGTH(refused); i++) {
        larger.known.struct_size = refused[i];
        CHECK_MESSAGE(&larger.known, NOT_KNOWN);
    }
    larger.known.struct_size = 0;
    CHECK_MESSAGE(&larger.known, "You were not signed in.");
}

TEST("a number that no field has tells that nothing is known")
{
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    auth_client *client = scene_client();
    auth_sign_out(client, NULL, &result);
    int32_t *const fields[] = {&result.outcome,         &result.was_signed_in, &result.signed_out_locally,
                               &result.global_sign_out, &result.revoke_token,  &result.kept};
    for (int i = 0; i < LENGTH(fields); i++) {
        const int32_t value = *fields[i], others[] = {-1, 6, INT32_MAX, INT32_MIN};
        for (int j = 0; j < LENGTH(others); j++) {
            *fields[i] = others[j];
            CHECK_MESSAGE(&result, NOT_KNOWN);
        }
        *fields[i] = value;
    }
    CHECK_MESSAGE(&result, "You were not signed in.");
}

/* SPDX-License-Identifier: Apache-2.0 */

#include "scene.h"

#include <pthread.h>
#include <stdlib.h>

/* Weak: a program's own takes its place. */
__attribute__((weak)) void set_scene(void)
{
    server_select(NULL);
    server_reset();
    keyring_empty();
}

#define APP_ID "COGNITOAUTH_TEST_APP"

void scene_use_app(const char *app_id) { setenv(APP_ID, app_id, 1); }

const char *scene_app_id(void)
{
    const char *app_id = getenv(APP_ID);
    return app_id ? app_id : SCENE_APP_ID;
}

auth_client_options scene_options(void)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    options.app_id = scene_app_id();
    options.user_pool_id = SCENE_POOL_ID;
    options.client_id = SCENE_CLIENT_ID;
    options.endpoint = server_url();
    return options;
}

static void free_client(void *client) { auth_client_free(client); }

auth_client *scene_client_with(const auth_client_options *options)
{
    auth_client *client = NULL;
    auth_error *error = NULL;
    CHECK_ANSWER(auth_client_new(options, &client, &error), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(auth_error_message(error), "");
    auth_error_free(error);
    defer(free_client, client);
    return client;
}

auth_client *scene_client_at(const char *endpoint)
{
    auth_client_options options = scene_options();
    options.endpoint = endpoint;
    return scene_client_with(&options);
}

auth_client *scene_client(void) { return scene_client_at(server_url()); }

auth_session scene_session_for(int64_t seconds_left)
{
    auth_session session = AUTH_SESSION_INIT;
    session.username = TOKEN_USERNAME;
    session.access_token = access_token(seconds_left);
    session.id_token = id_token(3600);
    session.refresh_token = refresh_token();
    return session;
}

auth_session scene_session(void) { return scene_session_for(3600); }

void save(auth_client *client, const auth_session *session)
{
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_save(client, session, NULL, &error), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(auth_error_message(error), "");
    auth_error_free(error);
}

auth_session sign_in_for(auth_client *client, int64_t seconds_left)
{
    auth_session session = scene_session_for(seconds_left);
    save(client, &session);
    return session;
}

auth_session sign_in(auth_client *client) { return sign_in_for(client, 3600); }

static void free_session(void *session)
{
    auth_session_clear(session);
    free(session);
}

const auth_session *load(auth_client *client)
{
    auth_session *session = malloc(sizeof *session);
    if (!session) abort();
    auth_session_init(session, sizeof *session);
    auth_session_load(client, NULL, session, NULL);
    defer(free_session, session);
    return session;
}

auth_call_options scene_within(int timeout_ms)
{
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = timeout_ms;
    return options;
}

static auth_status tell(auth_status status, auth_error *error, const char **message)
{
    if (message) *message = text("%s", auth_error_message(error));
    auth_error_free(error);
    return status;
}

auth_status load_within(auth_client *client, int timeout_ms, const char **message)
{
    auth_call_options options = scene_within(timeout_ms);
    auth_session session = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    auth_status status = auth_session_load(client, &options, &session, &error);
    auth_session_clear(&session);
    return tell(status, error, message);
}

auth_status fetch_within(auth_client *client, int timeout_ms, const char **message)
{
    auth_call_options options = scene_within(timeout_ms);
    auth_session session = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    auth_status status = auth_session_fetch(client, &options, &session, &error);
    auth_session_clear(&session);
    return tell(status, error, message);
}

auth_status save_within(auth_client *client, int timeout_ms, const char **message)
{
    auth_call_options options = scene_within(timeout_ms);
    auth_session session = scene_session();
    auth_error *error = NULL;
    auth_status status = auth_session_save(client, &session, &options, &error);
    return tell(status, error, message);
}

static void check_error(const auth_error *error)
{
    if (!error) return;
    CHECK(auth_error_status(error) != AUTH_STATUS_SUCCESS);
    CHECK(auth_error_message(error)[0] != '\0');
    CHECK(auth_error_recovery_suggestion(error)[0] != '\0');
    CHECK_TEXT(token_in(auth_error_message(error)), NULL);
    CHECK_TEXT(token_in(auth_error_recovery_suggestion(error)), NULL);
}

static void free_result(void *result)
{
    auth_sign_out_result_clear(result);
    free(result);
}

static auth_sign_out_result *new_result(void)
{
    auth_sign_out_result *result = malloc(sizeof *result);
    if (!result) abort();
    auth_sign_out_result_init(result, sizeof *result);
    return result;
}

static bool is_kept_expected;

void scene_expect_kept(void) { is_kept_expected = true; }

/* What holds for every result. */
static const auth_sign_out_result *checked(auth_sign_out_result *result, auth_sign_out_outcome outcome)
{
    defer(free_result, result);
    const auth_error *errors[] = {result->hosted_ui_error, result->global_sign_out_error, result->revoke_token_error,
                                  result->invalid_session_error};
    bool has_error = false;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        check_error(errors[i]);
        has_error = has_error || errors[i] != NULL;
    }
    check_error(result->failure);
    CHECK_INT(result->outcome, outcome);
    CHECK_INT(result->failure != NULL, outcome == AUTH_SIGN_OUT_FAILED);
    if (outcome == AUTH_SIGN_OUT_PARTIAL) CHECK(has_error);
    if (outcome == AUTH_SIGN_OUT_COMPLETE) {
        CHECK(!has_error);
        CHECK(result->partial_failure_token == NULL);
    }
    CHECK_INT(result->struct_size, sizeof *result);
    if (!is_kept_expected) {
        CHECK_INT(result->kept, AUTH_ANSWER_NO);
        CHECK_INT(result->unfinished_count, 0);
    }
    if (result->kept == AUTH_ANSWER_YES) CHECK(result->unfinished_count > 0);
    CHECK_INT(result->reserved, 0);
    return result;
}

const auth_sign_out_result *sign_out_by(signer_out *function, auth_client *client, const auth_call_options *options)
{
    auth_sign_out_result *result = new_result();
    return checked(result, function(client, options, result));
}

const auth_sign_out_result *sign_out(auth_client *client) { return sign_out_by(auth_sign_out, client, NULL); }

const auth_sign_out_result *sign_out_global(auth_client *client)
{
    return sign_out_by(auth_sign_out_global, client, NULL);
}

const auth_sign_out_result *retry(auth_client *client, const char *partial_failure_token)
{
    auth_sign_out_result *result = new_result();
    return checked(result, auth_sign_out_retry(client, partial_failure_token, NULL, result));
}

static void free_operation(void *operation) { auth_operation_free(operation); }

auth_operation *start_operation(auth_client *client, starter *function)
{
    auth_operation *operation = NULL;
    auth_error *error = NULL;
    CHECK_ANSWER(function(client, NULL, &operation, &error), AUTH_STATUS_SUCCESS);
    CHECK(operation != NULL && error == NULL);
    defer(free_operation, operation);
    return operation;
}

struct background {
    pthread_t thread;
    auth_client *client;
    signer_out *function;
    auth_sign_out_result *result;
    auth_sign_out_outcome outcome;
};

static void *run(void *pointer)
{
    background *started = pointer;
    started->outcome = started->function(started->client, NULL, started->result);
    return NULL;
}

background *start_sign_out_by(signer_out *function, auth_client *client)
{
    background *started = malloc(sizeof *started);
    if (!started) abort();
    defer(free, started);
    *started = (background){.client = client, .function = function, .result = new_result()};
    if (pthread_create(&started->thread, NULL, run, started) != 0) abort();
    return started;
}

background *start_sign_out(auth_client *client) { return start_sign_out_by(auth_sign_out, client); }

background *start_sign_out_global(auth_client *client) { return start_sign_out_by(auth_sign_out_global, client); }

const auth_sign_out_result *finish(background *started)
{
    pthread_join(started->thread, NULL);
    return checked(started->result, started->outcome);
}

const auth_sign_out_result *sign_out_while(auth_client *client, const char *replies, void (*meanwhile)(void))
{
    int earlier = server_request_count();
    server_reply("RevokeToken", replies);
    background *started = start_sign_out(client);
    CHECK(server_await(earlier + 1));
    meanwhile();
    server_release();
    return finish(started);
}

const char *told(const auth_sign_out_result *result)
{
    static const char *const outcomes[] = {"complete", "partial", "failed"};
    static const char *const was_signed_in[] = {"was not signed in", "was signed in", "may have been signed in"};
    static const char *const signed_out[] = {"still signed in", "signed out", "may be signed in"};
    static const char *const remotes[] = {"not requested", "done", "not enabled", "not attempted", "failed", "unknown"};
    if (result->outcome < 0 || result->outcome > 2 || result->was_signed_in < 0 || result->was_signed_in > 2 ||
        result->signed_out_locally < 0 || result->signed_out_locally > 2 || result->global_sign_out < 0 ||
        result->global_sign_out > 5 || result->revoke_token < 0 || result->revoke_token > 5)
        return "a value that the header does not have";
    return text("%s: %s, %s; global %s, revocation %s", outcomes[result->outcome], was_signed_in[result->was_signed_in],
                signed_out[result->signed_out_locally], remotes[result->global_sign_out],
                remotes[result->revoke_token]);
}

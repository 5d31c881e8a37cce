/* SPDX-License-Identifier: Apache-2.0 */

#include "fault_call.h"

#include <stdlib.h>
#include <string.h>

#include "hosted_ui.h"
#include "unfinished.h"

struct fault_call {
    const char *name;
    auth_client *client;
    auth_sign_out_result result;
    visitor *browser;
    const char *endpoint, *told, *status;
};

static bool is(const fault_call *call, const char *name) { return strcmp(call->name, name) == 0; }

static const char *name_of(auth_status status) { return auth_status_name(status) + strlen("AUTH_STATUS_"); }

void fault_call_prepare(const char *name)
{
    fault_call call = {.name = name};
    if (is(&call, "sign in")) return;
    bool is_expired = is(&call, "fetch") || is(&call, "sign out everywhere");
    auth_session session =
        is(&call, "resume") ? keep_sign_out() : sign_in_for(scene_client(), is_expired ? EXPIRED : 3600);
    server_add_session(session.access_token, session.refresh_token);
}

/* What the browser does that comes back late, or not as it should. */
static const char *disturbance = "";

static void go(visitor *player, const char *url)
{
    if (strcmp(disturbance, "stalls") == 0) return;
    if (strcmp(disturbance, "dies midway") == 0) {
        ask(first_port, "");
        return;
    }
    if (strcmp(disturbance, "late") == 0) sleep_ms(300);
    travel(player, url);
}

void fault_call_disturb(fault_call *call, const char *fault, const char *reply, const char *flaw)
{
    if (!is(call, "sign in")) return;
    plan.reply = flaw ? NULL : reply;
    if (flaw) plan.more = text("'known':true,%s", flaw);
    disturbance = fault;
    if (strcmp(fault, "absent") == 0) visitor_refuse(call->browser);
    if (strcmp(fault, "refused") == 0) plan.query = "error=access_denied&error_description=No&state=%s";
    if (strcmp(fault, "garbage") == 0) plan.query = "code=another&state=another";
}

static void make_client(fault_call *call, const char *endpoint)
{
    auth_client_options options;
    if (is(call, "sign in")) {
        call->browser = new_visitor(go);
        options = hosted_ui_options(call->browser);
        options.hosted_ui_domain = endpoint;
        plan.more = "'known':true";
    } else {
        options = scene_options();
    }
    options.endpoint = endpoint;
    options.keep_unfinished = is(call, "sign out everywhere") || is(call, "resume");
    CHECK_ANSWER(auth_client_new(&options, &call->client, NULL), AUTH_STATUS_SUCCESS);
    call->endpoint = endpoint;
}

fault_call *fault_call_new(const char *name, const char *endpoint)
{
    fault_call *call = calloc(1, sizeof *call);
    if (!call) abort();
    call->name = name;
    make_client(call, endpoint);
    auth_sign_out_result_init(&call->result, sizeof call->result);
    return call;
}

static void note_result(fault_call *call)
{
    const auth_sign_out_result *result = &call->result;
    const auth_error *error = result->failure                 ? result->failure
                              : result->global_sign_out_error ? result->global_sign_out_error
                              : result->revoke_token_error    ? result->revoke_token_error
                                                              : result->invalid_session_error;
    call->told = told(result);
    call->status = error ? name_of(auth_error_status(error)) : "";
}

static void sign_out_with(fault_call *call, signer_out *function, const auth_call_options *options)
{
    auth_sign_out_result_clear(&call->result);
    function(call->client, options, &call->result);
    note_result(call);
}

static void session_call(fault_call *call, auth_call_options *options)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_status status;
    if (is(call, "fetch")) {
        status = auth_session_fetch(call->client, options, &session, NULL);
    } else {
        options->browser_timeout_ms = options->timeout_ms;
        status = auth_sign_in(call->client, NULL, options, &session, NULL);
    }
    call->told = session.refresh_token ? "a session" : "no session";
    call->status = status ? name_of(status) : "";
    auth_session_clear(&session);
}

void fault_call_run(fault_call *call, int timeout_ms)
{
    auth_call_options options = scene_within(timeout_ms);
    if (is(call, "sign out"))
        sign_out_with(call, auth_sign_out, &options);
    else if (is(call, "sign out everywhere"))
        sign_out_with(call, auth_sign_out_global, &options);
    else if (is(call, "resume"))
        sign_out_with(call, auth_sign_out_resume, &options);
    else
        session_call(call, &options);
}

const char *fault_call_told(const fault_call *call) { return call->told; }
const char *fault_call_status(const fault_call *call) { return call->status; }

const char *fault_call_kept(const fault_call *call)
{
    static const char *const answers[] = {"not kept", "kept", "perhaps kept"};
    if (is(call, "fetch") || is(call, "sign in")) return "";
    auth_answer kept = call->result.kept;
    return kept >= 0 && kept < LENGTH(answers) ? answers[kept] : "a value that the header does not have";
}

/* What a result holds a token for, a retry finishes; what the keyring keeps, a resume; the rest the same call again. */
const char *fault_call_finish(fault_call *call)
{
    const char *token = call->result.partial_failure_token;
    disturbance = "";
    if (is(call, "sign in") || strcmp(call->endpoint, server_url()) != 0) {
        auth_client_free(call->client);
        make_client(call, server_url());
    }
    if (is(call, "sign out") && token) {
        token = text("%s", token);
        auth_sign_out_result_clear(&call->result);
        auth_sign_out_retry(call->client, token, NULL, &call->result);
        note_result(call);
        return text("retry %s%s%s", call->told, *call->status ? " " : "", call->status);
    }
    const char *resumed = "";
    if (is(call, "sign out everywhere")) {
        sign_out_with(call, auth_sign_out_resume, NULL);
        resumed = text("resume %s%s%s, then ", call->told, *call->status ? " " : "", call->status);
    }
    fault_call_run(call, 0);
    return text("%s%s%s%s", resumed, call->told, *call->status ? " " : "", call->status);
}

void fault_call_free(fault_call *call)
{
    auth_sign_out_result_clear(&call->result);
    auth_client_free(call->client);
    free(call);
}

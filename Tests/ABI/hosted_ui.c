/* SPDX-License-Identifier: Apache-2.0 */

#include "hosted_ui.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

journey plan;
struct brought brought;
int first_port, second_port, logout_port;
int saved_events;

#define ISSUER "https://cognito-idp.eu-west-1.amazonaws.com/" SCENE_POOL_ID

/* Claims, of which those in `instead` count: a parser takes the last one of a name. */
static const char *token(const char *claims, const char *instead)
{
    long long now = (long long)time(NULL);
    return jwt(text("{'sub':'" TOKEN_SUB "','iss':'" ISSUER "','iat':%lld,'exp':%lld,%s%s%s}", now, now + 3600, claims,
                    instead ? "," : "", instead ? instead : ""));
}

static void bring_tokens(const char *nonce)
{
    brought.access_token = token(
        "'token_use':'access','client_id':'" SCENE_CLIENT_ID "','username':'" TOKEN_USERNAME "'", plan.access_claims);
    brought.id_token =
        token(text("'token_use':'id','aud':'" SCENE_CLIENT_ID "','cognito:username':'" TOKEN_USERNAME "','nonce':'%s'",
                   nonce),
              plan.id_claims);
    brought.refresh_token = refresh_token();
    server_reply("/oauth2/token",
                 text("{'body':{'access_token':'%s','id_token':'%s','refresh_token':'%s',"
                      "'token_type':'Bearer','expires_in':3600}%s%s}",
                      brought.access_token, brought.id_token, brought.refresh_token, plan.more ? "," : "",
                      plan.more ? plan.more : ""));
}

void travel(visitor *player, const char *url)
{
    if (strstr(url, "/logout?")) {
        page answer = visitor_get(player, redirect(url, "%s", plan.query ? plan.query : ""), "");
        const char *next = answer.status == 303 ? strstr(answer.text, "Location: ") : NULL;
        if (next) travel(player, text("%.*s", (int)strcspn(next + 10, "\r\n"), next + 10));
        return;
    }
    const char *state = parameter(url, "state"), *nonce = parameter(url, "nonce");
    if (plan.meanwhile) plan.meanwhile();
    if (plan.reply) {
        server_reply("/oauth2/token", plan.reply);
    } else {
        bring_tokens(nonce ? nonce : "");
    }
    char query[2048];
    snprintf(query, sizeof query, plan.query ? plan.query : "code=code-of-the-test&state=%s", state ? state : "");
    visitor_get(player, redirect(url, "%s", query), "");
}

auth_client_options hosted_ui_options(visitor *player)
{
    static const char *sign_in_uris[2], *sign_out_uris[1];
    /* The same ones in each case: a program has few. */
    if (first_port == 0) {
        first_port = free_port();
        second_port = free_port();
        logout_port = free_port();
    }
    sign_in_uris[0] = text("http://127.0.0.1:%d/signed-in", first_port);
    sign_in_uris[1] = text("http://127.0.0.1:%d/signed-in", second_port);
    sign_out_uris[0] = text("http://127.0.0.1:%d/signed-out", logout_port);
    auth_client_options options = scene_options();
    options.hosted_ui_domain = server_url();
    options.sign_in_redirect_uris = sign_in_uris;
    options.sign_in_redirect_uri_count = 2;
    options.sign_out_redirect_uris = sign_out_uris;
    options.sign_out_redirect_uri_count = 1;
    if (player) {
        options.open_url_function = visitor_open;
        options.open_url_user_data = player;
    }
    plan = (journey){0};
    brought = (struct brought){0};
    return options;
}

static void count_event(void *user_data, auth_event event)
{
    (void)user_data;
    if (event == AUTH_EVENT_SESSION_SAVED) saved_events++;
}

auth_client *hosted_ui_client(visitor *player)
{
    auth_client_options options = hosted_ui_options(player);
    options.event_function = count_event;
    saved_events = 0;
    return scene_client_with(&options);
}

static void clear(void *session) { auth_session_clear(session); }

auth_status browser_sign_in(auth_client *client, const auth_sign_in_options *options, auth_session *session,
                            const char **message)
{
    auth_error *error = NULL;
    if (session) auth_session_init(session, sizeof *session);
    auth_status status = auth_sign_in(client, options, NULL, session, &error);
    CHECK_INT(auth_error_status(error), status);
    CHECK_TEXT(token_in(auth_error_message(error)), NULL);
    if (message)
        *message = text("%s [%s] %s", auth_error_message(error),
                        auth_error_service_exception(error) ? auth_error_service_exception(error) : "",
                        auth_error_recovery_suggestion(error));
    auth_error_free(error);
    if (session) defer(clear, session);
    return status;
}

auth_status attempt_sign_in(auth_client *client, const char **message)
{
    static auth_session session;
    auth_status status = browser_sign_in(client, NULL, &session, message);
    CHECK(!is_listened_at(first_port) && !is_listened_at(second_port));
    if (status != AUTH_STATUS_SUCCESS) CHECK(!session.access_token && !session.owned);
    return status;
}

auth_operation *start_sign_in(auth_client *client)
{
    auth_operation *operation = NULL;
    CHECK_ANSWER(auth_sign_in_start(client, NULL, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    return operation;
}

bool await_browser(auth_operation *operation, visitor *player, int urls)
{
    for (double end = seconds() + 20; seconds() < end; sleep_ms(5)) {
        if (auth_operation_dispatch(operation) || visitor_count(player) >= urls) return true;
    }
    return false;
}

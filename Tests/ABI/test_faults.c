/* SPDX-License-Identifier: Apache-2.0 */

/* Every fault of Tests/Support/faults.jsonl, and what the library makes of it. */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

static const char *path_in(const char *variable, const char *name) { return text("%s/%s", getenv(variable), name); }

/* A line of the table, while a server or proxy is about to do it. */
typedef struct {
    const char *reply, *status;
    /* For a refused one libcurl tells the difference only where it is asked: of a refresh. */
    bool is_proxy, may_have_arrived, is_refused, is_repeated;
} fault;

static auth_client_options options_through(const char *proxy)
{
    auth_client_options options = scene_options();
    options.ca_file = path_in("COGNITOAUTH_TEST_CERTIFICATES", "ca.pem");
    options.proxy = proxy;
    return options;
}

/* Starts afresh: the fault comes once, and then all is well; or it comes for good. */
static auth_client *client_at(const fault *fault, const char *operation, const char *then)
{
    const char *proxy = NULL, *replies = text("%s,{'default':true}", fault->reply);
    if (strcmp(then, "for good") == 0) replies = fault->reply;
    keyring_empty();
    server_reset();
    if (fault->is_proxy) {
        server_select(NULL);
        server_reset();
        server_reply("CONNECT", replies);
        proxy = server_url();
        server_select("good");
    } else {
        server_reply(operation, replies);
    }
    auth_client_options options = options_through(proxy);
    return scene_client_with(&options);
}

static void check_sign_out(const fault *fault)
{
    auth_client *client = client_at(fault, "RevokeToken", "once");
    sign_in(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_INT(result->outcome, fault->is_repeated ? AUTH_SIGN_OUT_COMPLETE : AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(server_request_count(), (fault->is_proxy ? 0 : 1) + fault->is_repeated);

    client = client_at(fault, "RevokeToken", "for good");
    sign_in(client);
    result = sign_out(client);
    CHECK_TEXT(told(result), text("partial: was signed in, signed out; global not requested, revocation %s",
                                  fault->may_have_arrived ? "unknown" : "failed"));
    CHECK_TEXT(auth_status_name(auth_error_status(result->revoke_token_error)), fault->status);
    CHECK_INT(keyring_count(NULL), 0);
    CHECK_INT(server_request_count(), fault->is_proxy ? 0 : fault->is_repeated ? 3 : 1);
}

/* A refresh is sent again only where it cannot have arrived. */
static void check_refresh(const fault *fault)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_client *client = client_at(fault, "GetTokensFromRefreshToken", "once");
    sign_in_for(client, -10);
    bool is_repeated = fault->is_repeated && (!fault->may_have_arrived || fault->is_refused);
    CHECK_TEXT(auth_status_name(auth_session_fetch(client, NULL, &session, NULL)),
               is_repeated ? "AUTH_STATUS_SUCCESS" : fault->status);
    CHECK_INT(server_request_count(), (fault->is_proxy ? 0 : 1) + is_repeated);
    auth_session_clear(&session);
}

static const char *member(json_t *line, const char *name)
{
    const char *value = json_string_value(json_object_get(line, name));
    CHECK(value != NULL);
    return value ? value : "";
}

/* Checks the faults that come `over` something, at the selected server; says how many there are. */
static int check_faults(const char *over)
{
    int count = 0;
    FILE *table = fopen(path_in("COGNITOAUTH_TEST_SUPPORT", "faults.jsonl"), "r");
    CHECK(table != NULL);
    if (!table) return 0;
    json_t *line;
    while ((line = json_loadf(table, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, NULL))) {
        if (strcmp(member(line, "over"), over) == 0) {
            char *reply = json_dumps(json_object_get(line, "reply"), 0);
            during(text("%s %s", over, member(line, "fault")));
            fault fault = {.reply = text("%s", reply),
                           .status = text("AUTH_STATUS_%s", member(line, "status")),
                           .is_proxy = strcmp(over, "proxy") == 0,
                           .may_have_arrived = strcmp(member(line, "arrived"), "no") != 0,
                           .is_refused = strcmp(member(line, "arrived"), "refused") == 0,
                           .is_repeated = json_is_true(json_object_get(line, "again"))};
            free(reply);
            check_sign_out(&fault);
            check_refresh(&fault);
            count++;
        }
        json_decref(line);
    }
    CHECK(feof(table));
    fclose(table);
    return count;
}

TEST("row 16: what goes wrong with an answer over http is told as it is, and sent again where that may help")
{
    server_select(NULL);
    CHECK(check_faults("http1") >= 20);
}

TEST("row 16: what goes wrong with an answer over TLS is told as it is, and sent again where that may help")
{
    server_select("good");
    CHECK(check_faults("http1") >= 20);
}

TEST("row 16: what goes wrong with HTTP/2 is told as it is, and sent again where that may help")
{
    server_select_http2("good");
    CHECK(check_faults("http2") >= 15);
    CHECK_TEXT(server_protocol(0), "2");
}

TEST("what goes wrong with a proxy is told as it is, and sent again where that may help")
{
    server_select("good");
    CHECK(check_faults("proxy") >= 10);
}

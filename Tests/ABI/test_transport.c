/* SPDX-License-Identifier: Apache-2.0 */

/* What the network and the server do wrong over plain http. */

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "scene.h"

#define FAILED "partial: was signed in, signed out; global not requested, revocation failed"
#define UNKNOWN "partial: was signed in, signed out; global not requested, revocation unknown"

/* Signs in and out while RevokeToken is answered so. */
static const auth_sign_out_result *sign_out_with(const char *replies)
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("RevokeToken", replies);
    return sign_out(client);
}

static void check_partial(const auth_sign_out_result *result, auth_status status)
{
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_YES);
    CHECK_INT(auth_error_status(result->revoke_token_error), status);
    CHECK(result->partial_failure_token != NULL);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("throttling, then success, is success")
{
    static const char *const names[] = {"TooManyRequestsException", "LimitExceededException", "ThrottlingException",
                                        "Throttling", "RequestLimitExceeded"};
    for (int i = 0; i < 5; i++) {
        during(names[i]);
        server_reset();
        CHECK_TEXT(told(sign_out_with(text("%s,{'default':true}", exception(names[i], "Slow down")))), COMPLETE);
        CHECK_INT(server_request_count(), 2);
    }
}

TEST("500, 502, 503 and 504, then success, is success")
{
    static const char *const replies[] = {"{'status':500,'body':{'__type':'InternalErrorException'}}",
                                          "{'status':500,'body':'<html>'}", "{'status':502}", "{'status':503}",
                                          "{'status':504}"};
    for (int i = 0; i < 5; i++) {
        during(replies[i]);
        server_reset();
        CHECK_TEXT(told(sign_out_with(text("%s,{'default':true}", replies[i]))), COMPLETE);
        CHECK_INT(server_request_count(), 2);
    }
}

TEST("GlobalSignOut is repeated like RevokeToken, and both stay in order")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", "{'status':503},{'status':500},{'default':true}");
    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "GlobalSignOut GlobalSignOut GlobalSignOut RevokeToken");
}

TEST("a server that goes on throttling is asked max_attempts times")
{
    check_partial(sign_out_with(exception("TooManyRequestsException", "Slow down")), AUTH_STATUS_TOO_MANY_REQUESTS);
    CHECK_INT(server_request_count(), 3);

    auth_client_options options = scene_options();
    options.max_attempts = 1;
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    check_partial(sign_out(client), AUTH_STATUS_TOO_MANY_REQUESTS);
    CHECK_INT(server_request_count(), 4);
}

TEST("an exception that is no throttling is asked once")
{
    check_partial(sign_out_with(exception("NotAuthorizedException", "No.")), AUTH_STATUS_NOT_AUTHORIZED);
    CHECK_INT(server_request_count(), 1);
}

TEST("Retry-After is waited for")
{
    double start = seconds();
    CHECK_TEXT(told(sign_out_with("{'status':503,'headers':{'retry-after':'1'}},{'default':true}")), COMPLETE);
    CHECK(seconds() - start >= 1);
}

TEST("an exception's name is taken from the header, from code or from __type, without what real AWS puts around it")
{
    static const char *const replies[] = {
        "{'status':400,'headers':{'x-amzn-errortype':'NotAuthorizedException:'},'body':{'message':'No.'}}",
        "{'status':400,'headers':{'x-amzn-errortype':'NotAuthorizedException:http://internal.amazon.com/x/'}}",
        "{'status':400,'headers':{'x-amzn-errortype':'NotAuthorizedException,https'},'body':'<html>'}",
        "{'status':400,'headers':{'X-Amzn-ErrorType':'NotAuthorizedException'},'body':{'__type':'ForbiddenException'}}",
        "{'status':400,'body':{'code':'NotAuthorizedException','__type':'ForbiddenException'}}",
        "{'status':400,'body':{'__type':'com.amazonaws.cognito.identity.idp.model#NotAuthorizedException'}}",
        "{'status':400,'body':{'__type':'NotAuthorizedException:','Message':'No.'}}",
        "{'status':401,'body':{'__type':'NotAuthorizedException'}}",
    };
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        during(replies[i]);
        const auth_sign_out_result *result = sign_out_with(replies[i]);
        check_partial(result, AUTH_STATUS_NOT_AUTHORIZED);
        CHECK_TEXT(auth_error_service_exception(result->revoke_token_error), "NotAuthorizedException");
    }
}

TEST("a message comes from message or Message, without control and bidirectional characters, and is not endless")
{
    const auth_sign_out_result *result = sign_out_with("{'status':400,'body':{'__type':'ForbiddenException',"
                                                       "'Message':'Not\\u0007 \\u001b[31m\\u202efor\\u200f you'}}");
    CHECK_HAS(auth_error_message(result->revoke_token_error), "Not [31mfor you");
    result = sign_out_with(
        text("{'status':400,'body':{'__type':'ForbiddenException','message':'%s'}}", text("%0200000d", 0)));
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_FORBIDDEN);
    CHECK(strlen(auth_error_message(result->revoke_token_error)) < 2000);
}

TEST("tokens that a server echoes are not in the error")
{
    auth_client *client = scene_client();
    for (int global = 0; global < 2; global++) {
        auth_session session = sign_in(client);
        server_reply("RevokeToken", "{'echo':true}");
        server_reply("GlobalSignOut", "{'echo':true}");
        const auth_sign_out_result *result = global ? sign_out_global(client) : sign_out(client);
        const char *message = auth_error_message(global ? result->global_sign_out_error : result->revoke_token_error);
        CHECK_HAS(message, "[redacted]");
        CHECK_LACKS(message, session.access_token);
        CHECK_LACKS(message, session.refresh_token);
        CHECK_LACKS(message, text("%.24s", session.refresh_token));
    }
}

TEST("a short token that a server echoes is not in the error either, and a secret in a type is none")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.refresh_token = "short-token";
    save(client, &session);
    server_reply("RevokeToken", "{'echo':true}");
    CHECK_LACKS(auth_error_message(sign_out(client)->revoke_token_error), "short-token");

    session = scene_session();
    save(client, &session);
    server_reply("RevokeToken", exception(session.refresh_token, session.refresh_token));
    const auth_error *error = sign_out(client)->revoke_token_error;
    CHECK_TEXT(token_in(auth_error_message(error)), NULL);
    CHECK_TEXT(token_in(auth_error_service_exception(error)), NULL);
}

TEST("an answer that is cut off is a lost or an invalid one, and what Cognito did is unknown")
{
    const auth_sign_out_result *result = sign_out_with("{'body':{'a':'long enough to be cut'},'cut_after':4}");
    CHECK_TEXT(told(result), UNKNOWN);
    auth_status status = auth_error_status(result->revoke_token_error);
    CHECK(status == AUTH_STATUS_INVALID_RESPONSE || status == AUTH_STATUS_CONNECTION_LOST);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 16: an answer of up to 256 KiB is read, a larger one is not, up to 10 MB and more")
{
    CHECK_TEXT(told(sign_out_with(text("{'body':'{\\'a\\':\\'%0262136d\\'}'}", 0))), COMPLETE);
    check_partial(sign_out_with(text("{'body':'{\\'a\\':\\'%0262137d\\'}'}", 0)), AUTH_STATUS_INVALID_RESPONSE);
    check_partial(sign_out_with("{'body_size':10485760}"), AUTH_STATUS_INVALID_RESPONSE);
}

TEST("a connection that is closed or reset before an answer is lost, and what Cognito did is unknown")
{
    static const char *const replies[] = {"{'close':'before_reply'}", "{'close':'reset'}"};
    for (int i = 0; i < 2; i++) {
        during(replies[i]);
        const auth_sign_out_result *result = sign_out_with(replies[i]);
        CHECK_TEXT(told(result), UNKNOWN);
        check_partial(result, AUTH_STATUS_CONNECTION_LOST);
    }
}

TEST("a connection that is closed once is made again")
{
    CHECK_TEXT(told(sign_out_with("{'close':'before_reply'},{'default':true}")), COMPLETE);
    CHECK_INT(server_request_count(), 2);
}

TEST("a request on a kept connection that ends without an answer is not sent again unseen: what follows is UNKNOWN")
{
    static const char *const replies[] = {"{'close':'before_reply'}", "{'close':'reset'}"};
    for (int i = 0; i < 4; i++) {
        during(text("%s, %d", replies[i / 2], i % 2));
        auth_client_options options = scene_options();
        options.max_attempts = i % 2 == 0 ? 1 : 0;
        auth_client *client = scene_client_with(&options);
        server_reset();
        sign_in(client);
        CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
        sign_in(client);
        server_reply("RevokeToken", text("%s,%s", replies[i / 2], exception("ForbiddenException", "No.")));
        const auth_sign_out_result *result = sign_out(client);
        CHECK_TEXT(told(result), UNKNOWN);
        check_partial(result, i % 2 == 0 ? AUTH_STATUS_CONNECTION_LOST : AUTH_STATUS_FORBIDDEN);
        CHECK_INT(server_request_count(), i % 2 == 0 ? 2 : 3);
    }
}

TEST("a server that closes after each answer is connected to again")
{
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", "{'default':true,'keep_alive':false}");
    CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(server_connection_count(), 2);
}

TEST("a redirect is not followed")
{
    for (int status = 301; status <= 308; status += status == 303 ? 4 : 1) {
        during(text("status %d", status));
        server_reset();
        check_partial(sign_out_with(text("{'status':%d,'headers':{'location':'%s/elsewhere'}}", status, server_url())),
                      AUTH_STATUS_INVALID_RESPONSE);
        CHECK_INT(server_request_count(), 1);
    }
}

TEST("a refused connection is CONNECTION_FAILED, and nothing was sent")
{
    auth_client *client = scene_client_at(closed_url());
    sign_in(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), FAILED);
    check_partial(result, AUTH_STATUS_CONNECTION_FAILED);
}

TEST("a host that does not exist is HOST_NOT_FOUND")
{
    auth_client_options options = scene_options();
    options.endpoint = "https://cognito-idp.invalid";
    options.timeout_ms = 6000;
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    /* Where a resolver does not even say no, time runs out. */
    auth_status status = auth_error_status(result->revoke_token_error);
    CHECK(status == AUTH_STATUS_HOST_NOT_FOUND || status == AUTH_STATUS_NETWORK_TIMED_OUT);
    CHECK_INT(keyring_count(NULL), 0);
}

/* A proxy that nobody may use: a listening socket that takes no connection. Counts those that come in. */
static int proxy_listener(const char **url)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 8) == 0);
    getsockname(listener, (struct sockaddr *)&address, &length);
    *url = text("http://127.0.0.1:%d", ntohs(address.sin_port));
    return listener;
}

TEST("a request to this machine over http never takes a proxy, neither the environment's nor the client's")
{
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    const char *proxy;
    int listener = proxy_listener(&proxy);
    for (int i = 0; i < 5; i++) setenv(names[i], proxy, 1);
    auth_client_options options = scene_options();
    for (int i = 0; i < 4; i++) {
        options.endpoint = i & 1 ? text("http://localhost%s", strrchr(server_url(), ':')) : server_url();
        options.proxy = i & 2 ? proxy : NULL;
        auth_client *client = scene_client_with(&options);
        sign_in(client);
        CHECK_INT(sign_out_global(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    }
    for (int i = 0; i < 5; i++) unsetenv(names[i]);
    CHECK_INT(server_request_count(), 8);
    CHECK_INT(accept(listener, NULL, NULL), -1);
    close(listener);
}

TEST("Retry-After is waited for as a date too")
{
    char date[64];
    time_t soon = time(NULL) + 3;
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime(&soon));
    double start = seconds();
    CHECK_TEXT(told(sign_out_with(text("{'status':503,'headers':{'retry-after':'%s'}},{'default':true}", date))),
               COMPLETE);
    CHECK(seconds() - start >= 1);
}

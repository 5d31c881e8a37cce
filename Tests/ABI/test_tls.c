/* SPDX-License-Identifier: Apache-2.0 */

/* https: which certificates are believed, and which proxy is taken. */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scene.h"

void set_scene(void)
{
    server_select("good");
    server_reset();
    keyring_empty();
}

static const char *certificate(const char *name)
{
    return text("%s/%s.pem", getenv("COGNITOAUTH_TEST_CERTIFICATES"), name);
}

/* Signs in and out at the selected server while `ca_file` is trusted. */
static const auth_sign_out_result *sign_out_trusting(const char *ca_file)
{
    auth_client_options options = scene_options();
    options.ca_file = ca_file;
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    return sign_out_global(client);
}

static void check_distrusted(const auth_sign_out_result *result)
{
    CHECK_TEXT(told(result), "partial: was signed in, signed out; global failed, revocation not attempted");
    CHECK_STATUS(result->global_sign_out_error, AUTH_STATUS_TLS_FAILED);
    CHECK(result->partial_failure_token != NULL);
    CHECK_INT(server_request_count(), 0);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("a server whose certificate is signed by the authority in ca_file is believed, on one connection")
{
    const auth_sign_out_result *result = sign_out_trusting(certificate("ca"));
    CHECK_TEXT(told(result), COMPLETE_GLOBAL);
    CHECK_TEXT(server_operations(), "GlobalSignOut RevokeToken");
    CHECK_INT(server_connection_count(), 1);
}

TEST("an authority that the system does not know is not believed") { check_distrusted(sign_out_trusting(NULL)); }

TEST("with a ca_file only what is in it is believed")
{
    check_distrusted(sign_out_trusting(certificate("self-signed")));
}

TEST("a ca_file that is not there, or is no certificate, is TLS_FAILED, and the user is signed out here")
{
    check_distrusted(sign_out_trusting("/nonexistent/ca.pem"));
    check_distrusted(sign_out_trusting("/etc/passwd"));
}

TEST("a ca_file that is a pipe is not waited for")
{
    const char *pipe = text("%s/ca.pem", getenv("HOME"));
    REQUIRE(mkfifo(pipe, 0600) == 0);
    const auth_sign_out_result *result = sign_out_trusting(pipe);
    check_distrusted(result);
    CHECK_HAS(auth_error_message(result->global_sign_out_error), "ca_file is not a regular file");
    unlink(pipe);
}

TEST("a certificate for another host is not believed")
{
    server_select("wrong-host");
    server_reset();
    check_distrusted(sign_out_trusting(certificate("ca")));
}

TEST("a certificate that signs itself is not believed")
{
    server_select("self-signed");
    server_reset();
    check_distrusted(sign_out_trusting(certificate("ca")));
    check_distrusted(sign_out_trusting(NULL));
}

TEST("a certificate that signs itself is believed where it is the ca_file")
{
    server_select("self-signed");
    server_reset();
    CHECK_INT(sign_out_trusting(certificate("self-signed"))->outcome, AUTH_SIGN_OUT_COMPLETE);
}

static void check_goes_through_proxy(const char *variable)
{
    server_select(NULL);
    const char *proxy = server_refuse();
    server_select("good");
    auth_client_options options = scene_options();
    options.ca_file = certificate("ca");
    if (variable)
        setenv(variable, proxy, 1);
    else
        options.proxy = proxy;
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    const auth_sign_out_result *result = sign_out(client);
    if (variable) unsetenv(variable);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_PROXY_FAILED);
    CHECK_INT(server_request_count(), 0);

    server_select(NULL);
    CHECK_TEXT(server_operations(), "CONNECT");
    CHECK(strncmp(server_path(0), "localhost:", 10) == 0);
    CHECK_TEXT(server_header(0, "x-amz-target"), NULL);
    CHECK_TEXT(server_body(0, "Token"), NULL);
}

TEST("https takes the environment's proxy, which sees no token; one that refuses is PROXY_FAILED")
{
    check_goes_through_proxy("https_proxy");
}

TEST("https takes the client's proxy, which sees no token; one that refuses is PROXY_FAILED")
{
    check_goes_through_proxy(NULL);
}

TEST("an empty proxy is none, whatever the environment says")
{
    setenv("https_proxy", closed_url(), 1);
    auth_client_options options = scene_options();
    options.ca_file = certificate("ca");
    options.proxy = "";
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    unsetenv("https_proxy");
}

TEST("a proxy that is not there is told as a network failure, and the user is signed out here")
{
    auth_client_options options = scene_options();
    options.proxy = closed_url();
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    auth_status status = auth_error_status(result->revoke_token_error);
    CHECK(status == AUTH_STATUS_PROXY_FAILED || status == AUTH_STATUS_CONNECTION_FAILED);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("a server that speaks plain http where https was asked for is TLS_FAILED, and sees no token")
{
    server_select(NULL);
    server_reset();
    auth_client_options options = scene_options();
    options.endpoint = text("https%s", server_url() + strlen("http"));
    auth_client *client = scene_client_with(&options);
    sign_in(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_TLS_FAILED);
    CHECK_INT(server_request_count(), 0);
}

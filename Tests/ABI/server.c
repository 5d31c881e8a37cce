/* SPDX-License-Identifier: Apache-2.0 */

#include "server.h"

#include <curl/curl.h>
#include <jansson.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "tokens.h"

/* The selected server's URL, for roles. */
#define INHERITED "COGNITOAUTH_TEST_URL"

struct server {
    const char *certificate;
    bool speaks_http2;
    char url[64], control_url[64];
};
static struct server servers[8];
static struct server *selected;

static void give_up(const char *why)
{
    fprintf(stderr, "scripted server: %s\n", why);
    exit(1);
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    if (!value) give_up(text("%s is not set; use run.sh", name));
    return value;
}

/* Waits for the file that the server writes once it listens. */
static void read_url(const char *path, char *url)
{
    FILE *file = NULL;
    for (double end = seconds() + 10; !file && seconds() < end; sleep_ms(10)) file = fopen(path, "r");
    if (!file || fscanf(file, "%63s", url) != 1) give_up("it did not start");
    fclose(file);
    unlink(path);
}

static void start(struct server *server, const char *certificate, bool speaks_http2)
{
    char directory[] = "/tmp/cognitoauth-server.XXXXXX";
    if (!mkdtemp(directory)) give_up("no temporary directory");
    const char *url = text("%s/url", directory), *control_url = text("%s/control", directory);
    const char *script = text("%s/scripted_cognito.py", environment("COGNITOAUTH_TEST_SUPPORT"));
    const char *certificates = certificate ? environment("COGNITOAUTH_TEST_CERTIFICATES") : "";
    char *arguments[] = {"/usr/bin/python3",
                         "-sEB",
                         (char *)script,
                         "--url-file",
                         (char *)url,
                         "--control-url-file",
                         (char *)control_url,
                         "--lifetime", /* It ends with us, however long we run. */
                         "86400",
                         certificate ? "--tls-cert" : NULL,
                         text("%s/%s.pem", certificates, certificate ? certificate : ""),
                         "--tls-key",
                         text("%s/%s.key", certificates, certificate ? certificate : ""),
                         speaks_http2 ? "--http2" : NULL,
                         NULL};
    fflush(stdout);
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execv(arguments[0], arguments); /* It finds its modules by this name: the whole path, or another one's. */
        arguments[0] = "python3";
        execvp(arguments[0], arguments);
        _exit(127);
    }
    server->certificate = certificate;
    server->speaks_http2 = speaks_http2;
    read_url(control_url, server->control_url);
    read_url(url, server->url);
    rmdir(directory);
}

static void choose(const char *certificate, bool speaks_http2)
{
    for (selected = servers; selected->url[0]; selected++) {
        if (speaks_http2 != selected->speaks_http2) continue;
        if (certificate == selected->certificate) break;
        if (certificate && selected->certificate && strcmp(certificate, selected->certificate) == 0) break;
    }
    if (!selected->url[0]) start(selected, certificate, speaks_http2);
    setenv(INHERITED, selected->url, 1);
}

void server_select(const char *certificate) { choose(certificate, false); }
void server_select_http2(const char *certificate) { choose(certificate, true); }

const char *server_url(void) { return selected ? selected->url : environment(INHERITED); }

static size_t receive(char *bytes, size_t size, size_t count, void *stream)
{
    return fwrite(bytes, size, count, stream);
}

/* Asks the control API; a new reference. */
static json_t *control(const char *name, const char *body)
{
    char *answer = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&answer, &length);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, text("%s/_control/%s", selected ? selected->control_url : server_url(), name));
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, stream);
    if (body) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    fclose(stream);
    json_t *result = code == CURLE_OK ? json_loads(answer, 0, NULL) : NULL;
    free(answer);
    if (!result) give_up(text("control request %s failed: %s", name, curl_easy_strerror(code)));
    return result;
}

static void command(const char *name, const char *body) { json_decref(control(name, json_text(body))); }

void server_reset(void)
{
    command("reset", "");
    command("settings", "{'sub':'" TOKEN_SUB "','username':'" TOKEN_USERNAME "'}");
}

void server_release(void) { command("release", ""); }
void server_settings(const char *json) { command("settings", json); }

const char *server_rotate(void)
{
    const char *rotated = refresh_token();
    server_settings(text("{'rotate':'%s'}", rotated));
    return rotated;
}

const char *server_rotate_held(void)
{
    const char *rotated = server_rotate();
    server_reply("GetTokensFromRefreshToken", "{'hold':true,'default':true}");
    return rotated;
}

void server_reply(const char *operation, const char *replies)
{
    command("script", text("{'operation':'%s','replies':[%s]}", operation, replies));
}

void server_add_session(const char *access_token, const char *refresh_token)
{
    command("sessions", text("{'sub':'" TOKEN_SUB "','access':'%s','refresh':'%s'}", access_token, refresh_token));
}

const char *server_live_tokens(void)
{
    json_t *tokens = control("sessions", NULL), *token;
    const char *result = "";
    size_t i;
    json_array_foreach(tokens, i, token) { result = text("%s%s%s", result, i ? " " : "", json_string_value(token)); }
    json_decref(tokens);
    return result;
}

const char *server_refuse(void)
{
    server_reset();
    server_reply("CONNECT", "{'status':403}");
    return server_url();
}

const char *exception(const char *name, const char *message)
{
    return text("{'status':400,'body':{'__type':'%s','message':'%s'}}", name, message);
}

int server_request_count(void)
{
    json_t *requests = control("requests", NULL);
    int result = (int)json_array_size(requests);
    json_decref(requests);
    return result;
}

bool server_await(int count)
{
    for (double end = seconds() + 30; seconds() < end; sleep_ms(10)) {
        if (server_request_count() >= count) return true;
    }
    return false;
}

const char *server_operations(void)
{
    json_t *requests = control("requests", NULL), *request;
    const char *result = "";
    size_t i;
    json_array_foreach(requests, i, request)
    {
        result = text("%s%s%s", result, i ? " " : "", json_string_value(json_object_get(request, "operation")));
    }
    json_decref(requests);
    return result;
}

int server_connection_count(void)
{
    json_t *connections = control("connections", NULL);
    int result = (int)json_integer_value(json_object_get(connections, "count"));
    json_decref(connections);
    return result;
}

/* Text of a request, as in detail(0, "headers", "content-type") or detail(0, "path", NULL). */
static const char *detail(int number, const char *member, const char *name)
{
    json_t *requests = control("requests", NULL);
    json_t *value = json_object_get(json_array_get(requests, (size_t)number), member);
    if (name) value = json_object_get(value, name);
    const char *result = json_is_string(value) ? text("%s", json_string_value(value)) : NULL;
    json_decref(requests);
    return result;
}

const char *server_method(int number) { return detail(number, "method", NULL); }
const char *server_protocol(int number) { return detail(number, "protocol", NULL); }
const char *server_path(int number) { return detail(number, "path", NULL); }
const char *server_header(int number, const char *name) { return detail(number, "headers", name); }
const char *server_body(int number, const char *name) { return detail(number, "body", name); }

int server_body_size(int number)
{
    json_t *requests = control("requests", NULL);
    int result = (int)json_object_size(json_object_get(json_array_get(requests, (size_t)number), "body"));
    json_decref(requests);
    return result;
}

int server_connection(int number)
{
    json_t *requests = control("requests", NULL);
    int result = (int)json_integer_value(json_object_get(json_array_get(requests, (size_t)number), "connection"));
    json_decref(requests);
    return result;
}

static void close_socket(void *number) { close((int)(intptr_t)number); }

/* A port that is bound and does not listen refuses connections, and nobody else can take it. */
const char *closed_url(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0) give_up("no port is free");
    getsockname(listener, (struct sockaddr *)&address, &length);
    defer(close_socket, (void *)(intptr_t)listener);
    return text("http://127.0.0.1:%d", ntohs(address.sin_port));
}

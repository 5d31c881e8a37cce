/* SPDX-License-Identifier: Apache-2.0 */

/* What listens on this machine while the browser is open: everything but its user's return is turned away, and nothing
 * keeps that return from coming through. */

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hosted_ui.h"

/* The state of the sign-in that is under way. */
static char state[64];

static void (*trouble)(int port);

/* Makes trouble at the port, and then comes back as it should. */
static void travel_with_trouble(visitor *player, const char *url)
{
    snprintf(state, sizeof state, "%s", parameter(url, "state"));
    trouble(first_port);
    travel(player, url);
}

/* Signs in in spite of it, and hands the code in once. */
static void check_in_spite_of(void (*function)(int port))
{
    trouble = function;
    visitor *player = new_visitor(travel_with_trouble);
    auth_client *client = hosted_ui_client(player);
    CHECK_ANSWER(browser_sign_in(client, NULL, NULL, NULL), AUTH_STATUS_SUCCESS);
    int pages = visitor_pages(player);
    CHECK_HAS(visitor_page(player, pages - 1).text, "You are signed in");
    CHECK_TEXT(server_operations(), "/oauth2/token");
    CHECK_TEXT(server_body(0, "code"), "code-of-the-test");
    CHECK(!is_listened_at(first_port));
}

/* A request for the redirect that would end the sign-in, but for one thing. */
static const char *request(const char *method, const char *path, const char *host, const char *headers)
{
    static __thread char result[4096];
    snprintf(result, sizeof result, "%s %s?code=stolen&state=%s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n",
             method, path, state, host, headers);
    return result;
}

static void foreign_requests(int port)
{
    char own[32], other[32];
    snprintf(own, sizeof own, "127.0.0.1:%d", port);
    snprintf(other, sizeof other, "127.0.0.1:%d", port + 1);
    const struct {
        const char *what, *request_;
    } sent[] = {
        {"HEAD", strdup(request("HEAD", "/signed-in", own, ""))},
        {"POST", strdup(request("POST", "/signed-in", own, "Content-Length: 0\r\n"))},
        {"OPTIONS", strdup(request("OPTIONS", "/signed-in", own, ""))},
        {"PUT", strdup(request("PUT", "/signed-in", own, "Content-Length: 0\r\n"))},
        {"another path", strdup(request("GET", "/signed-in/more", own, ""))},
        {"the root", strdup(request("GET", "/", own, ""))},
        {"the icon", strdup(request("GET", "/favicon.ico", own, ""))},
        {"DNS rebinding", strdup(request("GET", "/signed-in", "evil.example.org", ""))},
        {"another port", strdup(request("GET", "/signed-in", other, ""))},
        {"two hosts", strdup(request("GET", "/signed-in", own, "Host: evil.example.org\r\n"))},
        {"a page of another origin", strdup(request("GET", "/signed-in", own, "Origin: https://evil.example.org\r\n"))},
        {"an image", strdup(request("GET", "/signed-in", own, "Sec-Fetch-Dest: image\r\n"))},
        {"a frame", strdup(request("GET", "/signed-in", own, "Sec-Fetch-Dest: iframe\r\n"))},
        {"a fetch", strdup(request("GET", "/signed-in", own, "Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\n"))},
        {"a prefetch", strdup(request("GET", "/signed-in", own, "Sec-Purpose: prefetch\r\n"))},
        {"an older prefetch", strdup(request("GET", "/signed-in", own, "Purpose: prefetch\r\n"))},
    };
    for (int i = 0; i < LENGTH(sent); i++) {
        during(sent[i].what);
        page answer = ask(port, sent[i].request_);
        CHECK(answer.status >= 400 && answer.status < 500);
        CHECK_LACKS(answer.text, "stolen");
        CHECK_LACKS(answer.text, state);
        free((char *)sent[i].request_);
    }
    during(NULL);
}

TEST("other methods, paths, hosts and origins, and what a browser fetches by itself, never end a sign-in")
{ check_in_spite_of(foreign_requests); }

static int connections[70];

static int connected(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int result = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(result, (struct sockaddr *)&address, sizeof address) == 0);
    return result;
}

static void idle_connections(int port)
{
    for (int i = 0; i < 20; i++) connections[i] = connected(port);
}

TEST("connections that a browser opens ahead of need do not keep its user out")
{
    check_in_spite_of(idle_connections);
    for (int i = 0; i < 20; i++) close(connections[i]);
}

static void half_requests(int port)
{
    for (int i = 0; i < 8; i++) {
        connections[i] = connected(port);
        CHECK(send(connections[i], "GET /signed-in?co", 17, MSG_NOSIGNAL) == 17);
    }
}

TEST("half a request does not keep the user out")
{
    check_in_spite_of(half_requests);
    for (int i = 0; i < 8; i++) close(connections[i]);
}

static void more_than_it_takes(int port)
{
    for (int i = 0; i < 70; i++) connections[i] = connected(port);
    /* Each has 10 s to send its request. */
    sleep_ms(12000);
}

TEST("more connections than the listener takes do not keep the user out for good")
{
    check_in_spite_of(more_than_it_takes);
    for (int i = 0; i < 70; i++) close(connections[i]);
}

static void oversized(int port)
{
    char *large = malloc(65536);
    if (!large) abort();
    memset(large, 'a', 65535);
    large[65535] = '\0';
    memcpy(large, "GET /signed-in?code=", 20);
    CHECK(ask(port, large).status != 200);
    memcpy(large, "GET / HTTP/1.1\r\nX: ", 19);
    CHECK(ask(port, large).status != 200);
    free(large);
    static const char *const nonsense[] = {
        "\r\n\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02", "GET /signed-in HTTP/1.1\r\n\r\n",
        "GET http://evil.example.org/signed-in HTTP/1.1\r\nHost: evil.example.org\r\nConnection: close\r\n\r\n"};
    for (int i = 0; i < 5; i++) {
        int one = connected(port);
        send(one, nonsense[i], strlen(nonsense[i]), MSG_NOSIGNAL);
        shutdown(one, SHUT_WR);
        char answer[512];
        ssize_t count = recv(one, answer, sizeof answer - 1, 0);
        answer[count > 0 ? count : 0] = '\0';
        CHECK(strncmp(answer, "HTTP/1.1 200", 12) != 0);
        close(one);
    }
}

TEST("oversized requests and what is no HTTP are turned away") { check_in_spite_of(oversized); }

/* The process of another user of this machine. */
static void another_user(int port)
{
    pid_t child = fork();
    if (child == 0) {
        if (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0) _exit(77);
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int one = socket(AF_INET, SOCK_STREAM, 0);
        char query[512], answer[512];
        snprintf(query, sizeof query, "GET /signed-in?code=stolen&state=%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
                 state, port);
        if (connect(one, (struct sockaddr *)&address, sizeof address) != 0) _exit(0);
        if (send(one, query, strlen(query), MSG_NOSIGNAL) < 0) _exit(0);
        _exit(recv(one, answer, sizeof answer, 0) > 0 ? 1 : 0);
    }
    int status = wait_for(child, 20000);
    CHECK(status == 0 || (status == 77 && getuid() != 0));
}

TEST("row S6: what another user's process sends is not read, even with the right state")
{ check_in_spite_of(another_user); }

static page shown;

static void come_back(visitor *player, const char *url)
{
    char query[256];
    snprintf(query, sizeof query, "error=%%3Cscript%%3Ealert(1)%%3C/script%%3E&state=%s", parameter(url, "state"));
    shown = visitor_get(player, redirect(url, "%s", query), "");
}

TEST("the page has a strict policy, no script, and nothing of the request")
{
    visitor *player = new_visitor(come_back);
    auth_client_options options = hosted_ui_options(player);
    options.app_name = "Ada's <b>Mail</b> & \"Notes\"";
    auth_client *client = scene_client_with(&options);
    CHECK_ANSWER(browser_sign_in(client, NULL, NULL, NULL), AUTH_STATUS_BROWSER_REDIRECT_ERROR);
    visitor_pages(player);
    static const char *const wanted[] = {"Content-Security-Policy: default-src 'none'",
                                         "frame-ancestors 'none'",
                                         "X-Content-Type-Options: nosniff",
                                         "no-store",
                                         "Referrer-Policy: no-referrer",
                                         "text/html; charset=utf-8",
                                         "<html lang=\"en\"",
                                         "color-scheme",
                                         "&lt;b&gt;Mail"};
    for (int i = 0; i < LENGTH(wanted); i++) CHECK_HAS(shown.text, wanted[i]);
    static const char *const unwanted[] = {"<script", "alert(1)", "<b>", "href", "src=", "unsafe"};
    for (int i = 0; i < LENGTH(unwanted); i++) CHECK_LACKS(shown.text, unwanted[i]);
}

TEST("it listens on the loopback only")
{
    visitor *player = new_visitor(NULL);
    auth_client *client = hosted_ui_client(player);
    auth_operation *operation = NULL;
    CHECK_ANSWER(auth_sign_in_start(client, NULL, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK(await_browser(operation, player, 1));
    CHECK(is_listened_at(first_port));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)first_port)};
    address.sin_addr.s_addr = htonl(0x7F000002); /* 127.0.0.2 */
    int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(one, (struct sockaddr *)&address, sizeof address) != 0);
    close(one);
    auth_operation_free(operation);
    CHECK(!is_listened_at(first_port));
}

static auth_client *crowded;

/* Requests that are answered only once the browser counts as started; half of those who sent them do not wait. */
static int open_in_a_crowd(void *user_data, const char *url)
{
    (void)user_data, (void)url;
    char own[32];
    snprintf(own, sizeof own, "127.0.0.1:%d", first_port);
    for (int i = 0; i < LENGTH(connections); i++) {
        connections[i] = connected(first_port);
        const char *whole = request("GET", "/signed-in", own, "");
        send(connections[i], whole, strlen(whole), MSG_NOSIGNAL);
    }
    sleep_ms(300);
    const struct linger at_once = {1, 0};
    for (int i = 0; i < LENGTH(connections); i += 2) {
        setsockopt(connections[i], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(connections[i]);
    }
    clock_t before = clock();
    sleep_ms(1000);
    CHECK(clock() - before < CLOCKS_PER_SEC / 2);
    auth_client_cancel(crowded);
    return 0;
}

TEST("row S4: visitors who wait or have left keep neither the processor busy nor a cancelled sign-in from its end")
{
    auth_client_options options = hosted_ui_options(NULL);
    options.open_url_function = open_in_a_crowd;
    crowded = scene_client_with(&options);
    snprintf(state, sizeof state, "foreign");
    CHECK_ANSWER(browser_sign_in(crowded, NULL, NULL, NULL), AUTH_STATUS_CANCELLED);
    CHECK(!is_listened_at(first_port));
    for (int i = 1; i < LENGTH(connections); i += 2) close(connections[i]);
    CHECK_INT(server_request_count(), 0);
}

static int started;

/* The browser is back by the time that it counts as started, or as not. */
static int open_slowly(void *user_data, const char *url)
{
    visitor_open(user_data, url);
    sleep_ms(500);
    return started;
}

TEST("a browser that comes back before it counts as started signs in, and one that counts as not started does not")
{
    for (started = 0; started < 2; started++) {
        keyring_empty();
        server_reset();
        visitor *player = new_visitor(travel);
        auth_client_options options = hosted_ui_options(player);
        options.open_url_function = open_slowly;
        auth_client *client = scene_client_with(&options);
        CHECK_INT(browser_sign_in(client, NULL, NULL, NULL),
                  started == 0 ? AUTH_STATUS_SUCCESS : AUTH_STATUS_BROWSER_UNAVAILABLE);
        CHECK_INT(visitor_pages(player), 1);
        CHECK_INT(visitor_page(player, 0).status, 200);
        CHECK_HAS(visitor_page(player, 0).text,
                  started == 0 ? "You are signed in" : "to see whether you are signed in");
        CHECK_TEXT(server_operations(), started == 0 ? "/oauth2/token" : "");
        CHECK_INT(keyring_count("session"), started == 0);
        CHECK(!is_listened_at(first_port));
    }
}

static pid_t child;

static int open_and_fork(void *user_data, const char *url)
{
    if (child == 0 && (child = fork()) == 0) {
        pause();
        _exit(0);
    }
    return visitor_open(user_data, url);
}

TEST("a child of fork(2) that lives on keeps no port")
{
    visitor *player = new_visitor(travel);
    auth_client_options options = hosted_ui_options(player);
    options.open_url_function = open_and_fork;
    options.sign_in_redirect_uri_count = 1;
    auth_client *client = scene_client_with(&options);
    CHECK_ANSWER(browser_sign_in(client, NULL, NULL, NULL), AUTH_STATUS_SUCCESS);
    CHECK(!is_listened_at(first_port));
    keyring_empty();
    CHECK_ANSWER(browser_sign_in(client, NULL, NULL, NULL), AUTH_STATUS_SUCCESS);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

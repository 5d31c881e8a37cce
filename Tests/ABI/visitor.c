/* SPDX-License-Identifier: Apache-2.0 */

#include "visitor.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

enum { MOST = 512, LONGEST = 65536 };

struct visitor {
    visit *function;
    pthread_mutex_t mutex;
    bool refuses;
    int opened, joined, seen;
    char *urls[MOST];
    pthread_t threads[MOST];
    page pages[MOST];
};

typedef struct {
    visitor *player;
    char *url;
} errand;

static void join(visitor *player)
{
    for (; player->joined < player->opened; player->joined++) {
        if (player->function) pthread_join(player->threads[player->joined], NULL);
    }
}

static void end(void *pointer)
{
    visitor *player = pointer;
    join(player);
    for (int i = 0; i < player->opened; i++) free(player->urls[i]);
    for (int i = 0; i < player->seen; i++) free((char *)player->pages[i].text);
    pthread_mutex_destroy(&player->mutex);
    free(player);
}

visitor *new_visitor(visit *function)
{
    visitor *player = calloc(1, sizeof *player);
    if (!player) abort();
    player->function = function;
    pthread_mutex_init(&player->mutex, NULL);
    defer(end, player);
    return player;
}

static void *run(void *pointer)
{
    errand *mine = pointer;
    mine->player->function(mine->player, mine->url);
    free(mine);
    return NULL;
}

int visitor_open(void *user_data, const char *url)
{
    visitor *player = user_data;
    if (player->refuses || player->opened == MOST) return 1;
    char *copy = strdup(url);
    player->urls[player->opened] = copy;
    if (player->function) {
        errand *mine = malloc(sizeof *mine);
        if (!mine) abort();
        *mine = (errand){player, copy};
        if (pthread_create(&player->threads[player->opened], NULL, run, mine) != 0) abort();
    }
    player->opened++;
    return 0;
}

void visitor_refuse(visitor *player) { player->refuses = true; }

int visitor_count(visitor *player) { return player->opened; }

const char *visitor_url(visitor *player) { return player->opened > 0 ? player->urls[player->opened - 1] : ""; }

int visitor_pages(visitor *player)
{
    join(player);
    return player->seen;
}

page visitor_page(visitor *player, int number)
{
    join(player);
    return number < player->seen ? player->pages[number] : (page){0, ""};
}

/* A connection to a port of this machine; -1 if there is none. */
static int connected(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(socket_, (struct sockaddr *)&address, sizeof address) == 0) return socket_;
    close(socket_);
    return -1;
}

/* Not of the case's text, which belongs to one thread: to be freed. */
static page exchanged(int port, const char *request)
{
    char *answer = calloc(1, LONGEST);
    if (!answer) abort();
    int status = 0, socket_ = connected(port);
    if (socket_ >= 0 && send(socket_, request, strlen(request), MSG_NOSIGNAL) > 0) {
        size_t size = 0;
        for (ssize_t count; (count = recv(socket_, answer + size, LONGEST - 1 - size, 0)) > 0;) size += (size_t)count;
        if (sscanf(answer, "HTTP/1.%*d %d", &status) != 1) status = 0;
    }
    if (socket_ >= 0) close(socket_);
    return (page){status, answer};
}

page ask(int port, const char *request)
{
    page answer = exchanged(port, request);
    defer(free, (char *)answer.text);
    return answer;
}

page visitor_get(visitor *player, const char *url, const char *headers)
{
    char host[256] = "", path[8192] = "", request[12288];
    int port = 0;
    if (sscanf(url, "http://%255[^:/]:%d%8191s", host, &port, path) < 2) return (page){0, ""};
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%d\r\n%sConnection: close\r\n\r\n",
             *path ? path : "/", host, port, headers);
    page answer = exchanged(port, request);
    pthread_mutex_lock(&player->mutex);
    if (player->seen < MOST) {
        player->pages[player->seen++] = answer;
    } else {
        free((char *)answer.text);
        answer = (page){0, ""};
    }
    pthread_mutex_unlock(&player->mutex);
    return answer;
}

/* Threads of a visitor may not use the case's text: what is found is kept in a ring of their own. */
static char *place(void)
{
    static __thread char ring[16][4096];
    static __thread unsigned next;
    return ring[next++ % 16];
}

const char *parameter(const char *url, const char *name)
{
    const char *at = strchr(url, '?');
    size_t length = strlen(name);
    while (at && (strncmp(at + 1, name, length) != 0 || at[1 + length] != '=')) at = strchr(at + 1, '&');
    if (!at) return NULL;
    char *result = place(), *out = result;
    for (at += 2 + length; *at && *at != '&' && out < result + 4095; at++) {
        unsigned byte = (unsigned char)*at;
        if (*at == '%' && sscanf(at + 1, "%2x", &byte) == 1) at += 2;
        *out++ = (char)byte;
    }
    *out = '\0';
    return result;
}

const char *redirect(const char *url, const char *format, ...)
{
    const char *uri = parameter(url, "redirect_uri");
    if (!uri) uri = parameter(url, "logout_uri");
    char *result = place();
    int length = snprintf(result, 4096, "%s%s", uri ? uri : "", *format ? "?" : "");
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result + length, (size_t)(4096 - length), format, arguments);
    va_end(arguments);
    return result;
}

static int bound(int family, int port)
{
    struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = in6addr_loopback};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1, socket_ = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool is_bound = family == AF_INET ? bind(socket_, (struct sockaddr *)&four, sizeof four) == 0
                                      : bind(socket_, (struct sockaddr *)&six, sizeof six) == 0;
    if (is_bound && listen(socket_, 1) == 0) return socket_;
    close(socket_);
    return -1;
}

int free_port(void)
{
    /* Outside the ranges that the system and local_cognito.py hand out; programs that run side by side have others. */
    static int next = 0;
    if (next == 0) next = 10000 + getpid() % 600 * 16;
    for (int tries = 0; tries < 1000; tries++) {
        int socket_ = bound(AF_INET, ++next);
        if (socket_ < 0) continue;
        close(socket_);
        return next;
    }
    return 0;
}

static void close_socket(void *pointer) { close((int)(intptr_t)pointer); }

void take_port(int port)
{
    int socket_ = bound(AF_INET, port);
    CHECK(socket_ >= 0);
    defer(close_socket, (void *)(intptr_t)socket_);
}

bool is_listened_at(int port)
{
    int socket_ = connected(port);
    if (socket_ >= 0) close(socket_);
    return socket_ >= 0;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* A browser that a test plays: the program's open_url_function, which sees the URL, and a thread that does with it what
 * the test says and comes back to the redirect URI. What is returned lives until the case is over. */

#ifndef VISITOR_H
#define VISITOR_H

#include <stdbool.h>

typedef struct visitor visitor;

/* An answer to a request. */
typedef struct {
    /* 0: the connection was closed without a word. */
    int status;
    /* All of it, with the header. */
    const char *text;
} page;

/* What is done with a URL that was opened, on a thread of the visitor's. */
typedef void visit(visitor *, const char *url);

/* A visitor for the rest of the case. Its end waits for its threads. */
visitor *new_visitor(visit *function);

/* The client's open_url_function, whose user_data is the visitor. */
int visitor_open(void *user_data, const char *url);

/* Fails from now on, as a program would that has no browser. */
void visitor_refuse(visitor *player);

/* How many URLs were opened, and the last of them. */
int visitor_count(visitor *player);
const char *visitor_url(visitor *player);

/* The pages that a visit has seen, one after the other; waits until its threads are done. */
int visitor_pages(visitor *player);
page visitor_page(visitor *player, int number);

/* In a visit: goes to a URL of this machine and remembers the page. `headers` are whole lines with their ends, or "". */
page visitor_get(visitor *player, const char *url, const char *headers);

/* A request, text and all, to a port of 127.0.0.1. */
page ask(int port, const char *request);

/* A parameter of a URL, decoded; NULL if it is not there. */
const char *parameter(const char *url, const char *name);

/* The redirect URI of an authorize or a logout URL, with a query of `format`. */
const char *redirect(const char *url, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A port of 127.0.0.1 and ::1 that nobody has now. */
int free_port(void);

/* Takes a port of 127.0.0.1 until the case is over. */
void take_port(int port);

/* Whether somebody listens at a port of 127.0.0.1. */
bool is_listened_at(int port);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* The scripted Cognito (Tests/Support/scripted_cognito.py), one process for each program that uses it. JSON is
 * written with ' for ". What is returned lives until the case is over. */

#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>

/* Selects the server that all functions are about, and starts it if need be: over http if `certificate` is NULL, else
 * over https with that certificate of certificates.sh, as in "good". */
void server_select(const char *certificate);

/* ... and one that speaks HTTP/2 too. */
void server_select_http2(const char *certificate);

/* In a role it is that of the program that started it. */
const char *server_url(void);

/* Forgets all requests and scripts; its tokens are TOKEN_SUB's again. */
void server_reset(void);

/* Answers an operation with `replies`, objects separated by commas, and for good with the last one. */
void server_reply(const char *operation, const char *replies);

/* Replies of which the first, the usual one or a refusal, waits for server_release(). Then come the usual ones. */
#define HELD_ONCE "{'hold':true,'default':true},{'default':true}"
#define REFUSED_ONCE "{'hold':true,'status':400,'body':{'__type':'ForbiddenException'}},{'default':true}"

/* Makes a server over http a proxy that refuses everybody, and forgets what it was asked; its URL. */
const char *server_refuse(void);

/* A reply with an exception: HTTP status 400. */
const char *exception(const char *name, const char *message);

void server_settings(const char *json);

/* Answers refreshes with another refresh token, the one returned. */
const char *server_rotate(void);

/* ... and once server_release() lets them. */
const char *server_rotate_held(void);

/* A session of TOKEN_SUB. From the first on the server takes good tokens only, and each refresh gives another refresh
 * token and ends the old one. */
void server_add_session(const char *access_token, const char *refresh_token);

/* The refresh tokens that are good, with a space between them. */
const char *server_live_tokens(void);

/* Waits until `count` requests have come in, for 30 s: an emulated program needs seconds to start. */
bool server_await(int count);

/* Lets the requests go on that are held. */
void server_release(void);

/* The operations in the order in which they came in, as in "GlobalSignOut RevokeToken". */
const char *server_operations(void);
int server_request_count(void);
int server_connection_count(void);

/* Of the request with this number, counted from 0; a header's name in lower case. NULL if there is none. */
const char *server_method(int number);
const char *server_protocol(int number);
const char *server_path(int number);
const char *server_header(int number, const char *name);
const char *server_body(int number, const char *name);
int server_body_size(int number);
int server_connection(int number);

/* An http URL of this machine where nothing listens. */
const char *closed_url(void);

#endif

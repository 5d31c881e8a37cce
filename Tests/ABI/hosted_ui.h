/* SPDX-License-Identifier: Apache-2.0 */

/* A scene with a hosted UI: the scripted Cognito redeems codes, and a visitor plays the browser. */

#ifndef HOSTED_UI_H
#define HOSTED_UI_H

#include "scene.h"
#include "visitor.h"

/* What the visitor does with an authorize URL, and what the code brings. 0 and NULL: as it should be. */
typedef struct {
    /* The query that comes back, in place of a code and the state; %s in it is the state. */
    const char *query;
    /* Claims of the ID and of the access token that take the place of the right ones, as in "'nonce':'other'". */
    const char *id_claims, *access_claims;
    /* The reply to the code, in place of tokens. */
    const char *reply;
    /* More of the reply with the tokens, as in "'delay_ms':300". */
    const char *more;
    /* Done once the browser is open, before it comes back. */
    void (*meanwhile)(void);
} journey;

extern journey plan;

/* The tokens that the last code brought. */
extern struct brought {
    const char *access_token, *id_token, *refresh_token;
} brought;

/* A visit that signs in as `plan` says, and comes back from a logout. */
visit travel;

/* A client with the scripted server as its hosted UI too, and two redirect URIs for each way, on ports of its own. */
auth_client *hosted_ui_client(visitor *player);
auth_client_options hosted_ui_options(visitor *player);
extern int first_port, second_port, logout_port;

/* Signs in. What comes out is cleared when the case is over. */
auth_status browser_sign_in(auth_client *client, const auth_sign_in_options *options, auth_session *session,
                            const char **message);

/* The same, and checks that nothing is left of it: no port, and no session where it fails. */
auth_status attempt_sign_in(auth_client *client, const char **message);

/* Checks that it fails, that nothing is stored, and that nothing was sent but `sent`. */
#define CHECK_REFUSED(client, status, sent)                                                                            \
    do {                                                                                                               \
        CHECK_ANSWER(attempt_sign_in(client, NULL), status);                                                           \
        CHECK_INT(keyring_count(NULL), 0);                                                                             \
        CHECK_INT(saved_events, 0);                                                                                    \
        CHECK_TEXT(server_operations(), sent);                                                                         \
    } while (0)

/* How often a client was told that its session is saved, since hosted_ui_client() made one. */
extern int saved_events;

/* Starts to sign in, and serves an operation until its visitor was sent so many URLs, or it is over. */
auth_operation *start_sign_in(auth_client *client);
bool await_browser(auth_operation *operation, visitor *player, int urls);

#endif

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
auth_client_options hosted_ui_options(visitor *player);
extern int first_port, second_port, logout_port;

/* Signs in. What comes out is cleared when the case is over. */
auth_status browser_sign_in(auth_client *client, const auth_sign_in_options *options, auth_session *session,
                            const char **message);

/* Serves an operation until its visitor was sent so many URLs, or it is over. */
bool await_browser(auth_operation *operation, visitor *player, int urls);

#endif

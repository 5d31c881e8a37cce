/* SPDX-License-Identifier: Apache-2.0 */

/* auth_sign_in() once the browser is back: what Cognito gives for the code, or does not: rows S7 to S9. */

#include "hosted_ui.h"

TEST("row S7: a code that Cognito refuses: its word is told, and nothing is stored")
{
    const char *message = "";
    static const char *const codes[] = {"invalid_grant", "invalid_client", "unauthorized_client", "invalid_request",
                                        "unsupported_grant_type"};
    for (int i = 0; i < LENGTH(codes); i++) {
        during(codes[i]);
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        server_reset();
        plan.reply = text("{'status':%d,'body':{'error':'%s'}}", i == 1 ? 401 : 400, codes[i]);
        CHECK_ANSWER(attempt_sign_in(client, &message), AUTH_STATUS_SERVICE_ERROR);
        CHECK_HAS(message, text("[%s]", codes[i]));
        CHECK_INT(keyring_count(NULL), 0);
        CHECK_TEXT(server_operations(), "/oauth2/token");
        CHECK_LACKS(visitor_page(player, 0).text, "You are signed in");
    }
}

TEST("row S8: a code is not redeemed twice where the answer is lost, and the text says what may be")
{
    const char *message = "";
    static const char *const lost[] = {"{'close':'before_reply'}", "{'close':'reset'}",
                                       "{'cut_after':20,'body_size':400}"};
    for (int i = 0; i < LENGTH(lost); i++) {
        during(lost[i]);
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        server_reset();
        plan.reply = lost[i];
        auth_status status = attempt_sign_in(client, &message);
        CHECK(status >= 200 && status < 300);
        CHECK_HAS(message, "in again");
        CHECK_TEXT(server_operations(), "/oauth2/token");
        CHECK_INT(keyring_count(NULL), 0);
    }
}

TEST("row S9: tokens that are not for us are not stored, and are revoked")
{
    const struct {
        const char *id, *access;
    } wrong[] = {{"'nonce':'other'", NULL},
                 {"'aud':'otherclient'", NULL},
                 {"'token_use':'access'", NULL},
                 {"'sub':'another'", NULL},
                 {"'iss':'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Another00'", NULL},
                 {"'at_hash':'AAAAAAAAAAAAAAAAAAAAAA'", NULL},
                 {"'exp':1", NULL},
                 {NULL, "'client_id':'otherclient'"},
                 {NULL, "'token_use':'id'"},
                 {NULL, "'iss':'https://evil.example.org/" SCENE_POOL_ID "x'"},
                 {NULL, "'username':null"}};
    for (int i = 0; i < LENGTH(wrong); i++) {
        during(wrong[i].id ? wrong[i].id : wrong[i].access);
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        server_reset();
        plan.id_claims = wrong[i].id;
        plan.access_claims = wrong[i].access;
        CHECK_REFUSED(client, AUTH_STATUS_INVALID_RESPONSE, "/oauth2/token RevokeToken");
        CHECK_TEXT(server_body(1, "Token"), brought.refresh_token);
    }
}

TEST("row S9: what is no answer of Cognito's")
{
    static const char *const replies[] = {
        "{'body':'<html>Please log in to this network</html>','headers':{'Content-Type':'text/html'}}", "{}",
        "{'body':{}}", "{'body':{'access_token':1}}", "{'body_size':1000000}"};
    for (int i = 0; i < LENGTH(replies); i++) {
        during(replies[i]);
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        server_reset();
        plan.reply = replies[i];
        CHECK_REFUSED(client, AUTH_STATUS_INVALID_RESPONSE, "/oauth2/token");
    }
}

TEST("both of Cognito's issuers are taken, and a token without what Cognito may leave out")
{
    static const char *const issuers[] = {"https://cognito-idp.eu-west-1.amazonaws.com/" SCENE_POOL_ID,
                                          "https://issuer-cognito-idp.eu-west-1.amazonaws.com/" SCENE_POOL_ID};
    for (int i = 0; i < LENGTH(issuers); i++) {
        keyring_empty();
        visitor *player = new_visitor(travel);
        auth_client *client = hosted_ui_client(player);
        plan.id_claims = plan.access_claims = text("'iss':'%s'", issuers[i]);
        CHECK_ANSWER(attempt_sign_in(client, NULL), AUTH_STATUS_SUCCESS);
    }
}

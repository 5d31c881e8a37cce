/* SPDX-License-Identifier: Apache-2.0 */

/* The lock of a session is fair: row 29b. */

#include "scene.h"

BEFORE_EACH
{
    server_select(NULL);
    server_reset();
    keyring_empty();
}

/* Signs in with tokens that are expired, and are again whenever they were refreshed: every fetch has to ask Cognito. */
static auth_session sign_in_expired(auth_client *client, const char *held)
{
    auth_session session = sign_in_for(client, -60);
    const char *expired = text("'body':{'AuthenticationResult':{'AccessToken':'%s','RefreshToken':'%s',"
                               "'ExpiresIn':3600,'TokenType':'Bearer'}}",
                               access_token(-60), refresh_token());
    server_reply("GetTokensFromRefreshToken", text("{%s%s}", held, expired));
    return session;
}

#define HELD "'hold':true,"

TEST("row 29b: the calls of one client are served in the order in which they were started")
{
    enum { MOMENT_MS = 150 };
    auth_client *client = scene_client();
    for (int i = 0; i < 5; i++) {
        during(text("round %d", i));
        server_reset();
        sign_in_expired(client, HELD);
        auth_operation *first = start_operation(client, auth_session_fetch_start);
        CHECK(server_await(1));
        background *second = start_sign_out(client);
        sleep_ms(MOMENT_MS);
        auth_operation *third = start_operation(client, auth_session_fetch_start);
        sleep_ms(MOMENT_MS);
        server_release();
        CHECK_ANSWER(auth_operation_finish_session(first, NULL, NULL), AUTH_STATUS_SUCCESS);
        CHECK_INT(finish(second)->was_signed_in, AUTH_ANSWER_YES);
        CHECK_ANSWER(auth_operation_finish_session(third, NULL, NULL), AUTH_STATUS_NOT_SIGNED_IN);
        CHECK_TEXT(server_operations(), "GetTokensFromRefreshToken RevokeToken");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What Cognito refuses, or leaves without an answer, in a sign-out and in the retries after it. */

#include <string.h>

#include "scene.h"

static const char *token_of(const auth_sign_out_result *result)
{
    CHECK(result->partial_failure_token != NULL);
    return result->partial_failure_token ? result->partial_failure_token : "";
}

TEST("row 4: a 200 that names an exception, in its header or in __type, is that exception")
{
    static const char *const replies[] = {"{'headers':{'x-amzn-errortype':'ForbiddenException:'},'body':''}",
                                          "{'headers':{'x-amzn-errortype':'ForbiddenException'},'body':{}}",
                                          "{'body':{'__type':'ForbiddenException','message':'No.'}}"};
    auth_client *client = scene_client();
    for (int i = 0; i < LENGTH(replies); i++) {
        during(replies[i]);
        sign_in(client);
        server_reply("RevokeToken", replies[i]);
        const auth_sign_out_result *result = sign_out(client);
        CHECK_TEXT(told(result), "partial: was signed in, signed out; global not requested, revocation failed");
        CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_FORBIDDEN);
        token_of(result);
    }
}

TEST("row 4: so it is in GlobalSignOut and in a refresh")
{
    static const char reply[] = "{'body':{'__type':'UserNotFoundException'}}";
    auth_client *client = scene_client();
    sign_in(client);
    server_reply("GlobalSignOut", reply);
    CHECK_TEXT(told(sign_out_global(client)),
               "complete: was signed in, signed out; global done, revocation not requested");
    sign_in_for(client, EXPIRED);
    server_reply("GetTokensFromRefreshToken", reply);
    auth_session fetched = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_USER_NOT_FOUND);
}

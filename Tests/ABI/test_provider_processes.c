/* SPDX-License-Identifier: Apache-2.0 */

/* Processes that use the same session with every provider of the Secret Service: one beside the other, and while Cognito
 * works for one of them. */

#include <stdlib.h>

#include "keyring_file.h"
#include "mock_portal.h"
#include "provider_scene.h"

TEST("of two processes that sign out at once, one does, and the other finds nobody signed in")
{
    if (is_asking()) return cannot("which of the two asks its user first is not known beforehand");
    sign_in(scene_client());
    pid_t one = start_role(SIGNING_OUT), other = start_role(SIGNING_OUT);
    int ends[] = {wait_for(one, 20000), wait_for(other, 20000)};
    CHECK(ends[0] + ends[1] == 3 && ends[0] * ends[1] == 0);
    CHECK_INT(item_count(), 0);
    CHECK_TEXT(server_operations(), "RevokeToken");
}

/* Fetches so many times, or until nobody is signed in. */
static auth_status fetch_again_and_again(int times)
{
    auth_status status = AUTH_STATUS_SUCCESS;
    auth_client *mine = scene_client();
    for (int i = 0; i < times && status == AUTH_STATUS_SUCCESS; i++) {
        auth_session session = AUTH_SESSION_INIT;
        status = auth_session_fetch(mine, NULL, &session, NULL);
        if (status == AUTH_STATUS_SUCCESS) CHECK(session.access_token && session.refresh_token);
        auth_session_clear(&session);
    }
    return status;
}

ROLE("fetch twenty times")
{
    CHECK_ANSWER(fetch_again_and_again(20), AUTH_STATUS_SUCCESS);
    return 0;
}

TEST("a process that fetches while another saves has a session each time, and the last one saved stays")
{
    if (is_asking()) return cannot("its user would be asked about each new session");
    auth_client *mine = scene_client();
    auth_session session = sign_in(mine);
    pid_t process = start_role("fetch twenty times");
    for (int i = 0; i < 10; i++) session = sign_in(mine);
    CHECK_INT(wait_for(process, 40000), 0);
    CHECK_TEXT(load(mine)->refresh_token, session.refresh_token);
    CHECK_INT(item_count(), 1);
}

ROLE("fetch until nobody is signed in")
{
    CHECK_ANSWER(fetch_again_and_again(10000), AUTH_STATUS_NOT_SIGNED_IN);
    return 0;
}

TEST("row 1: a sign-out while another process fetches all the time completes, and that one finds nobody signed in")
{
    if (is_asking()) return cannot("its user would be asked about the fetches too");
    auth_client *mine = scene_client();
    sign_in_for(mine, EXPIRED);
    server_rotate();
    pid_t process = start_role("fetch until nobody is signed in");
    CHECK(server_await(1));
    sleep_ms(200);
    CHECK_TEXT(told(sign_out(mine)), COMPLETE);
    CHECK_INT(wait_for(process, 40000), 0);
    CHECK_INT(item_count(), 0);
}

static void delete_elsewhere(void)
{
    CHECK(provider_delete(scene_app_id()));
    CHECK_INT(item_count(), 0);
}

TEST("a session that another process deletes while Cognito works is no failure")
{
    auth_client *mine = scene_client();
    if (is_asking()) return cannot("secret-tool would ask its user");
    sign_in(mine);
    CHECK_TEXT(told(sign_out_while(mine, HELD_ONCE, delete_elsewhere)), COMPLETE);
}

#define NEW_SESSION "COGNITOAUTH_TEST_NEW_SESSION"
#define NEW_TOKEN "COGNITOAUTH_TEST_NEW_TOKEN"

/* Another process puts a later session in the place of what is stored: the same one, refreshed; or with another
 * identity, that of a later sign-in. */
ROLE("replace")
{
    const char *secret = json_text(text("{'version':1,'username':'%s','access_token':'%s','refresh_token':'%s',"
                                        "'sign_in_method':'api'}",
                                        TOKEN_USERNAME, access_token(3600), getenv(NEW_TOKEN)));
    return provider_replace(scene_app_id(), secret, getenv(NEW_SESSION)) ? 0 : 5;
}

static void replace_elsewhere(void)
{
    setenv(NEW_TOKEN, refresh_token(), 1);
    CHECK_INT(run_role("replace"), 0);
    CHECK_INT(item_count(), 1);
}

TEST("row 29: a refresh token that another process stores in the same place meanwhile is revoked too")
{
    auth_client *mine = scene_client();
    if (is_asking()) return cannot("the other process would ask its user");
    auth_session session = sign_in(mine);
    unsetenv(NEW_SESSION);
    CHECK_TEXT(told(sign_out_while(mine, HELD_ONCE, replace_elsewhere)), COMPLETE);
    REQUIRE(server_request_count() == 2);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_TEXT(server_body(1, "Token"), getenv(NEW_TOKEN));
    CHECK_INT(item_count(), 0);
}

TEST("row 23b: a session of a later sign-in that another process stores in the same place meanwhile stays")
{
    auth_client *mine = scene_client();
    if (is_asking()) return cannot("the other process would ask its user");
    auth_session session = sign_in(mine);
    setenv(NEW_SESSION, "another", 1);
    const auth_sign_out_result *result = sign_out_while(mine, HELD_ONCE, replace_elsewhere);
    CHECK_STATUS(result->failure, AUTH_STATUS_SESSION_CHANGED);
    CHECK_INT(result->signed_out_locally, AUTH_ANSWER_NO);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
    REQUIRE(server_request_count() == 1);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(item_count(), 1);
    CHECK_TEXT(load(mine)->refresh_token, getenv(NEW_TOKEN));
}

TEST("row 23: a session that another process puts back after the delete is found by the second look, and that is said")
{
    if (!is_file()) return cannot("nothing can be held between the two");
    auth_client *mine = scene_client();
    sign_in(other_client()); /* Else the file would be empty, and the second look would need no key. */
    auth_session session = sign_in(mine);
    keyring_file_contents before = keyring_file_read();
    int asked = mock_portal_requests();
    mock_portal_answer(3); /* The first look, the second reading and the delete. */
    background *running = start_sign_out(mine);
    for (double end = seconds() + 10; mock_portal_requests() < asked + 4 && seconds() < end;) sleep_ms(5);
    CHECK_INT(mock_portal_open(), 1);
    CHECK(!keyring_file_is(before));
    keyring_file_write(before.bytes, before.size);
    mock_portal_release();
    const auth_sign_out_result *result = finish(running);
    CHECK_TEXT(told(result), LEFT);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_FAILED);
    CHECK_TEXT(load(mine)->refresh_token, session.refresh_token);
    CHECK_TEXT(told(sign_out(mine)), COMPLETE);
}

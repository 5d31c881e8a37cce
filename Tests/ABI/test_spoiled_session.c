/* SPDX-License-Identifier: Apache-2.0 */

/* A session with the keyring, with which secrets are encrypted, that is of no use: KWallet's are now and then. What is
 * stored is not damaged, and must not be taken for that: it would be deleted and not revoked. So are all sessions with a
 * keyring that was switched off, as KeePassXC's can be: it stays on the bus, and another one may take its place. */

#include <stdlib.h>

#include "mock_keyring.h"
#include "scene.h"

#define ALL 100

static const char *const ways[] = {"unknown", "key"};

/* It is unlocked and empty, and this process has a session with it. */
void set_scene(void)
{
    auth_session session = scene_session();
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.allow_prompt = 1;
    server_select(NULL);
    mock_keyring_start();
    mock_keyring_behave("complete", 0);
    auth_client *client = scene_client();
    CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_SUCCESS);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    server_reset();
}

TEST("a session that is of no use is opened anew, as often as three times")
{
    for (int i = 0; i < LENGTH(ways); i++) {
        for (int count = 1; count <= 3; count++) {
            during(text("%s, %d", ways[i], count));
            auth_client *client = scene_client();
            mock_keyring_spoil(ways[i], count);
            auth_session session = sign_in(client);
            CHECK_INT(mock_keyring_count(), 1);
            mock_keyring_spoil(ways[i], count);
            CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
            mock_keyring_spoil(ways[i], count);
            server_reset();
            CHECK_TEXT(told(sign_out(client)), COMPLETE);
            CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
            CHECK_INT(mock_keyring_count(), 0);
        }
    }
}

TEST("where no session is of any use, the sign-out fails, and nothing is revoked or deleted")
{
    for (int i = 0; i < LENGTH(ways); i++) {
        during(ways[i]);
        auth_client *client = scene_client();
        sign_in(client);
        mock_keyring_spoil(ways[i], ALL);
        const auth_sign_out_result *result = sign_out(client);
        CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_FAILED);
        CHECK_INT(result->signed_out_locally, AUTH_ANSWER_NO);
        CHECK_INT(server_connection_count(), 0);
        CHECK_INT(mock_keyring_count(), 1);
        mock_keyring_spoil(ways[i], 0);
        CHECK_TEXT(told(sign_out(client)), COMPLETE);
        server_reset();
    }
}

ROLE("load") { return load(scene_client())->access_token ? 0 : 3; }

TEST("a session that the keyring does not open is asked for again")
{
    sign_in(scene_client());
    mock_keyring_spoil("refuse", 1);
    CHECK_INT(run_role("load"), 0);
    mock_keyring_spoil("refuse", ALL);
    CHECK_INT(run_role("load"), 3);
}

TEST("row 21: a keyring that was switched off, and stays on the bus, is none")
{
    auth_client *client = scene_client();
    auth_session out = AUTH_SESSION_INIT;
    sign_in(client);
    CHECK(mock_keyring_leave());
    CHECK_ANSWER(auth_session_load(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_STATUS(sign_out(client)->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_INT(server_connection_count(), 0);
}

TEST("a keyring that takes the place of one that was switched off is used, by the same client")
{
    auth_client *client = scene_client();
    sign_in(client);
    CHECK(mock_keyring_leave());
    set_scene();
    sign_in(client);
    CHECK_INT(mock_keyring_count(), 1);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(mock_keyring_count(), 0);
}

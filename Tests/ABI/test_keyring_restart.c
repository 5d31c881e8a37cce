/* SPDX-License-Identifier: Apache-2.0 */

/* A keyring that ends and starts again while the program runs: what the program remembers of the old one must not
 * count. Each case is a process of its own, so that what one remembers cannot hide from, or spoil, the next. */

#include "belongings.h"
#include "scene.h"

void set_scene(void)
{
    server_select(NULL);
    server_reset();
    CHECK(keyring_run("restart-unlocked"));
    keyring_empty();
}

ROLE("restart")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    CHECK(keyring_run("restart-unlocked"));
    CHECK_TEXT(load(client)->access_token, session.access_token);
    sign_in(client);
    CHECK(keyring_run("restart-unlocked"));
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
    return 0;
}

TEST("a keyring that was started again is used again, by the same client") { CHECK_INT(run_role("restart"), 0); }

ROLE("restart cold")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    CHECK(keyring_run("restart-cold"));
    const auth_sign_out_result *result = sign_out(client);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_LOCKED);
    CHECK_INT(server_connection_count(), 0);
    CHECK_INT(keyring_count("session"), 1);
    CHECK(keyring_run("unlock"));
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    return 0;
}

TEST("row 18: a keyring that was started again and not unlocked is locked, until it is unlocked")
{
    CHECK_INT(run_role("restart cold"), 0);
}

static void stop(void) { CHECK(keyring_run("stop")); }

ROLE("stop and start meanwhile")
{
    auth_client *client = scene_client();
    sign_in(client);
    const auth_sign_out_result *result = sign_out_while(client, HELD_ONCE, stop);
    /* The bus may have started another daemon, which is cold. */
    auth_status status = auth_error_status(result->failure);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK(status >= AUTH_STATUS_KEYRING_UNAVAILABLE && status <= AUTH_STATUS_KEYRING_FAILED);
    CHECK(result->signed_out_locally != AUTH_ANSWER_YES);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
    CHECK(keyring_run("restart-unlocked"));
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
    return 0;
}

TEST("row 23: a keyring that ends while Cognito works fails the sign-out; started again, it completes")
{
    CHECK_INT(run_role("stop and start meanwhile"), 0);
}

static void restart(void) { CHECK(keyring_run("restart-unlocked")); }

ROLE("restart meanwhile")
{
    auth_client *client = scene_client();
    sign_in(client);
    const auth_sign_out_result *result = sign_out_while(client, HELD_ONCE, restart);
    CHECK_INT(result->signed_out_locally == AUTH_ANSWER_YES, keyring_count("session") == 0);
    CHECK_INT(result->outcome == AUTH_SIGN_OUT_COMPLETE, keyring_count("session") == 0);
    return 0;
}

TEST("row 23: a keyring that starts anew while Cognito works is deleted from, or the sign-out says that it failed")
{
    CHECK_INT(run_role("restart meanwhile"), 0);
}

ROLE("restart often")
{
    auth_client *client = scene_client();
    CHECK(keyring_run("restart-unlocked"));
    load(client);
    const char *before = belongings();
    for (int i = 0; i < 8; i++) {
        CHECK(keyring_run("restart-unlocked"));
        load(client);
    }
    CHECK_TEXT(belongings_await(before), before);
    return 0;
}

TEST("a keyring that is started again and again leaves no descriptor and no thread")
{
    CHECK_INT(run_role("restart often"), 0);
}

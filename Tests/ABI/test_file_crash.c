/* SPDX-License-Identifier: Apache-2.0 */

/* What a program leaves in the encrypted file that is killed while it writes it, at whatever step. It runs where there
 * is no bus. */

#include <signal.h>
#include <stdio.h>

#include "keyring_file.h"
#include "last_step.h"
#include "unfinished.h"

void set_scene(void)
{
    server_select(NULL);
    server_reset();
    keyring_file_begin();
}

/* As 0.1 stored it: without the attribute `session`. */
static bool store_old_session(void)
{
    const char *command = text("secret-tool store --label=old app-id %s user-pool-id %s client-id %s kind session",
                               SCENE_APP_ID, SCENE_POOL_ID, SCENE_CLIENT_ID);
    FILE *tool = popen(command, "w");
    if (!tool) return false;
    fputs(
        json_text(text("{'version':1,'username':'%s','access_token':'%s','refresh_token':'%s','sign_in_method':'api'}",
                       TOKEN_USERNAME, access_token(3600), refresh_token())),
        tool);
    return pclose(tool) == 0;
}

static auth_client *other_client(void)
{
    auth_client_options options = scene_options();
    options.app_id = "org.example.Other";
    return scene_client_with(&options);
}

static auth_status load_status(auth_client *client)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_status status = auth_session_load(client, NULL, &session, NULL);
    auth_session_clear(&session);
    return status;
}

ROLE("save")
{
    sign_in(scene_client());
    return 0;
}

ROLE("fetch")
{
    auth_session session = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(scene_client(), NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&session);
    return 0;
}

ROLE("sign out")
{
    CHECK_INT(sign_out(scene_client())->outcome, AUTH_SIGN_OUT_COMPLETE);
    return 0;
}

/* Starts the role anew with the same file, and kills it at one step later each time, until it comes to its end. */
static void kill_at_each_step(const char *role, void (*check)(void))
{
    keyring_file_contents before = keyring_file_read();
    int status = 128 + SIGKILL, last = 0;
    while (status == 128 + SIGKILL) {
        keyring_file_write(before.bytes, before.size);
        status = run_role_until(role, ++last);
        during(text("%s, killed at step %d", role, last));
        CHECK(keyring_file_count() > 0);
        CHECK_ANSWER(load_status(other_client()), AUTH_STATUS_SUCCESS);
        check();
    }
    CHECK_INT(status, 0);
    CHECK(last > 5);
    printf("  %s: killed at %d steps\n", role, last - 1);
}

static void check_signed_in(void) { CHECK_ANSWER(load_status(scene_client()), AUTH_STATUS_SUCCESS); }

static void check_whole_or_gone(void)
{
    auth_status status = load_status(scene_client());
    if (status != AUTH_STATUS_NOT_SIGNED_IN) CHECK_ANSWER(status, AUTH_STATUS_SUCCESS);
}

TEST("a program that is killed while it saves leaves a session, the old or the new one, and others' as they were")
{
    sign_in(other_client());
    sign_in(scene_client());
    kill_at_each_step("save", check_signed_in);
}

TEST("a program that is killed while it saves in the place of a session of 0.1 leaves one of the two")
{
    sign_in(other_client());
    CHECK(store_old_session());
    kill_at_each_step("save", check_signed_in);
}

TEST("a program that is killed while it stores new tokens leaves a session")
{
    sign_in(other_client());
    sign_in_for(scene_client(), EXPIRED);
    server_rotate();
    kill_at_each_step("fetch", check_signed_in);
}

TEST("row 23: a program that is killed while it signs out leaves the session whole or gone, and others' as they were")
{
    sign_in(other_client());
    sign_in(scene_client());
    kill_at_each_step("sign out", check_whole_or_gone);
    CHECK_ANSWER(load_status(scene_client()), AUTH_STATUS_NOT_SIGNED_IN);
}

ROLE("sign out offline")
{
    CHECK_TEXT(told(sign_out(offline_client())), OFFLINE);
    return 0;
}

/* Nothing is left where the sign-out had begun; else the session is whole. */
static void check_resumed(void)
{
    bool is_signed_in = load_status(scene_client()) == AUTH_STATUS_SUCCESS;
    CHECK_INT(resume(scene_client())->outcome, AUTH_SIGN_OUT_COMPLETE);
    check_whole_or_gone();
    CHECK_INT(keyring_file_count(), is_signed_in ? 2 : 1);
}

TEST("row L2: a program that is killed while it signs out and keeps leaves what a resume finishes")
{
    sign_in(other_client());
    sign_in(scene_client());
    kill_at_each_step("sign out offline", check_resumed);
    CHECK_ANSWER(load_status(scene_client()), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(keyring_file_count(), 1);
}

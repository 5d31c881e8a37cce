/* SPDX-License-Identifier: Apache-2.0 */

/* A keyring that nobody has unlocked since it started: it shows less than one that was locked, and must not be taken
 * for an empty one. Each step is a process of its own, as a program would be that starts after the keyring. */

#include <stdlib.h>

#include "scene.h"

void set_scene(void)
{
    server_select(NULL);
    server_reset();
    CHECK(keyring_run("restart-unlocked"));
    keyring_empty();
}

enum { AT_ONCE_MS = 5000 };

ROLE("sign in")
{
    sign_in(scene_client());
    return 0;
}

ROLE("sign out, locked")
{
    auth_client *client = scene_client();
    double start = seconds();
    const auth_sign_out_result *results[] = {sign_out(client), sign_out_global(client)};
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(results[i]->outcome, AUTH_SIGN_OUT_FAILED);
        CHECK_STATUS(results[i]->failure, AUTH_STATUS_KEYRING_LOCKED);
        CHECK_INT(results[i]->was_signed_in, AUTH_ANSWER_UNKNOWN);
        CHECK_INT(results[i]->signed_out_locally, AUTH_ANSWER_NO);
    }
    return 0;
}

ROLE("save, load and fetch, locked")
{
    auth_client *client = scene_client();
    auth_session session = scene_session(), out = AUTH_SESSION_INIT;
    double start = seconds();
    CHECK_ANSWER(auth_session_save(client, &session, NULL, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK_ANSWER(auth_session_load(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK_ANSWER(auth_session_fetch(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_LOCKED);
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
    return 0;
}

ROLE("save without a collection")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    double start = seconds();
    CHECK_ANSWER(auth_session_save(client, &session, NULL, NULL), AUTH_STATUS_KEYRING_NO_COLLECTION);
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
    CHECK_TEXT(told(sign_out(client)), NOBODY);
    return 0;
}

ROLE("sign out")
{
    CHECK_TEXT(told(sign_out(scene_client())), COMPLETE);
    return 0;
}

TEST("row 18: a cold keyring is locked, not empty: nothing is revoked or deleted; unlocked, it goes on")
{
    CHECK_INT(run_role("sign in"), 0);
    CHECK(keyring_run("restart-cold"));
    CHECK_INT(run_role("sign out, locked"), 0);
    CHECK_INT(keyring_prompt_count(), 0);
    CHECK_INT(server_connection_count(), 0);
    CHECK_INT(keyring_count("session"), 1);
    CHECK(keyring_is_locked());
    CHECK(keyring_run("unlock"));
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("row 18: a cold keyring that holds no session is locked all the same")
{
    CHECK(keyring_run("restart-cold"));
    CHECK_INT(run_role("sign out, locked"), 0);
    CHECK_INT(keyring_prompt_count(), 0);
    CHECK_INT(server_connection_count(), 0);
}

TEST("saving, loading and fetching on a cold keyring say so at once, show no prompt and change nothing")
{
    CHECK_INT(run_role("sign in"), 0);
    const char *secret = keyring_secret("session");
    CHECK(keyring_run("restart-cold"));
    CHECK_INT(run_role("save, load and fetch, locked"), 0);
    CHECK_INT(keyring_prompt_count(), 0);
    CHECK(keyring_is_locked());
    CHECK(keyring_run("unlock"));
    CHECK_TEXT(keyring_secret("session"), secret);
    CHECK_INT(keyring_count(NULL), 1);
}

TEST("where the keyring has no default collection, saving says so at once and nobody is asked to make one")
{
    CHECK(keyring_run("stop"));
    CHECK_INT(system("rm -f \"$XDG_DATA_HOME\"/keyrings/*"), 0);
    CHECK(keyring_run("restart-cold"));
    CHECK_INT(run_role("save without a collection"), 0);
    CHECK_INT(keyring_prompt_count(), 0);
    CHECK_INT(system("[ -z \"$(ls \"$XDG_DATA_HOME\"/keyrings/*.keyring 2>/dev/null)\" ]"), 0);
}

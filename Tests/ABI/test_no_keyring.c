/* SPDX-License-Identifier: Apache-2.0 */

/* Row 21: no session bus, no Secret Service, or one whose activation fails. run.sh runs these cases in all three. */

#include "scene.h"

void set_scene(void)
{
    server_select(NULL);
    server_reset();
}

enum { AT_ONCE_MS = 3000 };

TEST("row 21: where there is no keyring, signing out fails at once, and nothing is sent")
{
    auth_client *client = scene_client();
    double start = seconds();
    const auth_sign_out_result *results[] = {sign_out(client), sign_out_global(client)};
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
    for (int i = 0; i < 2; i++) {
        CHECK_TEXT(told(results[i]), text("failed: may have been signed in, still signed in; global %s, revocation "
                                          "not attempted",
                                          i ? "not attempted" : "not requested"));
        CHECK_STATUS(results[i]->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
        CHECK(results[i]->partial_failure_token == NULL);
    }
    CHECK_INT(server_connection_count(), 0);
}

TEST("row 21: where there is no keyring, saving, loading and fetching say so at once")
{
    auth_client *client = scene_client();
    auth_session session = scene_session(), out = AUTH_SESSION_INIT;
    auth_error *error = NULL;
    double start = seconds();
    CHECK_ANSWER(auth_session_save(client, &session, NULL, &error), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK(auth_error_recovery_suggestion(error)[0] != '\0');
    auth_error_free(error);
    CHECK_ANSWER(auth_session_load(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_ANSWER(auth_session_fetch(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
    CHECK(out.owned == NULL && out.access_token == NULL);
    CHECK_INT(server_connection_count(), 0);
}

TEST("making and freeing a client does not ask for the keyring")
{
    double start = seconds();
    for (int i = 0; i < 100; i++) scene_client();
    CHECK((seconds() - start) * 1000 < AT_ONCE_MS);
}

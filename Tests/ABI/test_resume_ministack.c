/* SPDX-License-Identifier: Apache-2.0 */

/* Kept sign-outs with a real keyring and MiniStack, a local Cognito that is not ours: what counts is its word, and the
 * keyring's. */

#include <string.h>

#include "emulator.h"
#include "unfinished.h"

/* Starting takes a while: once for all cases. Ended with the private session. */
void set_scene(void)
{
    static bool is_started;
    if (!is_started) CHECK(is_started = emulator_start("ministack"));
    keyring_empty();
}

/* Each in a process of its own: where a program has ended nothing but the keyring can know of it. */
static auth_client *client_in_role(void)
{
    return emulator_join("ministack") ? keeping_client_with(emulator_options()) : NULL;
}

ROLE("sign out offline")
{
    const auth_sign_out_result *result = sign_out(client_in_role());
    CHECK_TEXT(told(result), OFFLINE);
    CHECK_INT(result->kept, AUTH_ANSWER_YES);
    return 0;
}

ROLE("sign out everywhere offline")
{
    const auth_sign_out_result *result = sign_out_global(client_in_role());
    CHECK_TEXT(told(result), OFFLINE_GLOBAL);
    CHECK_INT(result->kept, AUTH_ANSWER_YES);
    return 0;
}

/* The exit status is the outcome. */
ROLE("resume") { return resume(client_in_role())->outcome; }

static auth_client *client(void) { return keeping_client_with(emulator_options()); }

/* Signs in and out, the latter in a program that ends. Offline, so that Cognito still takes the token. */
static auth_session keep(const char *user, const char *role)
{
    auth_session session = emulator_sign_in_as(user);
    save(client(), &session);
    CHECK(emulator_pause());
    CHECK_INT(run_role(role), 0);
    CHECK(emulator_resume());
    CHECK_INT(keyring_count("session"), 0);
    CHECK(emulator_takes_refresh_token(session.refresh_token));
    return session;
}

TEST("row L1: signed out offline, and the program ends; with the network back another one ends the session at Cognito")
{
    auth_session session = keep("ada", "sign out offline");
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK(!emulator_takes_refresh_token(session.refresh_token));
    CHECK_INT(keyring_count_all(), 0);
}

TEST("row L3: two users who signed out offline are both ended at Cognito")
{
    auth_session ada = emulator_sign_in_as("ada"), grace = emulator_sign_in_as("grace");
    CHECK(emulator_pause());
    save(client(), &ada);
    CHECK_INT(run_role("sign out offline"), 0);
    save(client(), &grace);
    CHECK_INT(run_role("sign out offline"), 0);
    CHECK(emulator_resume());
    CHECK_INT(keyring_count(KEPT), 2);
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK(!emulator_takes_refresh_token(ada.refresh_token));
    CHECK(!emulator_takes_refresh_token(grace.refresh_token));
    CHECK_INT(keyring_count_all(), 0);
}

TEST("row L4: a global sign-out that was kept ends the other devices too")
{
    auth_session elsewhere = emulator_sign_in(), here = keep("ada", "sign out everywhere offline");
    size_t before = strlen(emulator_operations());
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(emulator_operations() + before, " GlobalSignOut RevokeToken");
    CHECK(!emulator_takes_refresh_token(here.refresh_token));
    CHECK(!emulator_takes_refresh_token(elsewhere.refresh_token));
    CHECK(!emulator_takes_access_token(elsewhere.access_token));
    CHECK_INT(keyring_count_all(), 0);
}

TEST("rows L4, L10: a day later, or with a clock that was set back, it ends this device's session and no other")
{
    static const int hours[] = {-25, 2};
    for (int i = 0; i < LENGTH(hours); i++) {
        during(text("%d hours", hours[i]));
        auth_session elsewhere = emulator_sign_in(), here = keep("ada", "sign out everywhere offline");
        kept_move(hours[i]);
        CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_PARTIAL);
        CHECK(!emulator_takes_refresh_token(here.refresh_token));
        CHECK(emulator_takes_refresh_token(elsewhere.refresh_token));
        CHECK(emulator_takes_access_token(elsewhere.access_token));
        CHECK_INT(keyring_count_all(), 0);
    }
}

TEST("rows L4, L10: where the user is signed in again, the new session lives, at Cognito and here")
{
    auth_session old = keep("ada", "sign out everywhere offline"), new = emulator_sign_in();
    save(client(), &new);
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK(!emulator_takes_refresh_token(old.refresh_token));
    CHECK(emulator_takes_refresh_token(new.refresh_token));
    CHECK(emulator_takes_access_token(new.access_token));
    CHECK_TEXT(load(client())->refresh_token, new.refresh_token);
    CHECK_INT(keyring_count(KEPT), 0);
}

TEST("row L5: resumed offline it is still kept, and ended when the network is back")
{
    auth_session session = keep("ada", "sign out offline");
    CHECK(emulator_pause());
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_PARTIAL);
    CHECK(emulator_resume());
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK(emulator_takes_refresh_token(session.refresh_token));
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK(!emulator_takes_refresh_token(session.refresh_token));
    CHECK_INT(keyring_count_all(), 0);
}

TEST("row L7: four programs that start at once end it with one RevokeToken")
{
    auth_session session = keep("ada", "sign out offline");
    size_t before = strlen(emulator_operations());
    pid_t processes[4];
    for (int i = 0; i < 4; i++) processes[i] = start_role("resume");
    for (int i = 0; i < 4; i++) CHECK_INT(wait_for(processes[i], 20000), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(emulator_operations() + before, " RevokeToken");
    CHECK(!emulator_takes_refresh_token(session.refresh_token));
    CHECK_INT(keyring_count_all(), 0);
}

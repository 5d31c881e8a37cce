/* SPDX-License-Identifier: Apache-2.0 */

/* Sign-outs that are killed just before each message that they send, to the keyring or to Cognito, one after the other,
 * until one comes to its end; and resumes that are; row L2. With COGNITOAUTH_TEST_KILLS they are killed just after each
 * message too. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "killed_sign_out.h"
#include "last_step.h"
#include "unfinished.h"

/* From one kill to the next. */
static int stride(void) { return getenv("COGNITOAUTH_TEST_KILLS") ? 1 : 2; }

/* Kills the sign-out at a later step each time. */
static void kill_at_each_step(const killed_sign_out *scene)
{
    killed_tally tally = {0};
    for (int status = 128 + SIGKILL, step = 1; status != 0; step += stride()) {
        killed_begin(scene);
        status = run_role_until(SIGNING_OUT, step);
        during(text("%s, step %d", scene->name, step));
        killed_end(status, &tally);
        if (status != 0 && status != 128 + SIGKILL) break;
    }
    killed_print(NULL, NULL);
    killed_print(scene->name, &tally);
    CHECK(tally.places[BEFORE_ITEM] > 0 && tally.places[BEFORE_COGNITO] > 0 && tally.places[BEFORE_END] > 0);
    CHECK(tally.places[AFTER_END] > 0 || scene->is_offline);
    CHECK(tally.places[BEFORE_DELETION] > 0 || scene->is_offline);
    /* Between the refresh that was sent and the tokens that were stored there are few steps. */
    CHECK(tally.lost <= (scene->is_expired ? 4 : 0));
}

TEST("row L2: a local sign-out that is killed at any step is finished by a resume")
{
    kill_at_each_step(&(killed_sign_out){.name = "local"});
}

TEST("row L2: a local sign-out offline that is killed at any step is finished by a resume")
{
    kill_at_each_step(&(killed_sign_out){.name = "local, offline", .is_offline = true});
}

TEST("row L2: a global sign-out that is killed at any step is finished by a resume")
{
    kill_at_each_step(&(killed_sign_out){.name = "global", .is_global = true});
}

TEST("row L2: a global sign-out with a refresh that is killed at any step is finished, but for a refresh that was lost")
{
    kill_at_each_step(&(killed_sign_out){.name = "global, with refresh", .is_global = true, .is_expired = true});
}

TEST("row L2: a resume that is killed at any step is finished by another one, but for a refresh that was lost")
{
    static const killed_sign_out scenes[] = {
        {.name = "resume, local", .is_offline = true},
        {.name = "resume, global", .is_offline = true, .is_global = true},
        {.name = "resume, global, with refresh", .is_offline = true, .is_global = true, .is_expired = true},
    };
    killed_print(NULL, NULL);
    for (int i = 0; i < LENGTH(scenes); i++) {
        killed_tally tally = {0};
        for (int status = 128 + SIGKILL, step = 1; status == 128 + SIGKILL; step += stride()) {
            killed_begin(&scenes[i]);
            CHECK_INT(run_role(SIGNING_OUT), 0);
            CHECK_INT(keyring_count(KEPT), 1);
            status = run_role_until(RESUMING, step);
            during(text("%s, step %d", scenes[i].name, step));
            killed_end(status, &tally);
        }
        killed_print(scenes[i].name, &tally);
        CHECK(tally.places[BEFORE_END] > 0 && tally.places[AFTER_END] > 0);
        CHECK(tally.lost <= (scenes[i].is_expired ? 4 : 0));
    }
}

#define NEW_ACCESS_TOKEN "COGNITOAUTH_TEST_NEW_ACCESS_TOKEN"
#define NEW_REFRESH_TOKEN "COGNITOAUTH_TEST_NEW_REFRESH_TOKEN"

/* The same user signs in again. */
ROLE("save")
{
    auth_session session = AUTH_SESSION_INIT;
    session.username = TOKEN_USERNAME;
    session.access_token = getenv(NEW_ACCESS_TOKEN);
    session.refresh_token = getenv(NEW_REFRESH_TOKEN);
    save(scene_client(), &session);
    return 0;
}

/* Kills a sign-out at RevokeToken: the session is stored, its token lives, and the item names it. */
static void leave_session(void)
{
    static const killed_sign_out scene = {.name = "local"};
    killed_begin(&scene);
    server_reply("RevokeToken", "{'hold':true,'status':500},{'default':true}");
    pid_t process = start_role(SIGNING_OUT);
    CHECK(server_await(1));
    kill(process, SIGKILL);
    CHECK_INT(wait_for(process, 5000), 128 + SIGKILL);
    server_release();
    CHECK_INT(keyring_count(KEPT), 1);
    CHECK_INT(keyring_count("session"), 1);
}

TEST("rows L2, L9: after a save over a session that was left, killed at any step, the new one is there, or none")
{
    int kills = 0, saved = 0;
    for (int status = 128 + SIGKILL, step = 1; status == 128 + SIGKILL; step += stride(), kills++) {
        leave_session();
        auth_session again = scene_session();
        server_add_session(again.access_token, again.refresh_token);
        setenv(NEW_ACCESS_TOKEN, again.access_token, 1);
        setenv(NEW_REFRESH_TOKEN, again.refresh_token, 1);
        status = run_role_until("save", step);
        during(text("step %d", step));
        CHECK_INT(run_role(RESUMING), AUTH_SIGN_OUT_COMPLETE);
        /* The old one is dead, and the new one is Cognito's, stored or not: whoever saves it has it. */
        CHECK_TEXT(server_live_tokens(), again.refresh_token);
        CHECK_INT(keyring_count(KEPT), 0);
        int sessions = keyring_count("session");
        CHECK(sessions == 0 || sessions == 1);
        if (sessions == 1) CHECK_TEXT(load(scene_client())->refresh_token, again.refresh_token);
        saved += sessions;
    }
    printf("  %d kills, %d sessions\n", kills, saved);
    CHECK(saved > 0 && saved < kills);
}

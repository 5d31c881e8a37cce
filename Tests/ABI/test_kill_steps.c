/* SPDX-License-Identifier: Apache-2.0 */

/* Sign-outs that are killed just before each message that they send, to the keyring or to Cognito, one after the other,
 * until one comes to its end; and resumes that are; row L2. With COGNITOAUTH_TEST_KILLS they are killed just after each
 * message too. */

#include <signal.h>
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
    CHECK(tally.lost <= (scene->is_expired ? 8 : 0));
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
    kill_at_each_step(&(killed_sign_out){.name = "global, refresh and rotation", .is_global = true, .is_expired = true});
}

TEST("row L2: a resume that is killed at any step is finished by another one")
{
    static const killed_sign_out scene = {.name = "resume", .is_global = true, .is_offline = true};
    killed_tally tally = {0};
    for (int status = 128 + SIGKILL, step = 1; status == 128 + SIGKILL; step += stride()) {
        killed_begin(&scene);
        CHECK_INT(run_role(SIGNING_OUT), 0);
        CHECK_INT(keyring_count(KEPT), 1);
        status = run_role_until(RESUMING, step);
        during(text("step %d", step));
        killed_end(status, &tally);
    }
    killed_print(NULL, NULL);
    killed_print("resume of a global sign-out", &tally);
}

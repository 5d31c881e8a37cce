/* SPDX-License-Identifier: Apache-2.0 */

/* Sign-outs that are killed at instants spread at random over all the time that they take, with a real keyring and real
 * processes; row L2. COGNITOAUTH_TEST_KILLS says how many kills there are in all. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "emulator.h"
#include "killed_sign_out.h"
#include "scene.h"

enum { USUAL_KILLS = 40, SIGN_OUTS_MEASURED = 5 };

static const killed_sign_out scenes[] = {
    {.name = "MiniStack: local", .is_emulated = true},
    {.name = "MiniStack: local, offline", .is_emulated = true, .is_offline = true},
    {.name = "MiniStack: global", .is_emulated = true, .is_global = true},
    {.name = "MiniStack: global, offline", .is_emulated = true, .is_global = true, .is_offline = true},
    {.name = "scripted: global, with refresh", .is_global = true, .is_expired = true},
};

static int kills_of_a_scene(void)
{
    const char *all = getenv("COGNITOAUTH_TEST_KILLS");
    int count = (all ? atoi(all) : USUAL_KILLS) / LENGTH(scenes);
    return count > 0 ? count : 1;
}

/* A process that is about to sign out, and goes on from here. */
static pid_t start(void)
{
    pid_t process = start_role(STOPPING);
    int status;
    CHECK(waitpid(process, &status, WUNTRACED) == process && WIFSTOPPED(status));
    kill(process, SIGCONT);
    return process;
}

static void wait_until(double end)
{
    double left = end - seconds();
    if (left <= 0) return;
    struct timespec pause = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
    nanosleep(&pause, NULL);
}

static int ascending(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

/* How long such a sign-out takes that nobody kills: the median, in seconds. */
static double duration(const killed_sign_out *scene)
{
    double took[SIGN_OUTS_MEASURED];
    for (int i = 0; i < SIGN_OUTS_MEASURED; i++) {
        killed_tally unused = {0};
        int status = 0;
        killed_begin(scene);
        pid_t process = start();
        double begin = seconds();
        CHECK(waitpid(process, &status, 0) == process && status == 0);
        took[i] = seconds() - begin;
        killed_end(status, &unused);
    }
    qsort(took, SIGN_OUTS_MEASURED, sizeof *took, ascending);
    return took[SIGN_OUTS_MEASURED / 2];
}

static void kill_again_and_again(const killed_sign_out *scene, killed_tally *tally)
{
    double whole = duration(scene);
    int count = kills_of_a_scene();
    for (int i = 0; i < count; i++) {
        killed_begin(scene);
        pid_t process = start();
        double begin = seconds();
        wait_until(begin + whole * (i + (double)random() / RAND_MAX) / count);
        kill(process, SIGKILL);
        killed_end(wait_for(process, 5000), tally);
    }
    printf("  %s: %.1f ms\n", scene->name, whole * 1e3);
}

TEST("row L2: killed at any instant, a sign-out that keeps leaves no session, no live token and no item after a resume")
{
    killed_tally tallies[LENGTH(scenes)] = {0};
    unsigned seed = (unsigned)time(NULL);
    srandom(seed);
    REQUIRE(emulator_start("ministack"));
    for (int i = 0; i < LENGTH(scenes); i++) {
        during(scenes[i].name);
        kill_again_and_again(&scenes[i], &tallies[i]);
    }
    killed_print(NULL, NULL);
    for (int i = 0; i < LENGTH(scenes); i++) killed_print(scenes[i].name, &tallies[i]);
    printf("  the seed was %u\n", seed);
}

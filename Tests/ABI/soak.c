/* SPDX-License-Identifier: Apache-2.0 */

/* What the library costs a program that runs for long: `make soak`, which is not among the checks.
 *
 * COGNITOAUTH_TEST_SIGN_OUTS (10000) says how many sign-outs there are in one process, one in ten of them of a session
 * that came through a browser; COGNITOAUTH_TEST_SECONDS (600) for how long
 * two processes sign in and out beside each other; the rest takes at most twice that and a fifth.
 *
 * On the way Cognito fails in many ways, the keyring is locked, started again and unlocked, and calls are cancelled. What
 * is left open is finished by a retry or a resume. */

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hosted_ui.h"
#include "lock_wait.h"
#include "measures.h"
#include "unfinished.h"

enum { MOST_SAMPLES = 4096, SAMPLE_EVERY = 100 };

static int setting(const char *name, int standard)
{
    const char *value = getenv(name);
    return value ? atoi(value) : standard;
}

static unsigned state = 1;
static unsigned chance(unsigned below)
{
    state = state * 1103515245 + 12345;
    return (state >> 16) % below;
}

/* Samples, and what they say. */

static double times[MOST_SAMPLES];
static measures samples[MOST_SAMPLES];
static int sample_count;

static void sample(int sign_outs)
{
    if (sample_count == MOST_SAMPLES) return;
    times[sample_count] = sign_outs;
    samples[sample_count++] = measure();
}

/* The slope of one measure over the later three quarters, printed; the first quarter warms up. */
static double report(const char *name, double (*value)(const measures *), const char *unit)
{
    static double values[MOST_SAMPLES];
    int first = sample_count / 4, count = sample_count - first;
    double least = 0, most = 0;
    for (int i = 0; i < count; i++) {
        values[i] = value(&samples[first + i]);
        if (i == 0 || values[i] < least) least = values[i];
        if (i == 0 || values[i] > most) most = values[i];
    }
    double result = slope(times + first, values, count);
    printf("  %-16s %10.0f at first, %10.0f at last, %10.0f to %10.0f %-6s; slope %+.4f for a sign-out\n", name,
           count ? values[0] : 0, count ? values[count - 1] : 0, least, most, unit, result);
    return result;
}

static double heap(const measures *each) { return each->heap; }
static double resident(const measures *each) { return each->resident; }
static double descriptors(const measures *each) { return each->descriptors; }
static double threads(const measures *each) { return each->threads; }
static double ports(const measures *each) { return each->ports; }
static double match_rules(const measures *each) { return each->match_rules; }
static double connections(const measures *each) { return each->connections; }

/* Faults, and what they leave. */

static const char *const faults[] = {
    "{'status':500}",
    "{'close':'reset'}",
    "{'close':'before_reply'}",
    "{'default':true,'cut_head_after':12}",
    "{'body':'<html>Please log in</html>'}",
    "{'status':400,'body':{'__type':'TooManyRequestsException','message':'slow down'}}",
    "{'delay_ms':20,'default':true}",
};

static int outcomes[3], finished, sign_ins;

/* A sign-out that was cancelled, or that met a fault, is finished. */
static void finish_sign_out(auth_client *client, const auth_sign_out_result *result)
{
    const char *token = result->partial_failure_token;
    server_reply("RevokeToken", "{'default':true}");
    server_reply("GlobalSignOut", "{'default':true}");
    if (keyring_is_locked()) CHECK(keyring_run("unlock"));
    if (result->outcome == AUTH_SIGN_OUT_COMPLETE) return;
    finished++;
    if (result->kept == AUTH_ANSWER_YES) {
        CHECK_INT(resume(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    } else if (token) {
        CHECK_INT(retry(client, token)->outcome, AUTH_SIGN_OUT_COMPLETE);
    }
    if (keyring_count("session") > 0) CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
}

static void arrange_fault(int number)
{
    if (number % 20 == 7) server_reply(chance(2) ? "RevokeToken" : "GlobalSignOut", faults[chance(LENGTH(faults))]);
    if (number % 200 == 33) CHECK(keyring_run("lock"));
    if (number % 500 == 77) CHECK(keyring_run("restart-unlocked"));
}

static void come_in(auth_client *client, bool is_by_browser)
{
    if (!is_by_browser) {
        sign_in(client);
        return;
    }
    CHECK_ANSWER(browser_sign_in(client, NULL, NULL, NULL), AUTH_STATUS_SUCCESS);
    sign_ins++;
}

/* Signs in, and out with whatever goes wrong with this one. */
static void go_round(auth_client *client, int number)
{
    come_in(client, number % 10 == 0);
    arrange_fault(number);
    bool is_global = chance(2), is_cancelled = number % 100 == 55;
    if (is_cancelled) {
        auth_operation *operation =
            start_operation(client, is_global ? auth_sign_out_global_start : auth_sign_out_start);
        sleep_ms((int)chance(20));
        auth_operation_cancel(operation);
        auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
        outcomes[auth_operation_finish_sign_out(operation, &result)]++;
        finish_sign_out(client, &result);
        auth_sign_out_result_clear(&result);
    } else {
        const auth_sign_out_result *result = is_global ? sign_out_global(client) : sign_out(client);
        outcomes[result->outcome]++;
        finish_sign_out(client, result);
    }
    if (number % 50 == 0) CHECK_INT(keyring_count(NULL), 0);
}

TEST("ten thousand sign-outs and a thousand sign-ins, with faults among them, take no more and more from the system")
{
    int wanted = setting("COGNITOAUTH_TEST_SIGN_OUTS", 10000), number = 0;
    double end = seconds() + 2 * setting("COGNITOAUTH_TEST_SECONDS", 600), start = seconds();
    scene_expect_kept();
    for (; number < wanted && seconds() < end; number++) {
        size_t begun = scope_begin();
        if (number % SAMPLE_EVERY == 0) {
            server_reset(); /* It remembers requests. */
            sample(number);
        }
        auth_client_options options = hosted_ui_options(new_visitor(travel));
        options.keep_unfinished = number / 10 % 2;
        go_round(scene_client_with(&options), number);
        scope_end(begun);
    }
    sample(number);
    printf(
        "  %d sign-outs and %d sign-ins through a browser in %.0f s: %d complete, %d partial, %d failed; %d finished "
        "later\n",
        number, sign_ins, seconds() - start, outcomes[0], outcomes[1], outcomes[2], finished);
    if (number < wanted) printf("  the time was over before there were %d\n", wanted);
    /* A byte more for each sign-out is ten kilobytes here; what grows by steps, as GLib's tables do, is less. */
    CHECK(report("heap", heap, "bytes") < 16);
    CHECK(report("resident", resident, "bytes") < 512);
    CHECK(report("descriptors", descriptors, "") < 0.001);
    CHECK(report("threads", threads, "") < 0.001);
    CHECK(report("ports", ports, "") < 0.001);
    CHECK(report("match rules", match_rules, "") < 0.001);
    CHECK(report("bus connections", connections, "") < 0.001);
    CHECK(number > 0);
}

/* Many at once. */

enum { THREADS = 64 };
static atomic_bool is_over;

typedef struct {
    pthread_t thread;
    auth_client *client;
    const char *access_token;
    int number, count, failed;
    double longest;
} worker;

/* Saves and signs out; a fault of Cognito, which others see too, is no failure. */
static void work_once(worker *worker)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    char refresh_token[64];
    snprintf(refresh_token, sizeof refresh_token, "refresh.token.%d.%d", worker->number, worker->count);
    session.username = TOKEN_USERNAME;
    session.access_token = worker->access_token;
    session.refresh_token = refresh_token;
    double start = seconds();
    worker->failed += auth_session_save(worker->client, &session, NULL, NULL) != AUTH_STATUS_SUCCESS;
    double saved = seconds();
    worker->failed += auth_sign_out(worker->client, NULL, &result) == AUTH_SIGN_OUT_FAILED;
    double ended = seconds();
    auth_sign_out_result_clear(&result);
    worker->count++;
    if (saved - start > worker->longest) worker->longest = saved - start;
    if (ended - saved > worker->longest) worker->longest = ended - saved;
}

static void *work(void *pointer)
{
    worker *worker = pointer;
    while (!is_over) work_once(worker);
    return NULL;
}

TEST("sixty-four threads of one client all come to their turn")
{
    static worker workers[THREADS];
    auth_client_options options = scene_options();
    options.timeout_ms = 300000;
    auth_client *client = scene_client_with(&options);
    const char *token = access_token(36000);
    is_over = false;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.client = client, .access_token = token, .number = i};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) abort();
    }
    for (int left = setting("COGNITOAUTH_TEST_SECONDS", 600) / 5; left > 0; left--) {
        sleep_ms(1000);
        server_reset();
        server_reply("RevokeToken", faults[chance(LENGTH(faults))]);
    }
    is_over = true;
    int least = 0, most = 0, all = 0, failed = 0;
    double longest = 0;
    for (int i = 0; i < THREADS; i++) {
        const worker *each = &workers[i];
        pthread_join(each->thread, NULL);
        if (i == 0 || each->count < least) least = each->count;
        if (each->count > most) most = each->count;
        if (each->longest > longest) longest = each->longest;
        all += each->count;
        failed += each->failed;
    }
    printf("  %d times saved and signed out, %d to %d for a thread; the longest call, waiting included: %.2f s\n", all,
           least, most, longest);
    CHECK_INT(failed, 0);
    CHECK(least > 0 && most <= 2 * least + 8);
    server_reset();
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
}

#define TALLY "COGNITOAUTH_TEST_TALLY"

ROLE("save and sign out until the end")
{
    auth_client_options options = scene_options();
    options.timeout_ms = 60000;
    worker worker = {.client = scene_client_with(&options), .access_token = access_token(36000)};
    worker.number = setting(TALLY, 0);
    for (double end = seconds() + setting("COGNITOAUTH_TEST_SECONDS", 600); seconds() < end;) work_once(&worker);
    FILE *file = fopen(text("%s/tally-%d", getenv("HOME"), worker.number), "w");
    if (!file) return 1;
    fprintf(file, "%d %d %.3f %.3f", worker.count, worker.failed, worker.longest, lock_longest_wait());
    fclose(file);
    return 0;
}

TEST("two processes take turns, and neither waits for ever")
{
    pid_t processes[2];
    int counts[2] = {0}, failed[2] = {0}, limit = setting("COGNITOAUTH_TEST_SECONDS", 600);
    double longest[2] = {0}, waits[2] = {0};
    for (int i = 0; i < 2; i++) {
        setenv(TALLY, text("%d", i + 1), 1);
        processes[i] = start_role("save and sign out until the end");
    }
    for (int left = limit; left > 0; left--) {
        sleep_ms(1000);
        size_t begun = scope_begin();
        server_reset();
        if (left % 5 == 0) server_reply("RevokeToken", faults[chance(LENGTH(faults))]);
        scope_end(begun);
    }
    server_reset();
    for (int i = 0; i < 2; i++) {
        CHECK_INT(wait_for(processes[i], 90000), 0);
        FILE *file = fopen(text("%s/tally-%d", getenv("HOME"), i + 1), "r");
        if (!CHECK(file != NULL)) continue;
        CHECK_INT(fscanf(file, "%d %d %lf %lf", &counts[i], &failed[i], &longest[i], &waits[i]), 4);
        fclose(file);
        printf(
            "  process %d: %d times saved and signed out, %d failed; the longest call %.2f s, the longest wait for the "
            "lock %.3f s\n",
            i + 1, counts[i], failed[i], longest[i], waits[i]);
        CHECK_INT(failed[i], 0);
        CHECK(waits[i] < 10);
    }
    CHECK(counts[0] > 0 && counts[1] > 0 && counts[0] < 2 * counts[1] + 8 && counts[1] < 2 * counts[0] + 8);
    CHECK_INT(sign_out(scene_client())->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count(NULL), 0);
}

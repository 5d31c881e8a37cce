/* SPDX-License-Identifier: Apache-2.0 */

/* One client, many threads, everything at once.
 *
 * COGNITOAUTH_TEST_SECONDS (3) says for how long, COGNITOAUTH_TEST_THREADS (16) with how many. To have the threads
 * watched, in a private session as run.sh makes them:
 *
 *   valgrind --tool=helgrind|drd --suppressions=Tests/Support/threads.supp .build/abi/test_stress
 *
 * with the shipped library; or with one of ordinary Swift under ThreadSanitizer:
 *
 *   swift build --sanitize=thread --scratch-path .build/tsan --product cognitoauth
 *   clang -fsanitize=thread ... -L.build/tsan/debug -lcognitoauth -ldispatch -lBlocksRuntime    (Swift's clang)
 *
 * DRD and helgrind know neither GLib's locks, which are futexes of its own and suppressed, nor atomic operations, with
 * which Swift counts references and the library raises flags: what they say of those is to be read. */

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scene.h"

enum { MAXIMUM_THREADS = 64 };
enum { SAVE, LOAD, FETCH, SIGN_OUT, SIGN_OUT_GLOBALLY, GIVE_UP, KINDS };
static const char *const kinds[] = {"save", "load", "fetch", "sign-out", "global sign-out", "given up"};

static auth_client *client;
static const char *tokens[2]; /* access tokens: a good one, and one that a fetch renews */
static atomic_bool is_over, may_cancel;
static atomic_int counts[KINDS], cancelled, unexpected[KINDS], last_unexpected;

/* A thread, and its last call that changed the session. */
typedef struct {
    pthread_t thread;
    unsigned number, state;
    double start, end;
    char refresh_token[64]; /* "" after a sign-out */
    bool has_changed;
} worker;

static unsigned chance(worker *worker, unsigned below)
{
    worker->state = worker->state * 1103515245 + 12345;
    return (worker->state >> 16) % below;
}

static void check_status(int kind, auth_status status, auth_status other)
{
    if (status == AUTH_STATUS_CANCELLED && may_cancel)
        cancelled++;
    else if (status != AUTH_STATUS_SUCCESS && status != other) {
        unexpected[kind]++;
        last_unexpected = status;
    }
}

static void save_one(worker *worker)
{
    auth_session session = AUTH_SESSION_INIT;
    static atomic_int number;
    snprintf(worker->refresh_token, sizeof worker->refresh_token, "refresh.token.%d", number++);
    session.username = TOKEN_USERNAME;
    session.access_token = tokens[chance(worker, 2)];
    session.refresh_token = worker->refresh_token;
    check_status(SAVE, auth_session_save(client, &session, NULL, NULL), AUTH_STATUS_SUCCESS);
}

/* Half of them through an operation. */
static auth_status session_call(worker *worker, int kind)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_operation *operation = NULL;
    auth_status status;
    if (chance(worker, 2)) {
        status = (kind == LOAD ? auth_session_load : auth_session_fetch)(client, NULL, &session, NULL);
    } else {
        status = (kind == LOAD ? auth_session_load_start : auth_session_fetch_start)(client, NULL, &operation, NULL);
        if (status == AUTH_STATUS_SUCCESS) status = auth_operation_finish_session(operation, &session, NULL);
        auth_operation_free(operation);
    }
    if (status == AUTH_STATUS_SUCCESS && !session.refresh_token) unexpected[kind]++;
    auth_session_clear(&session);
    return status;
}

static void sign_out_one(worker *worker, int kind)
{
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    if (chance(worker, 2)) {
        (kind == SIGN_OUT ? auth_sign_out : auth_sign_out_global)(client, NULL, &result);
    } else {
        auth_operation *operation = NULL;
        (kind == SIGN_OUT ? auth_sign_out_start : auth_sign_out_global_start)(client, NULL, &operation, NULL);
        auth_operation_finish_sign_out(operation, &result);
        auth_operation_free(operation);
    }
    worker->refresh_token[0] = '\0';
    if (result.outcome == AUTH_SIGN_OUT_FAILED)
        check_status(kind, auth_error_status(result.failure), -1);
    else if (result.outcome == AUTH_SIGN_OUT_PARTIAL && !may_cancel)
        unexpected[kind]++;
    auth_sign_out_result_clear(&result);
}

static void *work(void *pointer)
{
    worker *worker = pointer;
    while (!is_over) {
        int kind = (int)chance(worker, may_cancel ? KINDS : GIVE_UP);
        double start = seconds();
        counts[kind]++;
        if (kind == LOAD || kind == FETCH) {
            check_status(kind, session_call(worker, kind), AUTH_STATUS_NOT_SIGNED_IN);
            continue;
        }
        if (kind == GIVE_UP) {
            auth_operation *operation = NULL;
            auth_session_load_start(client, NULL, &operation, NULL);
            if (chance(worker, 4) == 0) auth_client_cancel(client);
            auth_operation_free(operation);
            continue;
        }
        if (kind == SAVE)
            save_one(worker);
        else
            sign_out_one(worker, kind);
        worker->has_changed = true;
        worker->start = start;
        worker->end = seconds();
    }
    return NULL;
}

static int setting(const char *name, int standard)
{
    const char *value = getenv(name);
    return value ? atoi(value) : standard;
}

/* Runs the threads; they are the worker's until the case is over. */
static worker *run(int count, double duration)
{
    worker *workers = calloc((size_t)count, sizeof *workers);
    tokens[0] = access_token(3600);
    tokens[1] = access_token(EXPIRED);
    auth_client_options options = scene_options();
    options.timeout_ms = 300000;
    client = scene_client_with(&options);
    is_over = false;
    for (int i = 0; i < KINDS; i++) counts[i] = unexpected[i] = 0;
    for (int i = 0; i < count; i++) {
        workers[i].state = workers[i].number = (unsigned)i + 1;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) abort();
    }
    sleep_ms((int)(duration * 1000));
    is_over = true;
    alarm(60 + (unsigned)duration); /* A thread that hangs ends the program. */
    for (int i = 0; i < count; i++) pthread_join(workers[i].thread, NULL);
    alarm(0);
    for (int i = 0; i < KINDS; i++) {
        if (counts[i] > 0) printf("  %d x %s", counts[i], kinds[i]);
        during(kinds[i]);
        if (!CHECK_INT(unexpected[i], 0)) printf("  the last was %s\n", auth_status_name(last_unexpected));
    }
    during(NULL);
    printf("; %d cancelled\n", cancelled);
    defer(free, workers);
    return workers;
}

/* Whether this worker's last change may have been the last of all: no other began after it had ended. */
static bool may_be_last(const worker *workers, int count, const worker *worker)
{
    if (!worker->has_changed) return false;
    for (int i = 0; i < count; i++) {
        if (workers[i].has_changed && workers[i].start > worker->end) return false;
    }
    return true;
}

TEST("sixteen threads that save, load, fetch and sign out leave what the last call said")
{
    int count = setting("COGNITOAUTH_TEST_THREADS", 16);
    REQUIRE(count > 0 && count <= MAXIMUM_THREADS);
    may_cancel = false;
    const worker *workers = run(count, setting("COGNITOAUTH_TEST_SECONDS", 3));
    const char *stored = load(client)->refresh_token;
    bool is_explained = false;
    CHECK_INT(keyring_count("session"), stored != NULL);
    for (int i = 0; i < count; i++) {
        if (!may_be_last(workers, count, &workers[i])) continue;
        is_explained = is_explained || strcmp(workers[i].refresh_token, stored ? stored : "") == 0;
    }
    CHECK(is_explained);

    sign_in(client);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("sixteen threads that also cancel and give up operations leave a client that works")
{
    may_cancel = true;
    run(setting("COGNITOAUTH_TEST_THREADS", 16), setting("COGNITOAUTH_TEST_SECONDS", 3) / 2.0);
    CHECK(keyring_count("session") <= 1);
    auth_session session = sign_in(client);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(keyring_count("session"), 0);
}

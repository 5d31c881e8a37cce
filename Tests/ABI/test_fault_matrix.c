/* SPDX-License-Identifier: Apache-2.0 */

/* The fault matrix, Tests/Support/fault_matrix.jsonl: each step of a call, and each fault that can befall it, with the
 * real keyring on a bus of its own and the scripted Cognito. A case is a cell of the table. Its call is made by a
 * program of its own, which makes another one, or a retry or a resume, once the fault is over. With
 * COGNITOAUTH_TEST_MATRIX all cells are tried, else those of the steps that the table calls "checked".
 *
 * Whatever the cell: complete means that no item is left and that Cognito takes no token of the session; failed, and not
 * signed out here, that the session is whole, and alive unless a remote field says otherwise; partial that it is gone
 * here; and after all, that nothing is left of it, nor of what the program took from the system. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "befall.h"
#include "belongings.h"
#include "fault_call.h"
#include "fault_table.h"
#include "keyring.h"
#include "scene.h"
#include "unfinished.h"

#define CELL "COGNITOAUTH_TEST_CELL"
#define REFERENCE "COGNITOAUTH_TEST_BELONGINGS"

static const fault_cell *cells;
static int cell_count;

#define CHECK_EXPECTED(actual, expected)                                                                               \
    do {                                                                                                               \
        const char *seen = (actual);                                                                                   \
        if (!fault_is_expected(seen, expected)) harness_check_text(seen, expected, #actual, __FILE__, __LINE__);       \
    } while (0)

static bool is(const char *one, const char *other) { return strcmp(one, other) == 0; }
static bool has(const char *text, const char *part) { return strstr(text, part) != NULL; }

void set_scene(void)
{
    server_select(NULL);
    server_reset();
    REQUIRE(fault_free_keyring());
    keyring_empty();
}

/* The program. */

static const fault_cell *own_cell(void) { return &cells[atoi(getenv(CELL))]; }

static const char *reference_file(void) { return text("%s/belongings", getenv("HOME")); }

/* What the program has is what it would have without the fault; where there is none it says what that is. */
static void check_belongings(bool is_reference)
{
    char expected[4096] = "";
    FILE *file = fopen(reference_file(), is_reference ? "w" : "r");
    CHECK(file != NULL);
    if (!file) return;
    if (is_reference) {
        sleep_ms(1000); /* GIO closes what it has opened on threads of its own. */
        fputs(belongings(), file);
    } else if (fgets(expected, sizeof expected, file)) {
        CHECK_TEXT(belongings_await(expected), expected);
    }
    fclose(file);
}

/* What the call said, and of the record, for the test. */
static const char *told_file(void) { return text("%s/told", getenv("HOME")); }

static void note_told(const char *told)
{
    FILE *file = fopen(told_file(), "w");
    CHECK(file != NULL);
    if (!file) return;
    fputs(told, file);
    fclose(file);
}

static const char *read_told(void)
{
    char told[512] = "";
    FILE *file = fopen(told_file(), "r");
    CHECK(file != NULL);
    if (!file) return "";
    CHECK(fgets(told, sizeof told, file) != NULL);
    fclose(file);
    return text("%s", told);
}

/* Before there are any of its own: libcurl lets children have some. */
static void close_sockets(void)
{
    struct stat status;
    for (int descriptor = 3; descriptor < 256; descriptor++) {
        if (fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode)) close(descriptor);
    }
}

static int run_program(const fault_cell *cell, bool is_reference)
{
    close_sockets();
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    /* What ends a program complains first. */
    if (!is_reference && (has(cell->told, "ended") || is(cell->fault, "garbage"))) keyring_check_glib(false);
    during(text("%s: %s", cell->step, cell->fault));
    if (!is_reference) fault_surround(cell);
    fault_call *call = fault_call_new(cell->call, fault_endpoint(is_reference ? NULL : cell));
    bool is_stall = fault_is_stall(cell);
    if (!is_reference) {
        fault_call_disturb(call, is(cell->at, "browser") ? cell->fault : "", fault_reply(cell), fault_flaw(cell));
        fault_begin(cell);
    }
    fault_call_run(call, is_stall && !is_reference ? FAULT_LIMIT_MS : 0);
    if (!is_reference) {
        fault_end();
        note_told(text("%s; %s", fault_call_told(call), fault_call_kept(call)));
        CHECK_EXPECTED(fault_call_told(call), cell->told);
        CHECK_EXPECTED(fault_call_status(call), cell->status);
        fflush(stdout);
        raise(SIGSTOP);
    }
    const char *then = fault_call_finish(call);
    if (!is_reference) CHECK_EXPECTED(then, cell->then);
    fault_call_free(call);
    check_belongings(is_reference);
    return 0;
}

ROLE("meet a fault") { return run_program(own_cell(), false); }
ROLE("meet no fault") { return run_program(own_cell(), true); }

/* After the one that was killed. */
ROLE("finish")
{
    const fault_cell *cell = own_cell();
    during(text("%s: %s, in another program", cell->step, cell->fault));
    fault_call *call = fault_call_new(cell->call, server_url());
    CHECK_EXPECTED(fault_call_finish(call), cell->then);
    fault_call_free(call);
    return 0;
}

/* The test. */

/* The session and the record that are in the keyring, and a token that Cognito takes: one of these, or another one. */
static const char *left(void)
{
    const char *live = server_live_tokens(), *session = keyring_secret("session"), *record = keyring_secret(KEPT);
    const char *steps = record ? strstr(record, "ca1.") : NULL;
    if (steps) steps = base64url_decode(text("%.*s", (int)strcspn(steps + 4, "."), steps + 4));
    bool is_held = *live && ((session && has(session, live)) || (steps && has(steps, live)));
    const char *parts[] = {keyring_count("session") > 0 ? "session" : "", keyring_count(KEPT) > 0 ? "record" : "",
                           is_held ? "token"
                           : *live ? "token outside"
                                   : ""};
    const char *result = "";
    for (int i = 0; i < LENGTH(parts); i++) {
        if (*parts[i]) result = text("%s%s%s", result, *result ? ", " : "", parts[i]);
    }
    return result;
}

/* What is left, once it is what is expected: who was asked in time may do it yet. */
static const char *left_at_last(const char *expected)
{
    const char *now = left();
    for (double end = seconds() + 3; !fault_is_expected(now, expected) && seconds() < end; now = left()) sleep_ms(50);
    return now;
}

/* What has to hold whatever the table says. */
static void check_invariants(const char *told, const char *left)
{
    bool is_dead = has(told, "revocation done") || has(told, "revocation unknown") || has(told, "global done") ||
                   has(told, "global unknown");
    if (has(told, "complete:")) CHECK_TEXT(left, "");
    if (has(told, "partial:")) CHECK_LACKS(left, "session");
    if (has(told, "failed:") && has(told, "still signed in")) {
        CHECK_HAS(left, "session");
        if (!is_dead) CHECK_HAS(left, "token");
        CHECK_LACKS(left, "outside");
    }
    /* Who believes "kept" throws the token for a retry away; who believes the other makes no resume. */
    if (has(told, "; kept")) CHECK_HAS(left, "record");
    if (has(told, "; not kept")) CHECK_LACKS(left, "record");
}

/* Waits until the program is stopped, 0, or over: its status, as in wait_for(); -1 after 60 s. */
static int await_stop(pid_t program)
{
    int status;
    for (double end = seconds() + 60; seconds() < end; sleep_ms(2)) {
        if (waitpid(program, &status, WNOHANG | WUNTRACED) != program) continue;
        if (WIFSTOPPED(status)) return 0;
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
    kill(program, SIGKILL);
    wait_for(program, 5000);
    return -1;
}

static void run_reference(const fault_cell *cell)
{
    static const char *last = "";
    if (is(last, cell->call)) return;
    last = cell->call;
    fault_call_prepare(cell->call);
    CHECK_INT(run_role("meet no fault"), 0);
    set_scene();
}

static void check_cell(void)
{
    const fault_cell *cell = cells;
    while (!is(fault_cell_name(cell), harness_case())) cell++;
    setenv(CELL, text("%d", (int)(cell - cells)), 1);
    run_reference(cell);
    fault_call_prepare(cell->call);
    fault_prepare(cell);
    pid_t program = start_role("meet a fault");
    if (fault_is_kill(cell) && is(cell->at, "request")) {
        for (double end = seconds() + 10; !has(server_operations(), cell->step) && seconds() < end;) sleep_ms(10);
        kill(program, SIGKILL);
    }
    int status = await_stop(program);
    fault_mend(cell);
    bool is_killed = status > 128;
    if (is_killed)
        CHECK_EXPECTED(status == 128 + SIGKILL ? "killed" : "ended", cell->told);
    else
        CHECK_INT(status, 0);
    const char *now = left_at_last(cell->left);
    CHECK_EXPECTED(now, cell->left);
    if (!is_killed) check_invariants(read_told(), now);
    if (!is_killed) {
        kill(program, SIGCONT);
        CHECK_INT(wait_for(program, 30000), 0);
    } else {
        CHECK_INT(run_role("finish"), 0);
    }
    const char *last = left_at_last(cell->last);
    CHECK_EXPECTED(last, cell->last);
}

__attribute__((constructor)) static void add_cells(void)
{
    cells = fault_table(&cell_count);
    for (int i = 0; i < cell_count; i++) {
        if (cells[i].is_checked || getenv("COGNITOAUTH_TEST_MATRIX"))
            harness_add_case(strdup(fault_cell_name(&cells[i])), check_cell);
    }
}

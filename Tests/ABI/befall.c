/* SPDX-License-Identifier: Apache-2.0 */

#include "befall.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fault_point.h"
#include "few_threads.h"
#include "harness.h"
#include "keyring.h"
#include "lock_fault.h"
#include "own_bus.h"
#include "server.h"
#include "stopper.h"

#define BUS "COGNITOAUTH_TEST_BUS_PID"
#define TRUE_BUS "COGNITOAUTH_TEST_TRUE_BUS"
#define NOWHERE "COGNITOAUTH_TEST_NOWHERE"
#define FALSE_BUS "COGNITOAUTH_TEST_FALSE_BUS"

enum { LATE_MS = 300 };

static bool is(const char *one, const char *other) { return strcmp(one, other) == 0; }

static bool is_of_cognito(const fault_cell *cell)
{
    static const char *const faults[] = {"absent", "refused", "stalls", "dies midway", "garbage", "late", "killed"};
    bool is_one = false;
    for (int i = 0; i < LENGTH(faults); i++) is_one = is_one || is(cell->fault, faults[i]);
    return is_one && is(cell->at, "request");
}

bool fault_is_stall(const fault_cell *cell)
{
    /* A browser may come back yet, whatever it did. */
    bool is_lost = is(cell->at, "browser") && (is(cell->fault, "dies midway") || is(cell->fault, "garbage"));
    return is_lost || is(cell->fault, "stalls");
}
bool fault_is_kill(const fault_cell *cell) { return is(cell->fault, "killed"); }

/* What happens to the keyring and the bus. */

static pid_t bus_process(void) { return atoi(getenv(BUS)); }

static void stop_keyring(void) { signal_keyring(SIGSTOP); }
static void wake_late(void)
{
    sleep_ms(LATE_MS);
    wake_keyring();
}
static void kill_late(void)
{
    sleep_ms(LATE_MS);
    signal_keyring(SIGKILL);
}
static void stop_bus(void) { kill(bus_process(), SIGSTOP); }
static void wake_bus_late(void)
{
    sleep_ms(LATE_MS);
    kill(bus_process(), SIGCONT);
}
static void kill_bus_late(void)
{
    sleep_ms(LATE_MS);
    kill(bus_process(), SIGKILL);
}
static void end_keyring(void) { CHECK(keyring_run("stop")); }
static void lock_keyring(void) { CHECK(keyring_run("lock")); }
static void restart_keyring(void) { CHECK(keyring_run("restart-unlocked")); }
static void kill_bus(void) { kill(bus_process(), SIGKILL); }

static void fill_disk(pid_t process)
{
    struct rlimit limit;
    prlimit(process, RLIMIT_FSIZE, NULL, &limit);
    limit.rlim_cur = 0;
    prlimit(process, RLIMIT_FSIZE, &limit, NULL);
}
static void fill_keyrings_disk(void) { fill_disk(atoi(getenv("GNOME_KEYRING_PID"))); }

/* A bus in whose place somebody else listens, who says this to whatever he is sent; its address. */
static pid_t false_bus;
static const char *start_false_bus(const char *saying)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/false-bus", getenv("XDG_RUNTIME_DIR"));
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 8) != 0) abort();
    false_bus = fork();
    while (false_bus == 0) {
        char asked[256];
        int connection = accept(listener, NULL, NULL);
        if (read(connection, asked, sizeof asked) > 0 && write(connection, saying, strlen(saying)) < 0) _exit(1);
        sleep_ms(20);
        close(connection);
    }
    close(listener);
    return text("unix:path=%s", address.sun_path);
}

static void end_false_bus(void)
{
    if (false_bus == 0) return;
    kill(false_bus, SIGKILL);
    wait_for(false_bus, 5000);
    unlink(text("%s/false-bus", getenv("XDG_RUNTIME_DIR")));
    false_bus = 0;
}

/* What happens to the program. */

static struct rlimit descriptors, memory, files;

static void kill_program(void) { kill(getpid(), SIGKILL); }
static void end_threads(void) { allow_threads(0); }
/* The limit lies beyond all that are in use, so that what the call gives back later it can have again. All that is free
 * below it is taken, and what GIO's threads are about to give back. */
static int taken[32], taken_count;
static void take_descriptors(void)
{
    while (taken_count < LENGTH(taken) && (taken[taken_count] = dup(0)) >= 0) taken_count++;
}
static void end_descriptors(void)
{
    int lowest = dup(0);
    close(lowest);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){(rlim_t)lowest + LENGTH(taken) / 2, descriptors.rlim_max});
    take_descriptors();
    sleep_ms(50);
    take_descriptors();
}
static void end_memory(void)
{
    long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (!statm || fscanf(statm, "%ld", &pages) != 1) abort();
    fclose(statm);
    setrlimit(RLIMIT_AS, &(struct rlimit){(rlim_t)(pages * sysconf(_SC_PAGESIZE)), memory.rlim_max});
}
static void fill_own_disk(void) { fill_disk(0); }

static const struct happening {
    enum { AT_LOCK, AT_CONNECT, AT_MESSAGE, ANYWHERE } where;
    const char *fault;
    void (*happens)(void);
    fault_answer answer;
    void (*after)(void);
} happenings[] = {
    {AT_LOCK, "disk full", fill_own_disk, IS_SENT, NULL},
    {AT_CONNECT, "absent", kill_bus, IS_SENT, NULL},
    {AT_CONNECT, "stalls", stop_bus, IS_SENT, NULL},
    {AT_CONNECT, "dies midway", stop_bus, IS_SENT, kill_bus_late},
    {AT_CONNECT, "late", stop_bus, IS_SENT, wake_bus_late},
    {AT_MESSAGE, "absent", end_keyring, IS_SENT, NULL},
    {AT_MESSAGE, "refused", NULL, IS_REFUSED, NULL},
    {AT_MESSAGE, "stalls", stop_keyring, IS_SENT, NULL},
    {AT_MESSAGE, "dies midway", stop_keyring, IS_SENT, kill_late},
    {AT_MESSAGE, "garbage", NULL, IS_GARBLED, NULL},
    {AT_MESSAGE, "late", stop_keyring, IS_SENT, wake_late},
    {AT_MESSAGE, "locked in between", lock_keyring, IS_SENT, NULL},
    {AT_MESSAGE, "disk full", fill_keyrings_disk, IS_SENT, NULL},
    {AT_MESSAGE, "bus gone", kill_bus, IS_SENT, NULL},
    {AT_MESSAGE, "owner changes", restart_keyring, IS_SENT, NULL},
    {ANYWHERE, "killed", kill_program, IS_SENT, NULL},
    {ANYWHERE, "no threads", end_threads, IS_SENT, NULL},
    {ANYWHERE, "no descriptors", end_descriptors, IS_SENT, NULL},
    {ANYWHERE, "no memory", end_memory, IS_SENT, NULL},
};

static const struct happening *happening(const fault_cell *cell)
{
    int where = is(cell->at, "lock") ? AT_LOCK : is(cell->at, "connect") ? AT_CONNECT : AT_MESSAGE;
    for (int i = 0; i < LENGTH(happenings); i++) {
        const struct happening *each = &happenings[i];
        if (is(each->fault, cell->fault) && ((int)each->where == where || each->where == ANYWHERE)) return each;
    }
    return NULL;
}

/* Cognito. */

const char *fault_flaw(const fault_cell *cell)
{
    if (!is_of_cognito(cell)) return NULL;
    if (is(cell->fault, "dies midway")) return "'cut_head_after':12";
    if (is(cell->fault, "late")) return "'delay_ms':300";
    if (is(cell->fault, "killed")) return "'hold':true";
    return NULL;
}

const char *fault_reply(const fault_cell *cell)
{
    const char *flaw = fault_flaw(cell);
    if (!is_of_cognito(cell)) return NULL;
    if (is(cell->fault, "refused")) return exception("NotAuthorizedException", "It is refused");
    if (is(cell->fault, "stalls")) return "{'hold':true,'status':500}";
    if (is(cell->fault, "garbage"))
        return "{'body':'<html>Please log in</html>','headers':{'content-type':'text/html'}}";
    return text("{'default':true%s%s}", flaw ? "," : "", flaw ? flaw : "");
}

const char *fault_endpoint(const fault_cell *cell)
{
    return cell && is_of_cognito(cell) && is(cell->fault, "absent") ? getenv(NOWHERE) : server_url();
}

/* All of it. */

void fault_prepare(const fault_cell *cell)
{
    setenv(BUS, text("%d", own_bus), 1);
    setenv(TRUE_BUS, getenv("DBUS_SESSION_BUS_ADDRESS"), 1);
    unsetenv(FALSE_BUS);
    setenv(NOWHERE, closed_url(), 1);
    if (is_of_cognito(cell)) server_reply(cell->step, fault_reply(cell));
    if (is(cell->at, "lock")) lock_fault_prepare(cell->fault);
    if (!is(cell->at, "connect")) return;
    if (is(cell->fault, "refused")) setenv(FALSE_BUS, start_false_bus("REJECTED EXTERNAL\r\n"), 1);
    if (is(cell->fault, "garbage")) setenv(FALSE_BUS, start_false_bus("HTTP/1.1 400\r\n\r\n"), 1);
}

static const char *runtime;

void fault_surround(const fault_cell *cell)
{
    runtime = text("%s", getenv("XDG_RUNTIME_DIR"));
    if (is(cell->at, "lock")) lock_fault_surround(cell->fault);
}

void fault_begin(const fault_cell *cell)
{
    getrlimit(RLIMIT_NOFILE, &descriptors);
    getrlimit(RLIMIT_AS, &memory);
    getrlimit(RLIMIT_FSIZE, &files);
    signal(SIGXFSZ, SIG_IGN); /* A disk that is full sends none. */
    const struct happening *each = happening(cell);
    if (is(cell->at, "connect") && getenv(FALSE_BUS)) setenv("DBUS_SESSION_BUS_ADDRESS", getenv(FALSE_BUS), 1);
    if (is(cell->at, "lock")) {
        lock_fault_begin();
        if (each) each->happens();
    } else if (each && !is_of_cognito(cell) && !is(cell->at, "browser")) {
        fault_point_set(&(fault_point){cell->at, cell->number, each->happens, each->answer, each->after});
    }
}

void fault_end(void)
{
    while (taken_count > 0) close(taken[--taken_count]);
    setrlimit(RLIMIT_NOFILE, &descriptors);
    setrlimit(RLIMIT_AS, &memory);
    setrlimit(RLIMIT_FSIZE, &files);
    allow_threads(-1);
    setenv("DBUS_SESSION_BUS_ADDRESS", getenv(TRUE_BUS), 1);
    setenv("XDG_RUNTIME_DIR", runtime, 1);
    CHECK(fault_points_have_come());
    fault_point_set(NULL);
}

static void find_keyring(void)
{
    FILE *stream = popen("\"$COGNITOAUTH_TEST_SUPPORT/keyring.sh\" pid", "r");
    char line[32] = "";
    bool is_found = stream && fgets(line, sizeof line, stream);
    if (stream) pclose(stream);
    if (is_found) setenv("GNOME_KEYRING_PID", text("%d", atoi(line)), 1);
}

bool fault_free_keyring(void)
{
    signal(SIGXFSZ, SIG_IGN); /* The keyring has it from us. */
    if (own_bus == 0) {
        if (!own_bus_start()) return false;
        find_keyring();
    }
    return true;
}

void fault_mend(const fault_cell *cell)
{
    struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    if (is_of_cognito(cell)) {
        server_release();
        server_reply(cell->step, "{'default':true}");
        return;
    }
    if (is(cell->at, "lock")) {
        lock_fault_mend();
        return;
    }
    end_false_bus();
    kill(own_bus, SIGCONT);
    wake_keyring();
    prlimit(atoi(getenv("GNOME_KEYRING_PID")), RLIMIT_FSIZE, &unlimited, NULL);
    bool is_ended = is(cell->fault, "absent") || is(cell->fault, "dies midway");
    if (is(cell->fault, "bus gone") || (is_ended && is(cell->at, "connect"))) {
        own_bus_stop();
        CHECK(own_bus_start());
    } else if (is_ended) {
        CHECK(keyring_run("restart-unlocked"));
    } else if (is(cell->fault, "locked in between")) {
        CHECK(keyring_run("unlock"));
    } else if (!is(cell->fault, "owner changes")) {
        return;
    }
    find_keyring();
}

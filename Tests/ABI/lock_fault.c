/* SPDX-License-Identifier: Apache-2.0 */

#include "lock_fault.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

/* The process that has the lock. */
#define HOLDER "COGNITOAUTH_TEST_LOCK_HOLDER"

static pid_t holder;

static bool is(const char *one, const char *other) { return strcmp(one, other) == 0; }

static const char *folder(void) { return text("%s/cognitoauth", getenv("XDG_RUNTIME_DIR")); }

/* Calls a function with the path of each of its files. */
static void each_file(void (*function)(const char *path))
{
    DIR *directory = opendir(folder());
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (entry->d_name[0] != '.') function(text("%s/%s", folder(), entry->d_name));
    }
    if (directory) closedir(directory);
}

static void hold(const char *path)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0 || flock(file, LOCK_EX) != 0) _exit(1);
}

static void delete (const char *path) { unlink(path); }

static void replace(const char *path)
{
    unlink(path);
    mkdir(path, 0700);
}

static void restore(const char *path)
{
    if (rmdir(path) == 0) close(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

/* Another process has the lock, and does something soon after the program begins. */
static void start_holder(const char *fault)
{
    sigset_t signals;
    int number, ready[2];
    char byte = 0;
    if (pipe(ready) != 0) abort();
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    holder = fork();
    if (holder == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigprocmask(SIG_BLOCK, &signals, NULL);
        each_file(hold);
        if (write(ready[1], &byte, 1) != 1) _exit(1);
        sigwait(&signals, &number);
        while (is(fault, "stalls")) pause();
        sleep_ms(300);
        if (is(fault, "owner changes")) each_file(delete);
        if (is(fault, "dies midway")) kill(getpid(), SIGKILL);
        _exit(0);
    }
    close(ready[1]);
    CHECK_INT(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    setenv(HOLDER, text("%d", holder), 1);
}

void lock_fault_prepare(const char *fault)
{
    if (is(fault, "refused")) chmod(folder(), 0755);
    if (is(fault, "garbage")) each_file(replace);
    if (is(fault, "stalls") || is(fault, "dies midway") || is(fault, "late") || is(fault, "owner changes"))
        start_holder(fault);
}

void lock_fault_surround(const char *fault)
{
    if (is(fault, "absent")) unsetenv("XDG_RUNTIME_DIR");
}

void lock_fault_begin(void)
{
    if (getenv(HOLDER)) kill(atoi(getenv(HOLDER)), SIGUSR1);
}

void lock_fault_mend(void)
{
    chmod(folder(), 0700);
    each_file(restore);
    unsetenv(HOLDER);
    if (holder == 0) return;
    kill(holder, SIGKILL);
    CHECK(wait_for(holder, 5000) >= 0);
    holder = 0;
}

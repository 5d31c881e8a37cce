/* SPDX-License-Identifier: Apache-2.0 */

#include "harness.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAXIMUM = 1000 };

static struct {
    const char *sentence;
    void (*function)(void);
} cases[MAXIMUM];
static int case_count;

static struct {
    const char *name;
    int (*function)(void);
} roles[MAXIMUM];
static int role_count;

static void (*before)(void);
static const char *about, *running = "";
static int failures;
static struct deferred {
    void (*function)(void *);
    void *pointer;
} *deferred;
static size_t deferred_count;
/* What a case lets others do, as a visitor, is on threads of theirs. */
static pthread_mutex_t deferring = PTHREAD_MUTEX_INITIALIZER;

/* Registering happens in constructors: a case that has no place must not be lost in silence. */
static void limit(int count)
{
    if (count < MAXIMUM) return;
    fputs("too many cases for the harness\n", stderr);
    abort();
}

void harness_add_case(const char *sentence, void (*function)(void))
{
    if (sentence == NULL) {
        before = function;
        return;
    }
    limit(case_count);
    cases[case_count].sentence = sentence;
    cases[case_count++].function = function;
}

void harness_add_role(const char *name, int (*function)(void))
{
    limit(role_count);
    roles[role_count].name = name;
    roles[role_count++].function = function;
}

static void fail(const char *file, int line, const char *format, ...)
{
    const char *name = strrchr(file, '/');
    failures++;
    printf("  %s:%d: ", name ? name + 1 : file, line);
    if (about) printf("(%.60s) ", about);
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

void harness_fail(const char *expression, const char *file, int line)
{
    fail(file, line, "%s does not hold", expression);
}

bool harness_check_int(int64_t actual, int64_t expected, const char *expression, const char *file, int line)
{
    if (actual == expected) return true;
    fail(file, line, "%s is %lld, not %lld", expression, (long long)actual, (long long)expected);
    return false;
}

bool harness_check_text(const char *actual, const char *expected, const char *expression, const char *file, int line)
{
    if (actual == expected || (actual && expected && strcmp(actual, expected) == 0)) return true;
    fail(file, line, "%s is \"%.600s\", not \"%.600s\"", expression, actual ? actual : "(NULL)",
         expected ? expected : "(NULL)");
    return false;
}

bool harness_check_part(const char *actual, const char *part, bool wanted, const char *expression, const char *file,
                        int line)
{
    /* Where there is no text, nothing was seen that a part could be missing from. */
    if (actual && (strstr(actual, part) != NULL) == wanted) return true;
    fail(file, line, "%s is \"%.200s\"; \"%.200s\" %s be in it", expression, actual ? actual : "(NULL)", part,
         wanted ? "should" : "must not");
    return false;
}

const char *harness_case(void) { return running; }

void during(const char *what) { about = what; }

void defer(void (*function)(void *), void *pointer)
{
    pthread_mutex_lock(&deferring);
    struct deferred *grown = realloc(deferred, (deferred_count + 1) * sizeof *deferred);
    if (!grown) abort();
    deferred = grown;
    deferred[deferred_count++] = (struct deferred){function, pointer};
    pthread_mutex_unlock(&deferring);
}

char *text(const char *format, ...)
{
    char *result = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&result, format, arguments) < 0) abort();
    va_end(arguments);
    defer(free, result);
    return result;
}

double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void sleep_ms(int milliseconds)
{
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

const char *own_program(void)
{
    char path[1024] = "";
    CHECK(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
    return text("%s", path);
}

pid_t start_role(const char *name)
{
    fflush(stdout);
    pid_t process = fork();
    if (process != 0) return process;
    execl("/proc/self/exe", "/proc/self/exe", "--role", name, (char *)NULL);
    _exit(127);
}

int wait_for(pid_t process, int timeout_ms)
{
    int status;
    for (double end = seconds() + timeout_ms / 1e3; seconds() < end; sleep_ms(5)) {
        if (waitpid(process, &status, WNOHANG) != process) continue;
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
    return -1;
}

int run_role(const char *name)
{
    pid_t role = start_role(name);
    int status = wait_for(role, 60000);
    /* It must not go on beside the next test. */
    if (status == -1 && kill(role, SIGKILL) == 0) waitpid(role, NULL, 0);
    return status;
}

static bool is_chosen(const char *sentence, int count, char **parts)
{
    for (int i = 0; i < count; i++) {
        if (strstr(sentence, parts[i])) return true;
    }
    return count == 0;
}

/* Takes the latest, unless there are no more than `kept`. */
static bool take_deferred(size_t kept, struct deferred *last)
{
    pthread_mutex_lock(&deferring);
    bool is_there = deferred_count > kept;
    if (is_there) *last = deferred[--deferred_count];
    pthread_mutex_unlock(&deferring);
    return is_there;
}

size_t scope_begin(void)
{
    pthread_mutex_lock(&deferring);
    size_t count = deferred_count;
    pthread_mutex_unlock(&deferring);
    return count;
}

void scope_end(size_t begun)
{
    for (struct deferred last; take_deferred(begun, &last);) last.function(last.pointer);
}

static void call_deferred(void) { scope_end(0); }

static bool passes(int number)
{
    failures = 0;
    double start = seconds();
    running = cases[number].sentence;
    set_scene();
    if (before) before();
    cases[number].function();
    during(NULL);
    call_deferred();

    printf("%s %s", failures ? "FAIL" : "ok  ", cases[number].sentence);
    if (seconds() - start >= 1) printf(" (%.1f s)", seconds() - start);
    putchar('\n');
    return failures == 0;
}

static int play(const char *name)
{
    for (int i = 0; i < role_count; i++) {
        if (strcmp(roles[i].name, name) != 0) continue;
        int status = roles[i].function();
        call_deferred();
        return status ? status : failures > 0;
    }
    return 127;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0); /* What a crash leaves must say in which case. */
    if (argc == 3 && strcmp(argv[1], "--role") == 0) return play(argv[2]);

    int passed = 0, failed = 0;
    for (int i = 0; i < case_count; i++) {
        if (!is_chosen(cases[i].sentence, argc - 1, argv + 1)) continue;
        if (passes(i))
            passed++;
        else
            failed++;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0 || passed == 0;
}

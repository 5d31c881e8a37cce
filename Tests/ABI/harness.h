/* SPDX-License-Identifier: Apache-2.0 */

/* A small test harness.
 *
 * A program is a file of cases. The name of a case is a sentence that says what holds. A check that fails prints
 * where and goes on; the case has failed then. The last line a program prints is "N passed, N failed", and its exit
 * status is 1 if a case failed. Arguments choose the cases whose name contains one of them.
 *
 * A role is what the program does when it is started with `--role NAME`: as a process that may be killed, or that
 * must not have done anything before. */

#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TEST(sentence) HARNESS_DEFINE(void, harness_add_case, sentence, __LINE__)

/* Returns the process's exit status; it is 1 where that would be 0 and a check failed. */
#define ROLE(name) HARNESS_DEFINE(int, harness_add_role, name, __LINE__)

/* What is done before each case, once the scene is set. */
#define BEFORE_EACH HARNESS_DEFINE(void, harness_add_case, NULL, __LINE__)

#define CHECK(condition) harness_check((condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(actual, expected) harness_check_int((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected) harness_check_text((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_HAS(actual, part) harness_check_part((actual), (part), true, #actual, __FILE__, __LINE__)
#define CHECK_LACKS(actual, part) harness_check_part((actual), (part), false, #actual, __FILE__, __LINE__)

/* Ends the case if the condition does not hold: what follows would make no sense. */
#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!CHECK(condition)) return;                                                                                 \
    } while (0)

/* The name of the case that is running; "" in a role. For cases that a table makes. */
const char *harness_case(void);

/* What each case begins with. There is one in scene.c; a program whose cases begin otherwise has its own. */
void set_scene(void);

/* Says in the failures that follow what they are about; NULL, and the end of the case, say nothing. */
void during(const char *what);

/* Formatted text that lives until the case is over. */
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Calls `function` with `pointer` when the case is over, the latest first. */
void defer(void (*function)(void *), void *pointer);

/* What is deferred from the one on is done by the other: for a case that goes on for long. */
size_t scope_begin(void);
void scope_end(size_t begun);

double seconds(void);
void sleep_ms(int milliseconds);

/* The path of this program. Where it is emulated, others see the emulator's in /proc. */
const char *own_program(void);

/* Starts this program again in a role and returns its process id. */
pid_t start_role(const char *name);

/* ... and waits for it, as wait_for() does for 60 s. Then it is killed: -1. */
int run_role(const char *name);

/* Waits for a process at most `timeout_ms`: its exit status, 128 + signal, or -1 if it is still there. */
int wait_for(pid_t process, int timeout_ms);

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))

void harness_fail(const char *expression, const char *file, int line);
/* Here, so that what reads code sees what holds after it. */
static inline bool harness_check(bool holds, const char *expression, const char *file, int line)
{
    if (!holds) harness_fail(expression, file, line);
    return holds;
}
bool harness_check_int(int64_t actual, int64_t expected, const char *expression, const char *file, int line);
bool harness_check_text(const char *actual, const char *expected, const char *expression, const char *file, int line);
bool harness_check_part(const char *actual, const char *part, bool wanted, const char *expression, const char *file,
                        int line);
void harness_add_case(const char *sentence, void (*function)(void));
void harness_add_role(const char *name, int (*function)(void));

#define HARNESS_DEFINE(type, add, name, line) HARNESS_DEFINE_AT(type, add, name, line)
#define HARNESS_DEFINE_AT(type, add, name, line)                                                                       \
    static type harness_body_##line(void);                                                                             \
    __attribute__((constructor)) static void harness_add_##line(void) { add(name, harness_body_##line); }              \
    static type harness_body_##line(void)

#endif

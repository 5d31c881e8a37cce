/* SPDX-License-Identifier: Apache-2.0 */

/* Records which statuses the library's functions really have, for recorded.py: what they return and what the errors of
 * a result say. To be loaded before the library:
 *
 *   cc -std=c11 -D_GNU_SOURCE -shared -fPIC -IInclude Tests/Documents/recorder.c -o recorder.so
 *   LD_PRELOAD=$PWD/recorder.so COGNITOAUTH_TEST_RECORD=FILE PROGRAM
 *
 * Each is appended to FILE once, as a line "FUNCTION return STATUS" or "FUNCTION FIELD STATUS". Nothing is allocated,
 * no lock is held, and errno is as the library left it. */

#include <cognitoauth/auth.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "recorded_functions.h"

#define NUMBER(name, parameters, arguments) number_of_##name,
#define NAME(name, parameters, arguments) #name,

enum { FUNCTIONS_WITH_A_STATUS(NUMBER) FUNCTIONS_WITH_A_RESULT(NUMBER) FUNCTIONS };
static const char *const names[] = {FUNCTIONS_WITH_A_STATUS(NAME) FUNCTIONS_WITH_A_RESULT(NAME)};

enum { RETURN, FAILURE, HOSTED_UI, GLOBAL_SIGN_OUT, REVOKE_TOKEN, INVALID_SESSION, FIELDS };
static const char *const fields[FIELDS] = {
    "return", "failure", "hosted_ui_error", "global_sign_out_error", "revoke_token_error", "invalid_session_error"};

/* The library's own functions. */
static void *next[FUNCTIONS];
static auth_status (*status_of)(const auth_error *);

enum { STATUSES = 512 };
static atomic_bool is_recorded[FUNCTIONS][FIELDS][STATUSES];
static int file = -1;

/* Everything is looked up and opened before the program begins: it may look at its own descriptors, or use them up. */
__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("COGNITOAUTH_TEST_RECORD");
    *(void **)&status_of = dlsym(RTLD_NEXT, "auth_error_status");
    if (!path || !status_of) return; /* Some other program. */
    for (int function = 0; function < FUNCTIONS; function++) next[function] = dlsym(RTLD_NEXT, names[function]);
    file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
}

static void record(int function, int field, auth_status status)
{
    char line[128];
    int saved = errno;

    if (status < 0 || status >= STATUSES) status = STATUSES - 1; /* None that exists. */
    if (!atomic_exchange(&is_recorded[function][field][status], true)) {
        int length = snprintf(line, sizeof line, "%s %s %d\n", names[function], fields[field], (int)status);
        if (file >= 0 && write(file, line, (size_t)length) != length) {
            /* A case lets no file grow: there will be a next time. */
            if (errno != EFBIG) abort();
            is_recorded[function][field][status] = false;
        }
    }
    errno = saved;
}

static void record_result(int function, const auth_sign_out_result *result)
{
    /* Where the size cannot be, the library has not written to it. */
    if (!result || result->struct_size < sizeof *result || result->struct_size > 4096) return;
    const auth_error *const errors[FIELDS] = {NULL,
                                              result->failure,
                                              result->hosted_ui_error,
                                              result->global_sign_out_error,
                                              result->revoke_token_error,
                                              result->invalid_session_error};
    for (int field = FAILURE; field < FIELDS; field++) {
        if (errors[field]) record(function, field, status_of(errors[field]));
    }
}

#define DEFINE_WITH_A_STATUS(name, parameters, arguments)                                                              \
    auth_status name parameters                                                                                        \
    {                                                                                                                  \
        auth_status(*function) parameters;                                                                             \
        *(void **)&function = next[number_of_##name];                                                                  \
        auth_status status = function arguments;                                                                       \
        record(number_of_##name, RETURN, status);                                                                      \
        if (error && *error) record(number_of_##name, RETURN, status_of(*error));                                      \
        return status;                                                                                                 \
    }

#define DEFINE_WITH_A_RESULT(name, parameters, arguments)                                                              \
    auth_sign_out_outcome name parameters                                                                              \
    {                                                                                                                  \
        auth_sign_out_outcome(*function) parameters;                                                                   \
        *(void **)&function = next[number_of_##name];                                                                  \
        auth_sign_out_outcome outcome = function arguments;                                                            \
        record_result(number_of_##name, result);                                                                       \
        return outcome;                                                                                                \
    }

FUNCTIONS_WITH_A_STATUS(DEFINE_WITH_A_STATUS)
FUNCTIONS_WITH_A_RESULT(DEFINE_WITH_A_RESULT)

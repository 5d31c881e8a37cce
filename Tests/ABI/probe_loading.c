/* SPDX-License-Identifier: Apache-2.0 */

/* Loads the library, uses it, and tells what that changes in a process that is not linked with it; for test_process.c.
 * Prints what has changed, and nothing if all is as it was.
 *
 *   probe_loading LIBRARY load        only loads it
 *   probe_loading LIBRARY use         saves a session and signs out at $COGNITOAUTH_TEST_URL
 *   probe_loading LIBRARY privileged  exits 0 if a client is refused, 1 if not, 2 if the process has no privileges */

#include <cognitoauth/auth.h>
#include <dlfcn.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

extern char **environ;

enum { LINES = 1000 };

/* What the process is known by, line by line: its signals, the mask of new files, the locale, folder, environment. */
static int describe(char **lines)
{
    int count = 0;
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        char name[16];
        unsigned long long value;
        if (sscanf(line, "%15[SigCgtInBlUmask]: %llx", name, &value) != 2) continue;
        if (name[0] == 'S') value &= ~(3ULL << 31); /* Signals 32 and 33 are the C library's, for threads. */
        snprintf(line, sizeof line, "%s %llx", name, value);
        lines[count++] = strdup(line);
    }
    if (status) fclose(status);
    lines[count++] = strdup(setlocale(LC_ALL, NULL));
    lines[count++] = strdup(getcwd(line, sizeof line) ? line : "nowhere");
    for (char **variable = environ; *variable && count < LINES; variable++) lines[count++] = strdup(*variable);
    return count;
}

/* Prints the lines that are not as they were. */
static void print_changes(char **before, int count_before)
{
    char *after[LINES];
    int count = describe(after);
    for (int i = 0; i < count || i < count_before; i++) {
        const char *was = i < count_before ? before[i] : "nothing", *is = i < count ? after[i] : "nothing";
        if (strcmp(was, is) != 0) printf("%s -> %s\n", was, is);
    }
}

/* ISO C has no conversion from a data pointer to a function's; POSIX promises that this works. */
#define FIND(function) *(void **)&function = dlsym(library, #function)

static int use(void *library, int is_privileged)
{
    __typeof__(&auth_client_new) auth_client_new;
    __typeof__(&auth_client_free) auth_client_free;
    __typeof__(&auth_session_save) auth_session_save;
    __typeof__(&auth_sign_out) auth_sign_out;
    FIND(auth_client_new);
    FIND(auth_client_free);
    FIND(auth_session_save);
    FIND(auth_sign_out);

    auth_client *client = NULL;
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    options.app_id = "org.example.Probe";
    options.user_pool_id = "eu-west-1_AbCdEfGhI";
    options.client_id = "probe";
    options.endpoint = getenv("COGNITOAUTH_TEST_URL");
    auth_status status = auth_client_new(&options, &client, NULL);
    if (is_privileged) return status != AUTH_STATUS_PRIVILEGED_PROCESS || client != NULL;
    if (status != AUTH_STATUS_SUCCESS) return 4;

    auth_session session = AUTH_SESSION_INIT;
    session.username = "ada";
    session.access_token = "access";
    session.refresh_token = "refresh";
    if (auth_session_save(client, &session, NULL, NULL) != AUTH_STATUS_SUCCESS) return 5;
    if (auth_sign_out(client, NULL, NULL) != AUTH_SIGN_OUT_COMPLETE) return 6;
    auth_client_free(client);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3) return 64;
    int is_privileged = strcmp(argv[2], "privileged") == 0;
    if (is_privileged && getauxval(AT_SECURE) == 0) return 2;
    signal(SIGPIPE, SIG_DFL); /* What a test may have inherited. */
    char *before[LINES];
    int count = describe(before);
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) return fprintf(stderr, "%s\n", dlerror()), 3;
    int status = strcmp(argv[2], "load") == 0 ? 0 : use(library, is_privileged);
    if (!is_privileged) print_changes(before, count);
    return status;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The main function of both programs that are compared.
 *
 *   PROGRAM once       signs out once, and ends: what a cold process does
 *   PROGRAM repeat     for each line on standard input signs out once, and prints the nanoseconds that it took
 *   PROGRAM save       stores a session; access, ID and refresh token come on standard input, one line each
 *
 * BENCHMARK_ENDPOINT in the environment is the server to ask. Exit status: 0, or 1 if anything did not work. */

#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAXIMUM_TOKEN = 8192 };

static long long nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static bool repeat(void)
{
    for (int byte; (byte = getchar()) != EOF;) {
        if (byte != '\n') continue;
        long long start = nanoseconds();
        if (!program_sign_out()) return false;
        printf("%lld\n", nanoseconds() - start);
        fflush(stdout);
    }
    return true;
}

static const char *line(char *buffer)
{
    if (!fgets(buffer, MAXIMUM_TOKEN, stdin)) return NULL;
    buffer[strcspn(buffer, "\n")] = '\0';
    return buffer;
}

static bool save(void)
{
    static char access[MAXIMUM_TOKEN], id[MAXIMUM_TOKEN], refresh[MAXIMUM_TOKEN];
    struct tokens tokens = {.access = line(access), .id = line(id), .refresh = line(refresh)};
    return tokens.refresh && program_save(&tokens);
}

int main(int argc, char **argv)
{
    const char *task = argc == 2 ? argv[1] : "", *endpoint = getenv("BENCHMARK_ENDPOINT");
    bool works = endpoint && program_start(endpoint);
    if (!strcmp(task, "once"))
        works = works && program_sign_out();
    else if (!strcmp(task, "repeat"))
        works = works && repeat();
    else if (!strcmp(task, "save"))
        works = works && save();
    else
        works = false;
    program_end();
    return works ? 0 : 1;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* How long it takes from a change by a foreign program until a program that watches has the event: row W1 promises 200 ms.
 * It prints, and asserts nothing of time. run.sh runs it where it is asked for: `run.sh watch_latency`. */

#include <stdio.h>
#include <stdlib.h>

#include "scene.h"
#include "watcher.h"

enum { ROUNDS = 200 };

static int compare(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

static void print(const char *what, double *times)
{
    qsort(times, ROUNDS, sizeof *times, compare);
    printf("  %s: min %.0f, median %.0f, 95 %% %.0f, max %.0f ms in %d rounds\n", what, 1000 * times[0],
           1000 * times[ROUNDS / 2], 1000 * times[ROUNDS * 95 / 100], 1000 * times[ROUNDS - 1], ROUNDS);
}

TEST("a deletion and a new session are heard of")
{
    static double deletions[ROUNDS], additions[ROUNDS];
    watcher *watcher = watcher_start(NULL);
    for (int i = 0; i < ROUNDS; i++) {
        double start = seconds();
        keyring_add("session", text("{\"version\":1,\"number\":%d}", i));
        additions[i] = watcher_await(watcher) - start;
        sleep_ms(rand() % 100);
        start = seconds();
        keyring_delete("session");
        deletions[i] = watcher_await(watcher) - start;
        sleep_ms(rand() % 100);
    }
    print("signed out", deletions);
    print("changed", additions);
}

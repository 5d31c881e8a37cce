/* SPDX-License-Identifier: Apache-2.0 */

/* What a watch costs while much happens, and while nothing does: row W5. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "scene.h"
#include "watcher.h"

enum { CHANGES = 10000 };

ROLE("change it")
{
    keyring_add_often("session", CHANGES);
    return 0;
}

/* In bytes. */
static long memory(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = -1;
    if (file && fscanf(file, "%*s %ld", &pages) != 1) pages = -1;
    if (file) fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

/* How many match rules the bus has, of all its connections. */
static int match_rules(void)
{
    FILE *stream = popen("gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus "
                         "--method org.freedesktop.DBus.Debug.Stats.GetAllMatchRules | grep -o 'type=' | wc -l",
                         "r");
    int count = -1;
    if (stream && fscanf(stream, "%d", &count) != 1) count = -1;
    if (stream) pclose(stream);
    return count;
}

TEST("row W5: ten thousand changes are looked at twenty times a second at most; memory and match rules stay")
{
    watcher *watcher = watcher_start(NULL);
    keyring_add_often("session", 200);
    watcher_hears_after_look(watcher);
    int looks = watcher_looks(watcher), rules = match_rules();
    long before = memory();
    double start = seconds();
    pid_t process = start_role("change it");
    CHECK_INT(wait_for(process, 250000), 0); /* Nobody dispatches. */
    double duration = seconds() - start;
    long growth = memory() - before;
    sleep_ms(500); /* Then it has looked at the last of them. */
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    looks = watcher_looks(watcher) - looks;
    printf("  %d changes in %.1f s: %d looks, %ld KiB more, %d match rules\n", CHANGES, duration, looks, growth / 1024,
           rules);
    CHECK(looks > 0 && looks <= 20 * (duration + 1));
    CHECK(growth < 1 << 20);
    CHECK(rules > 0);
    CHECK_INT(match_rules(), rules);
    keyring_delete("session");
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
    auth_operation_cancel(watcher_operation(watcher));
    CHECK_ANSWER(watcher_end(watcher), AUTH_STATUS_CANCELLED);
}

/* A sanitizer has a thread of its own, which is never idle. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_BUSY_THREAD
#endif
#endif

#ifndef HAS_BUSY_THREAD
/* How often the threads of this process other than the first have run. */
static long switches(void)
{
    DIR *tasks = opendir("/proc/self/task");
    long total = 0;
    for (struct dirent *entry; tasks && (entry = readdir(tasks));) {
        char line[128];
        long count;
        if (entry->d_name[0] == '.' || atoi(entry->d_name) == getpid()) continue;
        FILE *status = fopen(text("/proc/self/task/%s/status", entry->d_name), "r");
        while (status && fgets(line, sizeof line, status)) {
            if (sscanf(line, "voluntary_ctxt_switches: %ld", &count) == 1) total += count;
        }
        if (status) fclose(status);
    }
    if (tasks) closedir(tasks);
    return total;
}

TEST("row W5: while nothing happens, no thread of a watch runs")
{
    watcher *watcher = watcher_start_signed_in();
    watcher_hears(watcher, 0);
    sleep_ms(500);
    long before = switches();
    sleep_ms(3000);
    CHECK_INT(switches() - before, 0);
    CHECK(before > 0);
    keyring_delete("session");
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
}
#endif

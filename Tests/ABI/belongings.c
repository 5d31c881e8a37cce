/* SPDX-License-Identifier: Apache-2.0 */

#include "belongings.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

enum { MOST = 256 };

typedef struct {
    const char *names[MOST];
    int count;
} list;

static void add(list *list, const char *name)
{
    if (list->count < MOST) list->names[list->count++] = name;
}

static int compare(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* As in "2 socket, 1 eventfd". */
static const char *told(list *list)
{
    const char *result = "";
    qsort(list->names, (size_t)list->count, sizeof *list->names, compare);
    for (int i = 0, next; i < list->count; i = next) {
        for (next = i + 1; next < list->count && strcmp(list->names[i], list->names[next]) == 0;) next++;
        result = text("%s%s%d %s", result, *result ? ", " : "", next - i, list->names[i]);
    }
    return result;
}

/* Calls `found` with the name of each entry of a folder, as it is in a list; NULL leaves it out. */
static list entries(const char *folder, const char *(*found)(const char *folder, const char *name))
{
    list result = {.count = 0};
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        const char *name = entry->d_name[0] == '.' ? NULL : found(folder, entry->d_name);
        if (name) add(&result, name);
    }
    if (directory) closedir(directory);
    return result;
}

/* What a descriptor is, without numbers; the one that reads the folder is left out. */
static const char *descriptor(const char *folder, const char *name)
{
    char target[512];
    ssize_t length = readlink(text("%s/%s", folder, name), target, sizeof target - 1);
    if (length < 0) return NULL;
    target[length] = '\0';
    if (strstr(target, "/fd")) return NULL;
    char *kind = text("%s", target), *end = kind;
    for (char *each = kind; *each; each++) {
        if (!isdigit((unsigned char)*each)) *end++ = *each;
    }
    *end = '\0';
    return kind;
}

/* A thread's name. GLib keeps those of its pool for others to use. */
static const char *thread(const char *folder, const char *name)
{
    FILE *file = fopen(text("%s/%s/comm", folder, name), "r");
    char comm[64] = "";
    if (!file) return NULL;
    bool is_read = fgets(comm, sizeof comm, file) != NULL;
    fclose(file);
    if (!is_read || strncmp(comm, "pool", 4) == 0) return NULL;
    return text("%.*s", (int)strcspn(comm, "\n"), comm);
}

static const char *file(const char *folder, const char *name)
{
    (void)folder;
    return text("%s", name);
}

/* Files of locks are never deleted. */
static const char *no_lock(const char *folder, const char *name)
{
    (void)folder;
    return strncmp(name, "lock-", 5) == 0 || strncmp(name, "gate-", 5) == 0 ? NULL : text("%s", name);
}

static int children(void)
{
    int count = 0, process;
    list threads = entries("/proc/self/task", file);
    for (int i = 0; i < threads.count; i++) {
        FILE *stream = fopen(text("/proc/self/task/%s/children", threads.names[i]), "r");
        while (stream && fscanf(stream, "%d", &process) == 1) count++;
        if (stream) fclose(stream);
    }
    return count;
}

static int locks(void)
{
    int count = 0, process;
    char line[256];
    FILE *stream = fopen("/proc/locks", "r");
    while (stream && fgets(line, sizeof line, stream)) {
        count += sscanf(line, "%*s %*s %*s %*s %d", &process) == 1 && process == getpid();
    }
    if (stream) fclose(stream);
    return count;
}

const char *belongings(void)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    list descriptors = entries("/proc/self/fd", descriptor), threads = entries("/proc/self/task", thread);
    list files = entries(runtime, file), own = entries(text("%s/cognitoauth", runtime), no_lock);
    return text("descriptors: %s; threads: %s; children: %d; locks: %d; files: %s %s", told(&descriptors),
                told(&threads), children(), locks(), told(&files), told(&own));
}

const char *belongings_await(const char *expected)
{
    const char *now = belongings();
    for (double end = seconds() + 5; strcmp(now, expected) != 0 && seconds() < end; now = belongings()) sleep_ms(20);
    return now;
}

/* SPDX-License-Identifier: Apache-2.0 */

#include "measures.h"

#include <dirent.h>
#include <gio/gio.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int entries(const char *folder)
{
    int count = 0;
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));) count += entry->d_name[0] != '.';
    if (directory) closedir(directory);
    return count;
}

static double resident(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* The sockets of this process that listen, for IPv4 and IPv6. */
static int listening(const char *table)
{
    char line[512], target[64], path[64];
    unsigned state;
    unsigned long inode;
    int count = 0;
    FILE *file = fopen(table, "r");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, " %*s %*s %*s %x %*s %*s %*s %*s %*s %lu", &state, &inode) != 2 || state != 0x0A) continue;
        for (int descriptor = 0; descriptor < 256; descriptor++) {
            char wanted[64];
            snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
            ssize_t length = readlink(path, target, sizeof target - 1);
            snprintf(wanted, sizeof wanted, "socket:[%lu]", inode);
            if (length > 0 && (size_t)length == strlen(wanted) && memcmp(target, wanted, (size_t)length) == 0) count++;
        }
    }
    if (file) fclose(file);
    return count;
}

/* Asks the bus over a connection that is closed again; NULL where it does not say. */
static GVariant *ask(GDBusConnection *bus, const char *interface, const char *method)
{
    return g_dbus_connection_call_sync(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", interface, method, NULL,
                                       NULL, G_DBUS_CALL_FLAGS_NONE, 5000, NULL, NULL);
}

static int match_rules(GDBusConnection *bus)
{
    GVariant *answer = ask(bus, "org.freedesktop.DBus.Debug.Stats", "GetAllMatchRules"), *rules;
    GVariantIter *owners;
    int count = 0;
    if (!answer) return -1;
    g_variant_get(answer, "(a{sas})", &owners);
    while (g_variant_iter_next(owners, "{s@as}", NULL, &rules)) {
        count += (int)g_variant_n_children(rules);
        g_variant_unref(rules);
    }
    g_variant_iter_free(owners);
    g_variant_unref(answer);
    return count;
}

static int connections(GDBusConnection *bus)
{
    GVariant *answer = ask(bus, "org.freedesktop.DBus", "ListNames");
    GVariantIter *names;
    const char *name;
    int count = 0;
    if (!answer) return -1;
    g_variant_get(answer, "(as)", &names);
    while (g_variant_iter_next(names, "&s", &name)) count += name[0] == ':';
    g_variant_iter_free(names);
    g_variant_unref(answer);
    return count;
}

measures measure(void)
{
    static GDBusConnection *bus;
    if (!bus) {
        bus = g_dbus_connection_new_for_address_sync(getenv("DBUS_SESSION_BUS_ADDRESS"),
                                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                         G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                     NULL, NULL, NULL);
        if (!bus) abort();
    }
    struct mallinfo2 heap = mallinfo2();
    return (measures){.heap = (double)(heap.uordblks + heap.hblkhd),
                      .resident = resident(),
                      .descriptors = entries("/proc/self/fd"),
                      .threads = entries("/proc/self/task"),
                      .ports = listening("/proc/self/net/tcp") + listening("/proc/self/net/tcp6"),
                      .match_rules = match_rules(bus),
                      .connections = connections(bus)};
}

double slope(const double *times, const double *values, int count)
{
    double time = 0, value = 0, above = 0, below = 0;
    for (int i = 0; i < count; i++) {
        time += times[i] / count;
        value += values[i] / count;
    }
    for (int i = 0; i < count; i++) {
        above += (times[i] - time) * (values[i] - value);
        below += (times[i] - time) * (times[i] - time);
    }
    return below > 0 ? above / below : 0;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* How a configuration file is opened and read: once, whole, and no further than 1 MiB. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "configuration_file.h"
#include "watched_file.h"

static const char is_too_large[] = "The configuration file is larger than 1 MiB.";

TEST("a file is opened so that no other program inherits it, no pipe is waited for and no terminal is taken over")
{
    watch(put_json(GEN_2_LEAST));
    client_from(watched.path);
    CHECK_INT(watched.opened, 1);
    CHECK_INT(watched.flags & O_ACCMODE, O_RDONLY);
    CHECK(watched.flags & O_CLOEXEC);
    CHECK(watched.flags & O_NONBLOCK);
    CHECK(watched.flags & O_NOCTTY);
    CHECK(!(watched.flags & (O_CREAT | O_TRUNC | O_NOFOLLOW)));
}

/* JSON with spaces behind it, `size` bytes in all. */
static const char *put_padded(const char *json, size_t size)
{
    char *bytes = text("%*s", (int)size, "");
    memcpy(bytes, json_text(json), strlen(json));
    return put_bytes("padded.json", bytes, size);
}

TEST("a file of 1 MiB is taken, and a larger one is refused")
{
    client_from(put_padded(GEN_2_LEAST, LARGEST - 1));
    client_from(put_padded(GEN_2_LEAST, LARGEST));
    refuse_unreadable(put_padded(GEN_2_LEAST, LARGEST + 1), is_too_large);
    refuse_unreadable(put_padded(GEN_2_LEAST, (size_t)3 * LARGEST), is_too_large);
    const char *path = put_json(GEN_2_LEAST);
    CHECK_INT(truncate(path, 1LL << 40), 0); /* A file with a hole. */
    watch(path);
    refuse_unreadable(path, is_too_large);
    CHECK_INT(watched.reads, 0);
}

TEST("a file that tells no size is read to its end, and no further than 1 MiB")
{
    refuse("/proc/self/status", AUTH_STATUS_INVALID_CONFIGURATION, "The configuration file is not JSON: see line 1.");
    refuse("/proc/self/mem", AUTH_STATUS_CONFIGURATION_UNREADABLE,
           text("The configuration file cannot be read: error %d.", EIO));
    if (access("/proc/self/pagemap", R_OK) == 0) /* Far more than 1 MiB. */
        refuse("/proc/self/pagemap", AUTH_STATUS_CONFIGURATION_UNREADABLE, is_too_large);
    else
        puts("  not tried with a large one: this system has no /proc/self/pagemap");

    int memory = memfd_create("configuration", MFD_CLOEXEC);
    const char *json = json_text(GEN_2_LEAST);
    CHECK_INT(write(memory, json, strlen(json)), strlen(json));
    client_from(text("/proc/self/fd/%d", memory));
    close(memory);
}

/* Puts the rest of a file where it belongs, as soon as its size was looked at. */
static const char *rest;
static int grow(int number)
{
    if (number > 1) return 0;
    FILE *file = fopen(watched.path, "a");
    CHECK(file && fputs(rest, file) >= 0);
    if (file) fclose(file);
    return 0;
}

TEST("a file that grows while it is read is read to its end, and no further than 1 MiB")
{
    const char *json = json_text(GEN_2_LEAST);
    watch(put_bytes("growing.json", json, 20));
    watched.at_read = grow;
    rest = json + 20;
    client_from(watched.path);
    CHECK(watched.reads > 1);

    auth_client *client = NULL;
    auth_client_options options = only_app_id();
    watch(put("growing.json", json));
    watched.at_read = grow;
    rest = text("%*s", LARGEST, "");
    CHECK_ANSWER(auth_client_new_from_file(watched.path, &options, &client, NULL),
                 AUTH_STATUS_CONFIGURATION_UNREADABLE);
    CHECK(client == NULL);
}

static int interrupt(int number) { return number % 2 ? EINTR : 0; }
static int fail_always(int number) { return number > 0 ? EIO : 0; }
static int fail_second(int number) { return number % 2 ? 0 : EIO; }

TEST("a read that a signal interrupts is repeated, and one that fails later than the first is not taken for the end")
{
    watch(put_padded(GEN_2_LEAST, LARGEST / 2));
    watched.at_read = interrupt;
    client_from(watched.path);
    CHECK(watched.reads > 4);

    const char *message = text("The configuration file cannot be read: error %d.", EIO);
    watch(put_json(GEN_2_LEAST));
    watched.at_read = fail_always;
    refuse_unreadable(watched.path, message);
    CHECK_INT(watched.reads, 2);
    watch(put_padded(GEN_2_LEAST, LARGEST / 2));
    watched.at_read = fail_second;
    refuse_unreadable(watched.path, message);
    CHECK_INT(watched.reads, 4);
}

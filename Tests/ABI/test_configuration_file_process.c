/* SPDX-License-Identifier: Apache-2.0 */

/* Configuration files and the process: its privileges, its descriptors and its locale. */

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "configuration_file.h"
#include "watched_file.h"

TEST("in a process with raised privileges no client is made, and the file is not opened")
{
    watch(put_json(GEN_2_LEAST));
    watched.is_privileged = true;
    refuse(watched.path, AUTH_STATUS_PRIVILEGED_PROCESS, "The process runs with raised privileges.");
    refuse(in_folder("missing.json"), AUTH_STATUS_PRIVILEGED_PROCESS, "The process runs with raised privileges.");
    CHECK_INT(watched.opened, 0);
    watched.is_privileged = false;
    client_from(watched.path);
    CHECK_INT(watched.opened, 1);
}

TEST("where there is no further descriptor, the answer is OUT_OF_RESOURCES, and a client can be made later")
{
    const char *path = put_json(GEN_2_LEAST);
    auth_client_options options = only_app_id();
    struct rlimit limit, none;
    getrlimit(RLIMIT_NOFILE, &limit);
    int lowest = dup(0);
    close(lowest);
    none = (struct rlimit){(rlim_t)lowest, limit.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    auth_client *client = (auth_client *)&none;
    auth_error *error = NULL;
    auth_status status = auth_client_new_from_file(path, &options, &client, &error);
    setrlimit(RLIMIT_NOFILE, &limit);
    CHECK_ANSWER(status, AUTH_STATUS_OUT_OF_RESOURCES);
    CHECK_STATUS(error, AUTH_STATUS_OUT_OF_RESOURCES);
    CHECK(client == NULL);
    auth_error_free(error);
    client_from(path);

    /* ... also where it is the system that has none. */
    watch(path);
    watched.open_error = ENFILE;
    refuse(path, AUTH_STATUS_OUT_OF_RESOURCES, "The process can have no further thread or file descriptor.");
}

TEST("making clients of files and freeing them leaves no descriptor open")
{
    const char *good = put_gen_1(), *bad = put("bad.json", "{");
    int descriptors = descriptor_count();
    for (int i = 0; i < 200; i++) {
        auth_client *client = NULL;
        auth_client_options options = only_app_id();
        CHECK_ANSWER(auth_client_new_from_file(good, &options, &client, NULL), AUTH_STATUS_SUCCESS);
        auth_client_free(client);
        CHECK_ANSWER(auth_client_new_from_file(bad, &options, &client, NULL), AUTH_STATUS_INVALID_CONFIGURATION);
    }
    CHECK(descriptor_count() <= descriptors);
}

static void restore_locale(void *none)
{
    (void)none;
    setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
}

TEST("the locale stays what it is, and one with decimal commas changes nothing")
{
    const char *command = text("localedef --no-archive -i de_DE -f UTF-8 '%s/de_DE.UTF-8' 2>&1", folder());
    FILE *stream = popen(command, "r");
    char output[256];
    while (stream && fgets(output, sizeof output, stream)) continue;
    defer(restore_locale, NULL);
    setenv("LOCPATH", folder(), 1);
    if (!stream || pclose(stream) != 0 || !setlocale(LC_ALL, "de_DE.UTF-8")) {
        puts("  not tried with decimal commas: this system has no German locale");
        setlocale(LC_ALL, "C.UTF-8");
    } else {
        CHECK_TEXT(localeconv()->decimal_point, ",");
    }
    const char *locale = text("%s", setlocale(LC_ALL, NULL));
    CHECK(strcmp(locale, "C") != 0);
    client_from(sample_path("amplify_outputs-1.4.json"));
    CHECK_TEXT(setlocale(LC_ALL, NULL), locale);
    refuse(put_json("{'custom':0,25}"), AUTH_STATUS_INVALID_CONFIGURATION,
           "The configuration file is not JSON: see line 1.");
    refuse(in_folder("missing.json"), AUTH_STATUS_CONFIGURATION_UNREADABLE, NOTHING_THERE);
    CHECK_TEXT(setlocale(LC_ALL, NULL), locale);
}

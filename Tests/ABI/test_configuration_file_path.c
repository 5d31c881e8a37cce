/* SPDX-License-Identifier: Apache-2.0 */

/* All that may stand at the path of a configuration file in place of one. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "configuration_file.h"
#include "watched_file.h"

static const char is_folder[] = "The path of the configuration file leads to a folder.";
static const char is_special[] = "The path of the configuration file leads to a pipe, a socket or a device.";
static const char is_forbidden[] = "This user may not read the configuration file.";

TEST("where there is no file, the path says so: a name that is missing, no name, a link that leads nowhere")
{
    CHECK_INT(symlink("nowhere", in_folder("dangling")), 0);
    refuse_unreadable("", NOTHING_THERE);
    refuse_unreadable(in_folder("missing.json"), NOTHING_THERE);
    refuse_unreadable(in_folder("missing/file.json"), NOTHING_THERE);
    refuse_unreadable(in_folder("dangling"), NOTHING_THERE);
    refuse_unreadable(text("%s/file.json", put_json(GEN_2_LEAST)), NOTHING_THERE);
    refuse_unreadable(text("%s/", put_json(GEN_2_LEAST)), NOTHING_THERE);
}

TEST("a path that leads in a circle, or is longer than paths can be, is refused")
{
    CHECK_INT(symlink("circle", in_folder("circle")), 0);
    refuse_unreadable(in_folder("circle"), text("The configuration file cannot be read: error %d.", ELOOP));
    refuse_unreadable(in_folder(text("%0300d", 0)),
                      text("The configuration file cannot be read: error %d.", ENAMETOOLONG));
    refuse_unreadable(text("%05000d", 0), text("The configuration file cannot be read: error %d.", ENAMETOOLONG));
}

TEST("a folder is refused")
{
    CHECK_INT(symlink(".", in_folder("link")), 0);
    refuse_unreadable("/", is_folder);
    refuse_unreadable(".", is_folder);
    refuse_unreadable(folder(), is_folder);
    refuse_unreadable(in_folder("link"), is_folder);
}

TEST("a pipe is refused at once and not opened, whether or not somebody writes to it")
{
    const char *path = in_folder("pipe");
    CHECK_INT(mkfifo(path, 0600), 0);
    watch(path);
    refuse_unreadable(path, is_special);
    CHECK_INT(watched.opened, 0);

    int end = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    const char *json = json_text(GEN_2_LEAST);
    CHECK_INT(write(end, json, strlen(json)), strlen(json));
    refuse_unreadable(path, is_special);
    char left[256];
    CHECK_INT(read(end, left, sizeof left), strlen(json));
    close(end);

    int ends[2];
    CHECK_INT(pipe2(ends, O_CLOEXEC), 0);
    refuse_unreadable(text("/proc/self/fd/%d", ends[0]), is_special);
    close(ends[0]);
    close(ends[1]);
}

TEST("a socket is refused")
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder());
    CHECK_INT(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    refuse_unreadable(address.sun_path, is_special);
    close(listener);
}

TEST("a device is refused and not opened")
{
    static const char *const devices[] = {"/dev/zero", "/dev/null", "/dev/urandom"};
    for (int i = 0; i < 3; i++) {
        watch(devices[i]);
        refuse_unreadable(devices[i], is_special);
        CHECK_INT(watched.opened, 0);
        CHECK_INT(watched.reads, 0);
    }
    CHECK_INT(symlink("/dev/zero", in_folder("zero")), 0);
    refuse_unreadable(in_folder("zero"), is_special);
}

static const char *given_path(void) { return getenv("COGNITOAUTH_TEST_FILE"); }

/* As a user who is not root, who may read everything. */
ROLE("read as somebody else")
{
    if (geteuid() == 0) CHECK_INT(seteuid(65534), 0);
    refuse(given_path(), AUTH_STATUS_CONFIGURATION_UNREADABLE, is_forbidden);
    return 0;
}

TEST("a file that this user may not read, or whose folder is closed, is refused")
{
    const char *path = put_json(GEN_2_LEAST);
    CHECK_INT(chmod(folder(), 0755), 0);
    CHECK_INT(chmod(path, 0200), 0);
    setenv("COGNITOAUTH_TEST_FILE", path, 1);
    CHECK_INT(run_role("read as somebody else"), 0);
    CHECK_INT(chmod(path, 0644), 0);
    CHECK_INT(chmod(folder(), 0600), 0);
    CHECK_INT(run_role("read as somebody else"), 0);
    CHECK_INT(chmod(folder(), 0700), 0);
}

TEST("a file that the system lets nobody open, or look at, is refused")
{
    static const int errors[] = {EACCES, EPERM};
    for (int i = 0; i < 2; i++) {
        watch(put_json(GEN_2_LEAST));
        watched.open_error = errors[i];
        refuse_unreadable(watched.path, is_forbidden);
    }
    watch(put_json(GEN_2_LEAST));
    watched.status_error = EIO;
    refuse_unreadable(watched.path, text("The configuration file cannot be read: error %d.", EIO));
    CHECK_INT(watched.reads, 0);
}

TEST("links are followed, paths may be relative, and a name is any text")
{
    const char *path = put("Grüße & \"mehr\" 🦊.json", json_text(GEN_2_LEAST));
    CHECK_INT(symlink(path, in_folder("first")), 0);
    CHECK_INT(symlink("first", in_folder("second")), 0);
    client_from(path);
    client_from(in_folder("second"));
    char *before = getcwd(NULL, 0);
    CHECK_INT(chdir(folder()), 0);
    client_from("second");
    client_from("./Grüße & \"mehr\" 🦊.json");
    CHECK_INT(chdir(before), 0);
    free(before);
}

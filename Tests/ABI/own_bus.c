/* SPDX-License-Identifier: Apache-2.0 */

#include "own_bus.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"
#include "provider.h"

static const char configuration[] =
    "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context='default'>"
    "<allow send_destination='*'/><allow receive_sender='*'/><allow own='*'/></policy></busconfig>";

pid_t own_bus;

static const char *path(void) { return text("%s/second-bus", getenv("XDG_RUNTIME_DIR")); }

bool own_bus_start(void)
{
    const char *file = text("%s/second-bus.conf", getenv("HOME")), *address = text("unix:path=%s", path());
    FILE *stream = fopen(file, "w");
    if (!stream || fputs(configuration, stream) < 0 || fclose(stream) != 0) return false;
    setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
    fflush(stdout);
    own_bus = fork();
    if (own_bus == 0) {
        /* It complains where it may not have more descriptors. */
        execl("/bin/sh", "/bin/sh", "-c", "exec dbus-daemon --nofork --config-file=\"$0\" --address=\"$1\" 2>/dev/null",
              file, address, (char *)NULL);
        _exit(127);
    }
    for (double end = seconds() + 5; access(path(), F_OK) != 0 && seconds() < end;) sleep_ms(10);
    return provider_run("restart-unlocked");
}

void own_bus_stop(void)
{
    kill(own_bus, SIGTERM);
    int status = wait_for(own_bus, 5000);
    CHECK(status == 0 || status == 128 + SIGKILL);
    unlink(path());
}

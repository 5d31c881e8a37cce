/* SPDX-License-Identifier: Apache-2.0 */

#include "refuser.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

struct refuser {
    pid_t process;
    int asked;
    const char *url;
};

static void refuse(int listener, int asked)
{
    static const char refusal[] = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    char bytes[4096];
    alarm(30);
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        ssize_t count = read(connection, bytes, sizeof bytes);
        if (count < 0 || write(asked, bytes, (size_t)count) < 0) _exit(1);
        if (write(connection, refusal, sizeof refusal - 1) < 0) _exit(1);
        close(connection);
    }
}

static void end(void *pointer)
{
    refuser *refuser = pointer;
    if (refuser->process > 0) {
        kill(refuser->process, SIGKILL);
        wait_for(refuser->process, 1000);
        close(refuser->asked);
    }
    free(refuser);
}

refuser *start_refuser(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), ends[2];
    refuser *refuser = calloc(1, sizeof *refuser);
    if (!refuser || bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 8) != 0 ||
        pipe(ends) != 0)
        abort();
    getsockname(listener, (struct sockaddr *)&address, &length);
    refuser->url = text("http://127.0.0.1:%d", ntohs(address.sin_port));
    refuser->asked = ends[0];
    refuser->process = fork();
    if (refuser->process == 0) refuse(listener, ends[1]);
    close(listener);
    close(ends[1]);
    defer(end, refuser);
    return refuser;
}

const char *refuser_url(const refuser *refuser) { return refuser->url; }

const char *finish_refuser(refuser *refuser)
{
    char bytes[4096];
    kill(refuser->process, SIGKILL);
    wait_for(refuser->process, 1000);
    ssize_t count = read(refuser->asked, bytes, sizeof bytes);
    close(refuser->asked);
    refuser->process = 0;
    return text("%.*s", count > 0 ? (int)count : 0, bytes);
}

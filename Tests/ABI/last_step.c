/* SPDX-License-Identifier: Apache-2.0 */

#include "last_step.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

#define LAST_STEP "TEST_LAST_STEP"

static void step(void)
{
    static atomic_int steps;
    const char *last = getenv(LAST_STEP);
    if (last && ++steps == atoi(last)) kill(getpid(), SIGKILL);
}

static bool is_file(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

int rename(const char *from, const char *to)
{
    step();
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int link(const char *from, const char *to)
{
    step();
    return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
    step();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int fsync(int descriptor)
{
    step();
    return (int)syscall(SYS_fsync, descriptor);
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    if (is_file(descriptor)) step();
    return syscall(SYS_write, descriptor, bytes, size);
}

ssize_t send(int descriptor, const void *bytes, size_t size, int flags)
{
    step();
    ssize_t sent = syscall(SYS_sendto, descriptor, bytes, size, flags, NULL, 0);
    step();
    return sent;
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    step();
    ssize_t sent = syscall(SYS_sendmsg, descriptor, message, flags);
    step();
    return sent;
}

pid_t start_role_until(const char *name, int step)
{
    setenv(LAST_STEP, text("%d", step), 1);
    pid_t process = start_role(name);
    unsetenv(LAST_STEP);
    return process;
}

int run_role_until(const char *name, int step) { return wait_for(start_role_until(name, step), 20000); }

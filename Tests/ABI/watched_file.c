/* SPDX-License-Identifier: Apache-2.0 */

#include "watched_file.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

struct watched_file watched;

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (__OPEN_NEEDS_MODE(flags)) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    if (!watched.path || strcmp(path, watched.path) != 0) return openat(AT_FDCWD, path, flags, mode);
    watched.opened++;
    watched.flags = flags;
    if (watched.open_error) {
        errno = watched.open_error;
        return -1;
    }
    return watched.descriptor = openat(AT_FDCWD, path, flags, mode);
}

int fstat(int descriptor, struct stat *status)
{
    if (watched.status_error && descriptor == watched.descriptor) {
        errno = watched.status_error;
        return -1;
    }
    return fstatat(descriptor, "", status, AT_EMPTY_PATH);
}

ssize_t read(int descriptor, void *buffer, size_t size)
{
    if (watched.path && descriptor == watched.descriptor) {
        watched.reads++;
        int error = watched.at_read ? watched.at_read(watched.reads) : 0;
        if (error) {
            errno = error;
            return -1;
        }
    }
    return syscall(SYS_read, descriptor, buffer, size);
}

unsigned long getauxval(unsigned long type)
{
    static __typeof__(getauxval) *original;
    if (watched.is_privileged && type == AT_SECURE) return 1;
    if (!original) *(void **)&original = dlsym(RTLD_NEXT, "getauxval");
    return original(type);
}

static void end_watch(void *unused)
{
    (void)unused;
    memset(&watched, 0, sizeof watched);
}

void watch(const char *path)
{
    end_watch(NULL);
    watched.path = path;
    watched.descriptor = -1;
    defer(end_watch, NULL);
}

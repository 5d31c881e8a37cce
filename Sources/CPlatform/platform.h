/* SPDX-License-Identifier: Apache-2.0 */

/* What the library takes from glibc. No C module defines a feature macro such as _GNU_SOURCE, or its
   declarations could differ from those in Swift's own module of glibc. */

#ifndef COGNITOAUTH_PLATFORM_H
#define COGNITOAUTH_PLATFORM_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../Include/cognitoauth/version.h"

/* The version of the headers that the library is built with; a macro in C. */
static inline const char *cognitoauth_version(void) { return COGNITOAUTH_VERSION_STRING; }

/* Of a clock that nobody sets. */
static inline int64_t cognitoauth_monotonic_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Since 1970-01-01 UTC. */
static inline int64_t cognitoauth_unix_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Zeroed pages that a core dump leaves out. Out of memory aborts, as in GLib. */
static inline void *cognitoauth_secret_pages(size_t size)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (pages == MAP_FAILED) abort();
    madvise(pages, size, MADV_DONTDUMP);
    return pages;
}

/* Whether the process can open so many descriptors more, 16 at most. Not 0 if it can. Where the last ones below the limit
   are free, which a single call tells, none has to be opened to find out. */
static inline int cognitoauth_has_descriptors(int count)
{
    enum { MOST = 16 };
    struct pollfd last[MOST];
    struct rlimit limit;
    int opened[MOST];
    int number = 0;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= MOST && limit.rlim_cur <= INT32_MAX) {
        for (int index = 0; index < MOST; index++)
            last[index] = (struct pollfd){.fd = (int)limit.rlim_cur - 1 - index};
        poll(last, MOST, 0);
        for (int index = 0; index < MOST; index++) number += (last[index].revents & POLLNVAL) != 0;
        if (number >= count) return 1;
        number = 0;
    }
    while (number < count && number < MOST && (opened[number] = eventfd(0, EFD_CLOEXEC)) >= 0) number++;
    for (int index = 0; index < number; index++) close(opened[index]);
    return number == count;
}

static inline void *cognitoauth_rest(void *gate)
{
    pthread_mutex_lock((pthread_mutex_t *)gate);
    pthread_mutex_unlock((pthread_mutex_t *)gate);
    return NULL;
}

/* Whether the process can have so many threads more at once, 8 at most. Not 0 if it can. */
static inline int cognitoauth_has_threads(int count)
{
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_t threads[8];
    sigset_t all, previous;
    int number = 0, has_all;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    pthread_mutex_lock(&gate);
    while (number < count && number < 8 && pthread_create(&threads[number], NULL, cognitoauth_rest, &gate) == 0) number++;
    pthread_mutex_unlock(&gate);
    has_all = number == count;
    while (number > 0) pthread_join(threads[--number], NULL);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return has_all;
}

/* A descriptor that nobody else's program inherits. Variadic in C. */
static inline int cognitoauth_open_lock(int directory, const char *name)
{
    return openat(directory, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static inline int cognitoauth_open_directory(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A descriptor that is readable when something has changed in a folder, or -1: an inotify(7). */
static inline int cognitoauth_watch_folder(const char *path)
{
    int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), code;

    if (watch >= 0 && inotify_add_watch(watch, path,
                                        IN_ONLYDIR | IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                                            IN_DELETE_SELF | IN_MOVE_SELF) < 0) {
        code = errno;
        close(watch);
        errno = code;
        return -1;
    }
    return watch;
}

enum { COGNITOAUTH_FILE_CHANGED = 1, COGNITOAUTH_FOLDER_GONE = 2 };

/* Takes some of what such a descriptor has to tell: whether the file of a name may have changed, and whether the folder is
   no longer where it was. Others are told of until the descriptor is not readable any more. */
static inline int cognitoauth_folder_changes(int watch, const char *name)
{
    _Alignas(struct inotify_event) char events[4096];
    const struct inotify_event *event;
    int changes = 0;
    ssize_t size = read(watch, events, sizeof events);

    for (ssize_t place = 0; place < size; place += (ssize_t)sizeof *event + event->len) {
        event = (const struct inotify_event *)(events + place);
        if (event->mask & (IN_IGNORED | IN_MOVE_SELF)) changes |= COGNITOAUTH_FOLDER_GONE;
        if (event->mask & IN_Q_OVERFLOW || (event->len > 0 && strcmp(event->name, name) == 0))
            changes |= COGNITOAUTH_FILE_CHANGED;
    }
    return changes;
}

static inline int cognitoauth_open_subdirectory(int directory, const char *name)
{
    return openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* A new file of the user's own; it must not be there yet. */
static inline int cognitoauth_create_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* Binds a socket and listens at it. Swift does not see that one address is a kind of the other. */
static inline int cognitoauth_listen(int socket, const void *address, socklen_t size)
{
    return bind(socket, (const struct sockaddr *)address, size) == 0 ? listen(socket, SOMAXCONN) : -1;
}

#ifndef _GNU_SOURCE /* With it, glibc declares this itself. */
extern int accept4(int listening, struct sockaddr *address, socklen_t *size, int flags);
#endif

/* A connection that does not block, and that no program inherits which another thread starts at that moment; or -1. */
static inline int cognitoauth_accept(int listening, struct sockaddr *address, socklen_t *size)
{
    return accept4(listening, address, size, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* An end of a connection over IPv4 or IPv6 as the kernel writes it in its tables of sockets (proc(5)); `is_mapped`: an
   address of IPv4 as one of IPv6 (RFC 4291, section 2.5.5.2). snprintf(3) is variadic. */
static inline int cognitoauth_write_end(char *text, size_t size, const struct sockaddr_storage *address, int is_mapped)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    uint32_t words[4] = {0, 0, htonl(0xFFFF), four->sin_addr.s_addr};

    if (address->ss_family == AF_INET && !is_mapped) /* NOLINT(clang-analyzer-core.*): the kernel has written it */
        return snprintf(text, size, "%08X:%04X ", four->sin_addr.s_addr, ntohs(four->sin_port));
    if (address->ss_family != AF_INET) memcpy(words, &six->sin6_addr, sizeof words);
    return snprintf(text, size, "%08X%08X%08X%08X:%04X ", words[0], words[1], words[2], words[3], ntohs(four->sin_port));
}

/* Both ends of a connection, the other one first. Returns the family, -1 where it is no connection any more. */
static inline int cognitoauth_write_ends(char *text, size_t size, int connection, int is_mapped)
{
    struct sockaddr_storage peer, own;
    socklen_t peer_size = sizeof peer, own_size = sizeof own;
    int length;

    if (getpeername(connection, (struct sockaddr *)&peer, &peer_size) != 0) return -1;
    if (getsockname(connection, (struct sockaddr *)&own, &own_size) != 0) return -1;
    length = cognitoauth_write_end(text, size, &peer, is_mapped);
    cognitoauth_write_end(text + length, size - (size_t)length, &own, is_mapped);
    return peer.ss_family;
}

/* Does not wait for the other end of a pipe, as open(2) would. */
static inline int cognitoauth_open_to_read(const char *path)
{
    return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* Starts a thread with all signals blocked: the program's handlers are for the program's threads. Not 0 if it has begun;
   then it is to be joined or detached. */
static inline int cognitoauth_start_thread(pthread_t *thread, void *(*run)(void *), void *data)
{
    sigset_t all, previous;
    int failure;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    failure = pthread_create(thread, NULL, run, data);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return failure == 0;
}

/* Swift sees no `errno`, which is a macro. */
static inline int cognitoauth_errno(void) { return errno; }

/* A macro in C, which Swift does not see. */
static inline unsigned long cognitoauth_raised_privileges(void) { return getauxval(AT_SECURE); }

#endif

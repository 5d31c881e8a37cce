/* SPDX-License-Identifier: Apache-2.0 */

#include "few_threads.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int left = -1;

void allow_threads(int count) { left = count; }

/* A sanitizer of threads has one of its own, and must know of each thread. */
__attribute__((weak)) int __interceptor_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                                       void *(*run)(void *), void *data);

static __typeof__(pthread_create) *original;

/* Before there are threads, which would look for it at once. */
__attribute__((constructor)) static void find_original(void)
{
    *(void **)&original = dlsym(RTLD_NEXT, "pthread_create");
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *data)
{
    if (!original) find_original(); /* A library that starts a thread while it is loaded. */
    if (left == 0) return EAGAIN;
    if (left > 0) left--;
    if (__interceptor_pthread_create) return __interceptor_pthread_create(thread, attributes, run, data);
    return original(thread, attributes, run, data);
}

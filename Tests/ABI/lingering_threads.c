/* SPDX-License-Identifier: Apache-2.0 */

#include "lingering_threads.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

typedef struct {
    void *(*run)(void *);
    void *data;
} work;

static atomic_int delay, begun, ended;

void let_threads_linger(int milliseconds) { delay = milliseconds; }

int threads_begun(void) { return begun; }

int threads_left(void) { return begun - ended; }

static void *linger(void *data)
{
    work own = *(work *)data;
    free(data);
    void *result = own.run(own.data);
    sleep_ms(delay);
    ended++;
    return result;
}

static bool is_of_library(void *(*run)(void *))
{
    Dl_info info;
    return dladdr(*(void **)&run, &info) && strstr(info.dli_fname, "libcognitoauth");
}

/* A sanitizer of threads has one of its own, and must know of each thread. */
__attribute__((weak)) int __interceptor_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                                       void *(*run)(void *), void *data);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *data)
{
    __typeof__(pthread_create) *original = __interceptor_pthread_create;
    if (!original) *(void **)&original = dlsym(RTLD_NEXT, "pthread_create");
    work *own = delay > 0 && is_of_library(run) ? malloc(sizeof *own) : NULL;
    if (!own) return original(thread, attributes, run, data);
    *own = (work){run, data};
    begun++;
    int code = original(thread, attributes, linger, own);
    if (code != 0) {
        begun--;
        free(own);
    }
    return code;
}

/* SPDX-License-Identifier: Apache-2.0 */

#include "lock_wait.h"

#include <pthread.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static double longest;
static _Thread_local double begun;
static _Thread_local int taken;

int flock(int descriptor, int operation)
{
    double now = seconds();
    if (operation & LOCK_EX && begun == 0) begun = now;
    int result = (int)syscall(SYS_flock, descriptor, operation);
    if (operation & LOCK_EX && result == 0) taken++;
    if (taken < 2 && !(operation & LOCK_UN)) return result;
    if (begun > 0) {
        now = seconds();
        pthread_mutex_lock(&mutex);
        if (now - begun > longest) longest = now - begun;
        pthread_mutex_unlock(&mutex);
    }
    begun = 0;
    taken = 0;
    return result;
}

double lock_longest_wait(void)
{
    pthread_mutex_lock(&mutex);
    double result = longest;
    pthread_mutex_unlock(&mutex);
    return result;
}

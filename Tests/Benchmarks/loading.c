/* SPDX-License-Identifier: Apache-2.0 */

/* Prints the nanoseconds that loading a library takes in a process that has libcurl, libsecret and jansson.
 *
 *   loading LIBRARY */

#include <dlfcn.h>
#include <stdio.h>
#include <time.h>

int main(int argc, char **argv)
{
    struct timespec start, end;
    if (argc != 2) return 2;
    clock_gettime(CLOCK_MONOTONIC, &start);
    void *library = dlopen(argv[1], RTLD_NOW);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    printf("%lld\n", (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec);
    return 0;
}

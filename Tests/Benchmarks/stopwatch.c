/* SPDX-License-Identifier: Apache-2.0 */

/* Runs a program once, and prints the nanoseconds from before its start until after its end, and the peak of its
 * memory in KiB. Ends with status 0 if the program did.
 *
 *   stopwatch PROGRAM ARGUMENT...
 *
 * It is small: the kernel counts the memory of who starts a program as the program's. */

#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct timespec start, end;
    struct rusage usage;
    pid_t process;
    int status;
    if (argc < 2) return 2;
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (posix_spawn(&process, argv[1], NULL, NULL, argv + 1, environ) != 0) return 2;
    if (wait4(process, &status, 0, &usage) != process) return 2;
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%lld %ld\n", (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec, usage.ru_maxrss);
    return status != 0;
}

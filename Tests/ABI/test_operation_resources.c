/* SPDX-License-Identifier: Apache-2.0 */

/* What an operation takes of the process: a thread that no signal reaches, and descriptors. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lingering_threads.h"
#include "scene.h"

/* The masks of blocked signals of this process's threads, by thread id, into `masks`. */
static int signal_masks(long ids[], unsigned long long masks[], int size)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; tasks && (task = readdir(tasks)) && count < size;) {
        FILE *status = task->d_name[0] == '.' ? NULL : fopen(text("/proc/self/task/%s/status", task->d_name), "r");
        if (!status) continue;
        char line[256];
        while (fgets(line, sizeof line, status)) {
            if (sscanf(line, "SigBlk: %llx", &masks[count]) == 1) ids[count++] = atol(task->d_name);
        }
        fclose(status);
    }
    if (tasks) closedir(tasks);
    return count;
}

TEST("the thread that an operation starts has all signals blocked")
{
    enum { SIZE = 64 };
    long before[SIZE], after[SIZE];
    unsigned long long old_masks[SIZE], masks[SIZE];
    auth_client *client = scene_client();
    sign_in(client);
    load(client);
    int count = signal_masks(before, old_masks, SIZE), new_threads = 0;
    server_reply("RevokeToken", HELD_ONCE);
    auth_operation *operation = start_operation(client, auth_sign_out_start);
    CHECK(server_await(1));
    int now = signal_masks(after, masks, SIZE);
    for (int i = 0; i < now; i++) {
        bool is_new = true;
        for (int j = 0; j < count; j++) is_new = is_new && before[j] != after[i];
        if (!is_new) continue;
        new_threads++;
        /* Signals 1 to 31 but KILL and STOP, which cannot be blocked. */
        CHECK_INT(masks[i] & 0x7FFFFFFF, 0x7FFFFFFF & ~(1 << 8) & ~(1 << 18));
    }
    CHECK(new_threads > 0);
    server_release();
    CHECK_INT(auth_operation_finish_sign_out(operation, NULL), AUTH_SIGN_OUT_COMPLETE);
}

TEST("where the process can have no further descriptor, starting says OUT_OF_RESOURCES")
{
    auth_client *client = scene_client();
    sign_in(client);
    struct rlimit limit, none;
    getrlimit(RLIMIT_NOFILE, &limit);
    int lowest = dup(0);
    close(lowest);
    for (int free_descriptors = 0; free_descriptors < 3; free_descriptors++) {
        none = (struct rlimit){(rlim_t)(lowest + free_descriptors), limit.rlim_max};
        setrlimit(RLIMIT_NOFILE, &none);
        auth_operation *operation = (auth_operation *)&none;
        auth_error *error = NULL;
        auth_status status = auth_sign_out_start(client, NULL, &operation, &error);
        setrlimit(RLIMIT_NOFILE, &limit);
        CHECK_ANSWER(status, AUTH_STATUS_OUT_OF_RESOURCES);
        CHECK_STATUS(error, AUTH_STATUS_OUT_OF_RESOURCES);
        CHECK(operation == NULL);
        auth_error_free(error);
    }
    CHECK_INT(auth_operation_finish_sign_out(start_operation(client, auth_sign_out_start), NULL),
              AUTH_SIGN_OUT_COMPLETE);
}

TEST("when auth_operation_free() returns, the operation's thread has ended")
{
    auth_client *client = scene_client();
    sign_in(client);
    load(client);
    let_threads_linger(100);
    auth_operation *operation = NULL;
    CHECK_ANSWER(auth_session_load_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_SUCCESS);
    auth_operation_free(operation);
    CHECK_INT(threads_left(), 0);
    CHECK(threads_begun() > 0);
    let_threads_linger(0);
}

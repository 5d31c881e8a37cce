/* SPDX-License-Identifier: Apache-2.0 */

#include "lock_scene.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

int warnings;
char last_warning[256];

static void on_line(void *user_data, auth_log_level level, const char *message)
{
    (void)user_data;
    if (level != AUTH_LOG_LEVEL_WARNING) return;
    printf("  warning: %s\n", message);
    warnings++;
    snprintf(last_warning, sizeof last_warning, "%s", message);
}

auth_client *warning_client(void)
{
    auth_client_options options = scene_options();
    options.log_function = on_line;
    warnings = 0;
    last_warning[0] = '\0';
    return scene_client_with(&options);
}

/* The exit status is the status, which is below 256 for all that may come. */
ROLE("fetch") { return fetch_within(scene_client(), 0, NULL); }

static void end(void *process)
{
    /* One that was waited for is no child any more, and its number may be somebody else's. */
    if (waitid(P_PID, (id_t)(intptr_t)process, NULL, WEXITED | WNOHANG | WNOWAIT) != 0) return;
    kill((pid_t)(intptr_t)process, SIGKILL);
    wait_for((pid_t)(intptr_t)process, 5000);
}

pid_t start_process(const char *role)
{
    pid_t process = start_role(role);
    defer(end, (void *)(intptr_t)process);
    return process;
}

auth_session sign_in_expired(auth_client *client, const char *held)
{
    auth_session session = sign_in_for(client, EXPIRED);
    const char *expired = text("'body':{'AuthenticationResult':{'AccessToken':'%s','RefreshToken':'%s',"
                               "'ExpiresIn':0,'TokenType':'Bearer'}}",
                               access_token(EXPIRED), refresh_token());
    server_reply("GetTokensFromRefreshToken", text("{%s%s}", held, expired));
    return session;
}

bool await_place(pid_t process)
{
    for (double end = seconds() + 10; seconds() < end; sleep_ms(5)) {
        char line[256];
        int owner;
        bool is_found = false;
        FILE *locks = fopen("/proc/locks", "r");
        while (locks && fgets(line, sizeof line, locks))
            is_found |= sscanf(line, "%*d: FLOCK ADVISORY WRITE %d", &owner) == 1 && owner == process;
        if (locks) fclose(locks);
        if (is_found) return true;
    }
    return false;
}

const char *lock_path(const char *beginning)
{
    const char *directory = text("%s/cognitoauth", getenv("XDG_RUNTIME_DIR")), *path = NULL;
    DIR *entries = opendir(directory);
    int count = 0;
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        if (entry->d_name[0] == '.') continue;
        count++;
        if (strncmp(entry->d_name, beginning, strlen(beginning)) == 0) path = text("%s/%s", directory, entry->d_name);
    }
    if (entries) closedir(entries);
    CHECK_INT(count, 2);
    return path;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Processes that fork, exec, unload the library or end while it works. */

#include <curl/curl.h>
#include <dirent.h>
#include <dlfcn.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scene.h"

enum { SOON_MS = 5000 };

static void free_operation(void *operation) { auth_operation_free(operation); }

/* A sign-out whose RevokeToken is waiting for server_release(); later ones are not held. */
static auth_operation *held_sign_out(auth_client *client)
{
    auth_operation *operation = NULL;
    sign_in(client);
    server_reply("RevokeToken", HELD_ONCE);
    CHECK_ANSWER(auth_sign_out_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    defer(free_operation, operation);
    CHECK(server_await(1));
    return operation;
}

static void check_completes(auth_operation *operation)
{
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    server_release();
    CHECK_INT(auth_operation_finish_sign_out(operation, &result), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result.revoke_token, AUTH_REMOTE_DONE);
    auth_sign_out_result_clear(&result);
    CHECK_INT(keyring_count("session"), 0);
}

/* What the child of a fork does at once. */
typedef enum { LEAVE_AT_ONCE, LEAVE_ORDERLY, EXECUTE, STAY } childhood;

static pid_t fork_child(childhood how)
{
    fflush(stdout);
    pid_t child = fork();
    if (child != 0) return child;
    if (how == LEAVE_AT_ONCE) _exit(7);
    if (how == LEAVE_ORDERLY) exit(7);
    if (how == EXECUTE) execl("/bin/sh", "sh", "-c", "exit 7", (char *)NULL);
    for (;;) pause();
}

TEST("a child of fork may leave, at once or in order, or call exec, while its parent has operations")
{
    auth_client *client = scene_client();
    for (childhood how = LEAVE_AT_ONCE; how < STAY; how++) {
        server_reset();
        auth_operation *operation = held_sign_out(client);
        for (int i = 0; i < 5; i++) CHECK_INT(wait_for(fork_child(how), SOON_MS), 7);
        CHECK_INT(auth_operation_dispatch(operation), 0);
        check_completes(operation);
    }
    sign_in(client);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
}

/* The exit status is how many descriptors it was born with. What they are is said if they are told apart. */
ROLE("count descriptors")
{
    int count = 0;
    DIR *entries = opendir("/proc/self/fd");
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        int number = atoi(entry->d_name);
        if (number <= 2 || number == dirfd(entries)) continue;
        count++;
        char target[256] = "";
        if (getenv("NAME_THEM") && readlinkat(dirfd(entries), entry->d_name, target, sizeof target - 1) > 0)
            printf("  inherited: %s\n", target);
    }
    closedir(entries);
    return count;
}

TEST("a program that the parent starts inherits no connection and no lock")
{
    /* libcurl's multi handles have a pair of sockets, for curl_multi_wakeup(), that is not closed by exec. */
    int before = run_role("count descriptors") + 2;
    auth_operation *operation = held_sign_out(scene_client());
    if (!CHECK(run_role("count descriptors") <= before)) {
        setenv("NAME_THEM", "1", 1);
        run_role("count descriptors");
        unsetenv("NAME_THEM");
    }
    check_completes(operation);
    CHECK(run_role("count descriptors") <= before);
}

ROLE("sign out")
{
    double start = seconds();
    CHECK_INT(sign_out(scene_client())->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK(seconds() - start < 4.5); /* It did not wait for a turn in vain. */
    return 0;
}

TEST("the turn is given back although a child of fork lives on")
{
    auth_operation *operation = held_sign_out(scene_client());
    pid_t child = fork_child(STAY);
    check_completes(operation);
    CHECK_INT(run_role("sign out"), 0);
    kill(child, SIGKILL);
    CHECK_INT(wait_for(child, SOON_MS), 128 + SIGKILL);
}

ROLE("start a program and hang")
{
    held_sign_out(scene_client());
    if (fork() == 0) execlp("sleep", "sleep", "20", (char *)NULL);
    for (int i = 0; i < 60; i++) sleep(1);
    return 0;
}

TEST("the turn of a process that was killed is free although a program that it started lives on")
{
    pid_t process = start_role("start a program and hang");
    CHECK(server_await(1));
    sleep_ms(300);
    kill(process, SIGKILL);
    CHECK_INT(wait_for(process, SOON_MS), 128 + SIGKILL);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(run_role("sign out"), 0);
    CHECK_INT(keyring_count("session"), 0);
}

/* Ends just after its operations were freed, whatever they were doing. */
ROLE("free and end")
{
    auth_client_options options = scene_options();
    options.ca_file = getenv("CA_FILE");
    auth_client *client = NULL;
    auth_operation *operations[4];
    if (auth_client_new(&options, &client, NULL) != AUTH_STATUS_SUCCESS) return 2;
    for (int i = 0; i < 4; i++) {
        __typeof__(&auth_sign_out_start) start = i % 2 ? auth_session_load_start : auth_sign_out_start;
        if (start(client, NULL, &operations[i], NULL) != AUTH_STATUS_SUCCESS) return 3;
    }
    auth_client_free(client);
    sleep_ms(atoi(getenv("MOMENT_MS")));
    for (int i = 0; i < 4; i++) auth_operation_free(operations[i]);
    return 0;
}

static void check_every_end(void)
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    int requests = 0;
    /* On a busy machine an operation sends its first request later than that. */
    for (int moment = 0; moment < 40 || (requests == 0 && moment < 10000); moment += moment < 40 ? 1 : moment) {
        server_reset();
        save(client, &session);
        if (moment % 4 < 2) server_reply("RevokeToken", "{'hold':true}");
        setenv("MOMENT_MS", text("%d", moment), 1);
        double start = seconds();
        during(text("after %d ms", moment));
        CHECK_INT(run_role("free and end"), 0);
        CHECK((seconds() - start) * 1e3 < moment + SOON_MS);
        requests += server_request_count();
    }
    CHECK(requests > 0);
}

TEST("a process may end as soon as it has freed its operations, at whatever moment of theirs")
{
    unsetenv("CA_FILE");
    check_every_end();
}

TEST("... also if they use TLS")
{
    server_select("good");
    setenv("CA_FILE", text("%s/ca.pem", getenv("COGNITOAUTH_TEST_CERTIFICATES")), 1);
    check_every_end();
}

static bool is_mapped(const char *path)
{
    char line[512];
    bool is_found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps)) is_found = is_found || strstr(line, path);
    if (maps) fclose(maps);
    return is_found;
}

/* This program is linked to the library: what it opens is a copy, which is another library to the linker. */
typedef struct {
    void *handle;
    __typeof__(&auth_client_new) new;
    __typeof__(&auth_client_free) free;
    __typeof__(&auth_sign_out) sign_out;
    __typeof__(&auth_sign_out_start) start;
    __typeof__(&auth_operation_free) operation_free;
    __typeof__(&auth_session_save) save;
} plugin;

static plugin open_plugin(const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return (plugin){0};
    return (plugin){handle,
                    dlsym(handle, "auth_client_new"),
                    dlsym(handle, "auth_client_free"),
                    dlsym(handle, "auth_sign_out"),
                    dlsym(handle, "auth_sign_out_start"),
                    dlsym(handle, "auth_operation_free"),
                    dlsym(handle, "auth_session_save")};
}

/* Uses other libraries that the library uses too. */
static void use_others(void)
{
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
    CHECK(bus != NULL);
    if (bus) g_object_unref(bus);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, text("%s/_control/requests", server_url()));
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    CHECK_INT(curl_easy_perform(curl), CURLE_OK);
    curl_easy_cleanup(curl);
}

ROLE("open, use and close")
{
    const char *path = text("%s/plugin.so", getenv("XDG_RUNTIME_DIR"));
    auth_client_options options = scene_options();
    auth_session session = scene_session();
    auth_operation *operation = NULL;
    for (int round = 0; round < 3; round++) {
        plugin plugin = open_plugin(path);
        if (!plugin.handle) return 2;
        CHECK((void *)plugin.new != (void *)auth_client_new);
        auth_client *client = NULL;
        CHECK_ANSWER(plugin.new(&options, &client, NULL), AUTH_STATUS_SUCCESS);
        CHECK_ANSWER(plugin.save(client, &session, NULL, NULL), AUTH_STATUS_SUCCESS);
        if (round < 2)
            CHECK_INT(plugin.sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
        else
            CHECK_ANSWER(plugin.start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
        plugin.free(client);
        CHECK_INT(dlclose(plugin.handle), 0);
        CHECK(is_mapped(path));
        use_others();
    }
    /* The operation runs on in a library that is closed, and is freed, or not, in one that is open again. */
    if (strcmp(getenv("MOMENT_MS"), "0") == 0) return 0;
    sleep_ms(100);
    plugin plugin = open_plugin(path);
    if (!plugin.handle) return 2;
    plugin.operation_free(operation);
    CHECK_INT(dlclose(plugin.handle), 0);
    return 0;
}

TEST("the library may be opened, used and closed again, even while it works: it stays, and does no harm")
{
    const char *path = text("%s/plugin.so", getenv("XDG_RUNTIME_DIR"));
    CHECK_INT(system(text("cp -L \"$COGNITOAUTH_TEST_LIBRARY\" \"%s\"", path)), 0);
    for (int i = 0; i < 2; i++) {
        server_reset();
        keyring_empty();
        server_reply("RevokeToken", "{'default':true},{'default':true},{'delay_ms':3000}");
        setenv("MOMENT_MS", i ? "1" : "0", 1);
        CHECK_INT(run_role("open, use and close"), 0);
    }
    CHECK_INT(unlink(path), 0);
}

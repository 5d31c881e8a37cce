/* SPDX-License-Identifier: Apache-2.0 */

/* What is left of a token in the process's memory once everything was cleared and freed.
 *
 * The program forges a canary, a token that nothing else in the process knows: it is held scrambled, and unscrambled
 * only into memory that is wiped again. Then all writable memory is searched for it, through /proc/self/mem. Copies in
 * what the library allocates are failures; copies that libcurl, jansson, libsecret and GLib leave in the heap are
 * counted and printed: the library cannot reach them. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scene.h"

/* The dynamic linker, when it looks a function up at its first call, saves the vector registers on the stack, and what
 * memcpy() left in them. That is no copy of the library's: all is looked up before. */
__attribute__((constructor)) static void bind_now(int argc, char **argv)
{
    (void)argc;
    if (getenv("LD_BIND_NOW")) return;
    setenv("LD_BIND_NOW", "1", 1);
    execv("/proc/self/exe", argv);
}

enum { LENGTH = 48, KEY = 0x15 };

/* A token, scrambled. Each has parts that no other has. */
typedef struct {
    char scrambled[LENGTH];
} canary;

static canary forge(void)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    canary canary;
    int random = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (read(random, canary.scrambled, LENGTH) != LENGTH) abort();
    close(random);
    for (int i = 0; i < LENGTH; i++) canary.scrambled[i] = (char)(alphabet[canary.scrambled[i] & 63] ^ KEY);
    return canary;
}

/* Pages that only this program has, so that the search finds no copy of its own. */
static char *open_canary(const canary *canary)
{
    char *token = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < LENGTH; i++) token[i] = (char)(canary->scrambled[i] ^ KEY);
    return token;
}

static void close_canary(char *token)
{
    explicit_bzero(token, 4096);
    munmap(token, 4096);
}

/* 16 bytes of the canary, unscrambled as they are compared. */
enum { PART = 16 };
static bool is_part(const char *bytes, const canary *canary, int from)
{
    for (int i = 0; i < PART; i++) {
        if ((bytes[i] ^ KEY) != canary->scrambled[from + i]) return false;
    }
    return true;
}

/* Copies of any third of the canary, by where they are. */
typedef struct {
    int heap, elsewhere;
    char where[256];
} copies;

static void search(const char *memory, size_t size, const char *name, const canary *canary, copies *found)
{
    for (size_t i = 0; i + PART <= size; i++) {
        for (int part = 0; part < 3; part++) {
            if (!is_part(memory + i, canary, PART * part)) continue;
            /* Arenas of other threads than the main one are anonymous mappings that glibc aligns to 64 MB. */
            if (strstr(name, "[heap]") || strstr(name, "arena"))
                found->heap++;
            else {
                found->elsewhere++;
                snprintf(found->where, sizeof found->where, "%s", name);
            }
        }
    }
}

/* Searches all writable memory of the process. */
static copies search_process(const canary *canary)
{
    copies found = {0};
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512], *buffer = NULL;
    unsigned long start, end, arena_end = 0;
    while (fgets(line, sizeof line, maps)) {
        char access[8], name[256] = "(anonymous)";
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255[^\n]", &start, &end, access, name) < 3) continue;
        bool is_anonymous = strcmp(name, "(anonymous)") == 0;
        if (is_anonymous && start % (64 << 20) == 0) arena_end = start + (64 << 20);
        if (access[1] != 'w' || strstr(name, "[v") || end - start > 256ul << 20) continue;
        size_t size = end - start;
        buffer = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        ssize_t count = pread(memory, buffer, size, (off_t)start);
        if (is_anonymous && start < arena_end) snprintf(name, sizeof name, "arena");
        if (count > 0) search(buffer, (size_t)count, name, canary, &found);
        explicit_bzero(buffer, size);
        munmap(buffer, size);
    }
    fclose(maps);
    close(memory);
    return found;
}

/* Nothing of ours is in the heap: the library's secrets have pages of their own, which are given back. So a copy
 * there is another library's. */
static void check_gone(const canary *canary, const char *what)
{
    copies found = search_process(canary);
    printf("  %-14s %d in the heap, %d elsewhere\n", what, (found.heap + 2) / 3, found.elsewhere);
    during(what);
    if (!CHECK_INT(found.elsewhere, 0)) printf("  the last in %s\n", found.where);
    during(NULL);
}

/* Three canaries as the tokens of a session. */
typedef struct {
    canary access, id, refresh;
} canaries;

static canaries forge_all(void) { return (canaries){forge(), forge(), forge()}; }

static void check_all_gone(const canaries *canaries)
{
    check_gone(&canaries->access, "access token");
    check_gone(&canaries->id, "ID token");
    check_gone(&canaries->refresh, "refresh token");
}

static void save_canaries(auth_client *client, const canaries *canaries)
{
    auth_session session = AUTH_SESSION_INIT;
    char *access = open_canary(&canaries->access), *id = open_canary(&canaries->id);
    char *refresh = open_canary(&canaries->refresh);
    session.username = TOKEN_USERNAME;
    session.access_token = access;
    session.id_token = id;
    session.refresh_token = refresh;
    CHECK_ANSWER(auth_session_save(client, &session, NULL, NULL), AUTH_STATUS_SUCCESS);
    close_canary(access);
    close_canary(id);
    close_canary(refresh);
}

static auth_client *new_client(int timeout_ms)
{
    auth_client *client = NULL;
    auth_client_options options = scene_options();
    options.timeout_ms = timeout_ms;
    CHECK_ANSWER(auth_client_new(&options, &client, NULL), AUTH_STATUS_SUCCESS);
    return client;
}

TEST("the search finds a token that is there, in a page, in the heap and on the stack")
{
    canary canary = forge();
    CHECK_INT(search_process(&canary).heap + search_process(&canary).elsewhere, 0);
    char *token = open_canary(&canary), *copy = malloc(LENGTH);
    CHECK_INT(search_process(&canary).elsewhere, 3);
    memcpy(copy, token, LENGTH);
    CHECK_INT(search_process(&canary).heap, 3);
    char stack[LENGTH];
    memcpy(stack, token, LENGTH);
    CHECK_INT(search_process(&canary).elsewhere, 6);
    explicit_bzero(stack, LENGTH);
    explicit_bzero(copy, LENGTH);
    free(copy);
    close_canary(token);
    CHECK_INT(search_process(&canary).heap + search_process(&canary).elsewhere, 0);
}

TEST("after a save, a load and a fetch, no token is in memory of ours")
{
    auth_client *client = new_client(0);
    canaries canaries = forge_all();
    auth_session session = AUTH_SESSION_INIT;
    save_canaries(client, &canaries);
    check_gone(&canaries.refresh, "after the save");
    CHECK_ANSWER(auth_session_load(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    CHECK(search_process(&canaries.refresh).elsewhere >= 3); /* It is in the session that came out. */
    auth_session_clear(&session);
    server_reply("GetTokensFromRefreshToken", exception("NotAuthorizedException", "Refresh Token has been revoked"));
    auth_error *error = NULL;
    CHECK_ANSWER(auth_session_fetch(client, NULL, &session, &error), AUTH_STATUS_NOT_AUTHORIZED);
    auth_error_free(error);
    server_reply("GetTokensFromRefreshToken", "{'default':true}");
    CHECK_ANSWER(auth_session_fetch(client, NULL, &session, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&session);
    auth_client_free(client);
    check_all_gone(&canaries);
}

/* Signs out with canaries; `globally`, through an operation if `cancel_after_ms` is not 0, and cancelled then. */
static void sign_out_with_canaries(bool globally, const char *replies, int timeout_ms, int cancel_after_ms)
{
    auth_client *client = new_client(timeout_ms);
    canaries canaries = forge_all();
    save_canaries(client, &canaries);
    if (replies) server_reply(globally ? "GlobalSignOut" : "RevokeToken", replies);
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    if (cancel_after_ms == 0) {
        (globally ? auth_sign_out_global : auth_sign_out)(client, NULL, &result);
    } else {
        auth_operation *operation = NULL;
        (globally ? auth_sign_out_global_start : auth_sign_out_start)(client, NULL, &operation, NULL);
        sleep_ms(cancel_after_ms);
        auth_operation_cancel(operation);
        if (cancel_after_ms % 2) auth_operation_finish_sign_out(operation, &result);
        auth_operation_free(operation);
    }
    if (result.partial_failure_token) {
        auth_sign_out_result second = AUTH_SIGN_OUT_RESULT_INIT;
        auth_sign_out_retry(client, result.partial_failure_token, NULL, &second);
        auth_sign_out_result_clear(&second);
    }
    auth_sign_out_result_clear(&result);
    auth_client_free(client);
    check_all_gone(&canaries);
}

TEST("after a sign-out, no token is in memory of ours") { sign_out_with_canaries(false, NULL, 0, 0); }

TEST("... after a global one that refreshes the tokens") { sign_out_with_canaries(true, NULL, 0, 0); }

TEST("... after one that Cognito refuses, repeating the tokens, and its retry")
{
    sign_out_with_canaries(false, "{'echo':true}", 0, 0);
    server_reset();
}

TEST("... after one whose connection breaks") { sign_out_with_canaries(true, "{'close':'reset'}", 0, 0); }

TEST("... after one that runs out of time") { sign_out_with_canaries(false, "{'delay_ms':20000}", 900, 0); }

TEST("... after one that is cancelled, and finished or not")
{
    sign_out_with_canaries(false, "{'hold':true},{'default':true}", 0, 201);
    sign_out_with_canaries(false, "{'hold':true},{'default':true}", 0, 200);
    sign_out_with_canaries(true, "{'hold':true},{'default':true}", 0, 201);
}

TEST("... after a save that is refused, and one that is never finished")
{
    canaries canaries = forge_all();
    auth_client *client = new_client(0);
    auth_session session = AUTH_SESSION_INIT;
    auth_operation *operation = NULL;
    auth_error *error = NULL;
    char *token = open_canary(&canaries.access);
    session.username = "somebody\nelse";
    session.access_token = token;
    CHECK_ANSWER(auth_session_save(client, &session, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    auth_error_free(error);
    session.username = TOKEN_USERNAME;
    CHECK_ANSWER(auth_session_save_start(client, &session, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
    auth_operation_free(operation);
    close_canary(token);
    auth_client_free(client);
    check_gone(&canaries.access, "access token");
}

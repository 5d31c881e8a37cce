/* SPDX-License-Identifier: Apache-2.0 */

/* JSON that is nested deep, read on small stacks of the program's. */

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "configuration_file.h"

enum { KIB = 1024, SMALLEST = 16 * KIB, SMALL = 64 * KIB };

/* From what all files may have to more than a parser reads at all. */
static const int depths[] = {1, 10, 40, 47, 48, 49, 64, 100, 500, 1000, 2000, 2047, 2048, 5000, 100000};

enum { DEEPEST_READ = 47 };

static char *repeated(const char *part, int count)
{
    const size_t length = strlen(part);
    char *all = malloc(length * (size_t)count + 1);
    if (!all) abort();
    defer(free, all);
    for (int i = 0; i < count; i++) memcpy(all + length * (size_t)i, part, length);
    all[length * (size_t)count] = '\0';
    return all;
}

/* So many objects and arrays in each other, with ' for ". */
static const char *nested(int depth)
{
    const char *begin = depth % 2 ? "[" : "", *end = depth % 2 ? "]" : "";
    return text("%s%s1%s%s", begin, repeated("[{'a':", depth / 2), repeated("}]", depth / 2), end);
}

typedef struct {
    void *pages;
    size_t size;
} stack;

static void unmap(void *data)
{
    const stack *mapped = data;
    munmap(mapped->pages, mapped->size);
    free(data);
}

/* Runs a function on a stack of `size` bytes, below which nothing can be touched, as programs with fibers do. A thread's
 * own stack would hold thread-local variables too, of whatever library. */
static void run_on_stack(size_t size, void (*function)(void))
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    stack *mapped = malloc(sizeof *mapped);
    ucontext_t here, there;
    if (!mapped) abort();
    mapped->size = size + page;
    mapped->pages = mmap(NULL, mapped->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped->pages == MAP_FAILED || mprotect(mapped->pages, page, PROT_NONE) != 0) abort();
    defer(unmap, mapped);
    CHECK_INT(getcontext(&there), 0);
    there.uc_stack.ss_sp = (char *)mapped->pages + page;
    there.uc_stack.ss_size = size;
    there.uc_link = &here;
    makecontext(&there, function, 0);
    CHECK_INT(swapcontext(&here, &there), 0);
}

/* A call, and what it returned; functions of contexts take no pointer. */
typedef struct {
    auth_client *client;
    const char *path;
    const auth_session *session;
    auth_session loaded;
    auth_sign_out_result result;
    auth_status status;
    auth_sign_out_outcome outcome;
} calling;

static calling *call;

static void make_client(void)
{
    const auth_client_options options = only_app_id();
    call->status = auth_client_new_from_file(call->path, &options, &call->client, NULL);
}

TEST("a configuration file is read on a stack of 16 KiB, or refused where it is nested too deep")
{
    for (int i = 0; i < LENGTH(depths); i++) {
        during(text("%d levels", depths[i]));
        calling made = {.path = put_json(text("{'auth':{'user_pool_id':'eu-west-1_Least','user_pool_client_id':'least'},"
                                              "'custom':%s}",
                                              nested(depths[i])))};
        call = &made;
        run_on_stack(SMALLEST, make_client);
        if (depths[i] <= DEEPEST_READ) CHECK_ANSWER(made.status, AUTH_STATUS_SUCCESS);
        else CHECK_ANSWER(made.status, AUTH_STATUS_INVALID_CONFIGURATION);
        auth_client_free(made.client);
    }
}

static void save_and_load(void)
{
    call->status = auth_session_save(call->client, call->session, NULL, NULL);
    if (call->status == AUTH_STATUS_SUCCESS)
        call->status = auth_session_load(call->client, NULL, &call->loaded, NULL);
}

TEST("a session is saved and loaded on a stack of 64 KiB, however deep the claims of its tokens are nested")
{
    auth_client *client = scene_client();
    for (int i = 0; i < LENGTH(depths) && depths[i] <= 5000; i++) {
        during(text("%d levels", depths[i]));
        auth_session session = scene_session();
        session.access_token = jwt(text("{'sub':'%s','exp':2000000000,'x':%s}", TOKEN_SUB, nested(depths[i])));
        calling made = {.client = client, .session = &session, .loaded = AUTH_SESSION_INIT};
        call = &made;
        run_on_stack(SMALL, save_and_load);
        CHECK_ANSWER(made.status, AUTH_STATUS_SUCCESS);
        CHECK_TEXT(made.loaded.access_token, session.access_token);
        CHECK_INT(made.loaded.access_token_expires_at, depths[i] <= DEEPEST_READ ? 2000000000 : 0);
        auth_session_clear(&made.loaded);
    }
}

static void sign_out_here(void)
{
    call->outcome = auth_sign_out(call->client, NULL, &call->result);
}

TEST("a sign-out on a stack of 64 KiB reads an answer that is nested deep as what it is, no answer of Cognito's")
{
    auth_client *client = scene_client();
    for (int i = 0; i < LENGTH(depths) && depths[i] <= 5000; i++) {
        during(text("%d levels", depths[i]));
        sign_in(client);
        server_reply("RevokeToken", text("{'status':400,'body':'%s%s'}", repeated("[", depths[i]),
                                         repeated("]", depths[i])));
        calling made = {.client = client, .result = AUTH_SIGN_OUT_RESULT_INIT};
        call = &made;
        run_on_stack(SMALL, sign_out_here);
        CHECK_INT(made.outcome, AUTH_SIGN_OUT_PARTIAL);
        CHECK_TEXT(told(&made.result),
                   "partial: was signed in, signed out; global not requested, revocation failed");
        auth_sign_out_result_clear(&made.result);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Structs of every size that end where the memory ends: what lies beyond `struct_size` is not the library's to touch,
 * and would end the program here. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "first_sizes.h"
#include "scene.h"

enum { LARGEST = 4096 };

static size_t page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static void *page_of(void *place) { return (char *)place - (uintptr_t)place % page_size(); }

static void unmap(void *pages) { munmap(pages, 2 * page_size()); }

/* The last `size` bytes of a page behind which none can be touched, all of them 0xAA. */
static void *edge(size_t size)
{
    char *pages = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED || mprotect(pages + page_size(), page_size(), PROT_NONE) != 0) abort();
    defer(unmap, pages);
    memset(pages, 0xAA, page_size());
    return pages + page_size() - size;
}

/* A struct of the caller's that is `size` bytes large, and may only be read. */
static const void *input(const void *known, size_t known_size, size_t size)
{
    char *place = edge(size);
    memset(place, 0, size);
    memcpy(place, known, known_size < size ? known_size : size);
    memcpy(place, &size, sizeof size);
    mprotect(page_of(place), page_size(), PROT_READ);
    return place;
}

/* One that is to be written, with something else in it. */
static void *output(size_t size)
{
    void *place = edge(size);
    memcpy(place, &size, sizeof size);
    return place;
}

static bool is_zero(const void *bytes, size_t from, size_t to)
{
    while (from < to && ((const unsigned char *)bytes)[from] == 0) from++;
    return from >= to;
}

/* Whether what a struct owned was given back. */
static bool is_unmapped(void *owned)
{
    unsigned char residency;
    return mincore(page_of(owned), page_size(), &residency) != 0 && errno == ENOMEM;
}

/* Runs `statements` for a struct as it was in 0.1, as it is in the header, and larger. */
#define FOR_SIZES(first_size, type, statements)                                                                        \
    do {                                                                                                               \
        const size_t sizes[] = {first_size, sizeof(type), sizeof(type) + 64, LARGEST - 8, LARGEST};                    \
        for (size_t at = 0; at < sizeof sizes / sizeof *sizes; at++) {                                                 \
            const size_t size = sizes[at];                                                                             \
            during(text("%zu bytes", size));                                                                           \
            statements;                                                                                                \
        }                                                                                                              \
        during(NULL);                                                                                                  \
    } while (0)

/* ... for sizes that are refused, of structs of which only the size can be read. */
#define FOR_REFUSED_SIZES(first_size, statements)                                                                      \
    do {                                                                                                               \
        const size_t sizes[] = {1, sizeof(size_t), (first_size) - 1, LARGEST + 1, SIZE_MAX};                           \
        for (size_t at = 0; at < sizeof sizes / sizeof *sizes; at++) {                                                 \
            size_t *place = edge(sizeof(size_t));                                                                      \
            during(text("%zu bytes", sizes[at]));                                                                      \
            *place = sizes[at];                                                                                        \
            mprotect(page_of(place), page_size(), PROT_READ);                                                          \
            statements;                                                                                                \
        }                                                                                                              \
        during(NULL);                                                                                                  \
    } while (0)

TEST("of client options, the library reads what the caller has")
{
    const auth_client_options options = scene_options();
    FOR_SIZES(CLIENT_OPTIONS_FIRST_SIZE, auth_client_options, {
        auth_client *client = scene_client_with(input(&options, sizeof options, size));
        CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
    });
}

TEST("of call options, the library reads what the caller has")
{
    auth_client *client = scene_client();
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_session session = AUTH_SESSION_INIT;
    FOR_SIZES(CALL_OPTIONS_FIRST_SIZE, auth_call_options, {
        options.timeout_ms = 20000;
        const auth_call_options *fitting = input(&options, sizeof options, size);
        CHECK_ANSWER(auth_session_load(client, fitting, &session, NULL), AUTH_STATUS_NOT_SIGNED_IN);
        CHECK_INT(auth_sign_out(client, fitting, NULL), AUTH_SIGN_OUT_COMPLETE);
        options.timeout_ms = 99;
        const auth_call_options *refused = input(&options, sizeof options, size);
        CHECK_ANSWER(auth_session_load(client, refused, &session, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    });
}

TEST("of a session that is saved, the library reads what the caller has")
{
    auth_client *client = scene_client();
    const auth_session session = scene_session();
    FOR_SIZES(SESSION_FIRST_SIZE, auth_session, {
        save(client, input(&session, sizeof session, size));
        CHECK_TEXT(load(client)->access_token, session.access_token);
        sign_out(client);
    });
}

static void check_session(auth_session *session, size_t size, const char *access_token)
{
    CHECK_INT(session->struct_size, size);
    CHECK_TEXT(session->access_token, access_token);
    CHECK_INT(session->sign_in_method, AUTH_SIGN_IN_METHOD_API);
    CHECK(is_zero(session, sizeof *session, size));
    void *owned = session->owned;
    REQUIRE(owned != NULL);
    auth_session_clear(session);
    CHECK_INT(session->struct_size, size);
    CHECK(is_zero(session, sizeof(size_t), size));
    CHECK(is_unmapped(owned));
}

TEST("a session is written as far as the caller's reaches, and freed")
{
    auth_client *client = scene_client();
    const char *token = sign_in(client).access_token;
    FOR_SIZES(SESSION_FIRST_SIZE, auth_session, {
        auth_session *session = output(size);
        CHECK_ANSWER(auth_session_load(client, NULL, session, NULL), AUTH_STATUS_SUCCESS);
        check_session(session, size, token);
        session = output(size);
        CHECK_ANSWER(auth_session_fetch(client, NULL, session, NULL), AUTH_STATUS_SUCCESS);
        check_session(session, size, token);
        session = output(size);
        auth_operation *operation;
        CHECK_ANSWER(auth_session_load_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
        CHECK_ANSWER(auth_operation_finish_session(operation, session, NULL), AUTH_STATUS_SUCCESS);
        check_session(session, size, token);
        auth_operation_free(operation);
    });
}

static void check_result(auth_sign_out_result *result, size_t size)
{
    CHECK_INT(result->struct_size, size);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_STATUS(result->revoke_token_error, AUTH_STATUS_UNSUPPORTED_TOKEN_TYPE);
    CHECK_INT(result->reserved, 0);
    CHECK(is_zero(result, sizeof *result, size));
    void *owned = result->owned;
    REQUIRE(owned != NULL);
    auth_sign_out_result_clear(result);
    CHECK_INT(result->struct_size, size);
    CHECK(is_zero(result, sizeof(size_t), size));
    CHECK(is_unmapped(owned));
}

TEST("a result is written as far as the caller's reaches, and freed")
{
    auth_client *client = scene_client();
    server_reply("RevokeToken", exception("UnsupportedTokenTypeException", "It cannot be done."));
    FOR_SIZES(SIGN_OUT_RESULT_FIRST_SIZE, auth_sign_out_result, {
        auth_sign_out_result *result = output(size);
        sign_in(client);
        CHECK_INT(auth_sign_out(client, NULL, result), AUTH_SIGN_OUT_PARTIAL);
        check_result(result, size);
        result = output(size);
        sign_in(client);
        auth_operation *operation;
        CHECK_ANSWER(auth_sign_out_start(client, NULL, &operation, NULL), AUTH_STATUS_SUCCESS);
        CHECK_INT(auth_operation_finish_sign_out(operation, result), AUTH_SIGN_OUT_PARTIAL);
        check_result(result, size);
        auth_operation_free(operation);
    });
}

TEST("of an output struct with struct_size 0, the library writes and clears what 0.1 had")
{
    auth_client *client = scene_client();
    const char *token = sign_in(client).access_token;
    auth_session *session = memset(edge(SESSION_FIRST_SIZE), 0, SESSION_FIRST_SIZE);
    auth_session_clear(session);
    CHECK_ANSWER(auth_session_load(client, NULL, session, NULL), AUTH_STATUS_SUCCESS);
    check_session(session, SESSION_FIRST_SIZE, token);

    auth_sign_out_result *result = memset(edge(SIGN_OUT_RESULT_FIRST_SIZE), 0, SIGN_OUT_RESULT_FIRST_SIZE);
    auth_sign_out_result_clear(result);
    CHECK_INT(auth_sign_out(client, NULL, result), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result->struct_size, SIGN_OUT_RESULT_FIRST_SIZE);
    auth_sign_out_result_clear(result);
}

TEST("of options with struct_size 0, the library reads what 0.1 had, for its log function")
{
    auth_client_options *options = memset(edge(CLIENT_OPTIONS_FIRST_SIZE), 0, CLIENT_OPTIONS_FIRST_SIZE);
    auth_client *client;
    CHECK_ANSWER(auth_client_new(options, &client, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    auth_call_options *call = memset(edge(sizeof(size_t)), 0, sizeof(size_t));
    CHECK_INT(auth_sign_out(scene_client(), call, NULL), AUTH_SIGN_OUT_FAILED);
}

TEST("of a struct whose size is refused, the library reads no more than that, and writes nothing")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    auth_session out = AUTH_SESSION_INIT;
    FOR_REFUSED_SIZES(CLIENT_OPTIONS_FIRST_SIZE, {
        auth_client *none;
        CHECK_ANSWER(auth_client_new((const void *)place, &none, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    });
    FOR_REFUSED_SIZES(CALL_OPTIONS_FIRST_SIZE, {
        CHECK_ANSWER(auth_session_load(client, (const void *)place, &out, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_INT(auth_sign_out(client, (const void *)place, NULL), AUTH_SIGN_OUT_FAILED);
    });
    FOR_REFUSED_SIZES(SESSION_FIRST_SIZE, {
        CHECK_ANSWER(auth_session_save(client, (const void *)place, NULL, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_ANSWER(auth_session_load(client, NULL, (void *)place, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        auth_session_clear((void *)place);
    });
    FOR_REFUSED_SIZES(SIGN_OUT_RESULT_FIRST_SIZE, {
        CHECK_INT(auth_sign_out(client, NULL, (void *)place), AUTH_SIGN_OUT_FAILED);
        auth_sign_out_result_clear((void *)place);
    });
    CHECK_TEXT(load(client)->access_token, session.access_token);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The structs of the header, and what struct_size does: programs of other sizes than the library's. One that is 0 is in
 * test_zero_structs. */

#include <string.h>

#include "first_sizes.h"
#include "larger_struct.h"
#include "scene.h"

#define INITIALIZES(type, macro, function)                                                                             \
    do {                                                                                                               \
        during(#type);                                                                                                 \
        type from_macro = macro;                                                                                       \
        LARGER(type) larger;                                                                                           \
        memset(&larger, 0xAA, sizeof larger);                                                                          \
        function(&larger.known, sizeof larger.known);                                                                  \
        /* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): padding is 0 in both */    \
        CHECK(memcmp(&larger.known, &from_macro, sizeof from_macro) == 0);                                             \
        CHECK_INT(larger.known.struct_size, sizeof(type));                                                             \
        CHECK(is_all((char *)&larger + sizeof(size_t), sizeof(type) - sizeof(size_t), 0));                             \
        CHECK(is_all(larger.tail, TAIL, 0xAA));                                                                        \
        function(&larger.known, sizeof larger);                                                                        \
        CHECK_INT(larger.known.struct_size, sizeof larger);                                                            \
        CHECK(is_all(larger.tail, TAIL, 0));                                                                           \
        function(NULL, sizeof(type));                                                                                  \
    } while (0)

TEST("an _init function does what its macro does, for the size that it is told")
{
    INITIALIZES(auth_client_options, AUTH_CLIENT_OPTIONS_INIT, auth_client_options_init);
    INITIALIZES(auth_call_options, AUTH_CALL_OPTIONS_INIT, auth_call_options_init);
    INITIALIZES(auth_session, AUTH_SESSION_INIT, auth_session_init);
    INITIALIZES(auth_sign_out_result, AUTH_SIGN_OUT_RESULT_INIT, auth_sign_out_result_init);
}

TEST("an _init function writes nothing beyond the size that it is told")
{
    static const size_t sizes[] = {0, 1, 7, 8, 12, sizeof(auth_session) - 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        during(text("%zu bytes", sizes[i]));
        auth_session session;
        memset(&session, 0xAA, sizeof session);
        auth_session_init(&session, sizes[i]);
        CHECK(is_all((char *)&session + sizes[i], sizeof session - sizes[i], 0xAA));
    }
}

/* Runs `statements` for each size but 0 that no struct may have. */
#define FOR_BAD_SIZES(structure, first_size, statements)                                                               \
    do {                                                                                                               \
        const size_t bad[] = {1, sizeof(size_t), (first_size) - 1, 4097, (size_t)1 << 40, SIZE_MAX};                   \
        for (size_t at = 0; at < sizeof bad / sizeof *bad; at++) {                                                     \
            during(text("struct_size = %zu", bad[at]));                                                                \
            (structure).struct_size = bad[at];                                                                         \
            statements;                                                                                                \
        }                                                                                                              \
        during(NULL);                                                                                                  \
    } while (0)

TEST("client options of a size that cannot be are refused")
{
    auth_client_options options = scene_options();
    auth_client *client;
    auth_error *error;
    FOR_BAD_SIZES(options, CLIENT_OPTIONS_FIRST_SIZE, {
        client = (auth_client *)&options;
        CHECK_ANSWER(auth_client_new(&options, &client, &error), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK(client == NULL);
        CHECK_HAS(auth_error_message(error), "options");
        auth_error_free(error);
    });
}

TEST("call options of a size that cannot be are refused, and nothing happens")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client), out = AUTH_SESSION_INIT;
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    FOR_BAD_SIZES(options, CALL_OPTIONS_FIRST_SIZE, {
        CHECK_INT(auth_sign_out(client, &options, NULL), AUTH_SIGN_OUT_FAILED);
        CHECK_INT(auth_sign_out_global(client, &options, NULL), AUTH_SIGN_OUT_FAILED);
        CHECK_ANSWER(auth_session_load(client, &options, &out, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_ANSWER(auth_session_fetch(client, &options, &out, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    });
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(server_connection_count(), 0);
}

TEST("a session of a size that cannot be is neither stored nor filled")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    FOR_BAD_SIZES(session, SESSION_FIRST_SIZE,
                  CHECK_ANSWER(auth_session_save(client, &session, NULL, NULL), AUTH_STATUS_INVALID_ARGUMENT));
    CHECK_INT(keyring_count(NULL), 0);

    sign_in(client);
    auth_session out;
    memset(&out, 0xAA, sizeof out);
    FOR_BAD_SIZES(out, SESSION_FIRST_SIZE, {
        CHECK_ANSWER(auth_session_load(client, NULL, &out, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK_ANSWER(auth_session_fetch(client, NULL, &out, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK(is_all((char *)&out + sizeof(size_t), sizeof out - sizeof(size_t), 0xAA));
    });
}

TEST("with a result of a size that cannot be, nothing is signed out and nothing is written")
{
    auth_client *client = scene_client();
    sign_in(client);
    auth_sign_out_result result;
    memset(&result, 0xAA, sizeof result);
    FOR_BAD_SIZES(result, SIGN_OUT_RESULT_FIRST_SIZE, {
        CHECK_INT(auth_sign_out(client, NULL, &result), AUTH_SIGN_OUT_FAILED);
        CHECK_INT(auth_sign_out_global(client, NULL, &result), AUTH_SIGN_OUT_FAILED);
        CHECK_INT(auth_sign_out_retry(client, "token", NULL, &result), AUTH_SIGN_OUT_FAILED);
        CHECK(is_all((char *)&result + sizeof(size_t), sizeof result - sizeof(size_t), 0xAA));
    });
    CHECK_INT(keyring_count("session"), 1);
    CHECK_INT(server_connection_count(), 0);
}

TEST("a larger options struct is taken if its tail is zero, and refused if it is not")
{
    LARGER(auth_client_options) larger = {.known = scene_options()};
    larger.known.struct_size = sizeof larger;
    auth_client *client = scene_client_with(&larger.known);
    for (int i = 0; i < TAIL; i += TAIL - 1) {
        during(text("byte %d of the tail", i));
        memset(larger.tail, 0, TAIL);
        larger.tail[i] = 1;
        auth_client *none = NULL;
        CHECK_ANSWER(auth_client_new(&larger.known, &none, NULL), AUTH_STATUS_INVALID_ARGUMENT);
        CHECK(none == NULL);
    }
    during(NULL);

    LARGER(auth_session) session = {.known = scene_session()};
    session.known.struct_size = sizeof session;
    session.tail[TAIL - 1] = 1;
    CHECK_ANSWER(auth_session_save(client, &session.known, NULL, NULL), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_INT(keyring_count(NULL), 0);
    session.tail[TAIL - 1] = 0;
    save(client, &session.known);

    LARGER(auth_call_options) call = {.known = AUTH_CALL_OPTIONS_INIT};
    call.known.struct_size = sizeof call;
    call.tail[0] = 1;
    CHECK_INT(auth_sign_out(client, &call.known, NULL), AUTH_SIGN_OUT_FAILED);
    CHECK_INT(keyring_count("session"), 1);
    call.tail[0] = 0;
    CHECK_INT(auth_sign_out(client, &call.known, NULL), AUTH_SIGN_OUT_COMPLETE);
}

TEST("a struct of 4096 bytes is the largest that is taken")
{
    static union {
        auth_client_options options;
        unsigned char bytes[4097];
    } largest;
    memset(&largest, 0, sizeof largest);
    largest.options = scene_options();
    largest.options.struct_size = 4096;
    largest.bytes[4096] = 1; /* Beyond the struct: not looked at. */
    scene_client_with(&largest.options);
    largest.bytes[4095] = 1;
    CHECK_ANSWER(auth_client_new(&largest.options, &(auth_client *){NULL}, NULL), AUTH_STATUS_INVALID_ARGUMENT);
}

TEST("a larger output struct is written as far as it is known, and its tail is zeroed")
{
    auth_client *client = scene_client();
    auth_session saved = sign_in(client);
    LARGER(auth_session) session;
    LARGER(auth_sign_out_result) result;
    unsigned char guard = 0xAA;
    memset(&session, 0xAA, sizeof session);
    memset(&result, 0xAA, sizeof result);
    session.known.struct_size = sizeof session - 1;
    result.known.struct_size = sizeof result - 1;
    CHECK_ANSWER(auth_session_load(client, NULL, &session.known, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(session.known.access_token, saved.access_token);
    CHECK_INT(session.known.struct_size, sizeof session - 1);
    CHECK(is_all(session.tail, TAIL - 1, 0));
    CHECK_INT(session.tail[TAIL - 1], guard);
    CHECK_INT(auth_sign_out(client, NULL, &result.known), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result.known.revoke_token, AUTH_REMOTE_DONE);
    CHECK_INT(result.known.struct_size, sizeof result - 1);
    CHECK(is_all(result.tail, TAIL - 1, 0));
    CHECK_INT(result.tail[TAIL - 1], guard);

    memset(session.tail, 0xAA, TAIL);
    auth_session_clear(&session.known);
    CHECK_INT(session.known.struct_size, sizeof session - 1);
    CHECK(is_all((char *)&session + sizeof(size_t), sizeof session - sizeof(size_t) - 1, 0));
    CHECK_INT(session.tail[TAIL - 1], guard);
    auth_sign_out_result_clear(&result.known);
}

TEST("an output struct is overwritten whole, whatever was in it")
{
    auth_client *client = scene_client();
    auth_sign_out_result result;
    memset(&result, 0xAA, sizeof result);
    result.struct_size = sizeof result;
    CHECK_INT(auth_sign_out(client, NULL, &result), AUTH_SIGN_OUT_COMPLETE);
    CHECK(result.failure == NULL && result.hosted_ui_error == NULL && result.revoke_token_error == NULL);
    CHECK(result.partial_failure_token == NULL && result.reserved == 0 && result.tokens_valid_until == 0);
    auth_sign_out_result_clear(&result);
}

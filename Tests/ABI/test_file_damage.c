/* SPDX-License-Identifier: Apache-2.0 */

/* An encrypted file that is damaged, or something else, or of another key: nobody is said to be signed out, and nothing
 * is written. It runs where there is no bus. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keyring_file.h"
#include "scene.h"

void set_scene(void)
{
    server_select(NULL);
    server_reset();
    keyring_file_begin();
}

#define UNDELETED "failed: was signed in, still signed in; global not requested, revocation done"

/* What a damage must lead to. Of the file, and the number of the byte or the length. */
typedef enum { KEPT_OR_FAILED, FAILED } consequence;

static void check_damage(const char *what, keyring_file_contents damaged, consequence consequence)
{
    auth_client *client = scene_client();
    const char *message;
    during(what);
    keyring_file_write(damaged.bytes, damaged.size);
    auth_status status = load_within(client, 0, &message);
    if (consequence == KEPT_OR_FAILED && status == AUTH_STATUS_SUCCESS) return;
    CHECK_ANSWER(status, AUTH_STATUS_KEYRING_FAILED);
    CHECK_HAS(message, "damaged");
    CHECK_HAS(message, keyring_file_path(""));
}

static keyring_file_contents with_byte(keyring_file_contents whole, size_t index, unsigned char value)
{
    keyring_file_contents copy = {malloc(whole.size), whole.size};
    if (!copy.bytes) abort();
    defer(free, copy.bytes);
    memcpy(copy.bytes, whole.bytes, whole.size);
    copy.bytes[index] = value;
    return copy;
}

enum { HEADER = 18, SALT = HEADER + 4, ITERATIONS = SALT + 32, TIME = ITERATIONS + 4, ITEM = TIME + 12 };

/* In a process of its own, as libsecret ends it over some of these. */
ROLE("load what is damaged")
{
    sign_in(scene_client());
    keyring_file_contents whole = keyring_file_read();
    for (size_t length = 0; length < whole.size; length += length < ITEM ? 5 : 41)
        check_damage(text("cut off after %zu bytes", length), (keyring_file_contents){whole.bytes, length}, FAILED);
    for (size_t index = 0; index < whole.size; index += index < ITEM ? 3 : 23)
        check_damage(text("byte %zu", index), with_byte(whole, index, whole.bytes[index] ^ 0x80),
                     index < TIME ? FAILED : KEPT_OR_FAILED);
    check_damage("the size of the salt", with_byte(whole, HEADER, 31), FAILED);
    check_damage("no iterations",
                 with_byte(with_byte(with_byte(whole, ITERATIONS, 0), ITERATIONS + 1, 0), ITERATIONS + 2, 0), FAILED);
    double start = seconds();
    check_damage("iterations for an hour", with_byte(whole, ITERATIONS + 3, 0xFF), FAILED);
    CHECK(seconds() - start < 5);
    check_damage("a time beyond the calendar", with_byte(whole, TIME + 7, 0x7F), FAILED);
    check_damage("the last byte of what is encrypted",
                 with_byte(whole, whole.size - 24, whole.bytes[whole.size - 24] ^ 1), KEPT_OR_FAILED);
    return 0;
}

TEST("a damaged file is told of as such, whatever is damaged, and never ends the process")
{
    CHECK_INT(wait_for(start_role("load what is damaged"), 120000), 0);
}

TEST("row 23: where the file is damaged, nobody is said to be signed out, nothing is sent, and nothing is stored")
{
    auth_client *client = scene_client();
    sign_in(client);
    keyring_file_contents whole = keyring_file_read(), damaged = {whole.bytes, whole.size - 1};
    keyring_file_write(damaged.bytes, damaged.size);
    const auth_sign_out_result *results[] = {sign_out(client), sign_out_global(client)};
    for (int i = 0; i < 2; i++) {
        CHECK_INT(results[i]->was_signed_in, AUTH_ANSWER_UNKNOWN);
        CHECK_INT(results[i]->signed_out_locally, AUTH_ANSWER_NO);
        CHECK_STATUS(results[i]->failure, AUTH_STATUS_KEYRING_FAILED);
        CHECK_HAS(auth_error_message(results[i]->failure), "damaged");
    }
    CHECK_ANSWER(save_within(client, 0, NULL), AUTH_STATUS_KEYRING_FAILED);
    CHECK_INT(server_connection_count(), 0);
    CHECK(keyring_file_is(damaged));
    keyring_file_write(whole.bytes, whole.size);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
}

/* Where libsecret finds the hash of the attribute `kind`. */
static size_t hash_of_kind(keyring_file_contents contents)
{
    const unsigned char *name = memmem(contents.bytes, contents.size, "kind", 5);
    return CHECK(name != NULL) ? (size_t)(name - contents.bytes) + 5 : 0;
}

TEST("row 23: an item whose attributes libsecret does not know again is found all the same, and its deletion fails")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    keyring_file_contents whole = keyring_file_read();
    size_t index = hash_of_kind(whole);
    keyring_file_contents damaged = with_byte(whole, index, whole.bytes[index] ^ 1);
    keyring_file_write(damaged.bytes, damaged.size);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), UNDELETED);
    CHECK_HAS(auth_error_message(result->failure), "damaged");
    CHECK(keyring_file_is(damaged));
}

TEST("what is no file, or a huge one, is told of, and not waited for")
{
    auth_client *client = scene_client();
    const char *message, *path = keyring_file_path("");
    double start = seconds();
    CHECK_INT(mkfifo(path, 0600), 0);
    CHECK_ANSWER(load_within(client, 0, &message), AUTH_STATUS_KEYRING_FAILED);
    CHECK_HAS(message, "damaged");
    CHECK_INT(unlink(path), 0);
    CHECK_INT(mkdir(path, 0700), 0);
    CHECK_ANSWER(load_within(client, 0, NULL), AUTH_STATUS_KEYRING_FAILED);
    CHECK_INT(rmdir(path), 0);
    sign_in(client);
    CHECK_INT(truncate(path, (off_t)1 << 40), 0);
    CHECK_ANSWER(load_within(client, 0, &message), AUTH_STATUS_KEYRING_FAILED);
    CHECK_HAS(message, "damaged");
    CHECK(seconds() - start < 3);
}

TEST("what is damaged is not said to be of another key")
{
    auth_client *client = scene_client();
    const char *message;
    sign_in(client);
    keyring_file_contents whole = keyring_file_read();
    keyring_file_contents damaged = with_byte(whole, whole.size - 24, whole.bytes[whole.size - 24] ^ 1);
    keyring_file_write(damaged.bytes, damaged.size);
    CHECK_ANSWER(load_within(client, 0, &message), AUTH_STATUS_KEYRING_FAILED);
    CHECK_LACKS(message, "another key");
    setenv("SECRET_FILE_TEST_PASSWORD", "another key", 1);
    CHECK_ANSWER(load_within(client, 0, &message), AUTH_STATUS_KEYRING_FAILED);
    CHECK_HAS(message, "another key");
    CHECK(keyring_file_is(damaged));
}

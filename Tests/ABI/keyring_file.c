/* SPDX-License-Identifier: Apache-2.0 */

#include "keyring_file.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

enum { HEADER_SIZE = 18, ITEMS = 5 };

const char *keyring_file_path(const char *suffix)
{
    const char *path = getenv("SECRET_FILE_TEST_PATH");
    return path ? text("%s%s", path, suffix) : text("%s/keyrings/default.keyring%s", getenv("XDG_DATA_HOME"), suffix);
}

static void end(void *unused)
{
    (void)unused;
    CHECK(system("rm -rf \"$SECRET_FILE_TEST_PATH\" \"$SECRET_FILE_TEST_PATH~\"") == 0);
    unsetenv("SECRET_BACKEND");
    unsetenv("SECRET_FILE_TEST_PATH");
    unsetenv("SECRET_FILE_TEST_PASSWORD");
}

void keyring_file_begin(void)
{
    setenv("SECRET_BACKEND", "file", 1);
    setenv("SECRET_FILE_TEST_PATH", text("%s/test.keyring", getenv("HOME")), 1);
    setenv("SECRET_FILE_TEST_PASSWORD", "a key", 1);
    defer(end, NULL);
}

bool keyring_file_exists(const char *suffix) { return g_file_test(keyring_file_path(suffix), G_FILE_TEST_EXISTS); }

keyring_file_contents keyring_file_read(void)
{
    char *bytes = NULL;
    gsize size = 0;
    if (!g_file_get_contents(keyring_file_path(""), &bytes, &size, NULL)) return (keyring_file_contents){NULL, 0};
    defer(g_free, bytes);
    return (keyring_file_contents){(unsigned char *)bytes, size};
}

int keyring_file_count(void)
{
    keyring_file_contents contents = keyring_file_read();
    if (!contents.bytes) return 0;
    if (contents.size < HEADER_SIZE) return -1;
    GVariant *file = g_variant_new_from_data(G_VARIANT_TYPE("(uayutua(a{say}ay))"), contents.bytes + HEADER_SIZE,
                                             contents.size - HEADER_SIZE, FALSE, NULL, NULL);
    GVariant *items = g_variant_get_child_value(g_variant_ref_sink(file), ITEMS);
    int count = g_variant_is_normal_form(file) ? (int)g_variant_n_children(items) : -1;
    g_variant_unref(items);
    g_variant_unref(file);
    return count;
}

void keyring_file_write(const void *bytes, size_t size)
{
    CHECK(g_file_set_contents(keyring_file_path(""), bytes, (gssize)size, NULL));
}

bool keyring_file_is(keyring_file_contents contents)
{
    keyring_file_contents now = keyring_file_read();
    return now.size == contents.size && memcmp(now.bytes, contents.bytes, now.size) == 0;
}

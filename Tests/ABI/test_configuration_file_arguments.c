/* SPDX-License-Identifier: Apache-2.0 */

/* What auth_client_new_from_file() takes beside the file: NULL, and options that do not fit. */

#include <string.h>

#include "configuration_file.h"
#include "first_sizes.h"
#include "watched_file.h"

TEST("NULL for the path, the options or the client is refused, NULL for the error is not")
{
    const char *path = put_json(GEN_2_LEAST);
    auth_client_options options = only_app_id();
    refuse_with(NULL, &options, AUTH_STATUS_INVALID_ARGUMENT, "path is NULL.");
    refuse_with(path, NULL, AUTH_STATUS_INVALID_ARGUMENT, "options is NULL.");
    refuse_with(NULL, NULL, AUTH_STATUS_INVALID_ARGUMENT, "path is NULL.");

    auth_error *error = NULL;
    CHECK_ANSWER(auth_client_new_from_file(path, &options, NULL, &error), AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_STATUS(error, AUTH_STATUS_INVALID_ARGUMENT);
    CHECK_TEXT(auth_error_message(error), "client is NULL.");
    auth_error_free(error);
    CHECK_ANSWER(auth_client_new_from_file(NULL, NULL, NULL, NULL), AUTH_STATUS_INVALID_ARGUMENT);

    auth_client *client = NULL;
    CHECK_ANSWER(auth_client_new_from_file(path, &options, &client, NULL), AUTH_STATUS_SUCCESS);
    CHECK(client != NULL);
    auth_client_free(client);
}

TEST("options that do not fit are refused as without a file, and an app id is required")
{
    const char *path = put_json(GEN_2_LEAST);
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT, "app_id is required and is NULL.");
    options = only_app_id();
    options.client_id = "no client";
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT,
                "client_id must be 1 to 128 of the characters A-Z a-z 0-9 _ +.");
    options = only_app_id();
    options.region = "\xff";
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT, "region must be UTF-8.");
    options = only_app_id();
    options.timeout_ms = 1;
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT,
                "timeout_ms must be 100 to 3600000, or 0 for the default.");
    options = only_app_id();
    options.hosted_ui_domain = "auth.example/path";
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT,
                "hosted_ui_domain must be host[:port], or http:// to localhost, 127.0.0.1 or [::1], without a path.");
    options = only_app_id();
    options.app_name = "";
    refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT,
                "app_name must be 1 to 128 bytes without control characters.");
    options = only_app_id();
    options.use_fips = 1;
    refuse_with(sample_path("amplifyconfiguration.json"), &options, AUTH_STATUS_INVALID_ARGUMENT,
                "use_fips cannot be set together with "
                "auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.Endpoint of the configuration file.");
    client_with(sample_path("amplifyconfiguration-minimal.json"), &options);
}

enum { TAIL = 64 };
static union {
    auth_client_options known;
    unsigned char bytes[4096 + 1];
} sized;

TEST("options keep the rules of struct_size, and with those that do not the file is not opened")
{
    const char *path = put_json(GEN_2_LEAST);
    static const size_t bad[] = {0, 1, sizeof(size_t), CLIENT_OPTIONS_FIRST_SIZE - 1, 4097, (size_t)1 << 40, SIZE_MAX};
    watch(path);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        during(text("struct_size = %zu", bad[i]));
        auth_client_options options = only_app_id();
        options.struct_size = bad[i];
        refuse_with(path, &options, AUTH_STATUS_INVALID_ARGUMENT,
                    bad[i] > 4096 ? "options has a struct_size that is too large."
                    : bad[i] > 0  ? "options has a struct_size that is too small."
                                  : "options has struct_size 0: start it from AUTH_CLIENT_OPTIONS_INIT.");
    }
    static const size_t sizes[] = {sizeof(auth_client_options) + TAIL, 4096};
    for (int i = 0; i < 2; i++) {
        during(text("struct_size = %zu", sizes[i]));
        memset(&sized, 0, sizeof sized);
        sized.known = only_app_id();
        sized.known.struct_size = sizes[i];
        sized.bytes[sizes[i]] = 1; /* Beyond the struct: not looked at. */
        client_with(path, &sized.known);
        CHECK_INT(watched.opened, 1);
        sized.bytes[sizes[i] - 1] = 1;
        refuse_with(path, &sized.known, AUTH_STATUS_INVALID_ARGUMENT,
                    "options has fields set that this version of the library does not know.");
        CHECK_INT(watched.opened, 1);
        watch(path);
    }
}

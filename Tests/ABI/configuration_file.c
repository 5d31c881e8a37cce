/* SPDX-License-Identifier: Apache-2.0 */

#include "configuration_file.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status, (void)kind, (void)position;
    return remove(path);
}

static void remove_folder(void *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    *(char *)path = '\0';
}

const char *folder(void)
{
    static char path[64];
    if (path[0]) return path;
    strcpy(path, "/tmp/cognitoauth-files.XXXXXX");
    if (!mkdtemp(path)) abort();
    defer(remove_folder, path);
    return path;
}

const char *in_folder(const char *name) { return text("%s/%s", folder(), name); }

const char *put_bytes(const char *name, const char *bytes, size_t size)
{
    const char *path = in_folder(name);
    FILE *file = fopen(path, "w");
    CHECK(file && fwrite(bytes, 1, size, file) == size);
    if (file) fclose(file);
    return path;
}

const char *put(const char *name, const char *content) { return put_bytes(name, content, strlen(content)); }

const char *put_json(const char *json) { return put("file.json", json_text(json)); }

const char *sample_path(const char *name) { return text("%s/amplify/%s", getenv("COGNITOAUTH_TEST_SUPPORT"), name); }

const char *put_sample(const char *name, const char *old, const char *new)
{
    char content[16384];
    FILE *file = fopen(sample_path(name), "r");
    size_t size = file ? fread(content, 1, sizeof content - 1, file) : 0;
    content[size] = '\0';
    if (file) fclose(file);
    char *found = strstr(content, old);
    if (!CHECK(found != NULL)) return "";
    *found = '\0';
    return put(name, text("%s%s%s", content, new, found + strlen(old)));
}

const char *put_gen_1(void) { return put_sample("amplifyconfiguration.json", GEN_1_ENDPOINT, server_url()); }

auth_client_options only_app_id(void)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    options.app_id = SCENE_APP_ID;
    return options;
}

int descriptor_count(void)
{
    int count = 0;
    for (int descriptor = 0; descriptor < 1024; descriptor++) count += fcntl(descriptor, F_GETFD) >= 0;
    return count;
}

static void free_client(void *client) { auth_client_free(client); }

auth_client *client_with(const char *path, const auth_client_options *options)
{
    auth_client *client = NULL;
    auth_error *error = (auth_error *)&client;
    CHECK_ANSWER(auth_client_new_from_file(path, options, &client, &error), AUTH_STATUS_SUCCESS);
    CHECK(client != NULL);
    CHECK(error == NULL);
    CHECK_TEXT(auth_error_message(error), "");
    auth_error_free(error);
    defer(free_client, client);
    return client;
}

auth_client *client_from(const char *path)
{
    auth_client_options options = only_app_id();
    return client_with(path, &options);
}

void refuse_with(const char *path, const auth_client_options *options, auth_status status, const char *message)
{
    static char no_client;
    auth_client *client = (auth_client *)&no_client;
    auth_error *error = NULL;
    int descriptors = descriptor_count();
    CHECK_TEXT(auth_status_name(auth_client_new_from_file(path, options, &client, &error)), auth_status_name(status));
    CHECK(client == NULL);
    CHECK_TEXT(auth_status_name(auth_error_status(error)), auth_status_name(status));
    CHECK_TEXT(auth_error_message(error), message);
    CHECK(auth_error_recovery_suggestion(error)[0] != '\0');
    CHECK(auth_error_service_exception(error) == NULL && auth_error_token(error) == NULL);
    auth_error_free(error);
    client = (auth_client *)&no_client;
    CHECK_INT(auth_client_new_from_file(path, options, &client, NULL), status);
    CHECK(client == NULL);
    CHECK(descriptor_count() <= descriptors);
}

void refuse(const char *path, auth_status status, const char *message)
{
    auth_client_options options = only_app_id();
    refuse_with(path, &options, status, message);
}

void refuse_unreadable(const char *path, const char *message)
{
    during(path);
    double start = seconds();
    refuse(path, AUTH_STATUS_CONFIGURATION_UNREADABLE, message);
    CHECK(seconds() - start < 5);
    during(NULL);
}

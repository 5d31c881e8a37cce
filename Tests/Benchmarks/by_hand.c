/* SPDX-License-Identifier: Apache-2.0 */

/* A global sign-out as a C programmer would write it without the library: libcurl's easy handle, kept and used again,
 * libsecret's simple functions, and jansson. There is no second look into the keyring, no lock and no retry.
 *
 * Which certificates it trusts is in the environment: BENCHMARK_CA_BUNDLE is a file that is parsed whole, as Debian's
 * libcurl does with its own; BENCHMARK_CA_FOLDER is a folder of files named by hash. */

#include "program.h"

#include <curl/curl.h>
#include <jansson.h>
#include <libsecret/secret.h>
#include <stdio.h>
#include <stdlib.h>

static const SecretSchema schema = {.name = "org.example.SessionByHand",
                                    .flags = SECRET_SCHEMA_NONE,
                                    .attributes = {{"app-id", SECRET_SCHEMA_ATTRIBUTE_STRING},
                                                   {"user-pool-id", SECRET_SCHEMA_ATTRIBUTE_STRING},
                                                   {"client-id", SECRET_SCHEMA_ATTRIBUTE_STRING},
                                                   {NULL, 0}}};
#define ATTRIBUTES "app-id", APP_ID, "user-pool-id", USER_POOL_ID, "client-id", CLIENT_ID, NULL

static CURL *curl;

static bool fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    return false;
}

static size_t ignore(char *bytes, size_t size, size_t count, void *user_data)
{
    (void)bytes, (void)user_data;
    return size * count;
}

bool program_start(const char *endpoint)
{
    const char *bundle = getenv("BENCHMARK_CA_BUNDLE"), *folder = getenv("BENCHMARK_CA_FOLDER");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !(curl = curl_easy_init()))
        return fail("libcurl", "cannot be started");
    curl_easy_setopt(curl, CURLOPT_URL, endpoint);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    if (bundle) curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
    if (folder) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
        curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
    }
    return true;
}

bool program_save(const struct tokens *tokens)
{
    json_t *session = json_pack("{ss ss ss ss}", "username", USERNAME, "access_token", tokens->access, "id_token",
                                tokens->id, "refresh_token", tokens->refresh);
    char *text = session ? json_dumps(session, JSON_COMPACT) : NULL;
    GError *error = NULL;
    if (text)
        secret_password_store_sync(&schema, SECRET_COLLECTION_DEFAULT, "Session by hand", text, NULL, &error,
                                   ATTRIBUTES);
    bool works = text && !error;
    if (!works) fail("not saved", error ? error->message : "no memory");
    g_clear_error(&error);
    free(text);
    json_decref(session);
    return works;
}

/* Sends a request; `body`, which is released, is NULL if it could not be made. */
static bool post(const char *target, json_t *body)
{
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    if (!text) return fail(target, "no memory");

    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/x-amz-json-1.1");
    headers = curl_slist_append(headers, target);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, text);
    CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    free(text);
    if (code != CURLE_OK) return fail(target, curl_easy_strerror(code));
    return status == 200 || fail(target, "refused");
}

static bool end_session(json_t *session)
{
    const char *access, *refresh;
    if (json_unpack(session, "{ss ss}", "access_token", &access, "refresh_token", &refresh) != 0)
        return fail("the session", "damaged");
    return post("X-Amz-Target: AWSCognitoIdentityProviderService.GlobalSignOut",
                json_pack("{ss}", "AccessToken", access)) &&
           post("X-Amz-Target: AWSCognitoIdentityProviderService.RevokeToken",
                json_pack("{ss ss}", "Token", refresh, "ClientId", CLIENT_ID));
}

bool program_sign_out(void)
{
    GError *error = NULL;
    char *text = secret_password_lookup_sync(&schema, NULL, &error, ATTRIBUTES);
    json_t *session = text ? json_loads(text, 0, NULL) : NULL;
    bool works = session ? end_session(session) : fail("no session", error ? error->message : "nobody is signed in");
    if (works && !secret_password_clear_sync(&schema, NULL, &error, ATTRIBUTES))
        works = fail("not deleted", error ? error->message : "nothing was there");
    g_clear_error(&error);
    json_decref(session);
    secret_password_free(text);
    return works;
}

void program_end(void)
{
    curl_easy_cleanup(curl);
    curl_global_cleanup();
}

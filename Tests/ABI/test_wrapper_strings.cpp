/* SPDX-License-Identifier: Apache-2.0 */

/* The strings that go into the C++ wrapper: they need not end in NUL, and none may have one inside. */

#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>

#include "wrapper.hpp"

#define CLIENT_SECRET "clientsecretclientsecretclientsecret"

TEST("a NUL in any option of a client is INVALID_ARGUMENT, and the error names the option")
{
    static constexpr struct {
        Text ClientOptions::*option;
        const char *name, *value;
    } options[] = {{&ClientOptions::app_id, "app_id", SCENE_APP_ID},
                   {&ClientOptions::user_pool_id, "user_pool_id", SCENE_POOL_ID},
                   {&ClientOptions::client_id, "client_id", SCENE_CLIENT_ID},
                   {&ClientOptions::client_secret, "client_secret", CLIENT_SECRET},
                   {&ClientOptions::endpoint, "endpoint", "https://cognito.example"},
                   {&ClientOptions::region, "region", "eu-west-1"},
                   {&ClientOptions::ca_file, "ca_file", "/etc/passwd"},
                   {&ClientOptions::proxy, "proxy", "http://127.0.0.1:1"}};
    for (const auto &[option, name, value] : options) {
        ClientOptions changed = options_of_scene();
        changed.*option = bounded(value);
        CHECK(bool(Client::make(changed)));
        for (std::string_view text : {with_nul(value), bounded(std::string(value) + '\0'), with_nul("")}) {
            changed.*option = text;
            CHECK_ERROR(Client::make(changed).error(), AUTH_STATUS_INVALID_ARGUMENT, name);
        }
    }
}

TEST("options and sessions hold their strings: what these were made of may be gone before the call")
{
    ClientOptions options = options_of_scene();
    NewSession session = session_for(3600);
    {
        std::string app_id(SCENE_APP_ID), username(TOKEN_USERNAME);
        options.app_id = app_id;
        session.username = username;
        app_id.assign(app_id.size(), 'x');
        username.assign(username.size(), 'x');
    }
    Client client = make(options);
    CHECK(bool(client.save(session)));
    CHECK_TEXT(keyring_attribute("session", "app-id"), SCENE_APP_ID);
    CHECK_VIEW((*client.load()).username(), TOKEN_USERNAME);
}

TEST("a NUL in any part of a session is INVALID_ARGUMENT, and the error names the part")
{
    static constexpr struct {
        Text NewSession::*part;
        const char *name;
    } parts[] = {{&NewSession::username, "username"},
                 {&NewSession::access_token, "access_token"},
                 {&NewSession::id_token, "id_token"},
                 {&NewSession::refresh_token, "refresh_token"},
                 {&NewSession::device_key, "device_key"}};
    Client client = make();
    for (const auto &[part, name] : parts) {
        const NewSession session = session_for(3600);
        for (std::string_view text : {with_nul(session.*part), bounded(std::string(session.*part) + '\0')}) {
            NewSession changed = session;
            changed.*part = text;
            CHECK_ERROR(client.save(changed).error(), AUTH_STATUS_INVALID_ARGUMENT, name);
            Result<Operation<void>> started = client.start_save(changed);
            CHECK_ERROR(started ? started->finish().error() : started.error(), AUTH_STATUS_INVALID_ARGUMENT, name);
        }
    }
    CHECK_INT(keyring_count_all(), 0);
}

TEST("a partial-failure token need not end in NUL, and one with a NUL inside is INVALID_ARGUMENT")
{
    Client client = make();
    const SignOutResult result = partial_result(client);
    const std::string_view token = result.partial_failure_token();
    for (std::string_view text : {with_nul(token), bounded(std::string(token) + '\0')}) {
        CHECK_ERROR(client.retry(text).failure(), AUTH_STATUS_INVALID_ARGUMENT, "partial_failure_token");
        CHECK_ERROR(finished(client.start_retry(text)).failure(), AUTH_STATUS_INVALID_ARGUMENT,
                    "partial_failure_token");
    }
    for (std::string_view text : {std::string_view(), std::string_view("")}) {
        CHECK_ERROR(client.retry(text).failure(), AUTH_STATUS_INVALID_ARGUMENT, "partial_failure_token");
        CHECK_ERROR(client.start_retry(text).error(), AUTH_STATUS_INVALID_ARGUMENT, "partial_failure_token");
    }
    CHECK_INT(server_request_count(), 1);
    CHECK(client.retry(bounded(token)).complete());
}

/* A file with the pool and the client of the scene. */
static void write_configuration(const char *path)
{
    FILE *file = std::fopen(path, "w");
    std::fputs(json_text("{'version':'1','auth':{'user_pool_id':'" SCENE_POOL_ID
                         "','user_pool_client_id':'" SCENE_CLIENT_ID "','aws_region':'eu-west-1'}}"),
               file);
    std::fclose(file);
}

TEST("a client is made from a file, whose path need not end in NUL; one with a NUL inside is INVALID_ARGUMENT")
{
    const char *path = text("%s/amplify_outputs.json", std::getenv("COGNITOAUTH_TEST_HOME"));
    write_configuration(path);
    ClientOptions options;
    options.app_id = bounded(SCENE_APP_ID);
    options.endpoint = bounded(server_url());
    Result<Client> client = Client::make_from_file(bounded(path), options);
    REQUIRE(bool(client));
    sign_in(*client);
    CHECK(client->sign_out().complete());
    CHECK_TEXT(server_body(0, "ClientId"), SCENE_CLIENT_ID);

    write_configuration(text("%s\xffmore", path)); /* No other file may be meant. */
    for (std::string_view text :
         {with_nul(path), bounded(std::string(path) + '\0'), with_nul(""), std::string_view(), std::string_view("")})
        CHECK_ERROR(Client::make_from_file(text, options).error(), AUTH_STATUS_INVALID_ARGUMENT, "path");
    CHECK_ERROR(Client::make_from_file(path, {}).error(), AUTH_STATUS_INVALID_ARGUMENT, "app_id");
}

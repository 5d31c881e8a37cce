/* SPDX-License-Identifier: Apache-2.0 */

/* What the cases of the C++ wrapper begin with, as scene.h is for those of C. All text lives until the case is over. */

#ifndef WRAPPER_HPP
#define WRAPPER_HPP

#include <cognitoauth/auth.hpp>

#include <cstring>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/mman.h>

extern "C" {
#include "scene.h"
}

using namespace cognitoauth;
using namespace std::chrono_literals;

/* A view as C has it; NULL for a default one. */
inline const char *c_text(std::string_view view)
{
    return view.data() ? text("%.*s", static_cast<int>(view.size()), view.data()) : nullptr;
}
#define CHECK_VIEW(view, expected) CHECK_TEXT(c_text(view), expected)

/* Checks an error, and that it names what it is about. It may be a temporary's. */
inline void check_error(Error error, const char *status, const char *name, const char *file, int line)
{
    harness_check_text(auth_status_name(error.status()), status, "the status", file, line);
    harness_check_part(c_text(error.message()), name, true, "the message", file, line);
}
#define CHECK_ERROR(error, status, name) check_error((error), #status, (name), __FILE__, __LINE__)

constexpr std::size_t page = 4096;
inline void unmap(void *pages) { munmap(pages, 2 * page); }

/* The same text, behind which nothing may be read, not even a NUL. */
inline std::string_view bounded(std::string_view view)
{
    auto *pages =
        static_cast<char *>(mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(pages + page, page, PROT_NONE);
    defer(unmap, pages);
    return {static_cast<char *>(std::memcpy(pages + page - view.size(), view.data(), view.size())), view.size()};
}

/* ... with another text behind a NUL. */
inline std::string_view with_nul(std::string_view view) { return bounded(std::string(view) + '\0' + "more"); }

inline ClientOptions options_of_scene()
{
    ClientOptions options;
    options.app_id = bounded(SCENE_APP_ID);
    options.user_pool_id = bounded(SCENE_POOL_ID);
    options.client_id = bounded(SCENE_CLIENT_ID);
    options.endpoint = bounded(server_url());
    return options;
}

inline Client make(const ClientOptions &options)
{
    Result<Client> client = Client::make(options);
    CHECK_VIEW(client.error().message(), "");
    return *std::move(client);
}
inline Client make() { return make(options_of_scene()); }

/* TOKEN_USERNAME's session with an access token that has this long to live. */
inline NewSession session_for(std::int64_t seconds_left)
{
    NewSession session;
    session.username = bounded(TOKEN_USERNAME);
    session.access_token = bounded(access_token(seconds_left));
    session.id_token = bounded(id_token(7200));
    session.refresh_token = bounded(refresh_token());
    session.device_key = bounded(SCENE_DEVICE_KEY);
    return session;
}

inline NewSession sign_in(Client &client, std::int64_t seconds_left = 3600)
{
    const NewSession session = session_for(seconds_left);
    CHECK_ANSWER(client.save(session).status(), AUTH_STATUS_SUCCESS);
    return session;
}

/* What a started call ends with. */
template <class Value> auto finished(Result<Operation<Value>> operation)
{
    CHECK_VIEW(operation.error().message(), "");
    return operation->finish();
}

inline bool is_readable(int descriptor, int timeout_ms)
{
    pollfd entry = {descriptor, POLLIN, 0};
    return poll(&entry, 1, timeout_ms) == 1;
}

/* Runs an operation as an event loop does. */
template <class Value> auto run(Result<Operation<Value>> started)
{
    CHECK_VIEW(started.error().message(), "");
    Operation<Value> operation = *std::move(started);
    while (CHECK(is_readable(operation.fd(), 5000)) && !operation.dispatch()) continue;
    return operation.finish();
}

/* A sign-out whose RevokeToken waits for server_release(). */
inline Operation<SignOutResult> held_sign_out(Client &client)
{
    sign_in(client);
    server_reply("RevokeToken", "{'hold':true,'default':true},{'default':true}");
    const int before = server_request_count();
    Result<Operation<SignOutResult>> operation = client.start_sign_out();
    CHECK(operation && server_await(before + 1));
    return *std::move(operation);
}

/* A result that can be retried. */
inline SignOutResult partial_result(Client &client)
{
    sign_in(client);
    server_reply("RevokeToken", text("%s,{'default':true}", exception("ForbiddenException", "It cannot be done.")));
    SignOutResult result = client.sign_out();
    CHECK(result.partial() && result.can_retry());
    return result;
}

#endif

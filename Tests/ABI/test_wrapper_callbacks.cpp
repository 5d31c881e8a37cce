/* SPDX-License-Identifier: Apache-2.0 */

/* The callbacks of the C++ wrapper, which a client shares with its operations. */

#include <algorithm>
#include <atomic>
#include <dlfcn.h>
#include <exception>
#include <initializer_list>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "wrapper.hpp"

/* What callbacks saw, and what they hold. */
static struct {
    std::thread::id thread; /* where they may run */
    bool is_allowed;        /* whether they may run now */
    int lines, events, misplaced;
    LogLevel highest;
    Event last;
    std::weak_ptr<std::string> held;
} seen;
static std::atomic<int> freed, freed_too_late; /* handles, and those of them whose callbacks were gone */

static void record()
{
    if (!seen.is_allowed || seen.thread != std::this_thread::get_id() || seen.held.expired()) seen.misplaced++;
}

/* From now on callbacks may run, here, or may not run at all. */
static void allow_callbacks(bool is_allowed)
{
    seen.thread = std::this_thread::get_id();
    seen.is_allowed = is_allowed;
    seen.lines = seen.events = seen.misplaced = 0;
}

static ClientOptions recorded_options(LogLevel level = LogLevel::debug)
{
    const auto held = std::make_shared<std::string>("what a callback holds");
    seen = {};
    freed = freed_too_late = 0;
    seen.held = held;
    ClientOptions options = options_of_scene();
    options.log_level = level;
    options.log = [held](LogLevel line_level, std::string_view line) {
        CHECK(!line.empty() && line.data()[line.size()] == '\0' && *held == "what a callback holds");
        seen.highest = std::max(seen.highest, line_level);
        record();
        seen.lines++;
    };
    options.event = [held](Event event) {
        CHECK(*held == "what a callback holds");
        record();
        seen.events++;
        seen.last = event;
    };
    allow_callbacks(true);
    return options;
}

/* These take the place of the library's own, and see what the wrapper frees. */
template <class Handle> static void free_watched(const char *name, Handle *handle)
{
    freed += handle != nullptr;
    freed_too_late += handle != nullptr && seen.held.expired();
    reinterpret_cast<void (*)(Handle *)>(dlsym(RTLD_NEXT, name))(handle);
}
void auth_client_free(auth_client *client) { free_watched("auth_client_free", client); }
void auth_operation_free(auth_operation *operation) { free_watched("auth_operation_free", operation); }

TEST("callbacks run in dispatch() and in finish(), on the thread that calls them, and at no other time")
{
    Client client = make(recorded_options());
    for (int by_dispatch = 0; by_dispatch < 2; by_dispatch++) {
        Operation<SignOutResult> operation = held_sign_out(client);
        allow_callbacks(true);
        CHECK(is_readable(operation.fd(), 5000) && !operation.dispatch());
        CHECK(seen.lines > 0 && seen.events == 0);
        allow_callbacks(false);
        CHECK(!is_readable(operation.fd(), 200) && !operation.dispatch());
        server_release();
        CHECK(is_readable(operation.fd(), 5000));
        CHECK_INT(seen.lines + seen.events, 0);
        allow_callbacks(true);
        while (by_dispatch && !operation.dispatch()) CHECK(is_readable(operation.fd(), 5000));
        if (by_dispatch) CHECK(seen.events == 1 && !is_readable(operation.fd(), 0));
        CHECK(operation.finish().complete());
        CHECK(seen.lines > 0 && seen.last == Event::signed_out);
        CHECK_INT(seen.events, 1);
        CHECK_INT(seen.misplaced, 0);
    }
}

TEST("a blocking call runs callbacks on its own thread, as far as the log's level goes")
{
    for (const LogLevel level : {LogLevel::standard, LogLevel::error, LogLevel::info, LogLevel::debug}) {
        during(text("level %d", static_cast<int>(level)));
        Client client = make(recorded_options(level));
        sign_in(client);
        CHECK(seen.events == 1 && seen.last == Event::session_saved);
        std::thread([&client] {
            allow_callbacks(true);
            server_reply("RevokeToken", exception("ForbiddenException", "no"));
            CHECK(client.sign_out().partial());
            CHECK(client.retry("damaged").failed());
        }).join();
        CHECK(seen.lines > 0 && seen.events == 1 && seen.last == Event::signed_out);
        CHECK(seen.highest == (level == LogLevel::standard ? LogLevel::warning : level));
        CHECK_INT(seen.misplaced, 0);
    }
}

TEST("one callback does without the other, and a client without both")
{
    ClientOptions options = recorded_options();
    options.event = nullptr;
    Client client = make(options);
    sign_in(client);
    CHECK(seen.lines > 0 && seen.events == 0);
    options = recorded_options();
    options.log = nullptr;
    client = make(options);
    sign_in(client);
    CHECK(seen.lines == 0 && seen.events == 1);
    options.event = nullptr;
    client = make(options);
    CHECK(run(client.start_sign_out()).complete() && seen.lines == 0 && seen.events == 1);
}

TEST("what callbacks hold lives until the client and the last of its operations are gone, wherever they were moved")
{
    Client client = make(recorded_options());
    Operation<SignOutResult> operation = held_sign_out(client);
    freed = 0;
    client = make();
    CHECK_INT(freed, 1);
    Client moved = std::move(client);
    Operation<SignOutResult> last = std::move(operation), &same = last;
    last = std::move(same);
    server_release();
    allow_callbacks(true);
    CHECK(last.finish().complete());
    CHECK(seen.lines > 0 && seen.events == 1 && seen.misplaced == 0);
    CHECK(!seen.held.expired());
    last = Operation<SignOutResult>();
    CHECK(seen.held.expired());
    CHECK_INT(freed, 2);
    CHECK_INT(freed_too_late, 0);
    moved = make(recorded_options());
    CHECK(!seen.held.expired());
    moved = Client();
    CHECK(seen.held.expired());
    CHECK_INT(freed_too_late, 0);
}

TEST("to destroy an operation that is not over, or to assign over it, cancels it and runs no callback")
{
    Client client = make(recorded_options());
    for (int assign = 0; assign < 2; assign++) {
        std::vector<Operation<SignOutResult>> operations;
        operations.push_back(held_sign_out(client));
        allow_callbacks(false);
        freed = 0;
        const double start = seconds();
        if (assign) operations[0] = Operation<SignOutResult>();
        if (assign) CHECK_INT(freed, 1);
        operations.clear();
        CHECK(seconds() - start < 4);
        CHECK_INT(freed, 1);
        CHECK_INT(seen.lines + seen.events, 0);
        CHECK_INT(keyring_count("session"), 0);
        allow_callbacks(true);
    }
}

TEST("a callback may use the client that it is about, and threads may share one")
{
    Client client;
    ClientOptions options = recorded_options();
    options.event = [&client](Event event) {
        if (event == Event::signed_out) CHECK_ANSWER(run(client.start_load()).status(), AUTH_STATUS_NOT_SIGNED_IN);
        if (event == Event::signed_out) seen.events++;
    };
    options.log = nullptr;
    client = make(options);
    sign_in(client);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        threads.emplace_back([&client] {
            for (int j = 0; j < 10; j++) *client.start_load();
        });
    }
    for (std::thread &thread : threads) thread.join();
    CHECK(run(client.start_sign_out()).complete());
    CHECK_INT(seen.events, 1);
}

TEST("a function that starts the browser gets the URL with its NUL, and its answer is the library's 0 or not 0")
{
    ClientOptions options = options_of_scene();
    std::string opened;
    options.open_url = [&opened](std::string_view url) {
        CHECK(url.data()[url.size()] == '\0');
        opened = url;
        return url == "https://a";
    };
    detail::Callbacks callbacks{nullptr, nullptr, options.open_url};
    const detail::ClientFields fields(options, callbacks);
    auth_client_options in = *fields.get();
    CHECK_INT(in.open_url_function(in.open_url_user_data, "https://a"), 0);
    CHECK_TEXT(opened.c_str(), "https://a");
    CHECK(in.open_url_function(in.open_url_user_data, "https://b") != 0);
    CHECK_TEXT(opened.c_str(), "https://b");
    callbacks.open_url = nullptr;
    CHECK(!detail::ClientFields(options, callbacks).get()->open_url_function);
}

#if defined(__cpp_exceptions)

static_assert(noexcept(detail::Callbacks::tell(nullptr, 0, nullptr)));
static_assert(noexcept(detail::Callbacks::open(nullptr, nullptr)));
static_assert(noexcept(detail::Callbacks::announce(nullptr, 0)));

enum { TERMINATED = 77 };

ROLE("throw")
{
    std::set_terminate([] { _exit(TERMINATED); });
    server_select(nullptr);
    ClientOptions options = options_of_scene();
    options.event = [](Event) { throw 1; };
    Client client = make(options);
    try {
        sign_in(client);
    } catch (int) {
    }
    return 0;
}

TEST("a callback that throws ends the program, and unwinds nothing of the library")
{
    CHECK_INT(run_role("throw"), TERMINATED);
}

#endif

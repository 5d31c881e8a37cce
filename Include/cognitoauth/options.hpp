/* SPDX-License-Identifier: Apache-2.0 */

/** @file options.hpp
 *  The options of a client and of a call. */

#ifndef COGNITOAUTH_OPTIONS_HPP
#define COGNITOAUTH_OPTIONS_HPP

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "detail.hpp"

namespace cognitoauth {
inline namespace v0 {

/** What happened to the session. */
enum class Event : auth_event {
    signed_out = AUTH_EVENT_SIGNED_OUT,
    session_saved = AUTH_EVENT_SESSION_SAVED,
    session_refreshed = AUTH_EVENT_SESSION_REFRESHED,
    session_expired = AUTH_EVENT_SESSION_EXPIRED
};

/** How much the log function is told; each level includes those before it. */
enum class LogLevel : auth_log_level {
    standard = AUTH_LOG_LEVEL_DEFAULT,
    error = AUTH_LOG_LEVEL_ERROR,
    warning = AUTH_LOG_LEVEL_WARNING,
    info = AUTH_LOG_LEVEL_INFO,
    debug = AUTH_LOG_LEVEL_DEBUG
};

/** Options of Client::make(), as auth_client_options. */
struct ClientOptions {
    std::string_view app_id{};
    std::string_view user_pool_id{};
    std::string_view client_id{};
    std::string_view client_secret{};
    std::string_view endpoint{};
    std::string_view region{};
    std::string_view ca_file{};
    /** A default one means the proxy that the environment names. Any other empty one means no proxy. */
    std::string_view proxy{};
    std::chrono::milliseconds timeout{};
    int max_attempts = 0;
    bool use_fips = false;
    bool use_dualstack = false;
    /** A function that throws ends the program. */
    std::function<void(LogLevel, std::string_view)> log{};
    LogLevel log_level = LogLevel::standard;
    /** A function that throws ends the program. */
    std::function<void(Event)> event{};
};

/** Options of one call, as auth_call_options. */
struct CallOptions {
    std::chrono::milliseconds timeout{};
    bool allow_prompt = false;
    std::chrono::milliseconds prompt_timeout{};
};

namespace detail {

/** What the library calls back. */
struct Callbacks {
    std::function<void(LogLevel, std::string_view)> log;
    std::function<void(Event)> event;

    static void tell(void *callbacks, auth_log_level level, const char *message) noexcept
    {
        static_cast<Callbacks *>(callbacks)->log(static_cast<LogLevel>(level), message);
    }
    static void announce(void *callbacks, auth_event event) noexcept
    {
        static_cast<Callbacks *>(callbacks)->event(static_cast<Event>(event));
    }
};

/** Frees a handle of the library's, and after it the callbacks that a client and its operations share. */
template <auto Free> struct Freeing {
    std::shared_ptr<Callbacks> callbacks;

    template <class Handle> void operator()(Handle *handle) const noexcept { Free(handle); }
};

inline auth_call_options fields(const CallOptions &options) noexcept
{
    auto fields = blank<auth_call_options>();
    fields.timeout_ms = milliseconds(options.timeout);
    fields.allow_prompt = options.allow_prompt;
    fields.prompt_timeout_ms = milliseconds(options.prompt_timeout);
    return fields;
}

/** A client's options on their way into the library. */
class ClientInput {
public:
    ClientInput(const ClientOptions &options, Callbacks &callbacks)
        : app_id_(options.app_id), user_pool_id_(options.user_pool_id), client_id_(options.client_id),
          client_secret_(options.client_secret), endpoint_(options.endpoint), region_(options.region),
          ca_file_(options.ca_file), proxy_(options.proxy, true)
    {
        fields_.app_id = app_id_;
        fields_.user_pool_id = user_pool_id_;
        fields_.client_id = client_id_;
        fields_.client_secret = client_secret_;
        fields_.endpoint = endpoint_;
        fields_.region = region_;
        fields_.ca_file = ca_file_;
        fields_.proxy = proxy_;
        fields_.timeout_ms = milliseconds(options.timeout);
        fields_.max_attempts = options.max_attempts;
        fields_.use_fips = options.use_fips;
        fields_.use_dualstack = options.use_dualstack;
        fields_.log_level = static_cast<auth_log_level>(options.log_level);
        if (callbacks.log) {
            fields_.log_function = Callbacks::tell;
            fields_.log_user_data = &callbacks;
        }
        if (callbacks.event) {
            fields_.event_function = Callbacks::announce;
            fields_.event_user_data = &callbacks;
        }
    }

    const auth_client_options *get() const noexcept { return &fields_; }

private:
    Input app_id_, user_pool_id_, client_id_, client_secret_, endpoint_, region_, ca_file_, proxy_;
    auth_client_options fields_ = blank<auth_client_options>();
};

} // namespace detail

} // namespace v0
} // namespace cognitoauth

#endif

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
#include "text.hpp"

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
    /** Required: names the program. */
    Text app_id{};
    /** Required, except with make_from_file(). */
    Text user_pool_id{};
    /** Required, except with make_from_file(). */
    Text client_id{};
    /** Only for an app client that has one. */
    Text client_secret{};
    /** Another endpoint than Cognito's. */
    Text endpoint{};
    /** A region other than the user pool's. */
    Text region{};
    /** A file with certificates to trust. */
    Text ca_file{};
    /** A default one means the proxy that the environment names. Any other empty one means no proxy. */
    Text proxy{};
    /** The limit of each call. 0 means 30 s. */
    std::chrono::milliseconds timeout{};
    /** How often a request is tried. 0 means 3. */
    int max_attempts = 0;
    /** Whether to use Cognito's FIPS endpoint. */
    bool use_fips = false;
    /** Whether to use Cognito's endpoint for IPv6 too. */
    bool use_dualstack = false;
    /** A function that throws ends the program. */
    std::function<void(LogLevel, std::string_view)> log{};
    /** How much `log` is told. */
    LogLevel log_level = LogLevel::standard;
    /** A function that throws ends the program. */
    std::function<void(Event)> event{};
};

/** Options of one call, as auth_call_options. */
struct CallOptions {
    /** The limit of the call. 0 means the client's. */
    std::chrono::milliseconds timeout{};
    /** Whether the keyring may ask the user to unlock it. */
    bool allow_prompt = false;
    /** How long the user has for that. 0 means 120 s. */
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
inline auth_client_options fields(const ClientOptions &options, Callbacks &callbacks) noexcept
{
    auto fields = blank<auth_client_options>();
    fields.app_id = or_null(options.app_id);
    fields.user_pool_id = or_null(options.user_pool_id);
    fields.client_id = or_null(options.client_id);
    fields.client_secret = or_null(options.client_secret);
    fields.endpoint = or_null(options.endpoint);
    fields.region = or_null(options.region);
    fields.ca_file = or_null(options.ca_file);
    fields.proxy = options.proxy.c_str();
    fields.timeout_ms = milliseconds(options.timeout);
    fields.max_attempts = options.max_attempts;
    fields.use_fips = options.use_fips;
    fields.use_dualstack = options.use_dualstack;
    fields.log_level = static_cast<auth_log_level>(options.log_level);
    if (callbacks.log) {
        fields.log_function = Callbacks::tell;
        fields.log_user_data = &callbacks;
    }
    if (callbacks.event) {
        fields.event_function = Callbacks::announce;
        fields.event_user_data = &callbacks;
    }
    return fields;
}

} // namespace detail

} // namespace v0
} // namespace cognitoauth

#endif

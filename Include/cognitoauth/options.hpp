/* SPDX-License-Identifier: Apache-2.0 */

/** @file options.hpp
 *  The options of a client and of a call. */

#ifndef COGNITOAUTH_OPTIONS_HPP
#define COGNITOAUTH_OPTIONS_HPP

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "detail.hpp"
#include "text.hpp"

namespace cognitoauth {
inline namespace v0 {

/** What happened to the session, or to the keyring that holds it. */
enum class Event : auth_event {
    signed_out = AUTH_EVENT_SIGNED_OUT,
    session_saved = AUTH_EVENT_SESSION_SAVED,
    session_refreshed = AUTH_EVENT_SESSION_REFRESHED,
    session_expired = AUTH_EVENT_SESSION_EXPIRED,
    signed_out_elsewhere = AUTH_EVENT_SIGNED_OUT_ELSEWHERE,
    session_changed_elsewhere = AUTH_EVENT_SESSION_CHANGED_ELSEWHERE,
    keyring_locked = AUTH_EVENT_KEYRING_LOCKED,
    keyring_unlocked = AUTH_EVENT_KEYRING_UNLOCKED
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
    /** Only for an app client that has a hosted UI: its domain. */
    Text hosted_ui_domain{};
    /** Where the browser comes back to after a logout. */
    std::vector<Text> sign_out_redirect_uris{};
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
    /** Starts the browser with a URL, which ends with NUL, and returns whether it did. An empty one means the desktop's
     *  default browser. A function that throws ends the program. */
    std::function<bool(std::string_view)> open_url{};
    /** Where the browser comes back to after a sign-in. */
    std::vector<Text> sign_in_redirect_uris{};
    /** The program's name on the page that the browser shows then. */
    Text app_name{};
    /** Whether the keyring keeps what a sign-out could not finish, the refresh token included, for Client::resume(). */
    bool keep_unfinished = false;
};

/** What a sign-out does if its browser step fails. */
enum class BrowserFailure : auth_browser_failure {
    carry_on = AUTH_BROWSER_FAILURE_CONTINUE,
    fail = AUTH_BROWSER_FAILURE_FAIL
};

/** Options of one call, as auth_call_options. */
struct CallOptions {
    /** The limit of the call. 0 means the client's. */
    std::chrono::milliseconds timeout{};
    /** Whether the keyring may ask the user to unlock it. */
    bool allow_prompt = false;
    /** How long the user has for that. 0 means 120 s. */
    std::chrono::milliseconds prompt_timeout{};
    /** Whether a sign-out leaves the browser as it is. */
    bool skip_browser = false;
    /** What a sign-out does if its browser step fails. */
    BrowserFailure browser_failure = BrowserFailure::carry_on;
    /** How long the browser may take. 0 means 120 s for a sign-out, and 300 s for a sign-in. */
    std::chrono::milliseconds browser_timeout{};
};

namespace detail {

/** What the library calls back. */
struct Callbacks {
    std::function<void(LogLevel, std::string_view)> log;
    std::function<void(Event)> event;
    std::function<bool(std::string_view)> open_url;

    static void tell(void *callbacks, auth_log_level level, const char *message) noexcept
    {
        static_cast<Callbacks *>(callbacks)->log(static_cast<LogLevel>(level), message);
    }
    static void announce(void *callbacks, auth_event event) noexcept
    {
        static_cast<Callbacks *>(callbacks)->event(static_cast<Event>(event));
    }
    static int open(void *callbacks, const char *url) noexcept
    {
        return static_cast<Callbacks *>(callbacks)->open_url(url) ? 0 : -1;
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
    fields.skip_browser = options.skip_browser;
    fields.browser_failure = static_cast<auth_browser_failure>(options.browser_failure);
    fields.browser_timeout_ms = milliseconds(options.browser_timeout);
    return fields;
}

/** For C: NULL if there are none. */
inline const char *const *or_null(const std::vector<const char *> &texts) noexcept
{
    return texts.empty() ? nullptr : texts.data();
}

/** A client's options on their way into the library. */
class ClientFields {
public:
    ClientFields(const ClientOptions &options, Callbacks &callbacks)
        : sign_in_redirect_uris_(pointers(options.sign_in_redirect_uris)),
          sign_out_redirect_uris_(pointers(options.sign_out_redirect_uris))
    {
        fields_.app_id = or_null(options.app_id);
        fields_.user_pool_id = or_null(options.user_pool_id);
        fields_.client_id = or_null(options.client_id);
        fields_.client_secret = or_null(options.client_secret);
        fields_.endpoint = or_null(options.endpoint);
        fields_.region = or_null(options.region);
        fields_.hosted_ui_domain = or_null(options.hosted_ui_domain);
        fields_.sign_out_redirect_uris = or_null(sign_out_redirect_uris_);
        fields_.sign_out_redirect_uri_count = sign_out_redirect_uris_.size();
        fields_.ca_file = or_null(options.ca_file);
        fields_.proxy = options.proxy.c_str();
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
        if (callbacks.open_url) {
            fields_.open_url_function = Callbacks::open;
            fields_.open_url_user_data = &callbacks;
        }
        fields_.sign_in_redirect_uris = or_null(sign_in_redirect_uris_);
        fields_.sign_in_redirect_uri_count = sign_in_redirect_uris_.size();
        fields_.app_name = or_null(options.app_name);
        fields_.keep_unfinished = options.keep_unfinished;
    }

    ClientFields(const ClientFields &) = delete;
    ClientFields &operator=(const ClientFields &) = delete;

    const auth_client_options *get() const noexcept { return &fields_; }

private:
    static std::vector<const char *> pointers(const std::vector<Text> &texts)
    {
        std::vector<const char *> pointers;
        for (const Text &text : texts) pointers.push_back(text.c_str());
        return pointers;
    }

    std::vector<const char *> sign_in_redirect_uris_, sign_out_redirect_uris_;
    auth_client_options fields_ = blank<auth_client_options>();
};

} // namespace detail

} // namespace v0
} // namespace cognitoauth

#endif

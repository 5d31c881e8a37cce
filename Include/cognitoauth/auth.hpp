/* SPDX-License-Identifier: Apache-2.0 */

/** @file auth.hpp
 *  The library for C++17 and newer: objects that free and wipe what they hold,
 *  strings as string_view, times as std::chrono.
 *
 *      cognitoauth::ClientOptions options;
 *      options.app_id = "org.example.Mail";
 *      options.user_pool_id = "eu-west-1_AbCdEfGhI";
 *      options.client_id = "1example23456789";
 *
 *      auto client = cognitoauth::Client::make(options);
 *      if (!client) return fail(client.error().message());
 *
 *      auto result = client->sign_out();
 *      if (result.failed()) return fail(result.failure().message());
 *
 *  Everything is in this header and calls the C functions of auth.h. What is
 *  said there holds here too. These rules are added:
 *
 *  - Objects are moved, not copied. An object that was moved from is empty, and
 *    so is the value of a call that failed. A call of an empty object does no
 *    harm, and fails with AUTH_STATUS_INVALID_ARGUMENT.
 *  - Nothing here throws except or_throw(), and the standard library when
 *    memory runs out. The header compiles with -fno-exceptions. A sign-out
 *    never throws: its result says what is still to do.
 *  - A string_view that goes in may be in any memory and need not end with NUL.
 *    It is copied, and the copy is wiped. The string_views in a struct must be
 *    valid until the call that takes the struct. An empty one means NULL in C.
 *    A NUL inside is AUTH_STATUS_INVALID_ARGUMENT.
 *  - A string_view or an Error that comes out is valid as long as the object
 *    that it came from, and ends with NUL. An empty one means NULL in C.
 *  - Any thread may call the functions of Client and Operation. But do not
 *    move, assign or destroy an object while another thread uses it. */

#ifndef COGNITOAUTH_AUTH_HPP
#define COGNITOAUTH_AUTH_HPP

#if !defined(__cplusplus) || __cplusplus < 201703L
#error "cognitoauth/auth.hpp needs C++17; cognitoauth/auth.h does with C99 or C++11"
#endif

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "auth.h"

// What a function returns lives as long as its object: clang warns in most places where that is a temporary.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define COGNITOAUTH_BORROWED [[clang::lifetimebound]]
#endif
#endif
#ifndef COGNITOAUTH_BORROWED
#define COGNITOAUTH_BORROWED
#endif

namespace cognitoauth {
inline namespace v0 { // so that programs and libraries with different versions of this header can be in one process

/** How a sign-out ended. */
enum class Outcome : auth_sign_out_outcome {
    complete = AUTH_SIGN_OUT_COMPLETE,
    partial = AUTH_SIGN_OUT_PARTIAL,
    failed = AUTH_SIGN_OUT_FAILED
};

/** An answer that may be unknown. */
enum class Answer : auth_answer { no = AUTH_ANSWER_NO, yes = AUTH_ANSWER_YES, unknown = AUTH_ANSWER_UNKNOWN };

/** How a remote step ended. */
enum class Remote : auth_remote {
    not_requested = AUTH_REMOTE_NOT_REQUESTED,
    done = AUTH_REMOTE_DONE,
    not_enabled = AUTH_REMOTE_NOT_ENABLED,
    not_attempted = AUTH_REMOTE_NOT_ATTEMPTED,
    failed = AUTH_REMOTE_FAILED,
    unknown = AUTH_REMOTE_UNKNOWN
};

/** How the user signed in. */
enum class SignInMethod : auth_sign_in_method {
    api = AUTH_SIGN_IN_METHOD_API,
    hosted_ui = AUTH_SIGN_IN_METHOD_HOSTED_UI
};

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

/** A time in Unix seconds, all of which it can hold. Tokens may name any: compare it with
 *  floor<seconds>(system_clock::now()), as nanoseconds end in 2262. */
using UnixTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

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

/** The session that Client::save() stores, as auth_session. */
struct NewSession {
    /** Empty means the name that the tokens tell. */
    std::string_view username{};
    std::string_view access_token{};
    std::string_view id_token{};
    std::string_view refresh_token{};
    std::string_view device_key{};
    SignInMethod sign_in_method = SignInMethod::api;
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

/** A struct of the library's: its size, and nothing else. */
template <class Struct> Struct blank() noexcept
{
    Struct fields{};
    fields.struct_size = sizeof fields;
    return fields;
}

/** 0 is complete; a result that nobody wrote to says what a call says that could not be made. */
template <> inline auth_sign_out_result blank() noexcept
{
    auth_sign_out_result fields{};
    fields.struct_size = sizeof fields;
    fields.outcome = AUTH_SIGN_OUT_FAILED;
    fields.was_signed_in = AUTH_ANSWER_UNKNOWN;
    fields.signed_out_locally = AUTH_ANSWER_UNKNOWN;
    fields.revoke_token = AUTH_REMOTE_NOT_ATTEMPTED;
    return fields;
}

/** An output struct, and what it owns. */
template <class Struct, void (*Clear)(Struct *)> class Output {
public:
    Output() noexcept = default;
    Output(Output &&other) noexcept : fields(std::exchange(other.fields, blank<Struct>())) {}
    Output &operator=(Output &&other) noexcept
    {
        Output taken(std::move(other));
        std::swap(fields, taken.fields);
        return *this;
    }
    ~Output() { Clear(&fields); }

    Struct fields = blank<Struct>();
};

/** A string on its way into the library; the copy is wiped. */
class Input {
public:
    explicit Input(std::string_view text, bool may_be_empty = false) : size_(text.size())
    {
        if (!text.data() || (text.empty() && !may_be_empty)) return;
        text_.reset(new char[size_ + 1]);
        // A NUL would hide what follows. No UTF-8 has this byte, so that the library refuses it.
        for (std::size_t index = 0; index < size_; index++) text_[index] = text[index] ? text[index] : '\xff';
        text_[size_] = '\0';
    }
    Input(const Input &) = delete;
    Input &operator=(const Input &) = delete;
    ~Input()
    {
        volatile char *text = text_.get();
        if (!text) return;
        for (std::size_t index = 0; index < size_; index++) text[index] = '\0';
    }

    operator const char *() const noexcept { return text_.get(); }

private:
    std::size_t size_;
    std::unique_ptr<char[]> text_;
};

inline std::string_view view(const char *text) noexcept { return text ? std::string_view(text) : std::string_view(); }

/** A duration as the library takes it: one that does not fit is one that it refuses. */
inline std::int32_t milliseconds(std::chrono::milliseconds duration) noexcept
{
    using Limits = std::numeric_limits<std::int32_t>;
    if (duration.count() > Limits::max()) return Limits::max();
    if (duration.count() < Limits::min()) return Limits::min();
    return static_cast<std::int32_t>(duration.count());
}

inline std::optional<UnixTime> time(std::int64_t seconds) noexcept
{
    if (seconds == 0) return std::nullopt;
    return UnixTime(std::chrono::seconds(seconds));
}

inline auth_call_options fields(const CallOptions &options) noexcept
{
    auto fields = blank<auth_call_options>();
    fields.timeout_ms = milliseconds(options.timeout);
    fields.allow_prompt = options.allow_prompt;
    fields.prompt_timeout_ms = milliseconds(options.prompt_timeout);
    return fields;
}

/** A session on its way into the library. */
class SessionInput {
public:
    explicit SessionInput(const NewSession &session)
        : username_(session.username), access_token_(session.access_token), id_token_(session.id_token),
          refresh_token_(session.refresh_token), device_key_(session.device_key)
    {
        fields_.username = username_;
        fields_.access_token = access_token_;
        fields_.id_token = id_token_;
        fields_.refresh_token = refresh_token_;
        fields_.device_key = device_key_;
        fields_.sign_in_method = static_cast<auth_sign_in_method>(session.sign_in_method);
    }

    const auth_session *get() const noexcept { return &fields_; }

private:
    Input username_, access_token_, id_token_, refresh_token_, device_key_;
    auth_session fields_ = blank<auth_session>();
};

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

/** Why something failed. It belongs to the object that it came from, and lives as long. */
class Error {
public:
    Error() noexcept = default;
    explicit Error(const auth_error *error) noexcept : error_(error) {}

    /** Whether something failed at all. */
    explicit operator bool() const noexcept { return error_ != nullptr; }

    /** AUTH_STATUS_SUCCESS if nothing failed. */
    auth_status status() const noexcept { return auth_error_status(error_); }
    std::string_view message() const noexcept { return auth_error_message(error_); }
    std::string_view recovery_suggestion() const noexcept { return auth_error_recovery_suggestion(error_); }
    std::string_view service_exception() const noexcept { return detail::view(auth_error_service_exception(error_)); }
    std::string_view token() const noexcept { return detail::view(auth_error_token(error_)); }

private:
    const auth_error *error_ = nullptr;
};

struct FreeError {
    void operator()(auth_error *error) const noexcept { auth_error_free(error); }
};

/** An error that belongs to the program. `Error(owned.get())` reads it. */
using OwnedError = std::unique_ptr<auth_error, FreeError>;

/** How a call ended that returns no value, and the part of Result that all have. */
template <class Value = void> class Result;

template <> class [[nodiscard]] Result<void> {
public:
    /** Takes over what a C function returned. */
    explicit Result(auth_error *error) noexcept : error_(error) {}

    /** Whether the call succeeded. Ask before the error is taken. */
    explicit operator bool() const noexcept { return !error_; }

    /** AUTH_STATUS_SUCCESS if it succeeded. */
    auth_status status() const noexcept { return error().status(); }

    Error error() const noexcept COGNITOAUTH_BORROWED { return Error(error_.get()); }

    /** Gives the error to the program, to be kept. */
    OwnedError take_error() && noexcept { return std::move(error_); }

private:
    OwnedError error_;
};

/** A value, or an error and an empty value. Client::fetch() can have both. */
template <class Value> class [[nodiscard]] Result : public Result<void> {
public:
    /** Takes over what a C function returned. */
    Result(Value value, auth_error *error) noexcept : Result<void>(error), value_(std::move(value)) {}

    Value &operator*() & noexcept COGNITOAUTH_BORROWED { return value_; }
    const Value &operator*() const & noexcept COGNITOAUTH_BORROWED { return value_; }
    Value operator*() && noexcept { return std::move(value_); }
    Value *operator->() & noexcept COGNITOAUTH_BORROWED { return &value_; }
    const Value *operator->() const & noexcept COGNITOAUTH_BORROWED { return &value_; }
    /** Nobody can have looked at the error of a temporary. */
    Value *operator->() && = delete;

private:
    Value value_;
};

/** The session that is stored. Wiped when it is destroyed. */
class Session {
public:
    std::string_view username() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->username); }
    std::string_view access_token() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->access_token); }
    std::string_view id_token() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->id_token); }
    std::string_view refresh_token() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->refresh_token); }
    std::string_view device_key() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->device_key); }

    /** Nothing if this cannot be read from the token. */
    std::optional<UnixTime> access_token_expires_at() const noexcept
    {
        return detail::time(get()->access_token_expires_at);
    }
    /** Nothing if this cannot be read from the token. */
    std::optional<UnixTime> id_token_expires_at() const noexcept { return detail::time(get()->id_token_expires_at); }

    SignInMethod sign_in_method() const noexcept { return static_cast<SignInMethod>(get()->sign_in_method); }

    /** The struct of C, to read. */
    const auth_session *get() const noexcept { return &output_.fields; }

private:
    friend class Client;
    template <class> friend class Operation;

    detail::Output<auth_session, auth_session_clear> output_;
};

/** The result of a sign-out. Wiped when it is destroyed. */
class [[nodiscard]] SignOutResult {
public:
    Outcome outcome() const noexcept { return static_cast<Outcome>(get()->outcome); }
    bool complete() const noexcept { return outcome() == Outcome::complete; }
    bool partial() const noexcept { return outcome() == Outcome::partial; }
    bool failed() const noexcept { return outcome() == Outcome::failed; }

    /** What to tell the person in front of the screen. It lives as long as the program. */
    std::string_view message() const noexcept { return auth_sign_out_result_message(get()); }

    /** Whether Client::retry() has anything to do. */
    bool can_retry() const noexcept { return get()->partial_failure_token != nullptr; }
    std::string_view partial_failure_token() const noexcept COGNITOAUTH_BORROWED
    {
        return detail::view(get()->partial_failure_token);
    }

    /** Until when services that check only signature and expiry accept the tokens. Nothing where C has 0. */
    std::optional<UnixTime> tokens_valid_until() const noexcept { return detail::time(get()->tokens_valid_until); }

    Answer was_signed_in() const noexcept { return static_cast<Answer>(get()->was_signed_in); }
    Answer signed_out_locally() const noexcept { return static_cast<Answer>(get()->signed_out_locally); }
    Remote global_sign_out() const noexcept { return static_cast<Remote>(get()->global_sign_out); }
    Remote revoke_token() const noexcept { return static_cast<Remote>(get()->revoke_token); }
    /** Whether the keyring keeps the steps that are still open. */
    Answer kept() const noexcept { return static_cast<Answer>(get()->kept); }
    /** How many unfinished sign-outs the keyring keeps. */
    int unfinished_count() const noexcept { return get()->unfinished_count; }

    Error failure() const noexcept COGNITOAUTH_BORROWED { return Error(get()->failure); }
    Error hosted_ui_error() const noexcept COGNITOAUTH_BORROWED { return Error(get()->hosted_ui_error); }
    Error global_sign_out_error() const noexcept COGNITOAUTH_BORROWED { return Error(get()->global_sign_out_error); }
    Error revoke_token_error() const noexcept COGNITOAUTH_BORROWED { return Error(get()->revoke_token_error); }
    Error invalid_session_error() const noexcept COGNITOAUTH_BORROWED { return Error(get()->invalid_session_error); }

    /** The struct of C, to read. */
    const auth_sign_out_result *get() const noexcept { return &output_.fields; }

private:
    friend class Client;
    template <class> friend class Operation;

    detail::Output<auth_sign_out_result, auth_sign_out_result_clear> output_;
};

/** A call that runs on a thread of the library: watch fd(), dispatch() when it is readable, and finish() when
 *  that returns true.
 *
 *  Value is what the call returns: SignOutResult, Session or void. If an operation that is not over is
 *  destroyed, it is cancelled, and the destructor waits for its end. Stop watching fd() before. */
template <class Value> class Operation {
public:
    using Finished = std::conditional_t<std::is_same_v<Value, SignOutResult>, SignOutResult, Result<Value>>;

    /** An empty operation, which is over. */
    Operation() noexcept = default;

    /** Takes over what a C function returned. The callbacks are the client's. */
    Operation(auth_operation *operation, std::shared_ptr<detail::Callbacks> callbacks) noexcept
        : handle_(operation, {std::move(callbacks)})
    {
    }

    int fd() const noexcept { return auth_operation_fd(handle_.get()); }

    /** Runs the callbacks that are due, on the calling thread. True if the operation is over. */
    bool dispatch() { return auth_operation_dispatch(handle_.get()) != 0; }

    void cancel() noexcept { auth_operation_cancel(handle_.get()); }

    /** Returns what the blocking function returns, once. Blocks until the operation is over. */
    Finished finish()
    {
        if constexpr (std::is_same_v<Value, SignOutResult>) {
            SignOutResult result;
            auth_operation_finish_sign_out(handle_.get(), &result.output_.fields);
            return result;
        } else {
            Session session;
            auth_error *error = nullptr;
            auth_operation_finish_session(handle_.get(), &session.output_.fields, &error);
            if constexpr (std::is_void_v<Value>) {
                return Result<void>(error);
            } else {
                return Result<Session>(std::move(session), error);
            }
        }
    }

    auth_operation *get() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<auth_operation, detail::Freeing<auth_operation_free>> handle_;
};

/** A client: one app client of one user pool, as one program uses it. */
class Client {
public:
    /** An empty client, to which another one can be assigned. */
    Client() noexcept = default;

    /** As auth_client_new(). */
    static Result<Client> make(const ClientOptions &options)
    {
        return make(options, [](const auth_client_options *fields, auth_client **client, auth_error **error) {
            auth_client_new(fields, client, error);
        });
    }

    /** As auth_client_new_from_file(). */
    static Result<Client> make_from_file(std::string_view path, const ClientOptions &options)
    {
        // A path need not be UTF-8: the byte that stands for a NUL could be another file's. NULL is refused.
        const detail::Input file(path.find('\0') == path.npos ? path : std::string_view());
        return make(options, [&](const auth_client_options *fields, auth_client **client, auth_error **error) {
            auth_client_new_from_file(file, fields, client, error);
        });
    }

    /** As auth_session_save(). Blocks. */
    Result<void> save(const NewSession &session, const CallOptions &options = {})
    {
        const detail::SessionInput input(session);
        const auto call = detail::fields(options);
        auth_error *error = nullptr;
        auth_session_save(get(), input.get(), &call, &error);
        return Result<void>(error);
    }

    /** As auth_session_load(). Blocks. */
    Result<Session> load(const CallOptions &options = {}) { return read(auth_session_load, options); }

    /** As auth_session_fetch(). Blocks. If the tokens were refreshed but could not be stored, the result has
     *  an error and the new session. */
    Result<Session> fetch(const CallOptions &options = {}) { return read(auth_session_fetch, options); }

    /** As auth_sign_out(). Blocks. */
    SignOutResult sign_out(const CallOptions &options = {}) { return end(auth_sign_out, options); }

    /** As auth_sign_out_global(). Blocks. */
    SignOutResult sign_out_global(const CallOptions &options = {}) { return end(auth_sign_out_global, options); }

    /** As auth_sign_out_retry(), with the partial-failure token of an earlier result. Blocks. */
    SignOutResult retry(std::string_view partial_failure_token, const CallOptions &options = {})
    {
        const detail::Input token(partial_failure_token);
        const auto call = detail::fields(options);
        SignOutResult result;
        auth_sign_out_retry(get(), token, &call, &result.output_.fields);
        return result;
    }

    /** These start what those above do, and do not block: as auth_session_save_start() and the others. */
    Result<Operation<void>> start_save(const NewSession &session, const CallOptions &options = {})
    {
        const detail::SessionInput input(session);
        return start<void>(options, [&](auth_client *client, auto... rest) {
            return auth_session_save_start(client, input.get(), rest...);
        });
    }
    Result<Operation<Session>> start_load(const CallOptions &options = {})
    {
        return start<Session>(options, auth_session_load_start);
    }
    Result<Operation<Session>> start_fetch(const CallOptions &options = {})
    {
        return start<Session>(options, auth_session_fetch_start);
    }
    Result<Operation<SignOutResult>> start_sign_out(const CallOptions &options = {})
    {
        return start<SignOutResult>(options, auth_sign_out_start);
    }
    Result<Operation<SignOutResult>> start_sign_out_global(const CallOptions &options = {})
    {
        return start<SignOutResult>(options, auth_sign_out_global_start);
    }
    Result<Operation<SignOutResult>> start_retry(std::string_view partial_failure_token,
                                                 const CallOptions &options = {})
    {
        const detail::Input token(partial_failure_token);
        return start<SignOutResult>(options, [&](auth_client *client, auto... rest) {
            return auth_sign_out_retry_start(client, token, rest...);
        });
    }

    /** Cancels all calls and operations that are running. Does not wait. */
    void cancel() noexcept { auth_client_cancel(get()); }

    auth_client *get() const noexcept { return handle_.get(); }

private:
    using Reader = auth_status(auth_client *, const auth_call_options *, auth_session *, auth_error **);
    using Ender = auth_sign_out_outcome(auth_client *, const auth_call_options *, auth_sign_out_result *);

    Client(auth_client *client, std::shared_ptr<detail::Callbacks> callbacks) noexcept
        : handle_(client, {std::move(callbacks)})
    {
    }

    template <class Function> static Result<Client> make(const ClientOptions &options, Function function)
    {
        auto callbacks = std::make_shared<detail::Callbacks>(detail::Callbacks{options.log, options.event});
        const detail::ClientInput input(options, *callbacks);
        auth_client *handle = nullptr;
        auth_error *error = nullptr;
        function(input.get(), &handle, &error);
        return {Client(handle, std::move(callbacks)), error};
    }

    Result<Session> read(Reader function, const CallOptions &options)
    {
        const auto call = detail::fields(options);
        Session session;
        auth_error *error = nullptr;
        function(get(), &call, &session.output_.fields, &error);
        return {std::move(session), error};
    }

    SignOutResult end(Ender function, const CallOptions &options)
    {
        const auto call = detail::fields(options);
        SignOutResult result;
        function(get(), &call, &result.output_.fields);
        return result;
    }

    template <class Value, class Function>
    Result<Operation<Value>> start(const CallOptions &options, Function function)
    {
        const auto call = detail::fields(options);
        auth_operation *operation = nullptr;
        auth_error *error = nullptr;
        function(get(), &call, &operation, &error);
        return {Operation<Value>(operation, handle_.get_deleter().callbacks), error};
    }

    std::unique_ptr<auth_client, detail::Freeing<auth_client_free>> handle_;
};

// Without RTTI its vtable would have no type, and could be the one that a linker takes for all files.
#if defined(__cpp_exceptions) && defined(__cpp_rtti)

/** What or_throw() throws. */
class Exception : public std::exception {
public:
    explicit Exception(OwnedError error) : error_(std::move(error)) {}

    const char *what() const noexcept override { return auth_error_message(error_.get()); }
    Error error() const noexcept COGNITOAUTH_BORROWED { return Error(error_.get()); }

private:
    std::shared_ptr<auth_error> error_;
};

/** Returns the value of a result, or throws Exception if the result has an error. Then the value is lost: do not
 *  use it for Client::fetch() if the user pool rotates refresh tokens. */
template <class Value> Value or_throw(Result<Value> &&result)
{
    if (!result) throw Exception(std::move(result).take_error());
    if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

#endif

} // namespace v0
} // namespace cognitoauth

#undef COGNITOAUTH_BORROWED

#endif

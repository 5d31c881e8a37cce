/* SPDX-License-Identifier: Apache-2.0 */

/** @file client.hpp
 *  A client, and its calls. */

#ifndef COGNITOAUTH_CLIENT_HPP
#define COGNITOAUTH_CLIENT_HPP

#include <memory>
#include <string_view>
#include <utility>

#include "error.hpp"
#include "operation.hpp"
#include "options.hpp"
#include "session.hpp"
#include "sign_in.hpp"
#include "sign_out.hpp"
#include "text.hpp"

namespace cognitoauth {
inline namespace v0 {

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
        const Text file(path.find('\0') == path.npos ? path : std::string_view());
        return make(options, [&](const auth_client_options *fields, auth_client **client, auth_error **error) {
            auth_client_new_from_file(detail::or_null(file), fields, client, error);
        });
    }

    /** As auth_session_save(). Blocks. */
    Result<void> save(const NewSession &session, const CallOptions &options = {})
    {
        const auto input = detail::fields(session);
        const auto call = detail::fields(options);
        auth_error *error = nullptr;
        auth_session_save(get(), &input, &call, &error);
        return Result<void>(error);
    }

    /** As auth_session_load(). Blocks. */
    Result<Session> load(const CallOptions &options = {}) { return read(auth_session_load, options); }

    /** As auth_session_fetch(). Blocks. If the tokens were refreshed but could not be stored, the result has
     *  an error and the new session. */
    Result<Session> fetch(const CallOptions &options = {}) { return read(auth_session_fetch, options); }

    /** As auth_session_check(). Blocks. */
    Result<void> check(const CallOptions &options = {})
    {
        const auto call = detail::fields(options);
        auth_error *error = nullptr;
        auth_session_check(get(), &call, &error);
        return Result<void>(error);
    }

    /** As auth_sign_in(). Blocks. If the session could not be stored, the result has an error and the session. */
    Result<Session> sign_in(const SignInOptions &sign_in = {}, const CallOptions &options = {})
    {
        const detail::SignInFields input(sign_in);
        return read([&](auth_client *client, auto... rest) { return auth_sign_in(client, input.get(), rest...); }, options);
    }

    /** As auth_sign_out(). Blocks. */
    SignOutResult sign_out(const CallOptions &options = {}) { return end(auth_sign_out, options); }

    /** As auth_sign_out_global(). Blocks. */
    SignOutResult sign_out_global(const CallOptions &options = {}) { return end(auth_sign_out_global, options); }

    /** As auth_sign_out_retry(), with the partial-failure token of an earlier result. Blocks. */
    SignOutResult retry(std::string_view partial_failure_token, const CallOptions &options = {})
    {
        const Text token(partial_failure_token);
        const auto call = detail::fields(options);
        SignOutResult result;
        auth_sign_out_retry(get(), detail::or_null(token), &call, &result.output_.fields);
        return result;
    }

    /** As auth_sign_out_resume(): finishes the sign-outs that the keyring keeps. Blocks. */
    SignOutResult resume(const CallOptions &options = {}) { return end(auth_sign_out_resume, options); }

    /** As auth_session_save_start(). This and the following functions start what those above do, and do not block. */
    Result<Operation<void>> start_save(const NewSession &session, const CallOptions &options = {})
    {
        const auto input = detail::fields(session);
        return start<void>(options, [&](auth_client *client, auto... rest) {
            return auth_session_save_start(client, &input, rest...);
        });
    }
    /** As auth_session_load_start(). */
    Result<Operation<Session>> start_load(const CallOptions &options = {})
    {
        return start<Session>(options, auth_session_load_start);
    }
    /** As auth_session_fetch_start(). */
    Result<Operation<Session>> start_fetch(const CallOptions &options = {})
    {
        return start<Session>(options, auth_session_fetch_start);
    }
    /** As auth_session_check_start(). */
    Result<Operation<void>> start_check(const CallOptions &options = {})
    {
        return start<void>(options, auth_session_check_start);
    }
    /** As auth_sign_in_start(). */
    Result<Operation<Session>> start_sign_in(const SignInOptions &sign_in = {}, const CallOptions &options = {})
    {
        const detail::SignInFields input(sign_in);
        return start<Session>(options, [&](auth_client *client, auto... rest) {
            return auth_sign_in_start(client, input.get(), rest...);
        });
    }
    /** As auth_sign_out_start(). */
    Result<Operation<SignOutResult>> start_sign_out(const CallOptions &options = {})
    {
        return start<SignOutResult>(options, auth_sign_out_start);
    }
    /** As auth_sign_out_global_start(). */
    Result<Operation<SignOutResult>> start_sign_out_global(const CallOptions &options = {})
    {
        return start<SignOutResult>(options, auth_sign_out_global_start);
    }
    /** As auth_sign_out_retry_start(). */
    Result<Operation<SignOutResult>> start_retry(std::string_view partial_failure_token,
                                                 const CallOptions &options = {})
    {
        const Text token(partial_failure_token);
        return start<SignOutResult>(options, [&](auth_client *client, auto... rest) {
            return auth_sign_out_retry_start(client, detail::or_null(token), rest...);
        });
    }
    /** As auth_sign_out_resume_start(). */
    Result<Operation<SignOutResult>> start_resume(const CallOptions &options = {})
    {
        return start<SignOutResult>(options, auth_sign_out_resume_start);
    }

    /** As auth_session_watch_start(): tells ClientOptions::event what other programs do to the session. There is no
     *  function that blocks for it; the operation runs until it is cancelled. */
    Result<Operation<void>> start_watch(const CallOptions &options = {})
    {
        return start<void>(options, auth_session_watch_start);
    }

    /** Cancels all calls and operations that are running. Does not wait. */
    void cancel() noexcept { auth_client_cancel(get()); }

    /** The client of C. It stays this object's. */
    auth_client *get() const noexcept { return handle_.get(); }

private:
    using Ender = auth_sign_out_outcome(auth_client *, const auth_call_options *, auth_sign_out_result *);

    Client(auth_client *client, std::shared_ptr<detail::Callbacks> callbacks) noexcept
        : handle_(client, {std::move(callbacks)})
    {
    }

    template <class Function> static Result<Client> make(const ClientOptions &options, Function function)
    {
        auto callbacks =
            std::make_shared<detail::Callbacks>(detail::Callbacks{options.log, options.event, options.open_url});
        const detail::ClientFields input(options, *callbacks);
        auth_client *handle = nullptr;
        auth_error *error = nullptr;
        function(input.get(), &handle, &error);
        return {Client(handle, std::move(callbacks)), error};
    }

    template <class Function> Result<Session> read(Function function, const CallOptions &options)
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

} // namespace v0
} // namespace cognitoauth

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/** @file operation.hpp
 *  Calls that do not block. */

#ifndef COGNITOAUTH_OPERATION_HPP
#define COGNITOAUTH_OPERATION_HPP

#include <memory>
#include <type_traits>
#include <utility>

#include "error.hpp"
#include "options.hpp"
#include "session.hpp"
#include "sign_out.hpp"
#include "text.hpp"

namespace cognitoauth {
inline namespace v0 {

/** A call that runs on a thread of the library: watch fd(), dispatch() when it is readable, and finish() when
 *  that returns true.
 *
 *  Value is what the call returns: SignOutResult, Session or void. If an operation that is not over is
 *  destroyed, it is cancelled, and the destructor waits for its end. Stop watching fd() before. */
template <class Value> class Operation {
public:
    /** What finish() returns. */
    using Finished = std::conditional_t<std::is_same_v<Value, SignOutResult>, SignOutResult, Result<Value>>;

    /** An empty operation, which is over. */
    Operation() noexcept = default;

    /** Takes over what a C function returned. The callbacks are the client's. */
    Operation(auth_operation *operation, std::shared_ptr<detail::Callbacks> callbacks) noexcept
        : handle_(operation, {std::move(callbacks)})
    {
    }

    /** As auth_operation_fd(). */
    int fd() const noexcept { return auth_operation_fd(handle_.get()); }

    /** Runs the callbacks that are due, on the calling thread. True if the operation is over. */
    bool dispatch() { return auth_operation_dispatch(handle_.get()) != 0; }

    /** As auth_operation_cancel(). A button for it should say "Stop waiting", and for a sign-in "Cancel". */
    void cancel() noexcept { auth_operation_cancel(handle_.get()); }

    /** As auth_operation_open_again(): opens the browser again, for a user who has closed the tab. */
    Result<void> open_again()
    {
        auth_error *error = nullptr;
        auth_operation_open_again(handle_.get(), &error);
        return Result<void>(error);
    }

    /** As auth_operation_browser_done(): reports that the browser came back to the program's own redirect URI. */
    Result<void> browser_done(std::string_view redirect_uri)
    {
        const Text uri(redirect_uri);
        auth_error *error = nullptr;
        auth_operation_browser_done(handle_.get(), uri.c_str(), &error);
        return Result<void>(error);
    }

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

    /** The operation of C. It stays this object's. */
    auth_operation *get() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<auth_operation, detail::Freeing<auth_operation_free>> handle_;
};

} // namespace v0
} // namespace cognitoauth

#endif

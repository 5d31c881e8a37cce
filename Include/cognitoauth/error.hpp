/* SPDX-License-Identifier: Apache-2.0 */

/** @file error.hpp
 *  Errors, and results of calls. */

#ifndef COGNITOAUTH_ERROR_HPP
#define COGNITOAUTH_ERROR_HPP

#include <exception>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "detail.hpp"

namespace cognitoauth {
inline namespace v0 {

/** The constant's name, as in "AUTH_STATUS_KEYRING_LOCKED". It lives as long as the program. */
inline std::string_view name(auth_status status) noexcept { return auth_status_name(status); }

/** What a status means, in one English sentence. It lives as long as the program. */
inline std::string_view message(auth_status status) noexcept { return auth_status_message(status); }

/** Why something failed. It belongs to the object that it came from, and lives as long. */
class Error {
public:
    Error() noexcept = default;
    /** Reads an error of C, which must live longer than this. */
    explicit Error(const auth_error *error) noexcept : error_(error) {}

    /** Whether something failed at all. */
    explicit operator bool() const noexcept { return error_ != nullptr; }

    /** AUTH_STATUS_SUCCESS if nothing failed. */
    auth_status status() const noexcept { return auth_error_status(error_); }
    /** What went wrong. */
    std::string_view message() const noexcept { return auth_error_message(error_); }
    /** What to do about it. */
    std::string_view recovery_suggestion() const noexcept { return auth_error_recovery_suggestion(error_); }
    /** The name of Cognito's exception, if Cognito answered with one. */
    std::string_view service_exception() const noexcept { return detail::view(auth_error_service_exception(error_)); }
    /** As auth_error_token(): a secret. */
    std::string_view token() const noexcept { return detail::view(auth_error_token(error_)); }

private:
    const auth_error *error_ = nullptr;
};

/** Frees an error of C. */
struct FreeError {
    /** As auth_error_free(). */
    void operator()(auth_error *error) const noexcept { auth_error_free(error); }
};

/** An error that belongs to the program. `Error(owned.get())` reads it. */
using OwnedError = std::unique_ptr<auth_error, FreeError>;

/** How a call ended: what all results have. */
class CallResult {
public:
    /** Takes over what a C function returned. */
    explicit CallResult(auth_error *error) noexcept : error_(error) {}

    /** Whether the call succeeded. Ask before the error is taken. */
    explicit operator bool() const noexcept { return !error_; }

    /** AUTH_STATUS_SUCCESS if it succeeded. */
    auth_status status() const noexcept { return error().status(); }

    /** Why it failed, if it did. */
    Error error() const noexcept COGNITOAUTH_BORROWED { return Error(error_.get()); }

    /** Gives the error to the program, to be kept. */
    OwnedError take_error() && noexcept { return std::move(error_); }

private:
    OwnedError error_;
};

/** A value, or an error and an empty value. Client::fetch() and Client::sign_in() can have both. */
template <class Value = void> class [[nodiscard]] Result : public CallResult {
public:
    /** Takes over what a C function returned. */
    Result(Value value, auth_error *error) noexcept : CallResult(error), value_(std::move(value)) {}

    /** The value, which is empty if the call failed. */
    Value &operator*() & noexcept COGNITOAUTH_BORROWED { return value_; }
    /** The value, which is empty if the call failed. */
    const Value &operator*() const & noexcept COGNITOAUTH_BORROWED { return value_; }
    /** The value, moved out. */
    Value operator*() && noexcept { return std::move(value_); }
    /** The value's members. */
    Value *operator->() & noexcept COGNITOAUTH_BORROWED { return &value_; }
    /** The value's members. */
    const Value *operator->() const & noexcept COGNITOAUTH_BORROWED { return &value_; }
    /** Nobody can have looked at the error of a temporary. */
    Value *operator->() && = delete;

private:
    Value value_;
};

/** How a call ended that returns no value. */
template <> class [[nodiscard]] Result<void> : public CallResult {
public:
    using CallResult::CallResult;
};

// Without RTTI its vtable would have no type, and could be the one that a linker takes for all files.
#if defined(__cpp_exceptions) && defined(__cpp_rtti)

/** What or_throw() throws. */
class Exception : public std::exception {
public:
    /** Takes over an error. */
    explicit Exception(OwnedError error) : error_(std::move(error)) {}

    /** The error's message. */
    const char *what() const noexcept override { return auth_error_message(error_.get()); }
    /** All of the error. */
    Error error() const noexcept COGNITOAUTH_BORROWED { return Error(error_.get()); }

private:
    std::shared_ptr<auth_error> error_;
};

/** Returns the value of a result, or throws Exception if the result has an error. Then the value is lost: do not
 *  use it for Client::sign_in(), nor for Client::fetch() if the user pool rotates refresh tokens. */
template <class Value> Value or_throw(Result<Value> &&result)
{
    if (!result) throw Exception(std::move(result).take_error());
    if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

#endif

} // namespace v0
} // namespace cognitoauth

#endif

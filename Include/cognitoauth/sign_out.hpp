/* SPDX-License-Identifier: Apache-2.0 */

/** @file sign_out.hpp
 *  The result of a sign-out. */

#ifndef COGNITOAUTH_SIGN_OUT_HPP
#define COGNITOAUTH_SIGN_OUT_HPP

#include <optional>
#include <string_view>

#include "error.hpp"

namespace cognitoauth {
inline namespace v0 {

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

namespace detail {

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

} // namespace detail

/** The result of a sign-out. Wiped when it is destroyed. */
class [[nodiscard]] SignOutResult {
public:
    /** How it ended. */
    Outcome outcome() const noexcept { return static_cast<Outcome>(get()->outcome); }
    /** Whether every step that had to run succeeded. */
    bool complete() const noexcept { return outcome() == Outcome::complete; }
    /** Whether the user is signed out here, and a step in the browser or at Cognito failed, or a damaged session
     *  could not be revoked. */
    bool partial() const noexcept { return outcome() == Outcome::partial; }
    /** Whether the user is still signed in here, or that is not known. */
    bool failed() const noexcept { return outcome() == Outcome::failed; }

    /** What to tell the person in front of the screen. It lives as long as the program. */
    std::string_view message() const noexcept { return auth_sign_out_result_message(get()); }

    /** Whether Client::retry() has anything to do. */
    bool can_retry() const noexcept { return get()->partial_failure_token != nullptr; }
    /** For Client::retry(): a secret. Empty if there is nothing to retry. */
    std::string_view partial_failure_token() const noexcept COGNITOAUTH_BORROWED
    {
        return detail::view(get()->partial_failure_token);
    }

    /** Until when services that check only signature and expiry accept the tokens. Nothing where C has 0. */
    std::optional<UnixTime> tokens_valid_until() const noexcept { return detail::time(get()->tokens_valid_until); }

    /** Whether the keyring held a session when the call began. */
    Answer was_signed_in() const noexcept { return static_cast<Answer>(get()->was_signed_in); }
    /** Whether the user is signed out on this machine. */
    Answer signed_out_locally() const noexcept { return static_cast<Answer>(get()->signed_out_locally); }
    /** How GlobalSignOut ended. */
    Remote global_sign_out() const noexcept { return static_cast<Remote>(get()->global_sign_out); }
    /** How RevokeToken ended. */
    Remote revoke_token() const noexcept { return static_cast<Remote>(get()->revoke_token); }
    /** Whether the keyring keeps the steps that are still open, for Client::resume(). */
    Answer kept() const noexcept { return static_cast<Answer>(get()->kept); }
    /** How many unfinished sign-outs the keyring keeps. */
    int unfinished_count() const noexcept { return get()->unfinished_count; }

    /** Why the outcome is failed. */
    Error failure() const noexcept COGNITOAUTH_BORROWED { return Error(get()->failure); }
    /** Why the browser step failed. */
    Error hosted_ui_error() const noexcept COGNITOAUTH_BORROWED { return Error(get()->hosted_ui_error); }
    /** Why GlobalSignOut was not done. */
    Error global_sign_out_error() const noexcept COGNITOAUTH_BORROWED { return Error(get()->global_sign_out_error); }
    /** Why RevokeToken was not done. */
    Error revoke_token_error() const noexcept COGNITOAUTH_BORROWED { return Error(get()->revoke_token_error); }
    /** Set if a stored session was damaged. */
    Error invalid_session_error() const noexcept COGNITOAUTH_BORROWED { return Error(get()->invalid_session_error); }

    /** The struct of C, to read. */
    const auth_sign_out_result *get() const noexcept { return &output_.fields; }

private:
    friend class Client;
    template <class> friend class Operation;

    detail::Output<auth_sign_out_result, auth_sign_out_result_clear> output_;
};

} // namespace v0
} // namespace cognitoauth

#endif

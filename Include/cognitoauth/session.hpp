/* SPDX-License-Identifier: Apache-2.0 */

/** @file session.hpp
 *  The session of a user: what is stored, and what is to be. */

#ifndef COGNITOAUTH_SESSION_HPP
#define COGNITOAUTH_SESSION_HPP

#include <optional>
#include <string_view>

#include "detail.hpp"
#include "text.hpp"

namespace cognitoauth {
inline namespace v0 {

/** How the user signed in. */
enum class SignInMethod : auth_sign_in_method {
    api = AUTH_SIGN_IN_METHOD_API,
    hosted_ui = AUTH_SIGN_IN_METHOD_HOSTED_UI
};

/** The session that Client::save() stores, as auth_session. */
struct NewSession {
    /** Empty means the name that the tokens tell. */
    Text username{};
    /** Required. */
    Text access_token{};
    /** May be empty. */
    Text id_token{};
    /** Required for anything to be revoked. */
    Text refresh_token{};
    /** Only where the user pool remembers devices. */
    Text device_key{};
    /** How the user signed in. */
    SignInMethod sign_in_method = SignInMethod::api;
};

namespace detail {

/** A session on its way into the library. */
inline auth_session fields(const NewSession &session) noexcept
{
    auto fields = blank<auth_session>();
    fields.username = or_null(session.username);
    fields.access_token = or_null(session.access_token);
    fields.id_token = or_null(session.id_token);
    fields.refresh_token = or_null(session.refresh_token);
    fields.device_key = or_null(session.device_key);
    fields.sign_in_method = static_cast<auth_sign_in_method>(session.sign_in_method);
    return fields;
}

} // namespace detail

/** The session that is stored. Wiped when it is destroyed. */
class Session {
public:
    /** The name by which Cognito knows the user. */
    std::string_view username() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->username); }
    /** For requests to services. */
    std::string_view access_token() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->access_token); }
    /** Facts about the user. May be empty. */
    std::string_view id_token() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->id_token); }
    /** For new tokens. May be empty. */
    std::string_view refresh_token() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->refresh_token); }
    /** May be empty. */
    std::string_view device_key() const noexcept COGNITOAUTH_BORROWED { return detail::view(get()->device_key); }

    /** Nothing if this cannot be read from the token. */
    std::optional<UnixTime> access_token_expires_at() const noexcept
    {
        return detail::time(get()->access_token_expires_at);
    }
    /** Nothing if this cannot be read from the token. */
    std::optional<UnixTime> id_token_expires_at() const noexcept { return detail::time(get()->id_token_expires_at); }

    /** How the user signed in. */
    SignInMethod sign_in_method() const noexcept { return static_cast<SignInMethod>(get()->sign_in_method); }

    /** The struct of C, to read. */
    const auth_session *get() const noexcept { return &output_.fields; }

private:
    friend class Client;
    template <class> friend class Operation;

    detail::Output<auth_session, auth_session_clear> output_;
};

} // namespace v0
} // namespace cognitoauth

#endif

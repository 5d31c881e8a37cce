/* SPDX-License-Identifier: Apache-2.0 */

/** @file session.hpp
 *  The session of a user: what is stored, and what is to be. */

#ifndef COGNITOAUTH_SESSION_HPP
#define COGNITOAUTH_SESSION_HPP

#include <optional>
#include <string_view>

#include "detail.hpp"

namespace cognitoauth {
inline namespace v0 {

/** How the user signed in. */
enum class SignInMethod : auth_sign_in_method {
    api = AUTH_SIGN_IN_METHOD_API,
    hosted_ui = AUTH_SIGN_IN_METHOD_HOSTED_UI
};

/** The session that Client::save() stores, as auth_session. */
struct NewSession {
    std::string_view username{};
    std::string_view access_token{};
    std::string_view id_token{};
    std::string_view refresh_token{};
    std::string_view device_key{};
    SignInMethod sign_in_method = SignInMethod::api;
};

namespace detail {

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

} // namespace detail

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

} // namespace v0
} // namespace cognitoauth

#endif

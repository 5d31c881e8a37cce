/* SPDX-License-Identifier: Apache-2.0 */

/** @file sign_in.hpp
 *  The options of a sign-in through the browser. */

#ifndef COGNITOAUTH_SIGN_IN_HPP
#define COGNITOAUTH_SIGN_IN_HPP

#include <vector>

#include "detail.hpp"
#include "text.hpp"

namespace cognitoauth {
inline namespace v0 {

/** Whether the hosted UI asks a user who is signed in in the browser already. */
enum class SignInPrompt : auth_sign_in_prompt {
    standard = AUTH_SIGN_IN_PROMPT_DEFAULT,
    login = AUTH_SIGN_IN_PROMPT_LOGIN,
    select_account = AUTH_SIGN_IN_PROMPT_SELECT_ACCOUNT,
    none = AUTH_SIGN_IN_PROMPT_NONE
};

/** Options of Client::sign_in(), as auth_sign_in_options. */
struct SignInOptions {
    /** Empty means those of the configuration file, or the default ones. */
    std::vector<Text> scopes{};
    /** The name of an identity provider. */
    Text identity_provider{};
    /** An identifier of an identity provider. */
    Text idp_identifier{};
    /** The user name that the hosted UI fills in. */
    Text login_hint{};
    /** The language of the hosted UI. */
    Text lang{};
    /** Whether a user who is signed in in the browser is asked again. */
    SignInPrompt prompt = SignInPrompt::standard;
    /** Whether the same user's session may be replaced. */
    bool replace_same_user = false;
};

namespace detail {

/** A sign-in's options on their way into the library. */
class SignInFields {
public:
    explicit SignInFields(const SignInOptions &options)
    {
        for (const Text &scope : options.scopes) scopes_.push_back(scope.c_str());
        fields_ = blank<auth_sign_in_options>();
        fields_.scopes = scopes_.empty() ? nullptr : scopes_.data();
        fields_.scope_count = scopes_.size();
        fields_.identity_provider = or_null(options.identity_provider);
        fields_.idp_identifier = or_null(options.idp_identifier);
        fields_.login_hint = or_null(options.login_hint);
        fields_.lang = or_null(options.lang);
        fields_.prompt = static_cast<auth_sign_in_prompt>(options.prompt);
        fields_.replace_same_user = options.replace_same_user;
    }

    SignInFields(const SignInFields &) = delete;
    SignInFields &operator=(const SignInFields &) = delete;

    const auth_sign_in_options *get() const noexcept { return &fields_; }

private:
    std::vector<const char *> scopes_;
    auth_sign_in_options fields_;
};

} // namespace detail

} // namespace v0
} // namespace cognitoauth

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/** @file sign_in.h
 *  Signing in through the browser. */

#ifndef COGNITOAUTH_SIGN_IN_H
#define COGNITOAUTH_SIGN_IN_H

#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "error.h"
#include "session.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whether the hosted UI asks a user who is signed in in the browser already. */
typedef int32_t auth_sign_in_prompt;

/** The values of auth_sign_in_prompt. */
enum {
    /** The hosted UI decides: a browser that is signed in is not asked again. */
    AUTH_SIGN_IN_PROMPT_DEFAULT = 0,
    /** The user has to sign in, whoever is signed in in the browser. The classic hosted UI ignores
        this. */
    AUTH_SIGN_IN_PROMPT_LOGIN = 1,
    /** The user chooses an account. The classic hosted UI ignores this. */
    AUTH_SIGN_IN_PROMPT_SELECT_ACCOUNT = 2,
    /** The user is not asked for anything. If the browser is not signed in, the call fails with
        AUTH_STATUS_BROWSER_REDIRECT_ERROR and `login_required`. After a sign-out that left the
        browser signed in, the user is asked all the same. */
    AUTH_SIGN_IN_PROMPT_NONE = 3
};

/** The options of a sign-in. NULL in place of the struct means all defaults. */
typedef struct auth_sign_in_options {
    /** `sizeof(auth_sign_in_options)`. */
    size_t struct_size;
    /** What the access token may be used for. `openid` must be among them. Each is 1 to 256
        printable ASCII characters without spaces, quotation marks and backslashes. NULL means those
        of the configuration file, or else `openid` and `aws.cognito.signin.user.admin`, without
        which Cognito refuses auth_sign_out_global(). */
    const char *const *scopes;
    /** How many scopes there are: 1 to 50, or 0 with NULL. */
    size_t scope_count;
    /** The identity provider that the user signs in with, by its name in the user pool, as in
        "Google" or "COGNITO". It is 1 to 256 bytes without control characters, and so are the next
        three. Not allowed together with `idp_identifier`. NULL means that the hosted UI lets the
        user choose. */
    const char *identity_provider;
    /** The identity provider by an identifier that was registered for it, such as a mail domain.
        NULL as for `identity_provider`. */
    const char *idp_identifier;
    /** The user name that the hosted UI fills in. Others on this machine may see it. NULL means that
        the user types it. */
    const char *login_hint;
    /** The language of the hosted UI, as in "de". NULL means that of the browser. */
    const char *lang;
    /** Whether a user who is signed in in the browser is asked again. */
    auth_sign_in_prompt prompt;
    /** Not 0 means that a session that is stored is replaced if the same user signs in, as for a
        session that has ended. 0 means that any stored session is AUTH_STATUS_ALREADY_SIGNED_IN. */
    int32_t replace_same_user;
} auth_sign_in_options;

/** Starts an auth_sign_in_options: `auth_sign_in_options options = AUTH_SIGN_IN_OPTIONS_INIT;` */
#define AUTH_SIGN_IN_OPTIONS_INIT \
    {sizeof(auth_sign_in_options), NULL, 0, NULL, NULL, NULL, NULL, 0, 0}

/** Starts an auth_sign_in_options as AUTH_SIGN_IN_OPTIONS_INIT does, for
 *  languages without macros.
 *
 *  @param options     The struct. If NULL, nothing happens.
 *  @param struct_size Its size: `sizeof *options`.
 *  @since 0.1 */
void auth_sign_in_options_init(auth_sign_in_options *options, size_t struct_size);

/** Signs a user in through the browser, and stores the session.
 *
 *  The client needs a hosted UI domain and a sign-in redirect URI, from its
 *  options or its configuration file. The keyring is looked at first, so that
 *  nobody types a password for a session that cannot be stored. Then the
 *  browser opens the hosted UI. The call waits until the browser comes back to
 *  the redirect URI on this machine, gets the tokens from Cognito and stores
 *  them. It uses the authorization code flow with PKCE (RFC 6749, RFC 7636, RFC
 *  8252), so the program needs no secret.
 *
 *  The browser is started by `open_url_function` if the client has one, else by
 *  GIO: through the portal in a sandbox, else as the desktop's default browser.
 *  Without that function, DISPLAY or WAYLAND_DISPLAY must be set.
 *
 *  The tokens must fit: nonce, user pool, app client and user are checked, and
 *  tokens that do not fit are revoked and not stored. Their signatures are not
 *  checked, as they come from Cognito over TLS. Source: OpenID Connect Core
 *  1.0, section 3.1.3.7.
 *
 *  If the keyring keeps an unfinished global sign-out of the same user, its
 *  GlobalSignOut is given up before the tokens are asked for: it would end the
 *  new session too.
 *
 *  A code works once. If Cognito's answer is lost, a session may exist there
 *  that nobody has: sign in again.
 *
 *  After a sign-out that left the browser signed in, the browser is signed out
 *  before it signs in, and the user has to type the password again. With the
 *  classic hosted UI this needs a sign-out redirect URI on this machine.
 *
 *  It blocks: it waits for the keyring, the browser, the network and the lock
 *  of the session. The lock is not held while the browser is open.
 *  `timeout_ms` does not include the time that the browser takes, which
 *  `browser_timeout_ms` limits: 0 means 300000 here. A sign-in that is
 *  cancelled ends within 100 ms, except that the answer to the code is waited
 *  for, at most 2 s more, and what it brings is revoked.
 *
 *  @param client       The client.
 *  @param sign_in      NULL means the defaults.
 *  @param options      NULL means the defaults. `skip_browser` and
 *                      `browser_failure` have no meaning here.
 *  @param[out] session The session, to be cleared with auth_session_clear().
 *                      NULL: the program does not want it here. Empty if the
 *                      call fails, with one exception: if the session could not
 *                      be stored, the status says why, and the session is here;
 *                      with NULL it is revoked.
 *  @param[out] error   See the conventions. May be NULL.
 *  @return AUTH_STATUS_SUCCESS; AUTH_STATUS_ALREADY_SIGNED_IN if a session is
 *          stored, before the browser opens or by the time that it came back;
 *          AUTH_STATUS_BROWSER_UNAVAILABLE, _NO_PORT or _TIMED_OUT;
 *          AUTH_STATUS_BROWSER_REDIRECT_ERROR if the user declined or the
 *          hosted UI sent an error, and then auth_error_service_exception() is
 *          its code, as in "access_denied"; AUTH_STATUS_SERVICE_ERROR if
 *          Cognito refuses the code, and then the same function says
 *          "invalid_grant", for example; AUTH_STATUS_INVALID_RESPONSE if the
 *          tokens do not fit; AUTH_STATUS_INVALID_ARGUMENT, and then the
 *          message names the option; AUTH_STATUS_BUSY as for
 *          auth_session_save(), or if another sign-in of this client waits for
 *          the browser; AUTH_STATUS_CANCELLED; AUTH_STATUS_DEADLINE_EXCEEDED;
 *          AUTH_STATUS_OUT_OF_RESOURCES; AUTH_STATUS_KEYRING_UNAVAILABLE,
 *          _LOCKED, _PROMPT_DISMISSED, _ACCESS_DENIED, _NO_COLLECTION or
 *          _FAILED; or one of the statuses of the network and of Cognito's
 *          exceptions (200 to 399).
 *  @since 0.1 */
auth_status auth_sign_in(auth_client *client, const auth_sign_in_options *sign_in, const auth_call_options *options,
                         auth_session *session, auth_error **error);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/** @file session.h
 *  The session of the user who is signed in. */

#ifndef COGNITOAUTH_SESSION_H
#define COGNITOAUTH_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "error.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the user signed in. */
typedef int32_t auth_sign_in_method;

/** The values of auth_sign_in_method. */
enum {
    /** With a call to Cognito's API. */
    AUTH_SIGN_IN_METHOD_API = 0,
    /** In a browser, through the hosted UI. */
    AUTH_SIGN_IN_METHOD_HOSTED_UI = 1
};

/** A session: what the user who is signed in got from sign-in.
 *
 *  Going in, to auth_session_save(), the program fills the fields and owns what
 *  they point to; all of it is copied. Coming out, the struct owns everything:
 *  clear it with auth_session_clear(). A struct that came out may go in
 *  again. */
typedef struct auth_session {
    /** `sizeof(auth_session)`. */
    size_t struct_size;
    /** The library's: leave it alone. Going in, it is ignored. */
    void *owned;
    /** The name by which Cognito knows the user: 1 to 256 characters of UTF-8 without control
        characters. It is not compared with the tokens. Going in, NULL means the name that the
        tokens tell: `username` of the access token, else `cognito:username` of the ID token. */
    const char *username;
    /** Required. The access token. Every token is 1 to 65536 characters long, and has only the
        characters A-Z a-z 0-9 . - _ and =. */
    const char *access_token;
    /** The ID token. NULL: the session has no ID token. */
    const char *id_token;
    /** The refresh token. NULL: the session has no refresh token, so it cannot be refreshed, and
        sign-out has nothing to revoke. */
    const char *refresh_token;
    /** The device key: Cognito can remember a device, and its key must then be sent with each
        refresh. 1 to 256 printable ASCII characters without spaces. Going in, NULL means that a key
        that is stored for this user stays. Coming out, NULL: no device key is stored. The key is
        an item of its own in the keyring and stays there after sign-out. A key that is saved later
        replaces it. */
    const char *device_key;
    /** Coming out, when the access token expires by Cognito's clock, in Unix seconds. 0 means that
        this cannot be read from the token. Going in, it is ignored. */
    int64_t access_token_expires_at;
    /** Coming out, when the ID token expires, in Unix seconds. 0 means that there is no ID token,
        or that this cannot be read from it. Going in, it is ignored. */
    int64_t id_token_expires_at;
    /** How the user signed in. */
    auth_sign_in_method sign_in_method;
    /** Must be 0. */
    int32_t reserved;
} auth_session;

/** Starts an auth_session: `auth_session session = AUTH_SESSION_INIT;` */
#define AUTH_SESSION_INIT \
    {sizeof(auth_session), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0}

/** Starts an auth_session as AUTH_SESSION_INIT does, for languages without
 *  macros.
 *
 *  @param session     The struct. If NULL, nothing happens.
 *  @param struct_size Its size: `sizeof *session`.
 *  @since 0.1 */
void auth_session_init(auth_session *session, size_t struct_size);

/** Stores the session of the user who has just signed in.
 *
 *  A stored session of the same user is replaced as a whole. Two sessions have
 *  the same user if their tokens have the same `sub`, which is Cognito's id for
 *  a user. If one of the sessions has no `sub`, the user names are compared. A
 *  damaged session whose user cannot be found out is replaced too.
 *
 *  Tokens are checked for their characters and their length. Source of the
 *  characters: TokenModelType in Cognito's API reference. If a token can be
 *  read, its claims must fit: `client_id`, and `aud` of the ID token, must be
 *  the client id; `iss` must not end in the id of another user pool;
 *  `token_use` must not be that of another of the three tokens. A claim that is
 *  missing or cannot be read is not an error. Signatures are not checked.
 *
 *  A keyring of a new user may have no default collection to store in. With
 *  `allow_prompt` the keyring then asks the user to create one, and the session
 *  is stored in it.
 *
 *  If the keyring keeps an unfinished global sign-out of the same user, resume it
 *  before the user signs in. Until the new session is stored, a resume in
 *  another program would end it with GlobalSignOut. auth_sign_in() takes care of
 *  that itself. Once the session is stored, that GlobalSignOut is given up, as it
 *  would end this session too: then only the old refresh token is revoked.
 *
 *  It blocks: it waits for the lock of the session, and uses the keyring. If the
 *  keyring keeps unfinished sign-outs, it uses the network too: see
 *  auth_sign_out_resume().
 *
 *  @param client     The client.
 *  @param session    The session. It is copied.
 *  @param options    NULL means the defaults.
 *  @param[out] error See the conventions. May be NULL.
 *  @return AUTH_STATUS_SUCCESS; AUTH_STATUS_ALREADY_SIGNED_IN if another user
 *          is signed in, and then nothing is stored;
 *          AUTH_STATUS_INVALID_ARGUMENT, and then the message names the field,
 *          and the claim if it is a claim that does not fit;
 *          AUTH_STATUS_BUSY if another process or client holds the lock of the
 *          session for 5 s, or for a third of the call's time if that is less;
 *          AUTH_STATUS_CANCELLED; AUTH_STATUS_DEADLINE_EXCEEDED;
 *          AUTH_STATUS_OUT_OF_RESOURCES; or AUTH_STATUS_KEYRING_UNAVAILABLE,
 *          _LOCKED, _PROMPT_DISMISSED, _ACCESS_DENIED, _NO_COLLECTION or
 *          _FAILED.
 *  @since 0.1 */
auth_status auth_session_save(auth_client *client, const auth_session *session, const auth_call_options *options,
                              auth_error **error);

/** Reads the session as it is stored.
 *
 *  A session that an unfinished sign-out was to delete counts as deleted, here
 *  and in all other functions.
 *
 *  It blocks: it uses the keyring, but not the network.
 *
 *  @param client       The client.
 *  @param options      NULL means the defaults.
 *  @param[out] session The session, to be cleared with auth_session_clear().
 *                      Empty if the call fails. Not NULL.
 *  @param[out] error   See the conventions. May be NULL.
 *  @return AUTH_STATUS_SUCCESS; AUTH_STATUS_NOT_SIGNED_IN;
 *          AUTH_STATUS_INVALID_SESSION; AUTH_STATUS_INVALID_ARGUMENT;
 *          AUTH_STATUS_CANCELLED; AUTH_STATUS_DEADLINE_EXCEEDED;
 *          AUTH_STATUS_OUT_OF_RESOURCES; or AUTH_STATUS_KEYRING_UNAVAILABLE,
 *          _LOCKED, _PROMPT_DISMISSED, _ACCESS_DENIED, _NO_COLLECTION or
 *          _FAILED.
 *  @since 0.1 */
auth_status auth_session_load(auth_client *client, const auth_call_options *options, auth_session *session,
                              auth_error **error);

/** Reads the session, and refreshes it first if its access token is about to
 *  expire.
 *
 *  It refreshes with Cognito's GetTokensFromRefreshToken if the access token
 *  expires in less than 10 seconds, or if its expiry cannot be read. The new
 *  tokens are stored before the function returns. The refresh token stays the
 *  same, unless Cognito sends a new one. Without a refresh token, an access
 *  token whose expiry cannot be read is returned as it is.
 *
 *  This machine's clock may be ahead of Cognito's, or behind it: an access token
 *  that was refreshed expires when its lifetime has passed since the refresh
 *  began, not when its `exp` says. The lifetime is `ExpiresIn` of Cognito's
 *  reply, or `exp` minus `iat` of the token if that is less; at most a day; and
 *  5 minutes if neither can be read. If the clock was set back to a time before
 *  the refresh, and for a token that was saved, `exp` decides.
 *
 *  A request for new tokens that may have reached Cognito is not sent again: a
 *  user pool that rotates refresh tokens accepts each of them only once. If no
 *  answer comes, the session may have ended, and the message says so. If the
 *  call is cancelled once that request was sent, it still waits for the answer,
 *  at most 2 s, and stores the new tokens: then it succeeds.
 *
 *  It blocks: it waits for the lock of the session, and uses the keyring and
 *  the network.
 *
 *  @param client       The client.
 *  @param options      NULL means the defaults.
 *  @param[out] session The session, to be cleared with auth_session_clear().
 *                      Not NULL. Empty if the call fails, with one exception:
 *                      if the tokens were refreshed but could not be stored,
 *                      the status says why, and the new session is here. Use
 *                      it, as the stored session may have ended with the
 *                      refresh, and save it with auth_session_save() when you
 *                      can.
 *  @param[out] error   See the conventions. May be NULL.
 *  @return As for auth_session_load(); AUTH_STATUS_NOT_AUTHORIZED if Cognito
 *          refuses the refresh token; AUTH_STATUS_SESSION_ENDED if the access
 *          token expires and there is no refresh token;
 *          AUTH_STATUS_SESSION_CHANGED if the session was replaced or deleted
 *          during the refresh, and then the new refresh token is revoked; if
 *          that fails, the message says so, and auth_error_token() has it;
 *          AUTH_STATUS_BUSY as for auth_session_save(); or one of the statuses
 *          of the network and of Cognito's exceptions (200 to 399).
 *  @since 0.1 */
auth_status auth_session_fetch(auth_client *client, const auth_call_options *options, auth_session *session,
                               auth_error **error);

/** Asks Cognito whether the stored session is still good.
 *
 *  A session can be ended from another device, and nothing on this machine
 *  shows it. This function first does what auth_session_fetch() does. Then it
 *  sends GetUser with the access token. If Cognito says that the access token
 *  is expired or invalid, the tokens are refreshed and stored, once, and it asks
 *  again. GetUser needs the scope aws.cognito.signin.user.admin. For a session
 *  without it, the refresh is the question: the session is good if Cognito
 *  refreshes its tokens. Source: Cognito's API reference, GetUser and
 *  GetTokensFromRefreshToken.
 *
 *  The session is not deleted, whatever the answer is. If it has ended, call
 *  auth_sign_out() to remove it from this machine. It is not an end of the
 *  session if the user is disabled, if the client secret is wrong, or if the
 *  device key is missing: Cognito then refuses tokens that are still good.
 *
 *  Another process may sign out or refresh while Cognito is asked. So before it
 *  says that the session has ended, this function looks at the keyring again,
 *  and asks about what is stored by then.
 *
 *  It blocks: it waits for the lock of the session, and uses the keyring and
 *  the network. The lock is not held while GetUser is sent.
 *
 *  @param client     The client. NULL is AUTH_STATUS_INVALID_ARGUMENT.
 *  @param options    NULL means the defaults.
 *  @param[out] error See the conventions. May be NULL. If the tokens were
 *                    refreshed but could not be stored, the message says so, and
 *                    auth_error_token() has the new refresh token.
 *  @return AUTH_STATUS_SUCCESS if the session is good; AUTH_STATUS_NOT_SIGNED_IN;
 *          AUTH_STATUS_SESSION_ENDED if Cognito says that the session has ended,
 *          or that the user does not exist any more, or if the access token is
 *          expired and there is no refresh token: then
 *          AUTH_EVENT_SESSION_EXPIRED is told too. Any other status does not
 *          mean that the session has ended: it is one of those of
 *          auth_session_fetch(). AUTH_STATUS_NOT_AUTHORIZED means that Cognito
 *          refused the tokens for another reason, which the message tells, or
 *          that the session has neither the scope nor a refresh token, and so
 *          cannot be checked.
 *  @since 0.1 */
auth_status auth_session_check(auth_client *client, const auth_call_options *options, auth_error **error);

/** Wipes and frees what a session that came out owns, and sets all its fields
 *  to 0 except `struct_size`.
 *
 *  A session that the program filled itself is only set to 0.
 *
 *  @param session The session. If NULL, nothing happens.
 *  @since 0.1 */
void auth_session_clear(auth_session *session);

#ifdef __cplusplus
}
#endif

#endif

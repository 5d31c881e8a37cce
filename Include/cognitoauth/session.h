/* SPDX-License-Identifier: Apache-2.0 */

/** @file session.h
 *  The session of the one user who is signed in. */

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
    AUTH_SIGN_IN_METHOD_API = 0,      /**< With a call to Cognito's API. */
    AUTH_SIGN_IN_METHOD_HOSTED_UI = 1 /**< In a browser, through the hosted UI. */
};

/** What sign-in left behind for the one user who is signed in.
 *
 *  Going in, the program fills the fields and owns what they point to; a struct
 *  that came out may go in again. Coming out, all belongs to the struct; free it
 *  with auth_session_clear(). */
typedef struct auth_session {
    /** sizeof(auth_session) */
    size_t struct_size;
    /** The library's. Leave it alone; ignored going in. */
    void *owned;
    /** Required. The name that Cognito knows the user by, as in the tokens; 1 to 256 bytes, no
        control characters. Not compared with them. */
    const char *username;
    /** Required. */
    const char *access_token;
    /** NULL: none. */
    const char *id_token;
    /** NULL: none; sign-out then has nothing to revoke. */
    const char *refresh_token;
    /** NULL: none. Going in, 1 to 256 printable ASCII characters without spaces; NULL keeps the
        key stored for this user. It survives sign-out. */
    const char *device_key;
    /** Coming out: Unix seconds, 0 if the token does not tell. Ignored going in. */
    int64_t access_token_expires_at;
    /** Coming out: Unix seconds, 0 if the token does not tell. Ignored going in. */
    int64_t id_token_expires_at;
    /** How the user signed in. */
    auth_sign_in_method sign_in_method;
    /** Must be 0. */
    int32_t reserved;
} auth_session;

/** Starts an auth_session: `auth_session session = AUTH_SESSION_INIT;` */
#define AUTH_SESSION_INIT \
    {sizeof(auth_session), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0}

/** Does what AUTH_SESSION_INIT does, for languages without macros.
 *
 *  @param session     The struct; NULL does nothing.
 *  @param struct_size Its size: `sizeof *session`.
 *  @since 0.1 */
void auth_session_init(auth_session *session, size_t struct_size);

/** Stores the session of the user who has just signed in, whole. Blocks.
 *
 *  A session of the same user is replaced. The same user is one with the same
 *  `sub` in the tokens or, where one has none, the same user name. A damaged
 *  session that does not tell its user is replaced too. Tokens are checked for
 *  their characters ([A-Za-z0-9-_=.], as Cognito's API reference gives them for
 *  TokenModelType) and their length (at most 65536), not for their meaning.
 *
 *  @param client     The client.
 *  @param session    The session; it is copied.
 *  @param options    NULL: the defaults.
 *  @param[out] error See the conventions; may be NULL.
 *  @return AUTH_STATUS_SUCCESS; AUTH_STATUS_ALREADY_SIGNED_IN if another user
 *          is, and nothing is stored; AUTH_STATUS_INVALID_ARGUMENT;
 *          AUTH_STATUS_NOT_SUPPORTED; AUTH_STATUS_BUSY if another process has the
 *          session's turn for 5 s, or a third of the call's time if that is
 *          less; AUTH_STATUS_CANCELLED; AUTH_STATUS_DEADLINE_EXCEEDED;
 *          AUTH_STATUS_OUT_OF_RESOURCES; or AUTH_STATUS_KEYRING_UNAVAILABLE,
 *          _LOCKED, _PROMPT_DISMISSED, _ACCESS_DENIED, _NO_COLLECTION or
 *          _FAILED.
 *  @since 0.1 */
auth_status auth_session_save(auth_client *client, const auth_session *session, const auth_call_options *options,
                              auth_error **error);

/** Reads the session as it is stored. Blocks on the keyring, not the network.
 *
 *  @param client       The client.
 *  @param options      NULL: the defaults.
 *  @param[out] session The session, to be cleared with auth_session_clear();
 *                      empty on failure. Not NULL.
 *  @param[out] error   See the conventions; may be NULL.
 *  @return AUTH_STATUS_SUCCESS; AUTH_STATUS_NOT_SIGNED_IN;
 *          AUTH_STATUS_INVALID_SESSION; AUTH_STATUS_INVALID_ARGUMENT;
 *          AUTH_STATUS_NOT_SUPPORTED; AUTH_STATUS_CANCELLED;
 *          AUTH_STATUS_DEADLINE_EXCEEDED; AUTH_STATUS_OUT_OF_RESOURCES; or
 *          AUTH_STATUS_KEYRING_UNAVAILABLE, _LOCKED, _PROMPT_DISMISSED,
 *          _ACCESS_DENIED or _FAILED.
 *  @since 0.1 */
auth_status auth_session_load(auth_client *client, const auth_call_options *options, auth_session *session,
                              auth_error **error);

/** Reads the session, renewed if it needs to be. Blocks.
 *
 *  The access token is renewed with GetTokensFromRefreshToken if it has less
 *  than 10 seconds left or does not tell. What comes back is stored before this
 *  returns, with the old refresh token kept or replaced as Cognito says. A
 *  request is repeated only if it was not sent: a pool that rotates refresh
 *  tokens takes each one once.
 *
 *  @param client       The client.
 *  @param options      NULL: the defaults.
 *  @param[out] session The session, to be cleared with auth_session_clear();
 *                      empty on failure. Not NULL. One exception: where tokens
 *                      were renewed and could not be stored, the status is the
 *                      keyring's and the new session is here, as the old one
 *                      may have ended.
 *  @param[out] error   See the conventions; may be NULL.
 *  @return As auth_session_load(); or AUTH_STATUS_NOT_AUTHORIZED if the refresh
 *          token is refused; AUTH_STATUS_SESSION_ENDED if there is none and the
 *          access token is expired; AUTH_STATUS_SESSION_CHANGED if the session
 *          was replaced or deleted meanwhile; AUTH_STATUS_BUSY and
 *          AUTH_STATUS_KEYRING_NO_COLLECTION as auth_session_save(); or one of
 *          the network's and Cognito's (200 to 399).
 *  @since 0.1 */
auth_status auth_session_fetch(auth_client *client, const auth_call_options *options, auth_session *session,
                               auth_error **error);

/** Wipes and frees what an output session owns, and zeroes the rest but for
 *  struct_size. A session that the program filled itself is only zeroed.
 *
 *  @param session The session; NULL does nothing.
 *  @since 0.1 */
void auth_session_clear(auth_session *session);

#ifdef __cplusplus
}
#endif

#endif

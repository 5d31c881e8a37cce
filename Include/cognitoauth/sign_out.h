/* SPDX-License-Identifier: Apache-2.0 */

/** @file sign_out.h
 *  Signing out, and its result. */

#ifndef COGNITOAUTH_SIGN_OUT_H
#define COGNITOAUTH_SIGN_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a sign-out ended. */
typedef int32_t auth_sign_out_outcome;

/** The values of auth_sign_out_outcome. */
enum {
    /** Every step that had to run succeeded. */
    AUTH_SIGN_OUT_COMPLETE = 0,
    /** The user is signed out on this machine; a remote step failed, or a damaged session could not
        be revoked. */
    AUTH_SIGN_OUT_PARTIAL = 1,
    /** The user is still signed in here, or we could not find out. */
    AUTH_SIGN_OUT_FAILED = 2
};

/** An answer that may not be known. */
typedef int32_t auth_answer;

/** The values of auth_answer. */
enum {
    AUTH_ANSWER_NO = 0,
    AUTH_ANSWER_YES = 1,
    AUTH_ANSWER_UNKNOWN = 2
};

/** What became of a remote step. */
typedef int32_t auth_remote;

/** The values of auth_remote. */
enum {
    /** The step did not have to run: not a global sign-out, no refresh token, no such user left, or
        in a retry: not one of its steps. */
    AUTH_REMOTE_NOT_REQUESTED = 0,
    /** Cognito did it. For global sign-out also: the user does not exist any more. */
    AUTH_REMOTE_DONE = 1,
    /** Token revocation is not enabled for the app client. */
    AUTH_REMOTE_NOT_ENABLED = 2,
    /** It was not begun: the call failed or was cancelled before, an earlier step failed, or, for
        global sign-out, nobody was signed in. */
    AUTH_REMOTE_NOT_ATTEMPTED = 3,
    /** Cognito refused or could not be reached. */
    AUTH_REMOTE_FAILED = 4,
    /** The request was sent and no answer came. */
    AUTH_REMOTE_UNKNOWN = 5
};

/** The result of a sign-out. Clear it with auth_sign_out_result_clear().
 *
 *  The errors belong to the result: read them, do not free them. */
typedef struct auth_sign_out_result {
    /** sizeof(auth_sign_out_result) */
    size_t struct_size;
    /** The library's. Leave it alone. */
    void *owned;
    /** NULL: nothing is left that a retry could do. Else what auth_sign_out_retry() takes: keep it,
        whatever the outcome is. Printable ASCII, as secret as a refresh token. */
    const char *partial_failure_token;
    /** Unix seconds. Until then, services that check only signature and expiry accept the access
        and ID tokens that were handed out. 0: none, or they do not tell, or a retry that has only
        the refresh token: the first result has the time then. */
    int64_t tokens_valid_until;
    /** Why the outcome is failed; NULL otherwise. */
    const auth_error *failure;
    /** NULL: the browser step did not fail. Always NULL in this version. */
    const auth_error *hosted_ui_error;
    /** Why GlobalSignOut was not done, or not even sent. NULL if it was done or did not have to be,
        and where nothing was begun, which `failure` explains. */
    const auth_error *global_sign_out_error;
    /** Why RevokeToken was not done, or not even sent; NULL as above. */
    const auth_error *revoke_token_error;
    /** NULL: every stored session could be read. */
    const auth_error *invalid_session_error;
    /** As returned. */
    auth_sign_out_outcome outcome;
    /** Whether the keyring held a session when the call began; in a retry, a newer one. */
    auth_answer was_signed_in;
    /** AUTH_ANSWER_YES: the keyring, asked again, holds no session. AUTH_ANSWER_NO: nothing was deleted, or it is
        still there. AUTH_ANSWER_UNKNOWN: a deletion was asked for and not confirmed; or a retry that did
        not look. */
    auth_answer signed_out_locally;
    /** What became of GlobalSignOut. */
    auth_remote global_sign_out;
    /** What became of RevokeToken. */
    auth_remote revoke_token;
    /** AUTH_ANSWER_YES: the keyring keeps what is left to do. Always AUTH_ANSWER_NO in this version. */
    auth_answer kept;
    /** How many sign-outs the keyring keeps that are not finished. Always 0 in this version. */
    int32_t unfinished_count;
    /** 0 */
    int32_t reserved;
} auth_sign_out_result;

/** Starts an auth_sign_out_result:
 *  `auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;` */
#define AUTH_SIGN_OUT_RESULT_INIT \
    {sizeof(auth_sign_out_result), NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, \
     0, 0, 0}

/** Does what AUTH_SIGN_OUT_RESULT_INIT does, for languages without macros.
 *
 *  @param result      The struct; NULL does nothing.
 *  @param struct_size Its size: `sizeof *result`.
 *  @since 0.1 */
void auth_sign_out_result_init(auth_sign_out_result *result, size_t struct_size);

/** Signs the user out on this machine: revokes the session's refresh token,
 *  deletes the session from the keyring, and looks again. Blocks.
 *
 *  Revoking ends this session only (RevokeToken, Cognito API reference). If it
 *  fails, the session is deleted all the same and the outcome is partial. If
 *  the keyring is locked or cannot be reached, nothing is revoked and nothing
 *  is deleted. Where nobody is signed in, the outcome is complete and nothing
 *  is sent. Two sign-outs of a client at once are served one after the other.
 *
 *  @param client      The client; NULL is AUTH_SIGN_OUT_FAILED.
 *  @param options     NULL: the defaults.
 *  @param[out] result The result; may be NULL. To be cleared with
 *                     auth_sign_out_result_clear(), whatever the outcome.
 *  @return The outcome. `result->failure` has one of
 *          AUTH_STATUS_INVALID_ARGUMENT, AUTH_STATUS_NOT_SUPPORTED,
 *          AUTH_STATUS_CANCELLED, AUTH_STATUS_DEADLINE_EXCEEDED,
 *          AUTH_STATUS_OUT_OF_RESOURCES, AUTH_STATUS_KEYRING_UNAVAILABLE,
 *          _LOCKED, _PROMPT_DISMISSED, _ACCESS_DENIED or _FAILED. The errors of
 *          a partial one may have any status from 200 to 399,
 *          AUTH_STATUS_INVALID_SESSION, _CANCELLED or _DEADLINE_EXCEEDED; those
 *          of a global one AUTH_STATUS_NOT_ATTEMPTED or _SESSION_ENDED too.
 *          Without a result there is no partial-failure token, and nothing to
 *          retry with.
 *  @since 0.1 */
auth_sign_out_outcome auth_sign_out(auth_client *client, const auth_call_options *options,
                                    auth_sign_out_result *result);

/** Signs the user out on every device: GlobalSignOut first, then all that
 *  auth_sign_out() does. Blocks.
 *
 *  GlobalSignOut ends all sessions of the user: Cognito refuses their refresh
 *  and access tokens from then on (Cognito API reference). An expired access
 *  token is renewed for it first. If GlobalSignOut fails in a way that a retry
 *  may cure, RevokeToken is held back, as it would kill the access token that
 *  the retry needs.
 *
 *  @param client      The client; NULL is AUTH_SIGN_OUT_FAILED.
 *  @param options     NULL: the defaults.
 *  @param[out] result As in auth_sign_out(). Say "signed out everywhere" only
 *                     if its `global_sign_out` is AUTH_REMOTE_DONE.
 *  @return As auth_sign_out().
 *  @since 0.1 */
auth_sign_out_outcome auth_sign_out_global(auth_client *client, const auth_call_options *options,
                                           auth_sign_out_result *result);

/** Retries the remote steps that an earlier sign-out left open. Blocks.
 *
 *  The stored session is not touched; `signed_out_locally` tells whether one
 *  is there. Where GlobalSignOut is open the keyring must be readable, as a new
 *  session of the same user would end with it. Where only RevokeToken is open
 *  a keyring that cannot be read is no failure, and `signed_out_locally` is
 *  AUTH_ANSWER_UNKNOWN. A token is good as long as the refresh token in it is.
 *
 *  @param client                The client, or a new one with the same app id,
 *                               pool and app client.
 *  @param partial_failure_token From an earlier result, which must not be
 *                               cleared before this returns.
 *  @param options               NULL: the defaults.
 *  @param[out] result           As in auth_sign_out(); another struct than the
 *                               earlier result's. Its partial-failure token has
 *                               the steps that are still open: after a failed
 *                               retry all of them, unless `client` or the token
 *                               itself was refused.
 *  @return The outcome of these steps: AUTH_SIGN_OUT_COMPLETE says nothing of
 *          steps that were not open. AUTH_SIGN_OUT_FAILED with
 *          AUTH_STATUS_INVALID_ARGUMENT if the token is damaged or was made for
 *          another app, pool or app client, or with
 *          AUTH_STATUS_SESSION_CHANGED if a global sign-out is open and the
 *          same user is signed in here again: it would end the new session.
 *          Nothing is sent then.
 *  @since 0.1 */
auth_sign_out_outcome auth_sign_out_retry(auth_client *client, const char *partial_failure_token,
                                          const auth_call_options *options, auth_sign_out_result *result);

/** Wipes and frees what a result owns, errors and partial-failure token
 *  included, and zeroes the rest but for struct_size.
 *
 *  @param result The result; NULL does nothing.
 *  @since 0.1 */
void auth_sign_out_result_clear(auth_sign_out_result *result);

#ifdef __cplusplus
}
#endif

#endif

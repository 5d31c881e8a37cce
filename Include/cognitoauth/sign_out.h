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
    /** Every step that had to run succeeded. It is also complete if nobody was signed in, and if
        the app client has no token revocation. */
    AUTH_SIGN_OUT_COMPLETE = 0,
    /** The user is signed out on this machine. But a step in the browser or at Cognito failed, or a
        damaged session could not be revoked. */
    AUTH_SIGN_OUT_PARTIAL = 1,
    /** The user is still signed in here, or the library could not find out. */
    AUTH_SIGN_OUT_FAILED = 2
};

/** An answer that may be unknown. */
typedef int32_t auth_answer;

/** The values of auth_answer. */
enum {
    /** No. */
    AUTH_ANSWER_NO = 0,
    /** Yes. */
    AUTH_ANSWER_YES = 1,
    /** It is not known. */
    AUTH_ANSWER_UNKNOWN = 2
};

/** How a remote step ended: GlobalSignOut or RevokeToken, sent to Cognito.
 *
 *  Several sessions can be stored if another program stored one, or if a save
 *  could not delete an older one. Then RevokeToken is sent for each of them, and
 *  this is the worst of what became of them: AUTH_REMOTE_DONE only if each one
 *  was revoked; AUTH_REMOTE_FAILED if any of them failed; else
 *  AUTH_REMOTE_UNKNOWN, AUTH_REMOTE_NOT_ATTEMPTED or AUTH_REMOTE_NOT_ENABLED,
 *  in this order. */
typedef int32_t auth_remote;

/** The values of auth_remote. */
enum {
    /** The step did not have to run. GlobalSignOut: this was not a global sign-out. RevokeToken:
        there is no refresh token, nobody was signed in, or Cognito said of GlobalSignOut or of the
        refresh that the user does not exist any more; where it says so of RevokeToken itself, that
        is AUTH_REMOTE_FAILED. In a retry also: the step was not open. */
    AUTH_REMOTE_NOT_REQUESTED = 0,
    /** Cognito did it. GlobalSignOut also: Cognito said that the user does not exist any more. */
    AUTH_REMOTE_DONE = 1,
    /** The app client has no token revocation. This is not an error. */
    AUTH_REMOTE_NOT_ENABLED = 2,
    /** The step was not begun: the call failed or was cancelled before it, an earlier step failed,
        or there is no token to send it with. GlobalSignOut also: nobody was signed in. */
    AUTH_REMOTE_NOT_ATTEMPTED = 3,
    /** Cognito refused, or could not be reached. */
    AUTH_REMOTE_FAILED = 4,
    /** The step may be done: a request was sent, and no answer came from Cognito, or one from a
        gateway with the HTTP status 502, 503 or 504. It stays so in all retries until Cognito says
        that the step is done, whatever errors come after it. RevokeToken also: the answer to a
        refresh was lost, and a new refresh token that was in it may still be good. */
    AUTH_REMOTE_UNKNOWN = 5
};

/** The result of a sign-out, to be cleared with auth_sign_out_result_clear().
 *
 *  The errors belong to the result: read them, and do not free them. */
typedef struct auth_sign_out_result {
    /** `sizeof(auth_sign_out_result)`. */
    size_t struct_size;
    /** The library's: leave it alone. */
    void *owned;
    /** Until when the access and ID tokens that were handed out are still accepted by services that
        check only signature and expiry. In Unix seconds. 0 means that the library does not know it:
        no such token can be read. In the result of a retry it is 0 if only RevokeToken was open:
        use the time in the result of the sign-out. */
    int64_t tokens_valid_until;
    /** What auth_sign_out_retry() needs to run the steps that are still open. A failed sign-out can
        have one too. Keep it until auth_sign_out_retry() with it returns no new token and is not
        failed, unless `kept` is AUTH_ANSWER_YES. A later sign-out, even a complete one, does not run
        its steps. Each sign-out has a token of its own: keep all of them. Printable ASCII, as secret
        as a refresh token. NULL means that no step is open which a retry can run. It has room for
        thousands of sessions. If some steps do not fit, `revoke_token_error` or `failure` says how
        many. */
    const char *partial_failure_token;
    /** Why the outcome is failed. NULL means that it is not. */
    const auth_error *failure;
    /** Why the browser step failed: the browser may still be signed in, and the partial-failure
        token holds the step. auth_error_token() of it is the URL of the logout. NULL means that the
        browser was signed out, or had no part in it: `skip_browser` was set, the user did not sign
        in through the hosted UI, or the client has no hosted UI or no sign-out redirect URI. */
    const auth_error *hosted_ui_error;
    /** Why GlobalSignOut was not done, or not even sent. NULL means that no error of this step is
        told: `global_sign_out` says how it ended. If the call failed before any step began, the
        error is in `failure` only. */
    const auth_error *global_sign_out_error;
    /** Why RevokeToken was not done, or not even sent. NULL means that no error of this step is
        told: `revoke_token` says how it ended. That the app client has no token revocation is not
        an error. */
    const auth_error *revoke_token_error;
    /** Set if a stored session was damaged or incomplete: it was deleted, and what could be read of
        it was revoked. NULL means that every stored session could be read. */
    const auth_error *invalid_session_error;
    /** What the function returned. Valid only after a call wrote it. After
        AUTH_SIGN_OUT_RESULT_INIT or auth_sign_out_result_clear() it is 0, which looks complete: use
        the returned value. */
    auth_sign_out_outcome outcome;
    /** Whether the keyring held a session when the call began. AUTH_ANSWER_UNKNOWN means that the
        library could not look. */
    auth_answer was_signed_in;
    /** Whether the user is signed out on this machine. AUTH_ANSWER_YES means that the library has
        looked, and the keyring holds no session: also if nobody was signed in. AUTH_ANSWER_NO means
        that a session is still there, or that the call ended before it deleted anything: the user
        is certainly signed in only if `was_signed_in` is AUTH_ANSWER_YES too. AUTH_ANSWER_UNKNOWN
        means that the keyring did not confirm the deletion, or that a retry did not look. */
    auth_answer signed_out_locally;
    /** How GlobalSignOut ended. */
    auth_remote global_sign_out;
    /** How RevokeToken ended. */
    auth_remote revoke_token;
    /** Whether the keyring keeps the steps that are still open, for auth_sign_out_resume(). If so,
        the program need not keep the partial-failure token. AUTH_ANSWER_YES only if this client,
        or the one that began the sign-out, has `keep_unfinished` in its auth_client_options, and
        never for the browser step alone. AUTH_ANSWER_NO means that the partial-failure token is all
        that there is. AUTH_ANSWER_UNKNOWN means that the keyring did not confirm it, or that a
        retry or a resume failed before it looked. */
    auth_answer kept;
    /** How many unfinished sign-outs the keyring keeps, this one included. 0 also means that the
        library could not look. */
    int32_t unfinished_count;
    /** Always 0. */
    int32_t reserved;
} auth_sign_out_result;

/** Starts an auth_sign_out_result:
 *  `auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;` */
#define AUTH_SIGN_OUT_RESULT_INIT \
    {sizeof(auth_sign_out_result), NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, \
     0, 0, 0}

/** Starts an auth_sign_out_result as AUTH_SIGN_OUT_RESULT_INIT does, for
 *  languages without macros.
 *
 *  @param result      The struct. If NULL, nothing happens.
 *  @param struct_size Its size: `sizeof *result`.
 *  @since 0.1 */
void auth_sign_out_result_init(auth_sign_out_result *result, size_t struct_size);

/** Signs the user out on this machine.
 *
 *  Three steps: it revokes the refresh token of the stored session with
 *  Cognito's RevokeToken, deletes the session from the keyring, and looks into
 *  the keyring again. Revoking ends this session only. Source: Cognito's API
 *  reference, RevokeToken.
 *
 *  If the user signed in through the hosted UI, and the client has a hosted UI
 *  domain and a sign-out redirect URI, the browser is signed out before all
 *  else: it opens the hosted UI's page for that, and comes back. If that fails,
 *  `browser_failure` says whether the rest is done. No lock is held meanwhile. A
 *  redirect URI with a scheme of the program's own needs auth_sign_out_start().
 *
 *  If RevokeToken fails, the session is deleted all the same, and the outcome
 *  is partial. If the keyring is locked or cannot be reached, nothing is
 *  revoked and nothing is deleted, and the outcome is failed. If nobody is
 *  signed in, nothing is sent and the outcome is complete.
 *
 *  With `keep_unfinished` of auth_client_options, an item in the keyring says
 *  from the first step on what is open. The session then counts as deleted, also
 *  if the program is killed before it is: auth_sign_out_resume() does the rest.
 *  The item is removed when all is done. If it cannot be stored, the sign-out
 *  goes on without it, and `kept` says so.
 *
 *  It blocks: it waits for the lock of the session, and uses the keyring and
 *  the network. It waits up to 5 s for another process or client that holds the
 *  lock, or a third of the call's time if that is less, and then goes on without
 *  the lock.
 *
 *  @param client      The client. NULL is AUTH_SIGN_OUT_FAILED.
 *  @param options     NULL means the defaults.
 *  @param[out] result The result, to be cleared with
 *                     auth_sign_out_result_clear(), whatever the outcome is.
 *                     May be NULL: then there is no partial-failure token,
 *                     nothing to retry with, and no error that says why. If its
 *                     `struct_size` is refused, it is not written to, nothing
 *                     is done, and AUTH_SIGN_OUT_FAILED is all that the program
 *                     learns.
 *  @return The outcome. If it is failed, `failure` has one of these statuses:
 *          AUTH_STATUS_INVALID_ARGUMENT, AUTH_STATUS_SESSION_CHANGED, if another
 *          session was stored meanwhile, which stays, AUTH_STATUS_CANCELLED,
 *          AUTH_STATUS_DEADLINE_EXCEEDED, AUTH_STATUS_OUT_OF_RESOURCES,
 *          AUTH_STATUS_KEYRING_UNAVAILABLE, _LOCKED, _PROMPT_DISMISSED,
 *          _ACCESS_DENIED, _NO_COLLECTION or _FAILED; with
 *          AUTH_BROWSER_FAILURE_FAIL also AUTH_STATUS_BROWSER_UNAVAILABLE,
 *          _NO_PORT, _TIMED_OUT or _REDIRECT_ERROR. If it is partial, the errors
 *          of the steps have one of these: any status from 200 to 403,
 *          AUTH_STATUS_INVALID_SESSION, AUTH_STATUS_CANCELLED,
 *          AUTH_STATUS_DEADLINE_EXCEEDED or, in the browser step,
 *          AUTH_STATUS_OUT_OF_RESOURCES. In a global sign-out they can also have
 *          AUTH_STATUS_NOT_ATTEMPTED, if RevokeToken was held back, or
 *          AUTH_STATUS_SESSION_ENDED, if the session was ended elsewhere. With
 *          `keep_unfinished`, and in a retry or a resume, `revoke_token_error`
 *          can also have AUTH_STATUS_KEYRING_FAILED: all is done at Cognito, but
 *          the keyring did not confirm that it keeps nothing any more.
 *  @since 0.1 */
auth_sign_out_outcome auth_sign_out(auth_client *client, const auth_call_options *options,
                                    auth_sign_out_result *result);

/** Signs the user out on every device.
 *
 *  It sends GlobalSignOut first, and then does all that auth_sign_out() does.
 *  GlobalSignOut ends all sessions of the user: from then on Cognito refuses
 *  their refresh and access tokens. Source: Cognito's API reference,
 *  GlobalSignOut. An access token that has expired is refreshed first, and so
 *  is one that Cognito calls invalid, or that says of itself that it is another
 *  token. Tokens are refreshed once in a call.
 *
 *  If GlobalSignOut fails and a retry may succeed, RevokeToken is held back: it
 *  would end the access token that the retry needs. The session is deleted all
 *  the same.
 *
 *  It blocks as auth_sign_out() does.
 *
 *  @param client      The client. NULL is AUTH_SIGN_OUT_FAILED.
 *  @param options     NULL means the defaults.
 *  @param[out] result As in auth_sign_out(). Say "signed out everywhere" only
 *                     if its `global_sign_out` is AUTH_REMOTE_DONE. If nobody
 *                     was signed in, the outcome is complete, but
 *                     `global_sign_out` is AUTH_REMOTE_NOT_ATTEMPTED.
 *  @return As for auth_sign_out().
 *  @since 0.1 */
auth_sign_out_outcome auth_sign_out_global(auth_client *client, const auth_call_options *options,
                                           auth_sign_out_result *result);

/** Runs the steps that an earlier sign-out left open.
 *
 *  If the deletion is open and that session is still stored, it is deleted. No
 *  other session is touched; `signed_out_locally` says whether there is one. If
 *  the deletion is open, the keyring must be readable before anything is sent;
 *  and so if GlobalSignOut is open, because a new session of the same user would
 *  end too. If only RevokeToken is open, a keyring that cannot be read is not an
 *  error, and `signed_out_locally` is AUTH_ANSWER_UNKNOWN. If the browser step is
 *  open, it is run first; if no other step is open, the retry does not look into
 *  the keyring, and `signed_out_locally` is AUTH_ANSWER_UNKNOWN too.
 *
 *  If Cognito refuses GlobalSignOut again, and not only for now, it is given up:
 *  RevokeToken is sent, and the new partial-failure token has no GlobalSignOut.
 *  RevokeToken is sent only for the refresh tokens that are still open.
 *
 *  A partial-failure token is good for as long as the refresh token in it.
 *
 *  It blocks as auth_sign_out() does.
 *
 *  @param client                The client, or a new one with the same app id,
 *                               user pool and app client.
 *  @param partial_failure_token From an earlier result. Do not clear that
 *                               result before this function returns.
 *  @param options               NULL means the defaults.
 *  @param[out] result           As in auth_sign_out(). Not the struct of the
 *                               earlier result. The new partial-failure token
 *                               holds the steps that are still open, also if
 *                               the retry failed: keep it in place of the one
 *                               that went in. If `client` or the token itself
 *                               was refused, there is no new token: keep the
 *                               one that you have.
 *  @return The outcome of these steps. AUTH_SIGN_OUT_COMPLETE says nothing
 *          about steps that were not open. AUTH_SIGN_OUT_PARTIAL says that a
 *          step is not done yet. AUTH_SIGN_OUT_FAILED says that the retry could
 *          not be made, or that the session may still be stored. `failure` then
 *          has a status as in auth_sign_out(): AUTH_STATUS_INVALID_ARGUMENT
 *          also if the token is damaged or was made for another app, user pool
 *          or app client, or by a newer version of the library;
 *          AUTH_STATUS_SESSION_CHANGED also if GlobalSignOut is open and the
 *          same user is signed in here again: the retry would end the new
 *          session. In both cases nothing is sent. AUTH_STATUS_BUSY if the keyring
 *          keeps the sign-out, and another call runs its steps.
 *  @since 0.1 */
auth_sign_out_outcome auth_sign_out_retry(auth_client *client, const char *partial_failure_token,
                                          const auth_call_options *options, auth_sign_out_result *result);

/** Finishes the sign-outs that the keyring keeps.
 *
 *  A sign-out of a client with `keep_unfinished` leaves its open steps in the
 *  keyring, also if the program was killed in the middle. This function finishes
 *  all of them, the oldest first, each once. Call it when the program starts,
 *  when the network comes back, and after the machine has slept.
 *
 *  First the sessions that such a sign-out was to delete are deleted. Then its
 *  steps at Cognito are run. GlobalSignOut is run only within 24 hours after the
 *  sign-out, and only if the same user is not signed in here again: later it
 *  would end sessions that are newer. Otherwise it is given up, and only
 *  RevokeToken is sent. A sign-out is finished, and the keyring keeps nothing
 *  of it, if the deletion is confirmed and the refresh token is revoked, or if
 *  Cognito says that the token or the user does not exist any more. No session
 *  of another sign-in is touched.
 *
 *  The browser is never started.
 *
 *  At most 16 sign-outs are kept, for at most 90 days. What is more or older is
 *  given up after it was tried once more; the log says so.
 *
 *  Several processes may call it at once: each sign-out is finished by one.
 *
 *  auth_session_save(), auth_sign_in() and all sign-outs do a part of this after
 *  their own work, in what is left of their time: they send RevokeToken of
 *  unfinished sign-outs in which GlobalSignOut is not open. It does not change
 *  what they return.
 *
 *  It blocks as auth_sign_out() does.
 *
 *  @param client      The client. Its own `keep_unfinished` does not matter.
 *                     NULL is AUTH_SIGN_OUT_FAILED.
 *  @param options     NULL means the defaults.
 *  @param[out] result As in auth_sign_out(). The outcome is the worst of all.
 *                     The errors, the remote fields and the partial-failure token
 *                     are those of the newest of the sign-outs that are not
 *                     finished, or of the newest of all. `unfinished_count` says
 *                     how many are left.
 *                     `was_signed_in` and `signed_out_locally` are about who is
 *                     signed in here now. May be NULL.
 *  @return AUTH_SIGN_OUT_COMPLETE if nothing is left, also if there was nothing
 *          to finish. AUTH_SIGN_OUT_PARTIAL if a step is still open, or was given
 *          up. AUTH_SIGN_OUT_FAILED if a session that was to be deleted may
 *          still be stored, or if the call could not be made: `failure` then has
 *          a status as in auth_sign_out(), or AUTH_STATUS_BUSY if another process
 *          keeps the lock. Errors of the steps are as in auth_sign_out():
 *          AUTH_STATUS_NOT_ATTEMPTED also if GlobalSignOut was given up. It may
 *          also be AUTH_STATUS_NOT_SUPPORTED, if a newer version of the library
 *          wrote a sign-out, which then stays as it is.
 *  @since 0.1 */
auth_sign_out_outcome auth_sign_out_resume(auth_client *client, const auth_call_options *options,
                                           auth_sign_out_result *result);

/** Returns what to tell the person in front of the screen: one or two plain
 *  English sentences.
 *
 *  "Signed out on all devices.", or "You may still be signed in. The keyring is
 *  locked." It is chosen from all fields of the result, and says no more than
 *  they do. Where it says "try again", call auth_sign_out_retry() if there is a
 *  partial-failure token; otherwise sign out again. Where it says that something
 *  "will be" done, the keyring keeps it: auth_sign_out_resume() does it. It holds
 *  no name, token or text from a server.
 *
 *  Programs that translate may use the returned text as the key; the manual
 *  lists all texts.
 *
 *  It does not block. Any thread may call it.
 *
 *  @param result The result of a sign-out, a retry or a resume. If it is NULL,
 *                was cleared or was never written to, the sentence says that it
 *                is not known whether the user is signed in.
 *  @return UTF-8 that lives as long as the program: do not free it. Never NULL.
 *  @since 0.1 */
const char *auth_sign_out_result_message(const auth_sign_out_result *result);

/** Wipes and frees what a result owns, its errors and partial-failure token
 *  too, and sets all its fields to 0 except `struct_size`.
 *
 *  @param result The result. If NULL, nothing happens.
 *  @since 0.1 */
void auth_sign_out_result_clear(auth_sign_out_result *result);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/** @file operation.h
 *  Calls that do not block, for programs with an event loop.
 *
 *  Start an operation, watch its file descriptor, dispatch when that is
 *  readable, and finish. The work is done on a thread of the library, in which
 *  all signals are blocked. */

#ifndef COGNITOAUTH_OPERATION_H
#define COGNITOAUTH_OPERATION_H

#include "client.h"
#include "error.h"
#include "session.h"
#include "sign_in.h"
#include "sign_out.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A call that runs on a thread of the library. */
typedef struct auth_operation auth_operation;

/** Starts what auth_sign_out() does.
 *
 *  It does not block.
 *
 *  @param client         The client. The operation keeps it alive.
 *  @param options        NULL means the defaults. They are copied.
 *  @param[out] operation The operation, to be finished with
 *                        auth_operation_finish_sign_out() and freed with
 *                        auth_operation_free(). NULL if the call fails.
 *  @param[out] error     See the conventions. May be NULL.
 *  @return AUTH_STATUS_SUCCESS, AUTH_STATUS_INVALID_ARGUMENT or
 *          AUTH_STATUS_OUT_OF_RESOURCES. How the sign-out itself ends, the
 *          finishing function returns.
 *  @since 0.1 */
auth_status auth_sign_out_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                auth_error **error);

/** Starts what auth_sign_out_global() does. As for auth_sign_out_start().
 *
 *  @since 0.1 */
auth_status auth_sign_out_global_start(auth_client *client, const auth_call_options *options,
                                       auth_operation **operation, auth_error **error);

/** Starts what auth_sign_out_retry() does. As for auth_sign_out_start().
 *
 *  @param partial_failure_token From an earlier result. It is copied.
 *  @since 0.1 */
auth_status auth_sign_out_retry_start(auth_client *client, const char *partial_failure_token,
                                      const auth_call_options *options, auth_operation **operation, auth_error **error);

/** Starts what auth_sign_out_resume() does. As for auth_sign_out_start().
 *
 *  @since 0.1 */
auth_status auth_sign_out_resume_start(auth_client *client, const auth_call_options *options,
                                       auth_operation **operation, auth_error **error);

/** Starts what auth_session_save() does. As for auth_sign_out_start(), but the
 *  operation is finished with auth_operation_finish_session().
 *
 *  @param session The session. It is copied.
 *  @since 0.1 */
auth_status auth_session_save_start(auth_client *client, const auth_session *session, const auth_call_options *options,
                                    auth_operation **operation, auth_error **error);

/** Starts what auth_session_load() does. As for auth_session_save_start().
 *
 *  @since 0.1 */
auth_status auth_session_load_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                    auth_error **error);

/** Starts what auth_session_fetch() does. As for auth_session_save_start().
 *
 *  @since 0.1 */
auth_status auth_session_fetch_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                     auth_error **error);

/** Starts what auth_session_check() does. As for auth_session_save_start().
 *
 *  @since 0.1 */
auth_status auth_session_check_start(auth_client *client, const auth_call_options *options,
                                     auth_operation **operation, auth_error **error);

/** Starts to watch the stored session, and tells the client's `event_function`
 *  when other programs change it. As for auth_session_save_start().
 *
 *  It tells AUTH_EVENT_SIGNED_OUT_ELSEWHERE, AUTH_EVENT_SESSION_CHANGED_ELSEWHERE,
 *  AUTH_EVENT_KEYRING_LOCKED and AUTH_EVENT_KEYRING_UNLOCKED, each when
 *  auth_operation_dispatch() is called. What calls of the same client do is not
 *  "elsewhere". The keyring sends a signal when something changes; the library
 *  then looks, and tells only a difference that it saw. While nothing happens it
 *  does nothing. A locked keyring, or one that was ended, is never told as a
 *  sign-out. It takes no lock, and never asks the user to unlock the keyring,
 *  whatever `allow_prompt` is.
 *
 *  It looks once when it begins, and tells no change that comes before that
 *  look, except that the keyring is locked. Of the events about the session that
 *  are not yet dispatched it keeps only the last one, and so of those about the
 *  keyring: each says how things are now.
 *
 *  The operation ends only when it is cancelled, also by auth_client_cancel(),
 *  or when the session bus is gone. So cancel it before you finish it.
 *  `timeout_ms` limits each look, and not the watch. A client can have several
 *  watches.
 *
 *  In a sandbox, where the keyring is an encrypted file, the file is watched.
 *
 *  @return As for auth_sign_out_start(). auth_operation_finish_session() says why
 *          the watch ended.
 *  @since 0.1 */
auth_status auth_session_watch_start(auth_client *client, const auth_call_options *options,
                                     auth_operation **operation, auth_error **error);

/** Starts what auth_sign_in() does. As for auth_session_save_start().
 *
 *  Here a redirect URI with a scheme of the program's own works too, if none of
 *  this machine is configured: see auth_operation_browser_done(). The operation
 *  may be freed at any time: a session that could not be stored, and that
 *  nobody took with auth_operation_finish_session(), is then revoked.
 *
 *  @param sign_in NULL means the defaults. They are copied.
 *  @since 0.1 */
auth_status auth_sign_in_start(auth_client *client, const auth_sign_in_options *sign_in,
                               const auth_call_options *options, auth_operation **operation, auth_error **error);

/** Returns the file descriptor to watch.
 *
 *  It is readable while there is something to dispatch. It belongs to the
 *  operation: do not read or close it, and stop watching it before
 *  auth_operation_free().
 *
 *  @param operation The operation.
 *  @return The file descriptor. -1 if `operation` is NULL.
 *  @since 0.1 */
int auth_operation_fd(const auth_operation *operation);

/** Runs the callbacks that are due, on the calling thread.
 *
 *  It does not block.
 *
 *  @param operation The operation.
 *  @return 1 if the operation is over and can be finished without waiting, or
 *          if `operation` is NULL. Otherwise 0.
 *  @since 0.1 */
int auth_operation_dispatch(auth_operation *operation);

/** Cancels an operation, and does not wait for its end.
 *
 *  It ends within 100 ms, with five exceptions: a refresh that was sent, the
 *  code of a sign-in that was sent, the storing of tokens that just came, a
 *  deletion that has begun, and with `keep_unfinished` the removal of what a
 *  sign-out has written into the keyring. The answer to a refresh is waited
 *  for, at most 2 s more, as the old refresh token may have ended with it. So
 *  is the answer to a code, and what it brings is revoked. All five end at the
 *  limit of the call at the latest. Any thread may call this. Do not call it in
 *  a signal handler: write to a pipe there, and watch that.
 *
 *  A sign-out that has not yet sent GlobalSignOut or RevokeToken fails with
 *  AUTH_STATUS_CANCELLED, and everything stays as it was. If a refresh got no
 *  answer, the message says that the session may have ended with it. A sign-out
 *  that has sent one deletes the session, and is partial. So a button for it
 *  should say "Stop waiting", and not "Cancel". Go on dispatching until the
 *  operation is over, and finish it: its result says which of the two happened.
 *
 *  A sign-in that is cancelled leaves nobody signed in, unless its session was
 *  being stored already: then it succeeds. A button for it may say "Cancel".
 *
 *  @param operation The operation. If NULL or over, nothing happens.
 *  @since 0.1 */
void auth_operation_cancel(auth_operation *operation);

/** Finishes a sign-out and returns its result.
 *
 *  It blocks until the operation is over, and runs the callbacks that are due.
 *  An operation is finished once.
 *
 *  @param operation   The operation, started with one of the functions
 *                     auth_sign_out_start(), auth_sign_out_global_start(),
 *                     auth_sign_out_retry_start() and
 *                     auth_sign_out_resume_start().
 *  @param[out] result As in auth_sign_out(). May be NULL.
 *  @return What the blocking function returns. AUTH_SIGN_OUT_FAILED with
 *          AUTH_STATUS_INVALID_ARGUMENT if the operation was finished before,
 *          or is a session call. A session call is not finished by that.
 *  @since 0.1 */
auth_sign_out_outcome auth_operation_finish_sign_out(auth_operation *operation, auth_sign_out_result *result);

/** Finishes a session call and returns its result.
 *
 *  It blocks until the operation is over, and runs the callbacks that are due.
 *  An operation is finished once.
 *
 *  @param operation    The operation, started with one of the functions
 *                      auth_session_save_start(), auth_session_load_start(),
 *                      auth_session_fetch_start(), auth_session_check_start(),
 *                      auth_session_watch_start() and auth_sign_in_start().
 *  @param[out] session As in auth_session_fetch() and auth_sign_in(). Empty
 *                      after a save, a check and a watch. May be NULL.
 *  @param[out] error   See the conventions. May be NULL.
 *  @return What the blocking function returns. For a watch, which has none:
 *          AUTH_STATUS_CANCELLED; AUTH_STATUS_KEYRING_UNAVAILABLE if there is no
 *          session bus, or it has ended; AUTH_STATUS_KEYRING_ACCESS_DENIED or
 *          AUTH_STATUS_KEYRING_FAILED if the keyring cannot be watched;
 *          AUTH_STATUS_DEADLINE_EXCEEDED if the bus does not answer when the
 *          watch begins; or AUTH_STATUS_OUT_OF_RESOURCES.
 *          AUTH_STATUS_INVALID_ARGUMENT if the operation was finished before, or
 *          is a sign-out. A sign-out is not finished by that.
 *  @since 0.1 */
auth_status auth_operation_finish_session(auth_operation *operation, auth_session *session, auth_error **error);

/** Opens the browser again, for a user who has closed the tab.
 *
 *  The operation waits for the browser: it is a sign-in, or a sign-out that
 *  signs the browser out. Its time goes on. It blocks for 1 s at most, until
 *  the browser was started. A client with an `open_url_function` has it called
 *  here, on this thread.
 *
 *  @param operation  The operation. NULL is AUTH_STATUS_INVALID_ARGUMENT.
 *  @param[out] error See the conventions. May be NULL.
 *  @return AUTH_STATUS_SUCCESS; AUTH_STATUS_INVALID_ARGUMENT if the operation
 *          does not wait for a browser; AUTH_STATUS_BROWSER_UNAVAILABLE; or
 *          AUTH_STATUS_OUT_OF_RESOURCES.
 *  @since 0.1 */
auth_status auth_operation_open_again(auth_operation *operation, auth_error **error);

/** Reports that the browser came back to the program's own redirect URI.
 *
 *  This is for redirect URIs with a scheme of the program's own, as in
 *  "myapp://signed-in": the desktop starts the program with the URI, or tells a
 *  program that runs. The operation goes on with what the URI says. URIs on
 *  this machine (http) are not reported: the operation hears of them itself.
 *
 *  It does not block.
 *
 *  @param operation    The operation. NULL is AUTH_STATUS_INVALID_ARGUMENT.
 *  @param redirect_uri The whole URI that the browser came back to. It is
 *                      copied. NULL is AUTH_STATUS_INVALID_ARGUMENT.
 *  @param[out] error   See the conventions. May be NULL.
 *  @return AUTH_STATUS_SUCCESS; AUTH_STATUS_INVALID_ARGUMENT if the operation
 *          does not wait for such a report, or if the URI is not the one that
 *          it waits for, as that of an earlier sign-in. The operation then goes
 *          on as if this had not been called.
 *  @since 0.1 */
auth_status auth_operation_browser_done(auth_operation *operation, const char *redirect_uri, auth_error **error);

/** Frees an operation.
 *
 *  An operation that is not over is cancelled, and this blocks until it is
 *  over. When it returns, the operation's thread has ended. Callbacks that are
 *  still due are not run. A sign-out that was not finished may have deleted the
 *  session: then its result is lost, and with it the partial-failure token.
 *
 *  Free all operations before the program ends: libraries clean up then, and no
 *  thread may use them any more.
 *
 *  @param operation The operation. If NULL, nothing happens.
 *  @since 0.1 */
void auth_operation_free(auth_operation *operation);

#ifdef __cplusplus
}
#endif

#endif

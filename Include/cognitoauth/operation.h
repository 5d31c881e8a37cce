/* SPDX-License-Identifier: Apache-2.0 */

/** @file operation.h
 *  For programs with an event loop: start, watch one file descriptor, dispatch
 *  when it is readable, finish. The work is done on a thread of the library's
 *  own, in which all signals are blocked. */

#ifndef COGNITOAUTH_OPERATION_H
#define COGNITOAUTH_OPERATION_H

#include "client.h"
#include "error.h"
#include "session.h"
#include "sign_out.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A call that is under way. */
typedef struct auth_operation auth_operation;

/** Starts what auth_sign_out() does. Does not block.
 *
 *  @param client         The client; the operation keeps it alive.
 *  @param options        NULL: the defaults.
 *  @param[out] operation The operation, to be finished with
 *                        auth_operation_finish_sign_out() and freed with
 *                        auth_operation_free(); NULL on failure.
 *  @param[out] error     See the conventions; may be NULL.
 *  @return AUTH_STATUS_SUCCESS, AUTH_STATUS_INVALID_ARGUMENT,
 *          AUTH_STATUS_NOT_SUPPORTED or AUTH_STATUS_OUT_OF_RESOURCES. How the
 *          sign-out itself ends is what finishing tells.
 *  @since 0.1 */
auth_status auth_sign_out_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                auth_error **error);

/** Starts what auth_sign_out_global() does. As auth_sign_out_start().
 *
 *  @since 0.1 */
auth_status auth_sign_out_global_start(auth_client *client, const auth_call_options *options,
                                       auth_operation **operation, auth_error **error);

/** Starts what auth_sign_out_retry() does. As auth_sign_out_start().
 *
 *  @param partial_failure_token From an earlier result; it is copied.
 *  @since 0.1 */
auth_status auth_sign_out_retry_start(auth_client *client, const char *partial_failure_token,
                                      const auth_call_options *options, auth_operation **operation, auth_error **error);

/** Starts what auth_session_save() does. As auth_sign_out_start(), but to be
 *  finished with auth_operation_finish_session().
 *
 *  @param session The session; it is copied.
 *  @since 0.1 */
auth_status auth_session_save_start(auth_client *client, const auth_session *session, const auth_call_options *options,
                                    auth_operation **operation, auth_error **error);

/** Starts what auth_session_load() does. As auth_session_save_start().
 *
 *  @since 0.1 */
auth_status auth_session_load_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                    auth_error **error);

/** Starts what auth_session_fetch() does. As auth_session_save_start().
 *
 *  @since 0.1 */
auth_status auth_session_fetch_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                     auth_error **error);

/** Hands out the file descriptor to watch: it is readable while there is
 *  something to dispatch.
 *
 *  @param operation The operation; NULL gives -1.
 *  @return The descriptor. It is the operation's: neither read nor close it,
 *          and stop watching it before auth_operation_free().
 *  @since 0.1 */
int auth_operation_fd(const auth_operation *operation);

/** Runs the callbacks that are due, on this thread. Does not block.
 *
 *  @param operation The operation; NULL gives 1.
 *  @return 1 once the operation is over and can be finished without waiting,
 *          else 0.
 *  @since 0.1 */
int auth_operation_dispatch(auth_operation *operation);

/** Cancels an operation. Does not wait.
 *
 *  It ends within 100 ms wherever it is, but for the deletion once that has
 *  begun, and for storing tokens that were just renewed. A sign-out that has
 *  not sent anything yet fails with AUTH_STATUS_CANCELLED and leaves everything
 *  as it was; one that has deletes the session and is partial. Go on
 *  dispatching until it is over, and finish it: the result says which.
 *
 *  @param operation The operation; NULL, or one that is over, does nothing.
 *  @since 0.1 */
void auth_operation_cancel(auth_operation *operation);

/** Hands out the result of a sign-out. Blocks until the operation is over, and
 *  runs the callbacks that are due.
 *
 *  @param operation   The operation, started with one of auth_sign_out_*_start.
 *  @param[out] result As in auth_sign_out(); may be NULL.
 *  @return What the blocking function returns; AUTH_SIGN_OUT_FAILED with
 *          AUTH_STATUS_INVALID_ARGUMENT for an operation that was finished
 *          before, or that is of another kind and can be finished yet.
 *  @since 0.1 */
auth_sign_out_outcome auth_operation_finish_sign_out(auth_operation *operation, auth_sign_out_result *result);

/** Hands out the result of a session call. Blocks until the operation is over,
 *  and runs the callbacks that are due.
 *
 *  @param operation    The operation, started with one of auth_session_*_start.
 *  @param[out] session As in auth_session_fetch(); empty after a save. May be
 *                      NULL.
 *  @param[out] error   See the conventions; may be NULL.
 *  @return What the blocking function returns; AUTH_STATUS_INVALID_ARGUMENT for
 *          an operation that was finished before, or that is of another kind
 *          and can be finished yet.
 *  @since 0.1 */
auth_status auth_operation_finish_session(auth_operation *operation, auth_session *session, auth_error **error);

/** Tells an operation that the browser came back to the program's own redirect
 *  URI. Does not block. This version has no browser step, so that no operation
 *  waits for it.
 *
 *  @param operation    The operation; NULL is AUTH_STATUS_INVALID_ARGUMENT.
 *  @param redirect_uri The URI that the browser came back to; it is copied.
 *                      NULL is AUTH_STATUS_INVALID_ARGUMENT.
 *  @param[out] error   See the conventions; may be NULL.
 *  @return AUTH_STATUS_INVALID_ARGUMENT: the operation does not wait for a
 *          browser. It goes on as if this had not been called.
 *  @since 0.1 */
auth_status auth_operation_browser_done(auth_operation *operation, const char *redirect_uri, auth_error **error);

/** Frees an operation. One that is not over is cancelled, and this blocks until
 *  it is. A sign-out that was not finished may have deleted the session; its
 *  result, partial-failure token included, is lost then. Callbacks that are
 *  still due are not run. Free all operations before the program ends: libraries
 *  clean up at exit, and a thread that still uses them is in their way.
 *
 *  @param operation The operation; NULL does nothing.
 *  @since 0.1 */
void auth_operation_free(auth_operation *operation);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/** @file error.h
 *  Why a call failed. */

#ifndef COGNITOAUTH_ERROR_H
#define COGNITOAUTH_ERROR_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Why a call failed: a status, a message for a person and what to do. */
typedef struct auth_error auth_error;

/** Tells the status of an error.
 *
 *  @param error The error; NULL gives AUTH_STATUS_SUCCESS.
 *  @since 0.1 */
auth_status auth_error_status(const auth_error *error);

/** Says what went wrong, in English, in one or two sentences.
 *
 *  Text that came from a server is in it with this session's tokens, and
 *  everything else that looks like one, replaced by "[redacted]".
 *
 *  @param error The error; NULL gives "".
 *  @return A string that lives as long as `error`. Never NULL.
 *  @since 0.1 */
const char *auth_error_message(const auth_error *error);

/** Says what to do about it, as in "Unlock the keyring and sign out again."
 *
 *  In English, for somebody who knows the program: it may speak of retrying
 *  with the partial-failure token. A program says it to its users in words of
 *  its own, by the status.
 *
 *  @param error The error; NULL gives "".
 *  @return A string that lives as long as `error`. Never NULL.
 *  @since 0.1 */
const char *auth_error_recovery_suggestion(const auth_error *error);

/** Names the exception that Cognito answered with, as in
 *  "NotAuthorizedException".
 *
 *  @param error The error; NULL gives NULL.
 *  @return A string that lives as long as `error`, or NULL if the error is not
 *          an answer of Cognito.
 *  @since 0.1 */
const char *auth_error_service_exception(const auth_error *error);

/** Hands out the token that the failed step was about, for a retry by hand:
 *  the access token for global sign-out, the refresh token for revocation.
 *
 *  It is a secret: do not print or store it. auth_sign_out_retry() with the
 *  result's partial-failure token does not need it.
 *
 *  @param error The error; NULL gives NULL.
 *  @return A string that lives as long as `error`, or NULL if there is none.
 *  @since 0.1 */
const char *auth_error_token(const auth_error *error);

/** Wipes and frees an error that a function returned through `error`.
 *
 *  @param error The error. NULL does nothing, and so does an error that
 *               belongs to an auth_sign_out_result: clear the result.
 *  @since 0.1 */
void auth_error_free(auth_error *error);

#ifdef __cplusplus
}
#endif

#endif

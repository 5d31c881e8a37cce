/* SPDX-License-Identifier: Apache-2.0 */

/** @file error.h
 *  An error: why a call, or a step of a sign-out, failed. */

#ifndef COGNITOAUTH_ERROR_H
#define COGNITOAUTH_ERROR_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Why a call, or a step of a sign-out, failed: a status, a message for a
 *  person, and what to do.
 *
 *  An error that a function returned through its parameter `error` belongs to
 *  the program: free it with auth_error_free(). An error in an
 *  auth_sign_out_result belongs to the result. No function here blocks. */
typedef struct auth_error auth_error;

/** Returns the status of an error.
 *
 *  Where a function returned a status and an error, both have the same status.
 *
 *  @param error The error.
 *  @return The status. AUTH_STATUS_SUCCESS if `error` is NULL.
 *  @since 0.1 */
auth_status auth_error_status(const auth_error *error);

/** Returns what went wrong, in English, in one or two sentences.
 *
 *  It names the argument, the option or the key of a file that does not fit. It
 *  can contain text from a server. In such text the tokens of this session, and
 *  everything else that looks like a token, are replaced by "[redacted]".
 *
 *  @param error The error.
 *  @return A string that lives as long as `error`. Never NULL. An empty string
 *          if `error` is NULL.
 *  @since 0.1 */
const char *auth_error_message(const auth_error *error);

/** Returns what to do about it, as in "Unlock the keyring and sign out again."
 *
 *  It fits the call: for the same status a retry can have another suggestion
 *  than a sign-out. It is in English, for somebody who knows the program, and
 *  may speak of the partial-failure token. A program tells its users in its own
 *  words, by the status.
 *
 *  @param error The error.
 *  @return A string that lives as long as `error`. Never NULL. An empty string
 *          if `error` is NULL.
 *  @since 0.1 */
const char *auth_error_recovery_suggestion(const auth_error *error);

/** Returns the name of the exception that Cognito sent, as in
 *  "NotAuthorizedException".
 *
 *  @param error The error.
 *  @return A string that lives as long as `error`. NULL if Cognito sent no
 *          exception, or if `error` is NULL.
 *  @since 0.1 */
const char *auth_error_service_exception(const auth_error *error);

/** Returns the token of the failed step of a sign-out, for a program that does
 *  the step itself.
 *
 *  In `global_sign_out_error` it is the access token, in `revoke_token_error`
 *  the refresh token, and in `hosted_ui_error` the URL of the logout, which is
 *  no secret. In an error of auth_session_fetch() or auth_session_check() it is
 *  a new refresh token that is in no keyring and was not revoked. It is a
 *  secret: do not print or store it. You do not need it for
 *  auth_sign_out_retry(), which takes the partial-failure token of the result.
 *
 *  @param error The error.
 *  @return A string that lives as long as `error`. NULL if there is no token,
 *          or if `error` is NULL.
 *  @since 0.1 */
const char *auth_error_token(const auth_error *error);

/** Wipes and frees an error that a function returned.
 *
 *  It does nothing to an error that belongs to an auth_sign_out_result: clear
 *  the result.
 *
 *  @param error The error. If NULL, nothing happens.
 *  @since 0.1 */
void auth_error_free(auth_error *error);

#ifdef __cplusplus
}
#endif

#endif

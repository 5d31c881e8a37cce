/* SPDX-License-Identifier: Apache-2.0 */

/** @file status.h
 *  A status: how a call ended, as a number. */

#ifndef COGNITOAUTH_STATUS_H
#define COGNITOAUTH_STATUS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a call ended: one of the AUTH_STATUS constants. */
typedef int32_t auth_status;

/** The values of auth_status. A number keeps its meaning for ever. A later
 *  version can return numbers that a program does not know: it should treat
 *  them like any other error. */
enum {
    /* Success */
    /** The call succeeded. */
    AUTH_STATUS_SUCCESS = 0,

    /* Arguments and state */
    /** An argument is NULL, malformed or does not fit. The error names it. */
    AUTH_STATUS_INVALID_ARGUMENT = 1,
    /** An option is set that this version of the library does not support yet. */
    AUTH_STATUS_NOT_SUPPORTED = 2,
    /** The process has raised privileges (set-user-ID, capabilities). */
    AUTH_STATUS_PRIVILEGED_PROCESS = 3,
    /** Nobody is signed in. */
    AUTH_STATUS_NOT_SIGNED_IN = 4,
    /** Somebody is signed in already. Sign out first. */
    AUTH_STATUS_ALREADY_SIGNED_IN = 5,
    /** The stored session is not the one that this call is about. */
    AUTH_STATUS_SESSION_CHANGED = 6,
    /** The session was ended elsewhere, or has expired and cannot be refreshed. */
    AUTH_STATUS_SESSION_ENDED = 7,
    /** The stored session is damaged or incomplete. */
    AUTH_STATUS_INVALID_SESSION = 8,
    /** The step was held back because an earlier one failed. */
    AUTH_STATUS_NOT_ATTEMPTED = 9,
    /** Another process, or another client in this process, holds the lock of the session. */
    AUTH_STATUS_BUSY = 10,
    /** The call was cancelled. */
    AUTH_STATUS_CANCELLED = 11,
    /** The call's time ran out before the step was begun or done. */
    AUTH_STATUS_DEADLINE_EXCEEDED = 12,
    /** The process cannot get another thread or file descriptor. */
    AUTH_STATUS_OUT_OF_RESOURCES = 13,
    /** The configuration file cannot be read, is too large, or is a folder, a pipe or a device. */
    AUTH_STATUS_CONFIGURATION_UNREADABLE = 14,
    /** The configuration file lacks a setting, or has one that does not fit. The error names it. */
    AUTH_STATUS_INVALID_CONFIGURATION = 15,

    /* Keyring */
    /** There is no session bus, or no Secret Service on it. */
    AUTH_STATUS_KEYRING_UNAVAILABLE = 100,
    /** The keyring is locked. */
    AUTH_STATUS_KEYRING_LOCKED = 101,
    /** The user dismissed the prompt of the keyring: closed it, or said no. */
    AUTH_STATUS_KEYRING_PROMPT_DISMISSED = 102,
    /** The keyring refused this program. */
    AUTH_STATUS_KEYRING_ACCESS_DENIED = 103,
    /** The keyring has no default collection: none was created yet, or none is open. */
    AUTH_STATUS_KEYRING_NO_COLLECTION = 104,
    /** The keyring ended the connection, or sent something that makes no sense. */
    AUTH_STATUS_KEYRING_FAILED = 105,

    /* Network */
    /** The name of Cognito's endpoint could not be looked up. */
    AUTH_STATUS_HOST_NOT_FOUND = 200,
    /** No connection could be made. */
    AUTH_STATUS_CONNECTION_FAILED = 201,
    /** The TLS handshake or the certificate check failed. */
    AUTH_STATUS_TLS_FAILED = 202,
    /** The proxy could not be found, refused, or wants a login. */
    AUTH_STATUS_PROXY_FAILED = 203,
    /** No answer came in time. */
    AUTH_STATUS_NETWORK_TIMED_OUT = 204,
    /** The connection ended before an answer came. */
    AUTH_STATUS_CONNECTION_LOST = 205,
    /** The network failed in another way. */
    AUTH_STATUS_NETWORK_FAILED = 206,
    /** The answer is not one that Cognito sends. */
    AUTH_STATUS_INVALID_RESPONSE = 207,

    /* Exceptions of Cognito */
    /** An exception that this library does not know: auth_error_service_exception() has its name. */
    AUTH_STATUS_SERVICE_ERROR = 300,
    /** NotAuthorizedException: Cognito does not accept the token. */
    AUTH_STATUS_NOT_AUTHORIZED = 301,
    /** ResourceNotFoundException: Cognito does not know the user pool or the app client. */
    AUTH_STATUS_RESOURCE_NOT_FOUND = 302,
    /** InvalidParameterException: Cognito does not accept a parameter of the request. */
    AUTH_STATUS_INVALID_PARAMETER = 303,
    /** TooManyRequestsException, LimitExceededException and other names of throttling. */
    AUTH_STATUS_TOO_MANY_REQUESTS = 304,
    /** PasswordResetRequiredException: the user's password must be reset. */
    AUTH_STATUS_PASSWORD_RESET_REQUIRED = 305,
    /** UserNotConfirmedException: the user is not confirmed. */
    AUTH_STATUS_USER_NOT_CONFIRMED = 306,
    /** UserNotFoundException: the user does not exist any more. */
    AUTH_STATUS_USER_NOT_FOUND = 307,
    /** OperationNotEnabledException: the operation is not enabled in this region. */
    AUTH_STATUS_OPERATION_NOT_ENABLED = 308,
    /** InternalErrorException: Cognito had an internal error. */
    AUTH_STATUS_INTERNAL_ERROR = 309,
    /** ForbiddenException: a web access control list of the user pool refused the request. */
    AUTH_STATUS_FORBIDDEN = 310,
    /** UnauthorizedException: Cognito does not allow this request to the app client. */
    AUTH_STATUS_UNAUTHORIZED = 311,
    /** UnsupportedOperationException: the app client has no token revocation. */
    AUTH_STATUS_UNSUPPORTED_OPERATION = 312,
    /** UnsupportedTokenTypeException: Cognito cannot revoke a token of this type. */
    AUTH_STATUS_UNSUPPORTED_TOKEN_TYPE = 313,
    /** UnexpectedLambdaException: a Lambda trigger of the user pool failed. */
    AUTH_STATUS_UNEXPECTED_LAMBDA = 314,
    /** UserLambdaValidationException: a Lambda trigger of the user pool refused the user. */
    AUTH_STATUS_USER_LAMBDA_VALIDATION = 315,
    /** InvalidLambdaResponseException: a Lambda trigger of the user pool sent something that makes
        no sense. */
    AUTH_STATUS_INVALID_LAMBDA_RESPONSE = 316,
    /** RefreshTokenReuseException: the refresh token was used before and has been replaced. */
    AUTH_STATUS_REFRESH_TOKEN_REUSE = 317,

    /* Browser */
    /** No browser could be started. */
    AUTH_STATUS_BROWSER_UNAVAILABLE = 400,
    /** No port of a redirect URI is free. */
    AUTH_STATUS_BROWSER_NO_PORT = 401,
    /** The browser did not come back in time. */
    AUTH_STATUS_BROWSER_TIMED_OUT = 402,
    /** The browser came back with an error. */
    AUTH_STATUS_BROWSER_REDIRECT_ERROR = 403
};

/** Returns the name of a status, as in "AUTH_STATUS_KEYRING_LOCKED".
 *
 *  @param status Any number.
 *  @return A string that is never freed. Never NULL. "AUTH_STATUS_UNKNOWN" for
 *          a number that this library does not know.
 *  @since 0.1 */
const char *auth_status_name(auth_status status);

/** Returns one English sentence that says what a status means.
 *
 *  The message of an error says more: see auth_error_message().
 *
 *  @param status Any number.
 *  @return A string that is never freed. Never NULL.
 *  @since 0.1 */
const char *auth_status_message(auth_status status);

#ifdef __cplusplus
}
#endif

#endif

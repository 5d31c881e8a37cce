/* SPDX-License-Identifier: Apache-2.0 */

/** @file status.h
 *  What became of a call, as a number. Included by auth.h, like all of these. */

#ifndef COGNITOAUTH_STATUS_H
#define COGNITOAUTH_STATUS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a call; one of the AUTH_STATUS constants. */
typedef int32_t auth_status;

/** The values of auth_status. A number keeps its meaning for ever; a program
 *  should expect numbers that it does not know. */
enum {
    AUTH_STATUS_SUCCESS = 0,

    /* Arguments and state */
    /** An argument is NULL, malformed or does not fit; the error names it. */
    AUTH_STATUS_INVALID_ARGUMENT = 1,
    /** This version of the library does not offer that option. */
    AUTH_STATUS_NOT_SUPPORTED = 2,
    /** The process runs with raised privileges (set-user-ID, capabilities). */
    AUTH_STATUS_PRIVILEGED_PROCESS = 3,
    /** Nobody is signed in. */
    AUTH_STATUS_NOT_SIGNED_IN = 4,
    /** Another user is signed in; sign out first. */
    AUTH_STATUS_ALREADY_SIGNED_IN = 5,
    /** The stored session is not the one that this call is about. */
    AUTH_STATUS_SESSION_CHANGED = 6,
    /** The session was ended elsewhere, or is expired for good. */
    AUTH_STATUS_SESSION_ENDED = 7,
    /** The stored session is damaged or incomplete. */
    AUTH_STATUS_INVALID_SESSION = 8,
    /** The step was held back because an earlier one failed. */
    AUTH_STATUS_NOT_ATTEMPTED = 9,
    /** Another process, or another client of this one, works on the same session. */
    AUTH_STATUS_BUSY = 10,
    /** The call was cancelled. */
    AUTH_STATUS_CANCELLED = 11,
    /** The call's time ran out before the step was begun or done. */
    AUTH_STATUS_DEADLINE_EXCEEDED = 12,
    /** The process can have no further thread or file descriptor. */
    AUTH_STATUS_OUT_OF_RESOURCES = 13,
    /** The configuration file cannot be read, or is none: a folder, a pipe, a device, too large. */
    AUTH_STATUS_CONFIGURATION_UNREADABLE = 14,
    /** The configuration file lacks a setting or has one that does not fit; the error names it. */
    AUTH_STATUS_INVALID_CONFIGURATION = 15,

    /* Keyring */
    /** No session bus, or no Secret Service on it. */
    AUTH_STATUS_KEYRING_UNAVAILABLE = 100,
    /** The keyring is locked. */
    AUTH_STATUS_KEYRING_LOCKED = 101,
    /** The user dismissed the keyring's prompt. */
    AUTH_STATUS_KEYRING_PROMPT_DISMISSED = 102,
    /** The keyring refused this program. */
    AUTH_STATUS_KEYRING_ACCESS_DENIED = 103,
    /** The keyring has no default collection to store in. */
    AUTH_STATUS_KEYRING_NO_COLLECTION = 104,
    /** The keyring broke off or answered nonsense. */
    AUTH_STATUS_KEYRING_FAILED = 105,

    /* Network */
    /** The name of Cognito's endpoint could not be looked up. */
    AUTH_STATUS_HOST_NOT_FOUND = 200,
    /** No connection could be made. */
    AUTH_STATUS_CONNECTION_FAILED = 201,
    /** The TLS handshake or the certificate check failed. */
    AUTH_STATUS_TLS_FAILED = 202,
    /** The proxy could not be found or refused. */
    AUTH_STATUS_PROXY_FAILED = 203,
    /** No answer came in time. */
    AUTH_STATUS_NETWORK_TIMED_OUT = 204,
    /** The connection ended before an answer came. */
    AUTH_STATUS_CONNECTION_LOST = 205,
    /** Another failure of the network. */
    AUTH_STATUS_NETWORK_FAILED = 206,
    /** The answer is not one that Cognito sends. */
    AUTH_STATUS_INVALID_RESPONSE = 207,

    /* Cognito's exceptions; auth_error_service_exception() has the name */
    /** An exception that this library does not know. */
    AUTH_STATUS_SERVICE_ERROR = 300,
    /** NotAuthorizedException */
    AUTH_STATUS_NOT_AUTHORIZED = 301,
    /** ResourceNotFoundException */
    AUTH_STATUS_RESOURCE_NOT_FOUND = 302,
    /** InvalidParameterException */
    AUTH_STATUS_INVALID_PARAMETER = 303,
    /** TooManyRequestsException and other names of throttling */
    AUTH_STATUS_TOO_MANY_REQUESTS = 304,
    /** PasswordResetRequiredException */
    AUTH_STATUS_PASSWORD_RESET_REQUIRED = 305,
    /** UserNotConfirmedException */
    AUTH_STATUS_USER_NOT_CONFIRMED = 306,
    /** UserNotFoundException */
    AUTH_STATUS_USER_NOT_FOUND = 307,
    /** OperationNotEnabledException */
    AUTH_STATUS_OPERATION_NOT_ENABLED = 308,
    /** InternalErrorException */
    AUTH_STATUS_INTERNAL_ERROR = 309,
    /** ForbiddenException */
    AUTH_STATUS_FORBIDDEN = 310,
    /** UnauthorizedException */
    AUTH_STATUS_UNAUTHORIZED = 311,
    /** UnsupportedOperationException */
    AUTH_STATUS_UNSUPPORTED_OPERATION = 312,
    /** UnsupportedTokenTypeException */
    AUTH_STATUS_UNSUPPORTED_TOKEN_TYPE = 313,
    /** UnexpectedLambdaException */
    AUTH_STATUS_UNEXPECTED_LAMBDA = 314,
    /** UserLambdaValidationException */
    AUTH_STATUS_USER_LAMBDA_VALIDATION = 315,
    /** InvalidLambdaResponseException */
    AUTH_STATUS_INVALID_LAMBDA_RESPONSE = 316,
    /** RefreshTokenReuseException */
    AUTH_STATUS_REFRESH_TOKEN_REUSE = 317,

    /* Browser */
    /** No browser could be started. */
    AUTH_STATUS_BROWSER_UNAVAILABLE = 400,
    /** No port of a sign-out redirect URI is free. */
    AUTH_STATUS_BROWSER_NO_PORT = 401,
    /** The browser did not come back in time. */
    AUTH_STATUS_BROWSER_TIMED_OUT = 402,
    /** The browser came back with an error. */
    AUTH_STATUS_BROWSER_REDIRECT_ERROR = 403
};

/** Names a status, as in "AUTH_STATUS_KEYRING_LOCKED".
 *
 *  @param status Any number.
 *  @return A string that lives for ever; "AUTH_STATUS_UNKNOWN" for a number
 *          this library does not know. Never NULL.
 *  @since 0.1 */
const char *auth_status_name(auth_status status);

/** Says in one English sentence what a status means.
 *
 *  @param status Any number.
 *  @return A string that lives for ever. Never NULL.
 *  @since 0.1 */
const char *auth_status_message(auth_status status);

#ifdef __cplusplus
}
#endif

#endif

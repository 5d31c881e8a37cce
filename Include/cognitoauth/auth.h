/* SPDX-License-Identifier: Apache-2.0 */

/** @file auth.h
 *  Signs a user out of Amazon Cognito, and keeps the user's session in the
 *  desktop's keyring.
 *
 *  Conventions, which hold for every function here:
 *
 *  - Handles (auth_client, auth_operation, auth_error) are opaque. `_new` or
 *    `_start` makes one, `_free` ends it; `_free(NULL)` does nothing.
 *  - Structs start with `struct_size`. Start each from its `AUTH_..._INIT`
 *    macro or with its `_init` function. 0 or NULL in a field means its
 *    default. A struct whose size this library cannot accept (below the size
 *    it had in 0.1, above 4096, or, going in, with bytes set that this library
 *    does not know) is AUTH_STATUS_INVALID_ARGUMENT, and nothing else happens;
 *    an output struct is not even written to then.
 *  - Strings are UTF-8, ended by NUL. Every string that goes in is copied.
 *    Strings that come out belong to the struct or the error they came from.
 *  - Times are Unix seconds, durations milliseconds.
 *  - Output structs hold all that they point to in one allocation, `owned`.
 *    The `_clear` function wipes and frees it, and zeroes the struct but for
 *    `struct_size`; it may be called twice. An output struct is overwritten
 *    without being cleared first: clear it before you use it again. A copy of
 *    an output struct shares `owned` with it: clear one of them.
 *  - A status is 0 on success. `error` comes last and may be NULL; on failure
 *    *error is a new error to be freed with auth_error_free(), on success NULL.
 *  - Every function may be called from any thread. Those that say "blocks" can
 *    wait for the network or the keyring. A struct or an error belongs to one
 *    thread at a time. A child of fork(2) may exit or call exec(2), and nothing
 *    of this library.
 *  - Callbacks run on a thread of the program's: at the end of a blocking call,
 *    or in auth_operation_dispatch() and the functions that finish an
 *    operation. They hold no lock of the library and may call any function of
 *    it, but none that ends their own operation.
 *  - Nothing here exits, prints, changes the locale, the environment or a
 *    signal handler. Running out of memory aborts, as in GLib.
 */

#ifndef COGNITOAUTH_AUTH_H
#define COGNITOAUTH_AUTH_H

#include <stddef.h>
#include <stdint.h>

#include "version.h"

#ifdef __cplusplus
extern "C" {
#endif

/** @name Status */
/** @{ */

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
 *          this library does not know. Never NULL. */
const char *auth_status_name(auth_status status);

/** Says in one English sentence what a status means.
 *
 *  @param status Any number.
 *  @return A string that lives for ever. Never NULL. */
const char *auth_status_message(auth_status status);

/** @} */
/** @name Library */
/** @{ */

/** Tells the version of the library in use, as in "0.1.0".
 *
 *  @return A string that lives for ever; compare COGNITOAUTH_VERSION_STRING. */
const char *auth_version(void);

/** @} */
/** @name Errors */
/** @{ */

/** Why a call failed: a status, a message for a person and what to do. */
typedef struct auth_error auth_error;

/** Tells the status of an error.
 *
 *  @param error The error; NULL gives AUTH_STATUS_SUCCESS. */
auth_status auth_error_status(const auth_error *error);

/** Says what went wrong, in English, in one or two sentences.
 *
 *  Text that came from a server is in it with this session's tokens, and
 *  everything else that looks like one, replaced by "[redacted]".
 *
 *  @param error The error; NULL gives "".
 *  @return A string that lives as long as `error`. Never NULL. */
const char *auth_error_message(const auth_error *error);

/** Says what to do about it, as in "Unlock the keyring and sign out again."
 *
 *  In English, for somebody who knows the program: it may speak of retrying
 *  with the partial-failure token. A program says it to its users in words of
 *  its own, by the status.
 *
 *  @param error The error; NULL gives "".
 *  @return A string that lives as long as `error`. Never NULL. */
const char *auth_error_recovery_suggestion(const auth_error *error);

/** Names the exception that Cognito answered with, as in
 *  "NotAuthorizedException".
 *
 *  @param error The error; NULL gives NULL.
 *  @return A string that lives as long as `error`, or NULL if the error is not
 *          an answer of Cognito. */
const char *auth_error_service_exception(const auth_error *error);

/** Hands out the token that the failed step was about, for a retry by hand:
 *  the access token for global sign-out, the refresh token for revocation.
 *
 *  It is a secret: do not print or store it. auth_sign_out_retry() with the
 *  result's partial-failure token does not need it.
 *
 *  @param error The error; NULL gives NULL.
 *  @return A string that lives as long as `error`, or NULL if there is none. */
const char *auth_error_token(const auth_error *error);

/** Wipes and frees an error that a function returned through `error`.
 *
 *  @param error The error. NULL does nothing, and so does an error that
 *               belongs to an auth_sign_out_result: clear the result. */
void auth_error_free(auth_error *error);

/** @} */
/** @name Client */
/** @{ */

/** One app client of one user pool, for one program. */
typedef struct auth_client auth_client;

/** How much the log function is told; each level includes those before it. */
typedef int32_t auth_log_level;

/** The values of auth_log_level. */
enum {
    AUTH_LOG_LEVEL_DEFAULT = 0, /**< AUTH_LOG_LEVEL_WARNING */
    AUTH_LOG_LEVEL_ERROR = 1,   /**< A call failed. */
    AUTH_LOG_LEVEL_WARNING = 2, /**< A step failed, or the library got round a problem that is worth knowing. */
    AUTH_LOG_LEVEL_INFO = 3,    /**< What was done. */
    AUTH_LOG_LEVEL_DEBUG = 4    /**< Each request and each look into the keyring. */
};

/** What happened to the session, for auth_event_function. */
typedef int32_t auth_event;

/** The values of auth_event. */
enum {
    /** A sign-out was complete or partial: the user is signed out here, or nobody was signed in.
        Not told of a retry. */
    AUTH_EVENT_SIGNED_OUT = 1,
    /** auth_session_save() saved a session. */
    AUTH_EVENT_SESSION_SAVED = 2,
    /** auth_session_fetch() renewed the tokens, and stored them. */
    AUTH_EVENT_SESSION_REFRESHED = 3,
    /** Cognito refused the refresh token in auth_session_fetch(): the user was signed out
        elsewhere, or the token ran out. Ask the user to sign in. */
    AUTH_EVENT_SESSION_EXPIRED = 4
};

/** Receives a line of the log. A call's lines come together, when it is over.
 *
 *  No token, secret, client id or user name is ever in it.
 *
 *  @param user_data The client's log_user_data.
 *  @param level     How important the line is.
 *  @param message   One line without a line end; lives until the function
 *                   returns. */
typedef void (*auth_log_function)(void *user_data, auth_log_level level, const char *message);

/** Receives an event.
 *
 *  @param user_data The client's event_user_data.
 *  @param event     What happened. */
typedef void (*auth_event_function)(void *user_data, auth_event event);

/** Opens a URL in the user's browser, without waiting for it.
 *
 *  @param user_data The client's open_url_user_data.
 *  @param url       The URL; lives until the function returns.
 *  @return 0 if the browser was started. */
typedef int (*auth_open_url_function)(void *user_data, const char *url);

/** Options of auth_client_new() and auth_client_new_from_file(). The three that
 *  are required have no default; a file may hold two of them. */
typedef struct auth_client_options {
    /** sizeof(auth_client_options) */
    size_t struct_size;
    /** Required. Names the program in the keyring: 1 to 128 printable ASCII characters without
        spaces, as in "org.example.Mail". */
    const char *app_id;
    /** Required. "{region}_{id}", as in "eu-west-1_AbCdEfGhI"; at most 55 characters. One that does
        not begin with a region of AWS needs `region` or `endpoint` too. */
    const char *user_pool_id;
    /** Required. The app client's id, 1 to 128 of [A-Za-z0-9_+]. */
    const char *client_id;
    /** NULL: the app client has none. 24 to 64 of [A-Za-z0-9_+]. */
    const char *client_secret;
    /** NULL: Cognito's own for the region. "https://host[:port]", or "http://" to localhost,
        127.0.0.1 or [::1]; a slash may follow. */
    const char *endpoint;
    /** NULL: from user_pool_id. */
    const char *region;
    /** Must be NULL: not supported yet. */
    const char *hosted_ui_domain;
    /** Must be NULL: not supported yet. */
    const char *const *sign_out_redirect_uris;
    /** Must be 0: not supported yet. */
    size_t sign_out_redirect_uri_count;
    /** NULL: the system's certificates. A PEM file of those to trust instead; it is read with each
        connection. */
    const char *ca_file;
    /** NULL: as the environment says. "" for none. "scheme://[user:password@]host[:port]" with
        http, https, socks4, socks4a, socks5 or socks5h; no_proxy does not undo it. Never used for
        http. */
    const char *proxy;
    /** 0: 30000. How long a call may take in all, retries included, prompts not; 100 to 3600000.
        The last third of it, at most 5 s, is kept from the network for the keyring. */
    int32_t timeout_ms;
    /** 0: 3. How often a request is sent at most, 1 to 10. */
    int32_t max_attempts;
    /** Not 0: the FIPS endpoint. Not together with `endpoint`. */
    int32_t use_fips;
    /** Not 0: the dual-stack endpoint. Not together with `endpoint`. */
    int32_t use_dualstack;
    /** NULL: nothing is logged. */
    auth_log_function log_function;
    /** Handed to log_function. */
    void *log_user_data;
    /** 0: AUTH_LOG_LEVEL_WARNING. */
    auth_log_level log_level;
    /** NULL: events are not told. */
    auth_event_function event_function;
    /** Handed to event_function. */
    void *event_user_data;
    /** Must be NULL: not supported yet. */
    auth_open_url_function open_url_function;
    /** Handed to open_url_function. */
    void *open_url_user_data;
} auth_client_options;

/** Starts an auth_client_options: `auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;` */
#define AUTH_CLIENT_OPTIONS_INIT \
    {sizeof(auth_client_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, \
     NULL, 0, 0, 0, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL}

/** Does what AUTH_CLIENT_OPTIONS_INIT does, for languages without macros.
 *
 *  @param options     The struct; NULL does nothing.
 *  @param struct_size Its size: `sizeof *options`. */
void auth_client_options_init(auth_client_options *options, size_t struct_size);

/** Makes a client for one app client of one user pool.
 *
 *  Does not block: neither the keyring nor the network is asked yet. Checks
 *  every option; the error names the first that does not fit and says why.
 *
 *  @param options     The options; they are copied.
 *  @param[out] client The client, to be freed with auth_client_free(); NULL on
 *                     failure.
 *  @param[out] error  See the conventions; may be NULL.
 *  @return AUTH_STATUS_SUCCESS, AUTH_STATUS_INVALID_ARGUMENT,
 *          AUTH_STATUS_NOT_SUPPORTED for an option of a later version, or
 *          AUTH_STATUS_PRIVILEGED_PROCESS in a process with raised privileges
 *          (AT_SECURE, see getauxval(3)), whose environment is not its own. */
auth_status auth_client_new(const auth_client_options *options, auth_client **client, auth_error **error);

/** Makes a client from the configuration file that an Amplify project has.
 *
 *  Reads amplify_outputs.json (Gen 2): `auth.user_pool_id`,
 *  `auth.user_pool_client_id`, `auth.aws_region`; and amplifyconfiguration.json
 *  (Gen 1): `PoolId`, `AppClientId`, `AppClientSecret`, `Region` and `Endpoint`
 *  of `auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default`. What the
 *  file says of a hosted UI is checked, and not used in this version. Other
 *  keys are ignored. Source of the keys: Amplify's JSON schema of its outputs,
 *  and its guides to existing Cognito resources. Blocks on the file, and asks
 *  neither keyring nor network.
 *
 *  @param path        The file: a regular one of at most 1 MiB; symbolic links
 *                     are followed. Need not be UTF-8. NULL is
 *                     AUTH_STATUS_INVALID_ARGUMENT.
 *  @param options     As for auth_client_new(); `app_id` is required here too.
 *                     What is set wins over the file. The file's region goes
 *                     with its pool, and its client secret with its client id:
 *                     each is left out where `options` has another one. Its
 *                     endpoint is taken for any pool.
 *  @param[out] client As for auth_client_new().
 *  @param[out] error  As for auth_client_new(). The message names the key that
 *                     is missing or does not fit, with its path in the file.
 *  @return As auth_client_new(); AUTH_STATUS_CONFIGURATION_UNREADABLE if there
 *          is no such file, or it is a folder, a pipe or a device, too large,
 *          or not readable; or AUTH_STATUS_INVALID_CONFIGURATION if it is not
 *          JSON, not a file of Amplify's, or a value in it does not fit; or
 *          AUTH_STATUS_OUT_OF_RESOURCES. */
auth_status auth_client_new_from_file(const char *path, const auth_client_options *options, auth_client **client,
                                      auth_error **error);

/** Cancels all calls and operations that are running with a client.
 *
 *  They end within 100 ms, as auth_operation_cancel() says. Does not wait.
 *
 *  @param client The client; NULL does nothing. */
void auth_client_cancel(auth_client *client);

/** Frees a client and closes its connections. The stored session stays.
 *
 *  @param client The client; NULL does nothing. No blocking call may be running
 *                with it; operations may, and keep what they need: until they
 *                are freed, the callbacks and their user data must be there. */
void auth_client_free(auth_client *client);

/** @} */
/** @name Calls */
/** @{ */

/** What happens to a sign-out whose browser step fails. */
typedef int32_t auth_browser_failure;

/** The values of auth_browser_failure. */
enum {
    AUTH_BROWSER_FAILURE_CONTINUE = 0, /**< The rest goes on; the result is partial. */
    AUTH_BROWSER_FAILURE_FAIL = 1      /**< Nothing else is done; the result is failed. */
};

/** Options of one call. NULL in place of the struct means all defaults. */
typedef struct auth_call_options {
    /** sizeof(auth_call_options) */
    size_t struct_size;
    /** 0: the client's. Else as the client's. */
    int32_t timeout_ms;
    /** 0: a locked keyring is an error, and nothing is shown. Not 0: the user is asked to unlock
        it. */
    int32_t allow_prompt;
    /** 0: 120000. How long that may take; 100 to 3600000. The dialog stays open after that, and the
        call ends with AUTH_STATUS_DEADLINE_EXCEEDED. */
    int32_t prompt_timeout_ms;
    /** Must be 0: not supported yet. */
    int32_t skip_browser;
    /** Must be 0: not supported yet. */
    auth_browser_failure browser_failure;
    /** Must be 0: not supported yet. */
    int32_t browser_timeout_ms;
} auth_call_options;

/** Starts an auth_call_options: `auth_call_options options = AUTH_CALL_OPTIONS_INIT;` */
#define AUTH_CALL_OPTIONS_INIT \
    {sizeof(auth_call_options), 0, 0, 0, 0, 0, 0}

/** Does what AUTH_CALL_OPTIONS_INIT does, for languages without macros.
 *
 *  @param options     The struct; NULL does nothing.
 *  @param struct_size Its size: `sizeof *options`. */
void auth_call_options_init(auth_call_options *options, size_t struct_size);

/** @} */
/** @name Session */
/** @{ */

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
 *  @param struct_size Its size: `sizeof *session`. */
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
 *          _FAILED. */
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
 *          _ACCESS_DENIED or _FAILED. */
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
 *          the network's and Cognito's (200 to 399). */
auth_status auth_session_fetch(auth_client *client, const auth_call_options *options, auth_session *session,
                               auth_error **error);

/** Wipes and frees what an output session owns, and zeroes the rest but for
 *  struct_size. A session that the program filled itself is only zeroed.
 *
 *  @param session The session; NULL does nothing. */
void auth_session_clear(auth_session *session);

/** @} */
/** @name Sign-out */
/** @{ */

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
 *  @param struct_size Its size: `sizeof *result`. */
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
 *          retry with. */
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
 *  @return As auth_sign_out(). */
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
 *          Nothing is sent then. */
auth_sign_out_outcome auth_sign_out_retry(auth_client *client, const char *partial_failure_token,
                                          const auth_call_options *options, auth_sign_out_result *result);

/** Wipes and frees what a result owns, errors and partial-failure token
 *  included, and zeroes the rest but for struct_size.
 *
 *  @param result The result; NULL does nothing. */
void auth_sign_out_result_clear(auth_sign_out_result *result);

/** @} */
/** @name Operations
 *
 *  For programs with an event loop: start, watch one file descriptor, dispatch
 *  when it is readable, finish. The work is done on a thread of the library's
 *  own, in which all signals are blocked. */
/** @{ */

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
 *          sign-out itself ends is what finishing tells. */
auth_status auth_sign_out_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                auth_error **error);

/** Starts what auth_sign_out_global() does. As auth_sign_out_start(). */
auth_status auth_sign_out_global_start(auth_client *client, const auth_call_options *options,
                                       auth_operation **operation, auth_error **error);

/** Starts what auth_sign_out_retry() does. As auth_sign_out_start().
 *
 *  @param partial_failure_token From an earlier result; it is copied. */
auth_status auth_sign_out_retry_start(auth_client *client, const char *partial_failure_token,
                                      const auth_call_options *options, auth_operation **operation, auth_error **error);

/** Starts what auth_session_save() does. As auth_sign_out_start(), but to be
 *  finished with auth_operation_finish_session().
 *
 *  @param session The session; it is copied. */
auth_status auth_session_save_start(auth_client *client, const auth_session *session, const auth_call_options *options,
                                    auth_operation **operation, auth_error **error);

/** Starts what auth_session_load() does. As auth_session_save_start(). */
auth_status auth_session_load_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                    auth_error **error);

/** Starts what auth_session_fetch() does. As auth_session_save_start(). */
auth_status auth_session_fetch_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                     auth_error **error);

/** Hands out the file descriptor to watch: it is readable while there is
 *  something to dispatch.
 *
 *  @param operation The operation; NULL gives -1.
 *  @return The descriptor. It is the operation's: neither read nor close it,
 *          and stop watching it before auth_operation_free(). */
int auth_operation_fd(const auth_operation *operation);

/** Runs the callbacks that are due, on this thread. Does not block.
 *
 *  @param operation The operation; NULL gives 1.
 *  @return 1 once the operation is over and can be finished without waiting,
 *          else 0. */
int auth_operation_dispatch(auth_operation *operation);

/** Cancels an operation. Does not wait.
 *
 *  It ends within 100 ms wherever it is, but for the deletion once that has
 *  begun, and for storing tokens that were just renewed. A sign-out that has
 *  not sent anything yet fails with AUTH_STATUS_CANCELLED and leaves everything
 *  as it was; one that has deletes the session and is partial. Go on
 *  dispatching until it is over, and finish it: the result says which.
 *
 *  @param operation The operation; NULL, or one that is over, does nothing. */
void auth_operation_cancel(auth_operation *operation);

/** Hands out the result of a sign-out. Blocks until the operation is over, and
 *  runs the callbacks that are due.
 *
 *  @param operation   The operation, started with one of auth_sign_out_*_start.
 *  @param[out] result As in auth_sign_out(); may be NULL.
 *  @return What the blocking function returns; AUTH_SIGN_OUT_FAILED with
 *          AUTH_STATUS_INVALID_ARGUMENT for an operation that was finished
 *          before, or that is of another kind and can be finished yet. */
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
 *          and can be finished yet. */
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
 *          browser. It goes on as if this had not been called. */
auth_status auth_operation_browser_done(auth_operation *operation, const char *redirect_uri, auth_error **error);

/** Frees an operation. One that is not over is cancelled, and this blocks until
 *  it is. A sign-out that was not finished may have deleted the session; its
 *  result, partial-failure token included, is lost then. Callbacks that are
 *  still due are not run. Free all operations before the program ends: libraries
 *  clean up at exit, and a thread that still uses them is in their way.
 *
 *  @param operation The operation; NULL does nothing. */
void auth_operation_free(auth_operation *operation);

/** @} */

#ifdef __cplusplus
}
#endif

#endif

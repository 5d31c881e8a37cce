/* SPDX-License-Identifier: Apache-2.0 */

/** @file client.h
 *  One app client of one user pool, and the options of its calls. */

#ifndef COGNITOAUTH_CLIENT_H
#define COGNITOAUTH_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

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
 *  @param struct_size Its size: `sizeof *options`.
 *  @since 0.1 */
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
 *          (AT_SECURE, see getauxval(3)), whose environment is not its own.
 *  @since 0.1 */
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
 *          AUTH_STATUS_OUT_OF_RESOURCES.
 *  @since 0.1 */
auth_status auth_client_new_from_file(const char *path, const auth_client_options *options, auth_client **client,
                                      auth_error **error);

/** Cancels all calls and operations that are running with a client.
 *
 *  They end within 100 ms, as auth_operation_cancel() says. Does not wait.
 *
 *  @param client The client; NULL does nothing.
 *  @since 0.1 */
void auth_client_cancel(auth_client *client);

/** Frees a client and closes its connections. The stored session stays.
 *
 *  @param client The client; NULL does nothing. No blocking call may be running
 *                with it; operations may, and keep what they need: until they
 *                are freed, the callbacks and their user data must be there.
 *  @since 0.1 */
void auth_client_free(auth_client *client);

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
 *  @param struct_size Its size: `sizeof *options`.
 *  @since 0.1 */
void auth_call_options_init(auth_call_options *options, size_t struct_size);

#ifdef __cplusplus
}
#endif

#endif

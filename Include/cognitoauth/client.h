/* SPDX-License-Identifier: Apache-2.0 */

/** @file client.h
 *  A client, and the options of its calls. */

#ifndef COGNITOAUTH_CLIENT_H
#define COGNITOAUTH_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A client: one app client of one user pool, as one program uses it. */
typedef struct auth_client auth_client;

/** How much the log function is told; each level includes those before it. */
typedef int32_t auth_log_level;

/** The values of auth_log_level. */
enum {
    /** The default: the same as AUTH_LOG_LEVEL_WARNING. */
    AUTH_LOG_LEVEL_DEFAULT = 0,
    /** A call failed. */
    AUTH_LOG_LEVEL_ERROR = 1,
    /** A step of a call failed, or the library went on in spite of a problem. */
    AUTH_LOG_LEVEL_WARNING = 2,
    /** What was done. */
    AUTH_LOG_LEVEL_INFO = 3,
    /** Each request, and each access to the keyring. */
    AUTH_LOG_LEVEL_DEBUG = 4
};

/** What happened to the session. */
typedef int32_t auth_event;

/** The values of auth_event. */
enum {
    /** A sign-out was complete or partial: the user is signed out here, or nobody was signed in.
        Also a retry or a resume that finished a deletion, if nobody is signed in here after it.
        They have no such event for other steps, as the sign-out had it. */
    AUTH_EVENT_SIGNED_OUT = 1,
    /** auth_session_save() or auth_sign_in() stored a session. */
    AUTH_EVENT_SESSION_SAVED = 2,
    /** auth_session_fetch() or auth_session_check() refreshed the tokens and stored them. */
    AUTH_EVENT_SESSION_REFRESHED = 3,
    /** auth_session_fetch() or auth_session_check() learned that the session has ended: the user was
        signed out elsewhere or does not exist any more, the refresh token expired or was replaced,
        or the access token expired and there is no refresh token. Ask the user to sign in
        again. */
    AUTH_EVENT_SESSION_EXPIRED = 4,
    /** A watch saw that another client or process signed the user out on this machine. */
    AUTH_EVENT_SIGNED_OUT_ELSEWHERE = 5,
    /** A watch saw that another client or process stored a session, or refreshed the stored one:
        load it again. */
    AUTH_EVENT_SESSION_CHANGED_ELSEWHERE = 6,
    /** A watch saw that the keyring was locked. This says nothing about who is signed in. */
    AUTH_EVENT_KEYRING_LOCKED = 7,
    /** A watch saw that the keyring was unlocked. Call auth_sign_out_resume() then, if you use
        `keep_unfinished`. When a login unlocks gnome-keyring, it sends no signal. In that case this
        event comes with the next change. */
    AUTH_EVENT_KEYRING_UNLOCKED = 8
};

/** Receives one line of the log.
 *
 *  A blocking call hands over its lines when the call is over or starts the
 *  browser. An operation hands them over when the program dispatches it, also
 *  while it runs; of those that wait it keeps the last 4096. No token, secret,
 *  client id or user name is ever in a line.
 *
 *  @param user_data `log_user_data` of the client's options.
 *  @param level     How important the line is.
 *  @param message   One line without a line end. It lives until the function
 *                   returns. */
typedef void (*auth_log_function)(void *user_data, auth_log_level level, const char *message);

/** Receives one event.
 *
 *  @param user_data `event_user_data` of the client's options.
 *  @param event     What happened. */
typedef void (*auth_event_function)(void *user_data, auth_event event);

/** Starts the user's browser with a URL.
 *
 *  It must not wait until the page is shown or the browser ends: the call waits
 *  for that. A blocking call calls it on its own thread, and an operation when
 *  the program dispatches it. No lock of the library is held then.
 *
 *  The URL is one of the hosted UI. To start a browser usually puts it into the
 *  arguments of a process, which other users of the machine can read. It holds
 *  no token and no password: what is random in it is of use in this one sign-in
 *  only, and not without what stays in this process. Do not write it to a log.
 *
 *  @param user_data `open_url_user_data` of the client's options.
 *  @param url       The URL. It lives until the function returns.
 *  @return 0 if the browser was started. Otherwise the browser step fails with
 *          AUTH_STATUS_BROWSER_UNAVAILABLE. */
typedef int (*auth_open_url_function)(void *user_data, const char *url);

/** The options of auth_client_new() and auth_client_new_from_file().
 *
 *  `app_id`, `user_pool_id` and `client_id` are required and have no default. A
 *  configuration file can hold the last two. Every other field may be 0 or
 *  NULL. */
typedef struct auth_client_options {
    /** `sizeof(auth_client_options)`. */
    size_t struct_size;
    /** Required. Names the program in the keyring: 1 to 128 printable ASCII characters without
        spaces, as in "org.example.Mail". */
    const char *app_id;
    /** Required. The user pool, as in "eu-west-1_AbCdEfGhI": its region, an underscore, letters and
        digits; at most 55 characters. If it does not begin with a region of AWS, as with a local
        emulator, set `region` or `endpoint` too. */
    const char *user_pool_id;
    /** Required. The id of the app client: 1 to 128 of the characters A-Z a-z 0-9 _ +. */
    const char *client_id;
    /** The secret of the app client: 24 to 64 of the characters A-Z a-z 0-9 _ +. NULL
        means that the app client has no secret. */
    const char *client_secret;
    /** Where requests go: `https://host[:port][/path]`, or `http://` with localhost, 127.0.0.1 or
        [::1] as the host. A path is that of a stage of Amazon API Gateway, for example. NULL means
        Cognito's own endpoint for the region. */
    const char *endpoint;
    /** The region, as in "eu-west-1". NULL means the region that `user_pool_id` begins with. */
    const char *region;
    /** The domain of the hosted UI, which is Cognito's pages in the browser: `host[:port]`, as in
        "mail.auth.eu-west-1.amazoncognito.com". It may have `https://` before it, or `http://` with
        localhost, 127.0.0.1 or [::1] as the host, and no path. NULL means that there is no hosted
        UI. */
    const char *hosted_ui_domain;
    /** Where the browser comes back to after a logout. Each must be registered at Cognito for the
        app client, as an allowed sign-out URL. What is said of `sign_in_redirect_uris` holds for
        these too. NULL means an empty list. */
    const char *const *sign_out_redirect_uris;
    /** How many `sign_out_redirect_uris` there are: 1 to 64, or 0 with NULL. */
    size_t sign_out_redirect_uri_count;
    /** A PEM file with the certificates to trust, in place of the system's, for the endpoint and
        for a proxy with the scheme https. It is read for each connection. NULL means the system's
        certificates: libcurl's directory of files named by hash, and its bundle. */
    const char *ca_file;
    /** The proxy for https: `scheme://[user:password@]host[:port]`. The scheme is http, https,
        socks4, socks4a, socks5 or socks5h. In the user name and the password, each of `@:/?#` is
        percent-encoded; they are in no message. The variable no_proxy has no effect on it. An
        endpoint with `http://` is never reached through a proxy. NULL means the proxy that the
        environment names, and an empty string means no proxy. */
    const char *proxy;
    /** How long a call may take in all, in milliseconds: 100 to 3600000. It includes the keyring
        and requests that are sent again, but not prompts. Requests must end before its last third,
        or before its last 5 s if that is later: this time is left for deleting the session. 0 means
        30000. */
    int32_t timeout_ms;
    /** How often a request is sent at most: 1 to 10 times. 0 means 3 times. */
    int32_t max_attempts;
    /** Not 0 means the FIPS endpoint. Not allowed together with `endpoint`. */
    int32_t use_fips;
    /** Not 0 means the dual-stack endpoint. Not allowed together with `endpoint`. */
    int32_t use_dualstack;
    /** Receives the log. NULL means that nothing is logged. */
    auth_log_function log_function;
    /** Passed to `log_function`. */
    void *log_user_data;
    /** How much `log_function` is told. 0 means AUTH_LOG_LEVEL_WARNING. */
    auth_log_level log_level;
    /** Receives the events. NULL means that the program is not told of events. */
    auth_event_function event_function;
    /** Passed to `event_function`. */
    void *event_user_data;
    /** Starts the browser. A program with a window should set it: only the program can tell the
        desktop from which window the browser is opened. NULL means that the desktop's default
        browser is started, in a sandbox through its portal. */
    auth_open_url_function open_url_function;
    /** Passed to `open_url_function`. */
    void *open_url_user_data;
    /** Where the browser comes back to after a sign-in. Each must be registered at Cognito for the
        app client, as an allowed callback URL, and is compared there byte for byte, with its port.
        `http://host:port[/path]` with localhost, 127.0.0.1 or [::1] as the host is this machine:
        the library listens there while the browser is open. These are tried in order until a port
        is free, so register two or more. A URI may also have a scheme of the program's own in lower
        case, as in "org.example.mail://signed-in". Such a URI is only used in operations, and only
        if the list has no http URI: the program reports it with auth_operation_browser_done(). A
        URI must not have a query or a fragment. NULL means an empty list. */
    const char *const *sign_in_redirect_uris;
    /** How many `sign_in_redirect_uris` there are: 1 to 64, or 0 with NULL. */
    size_t sign_in_redirect_uri_count;
    /** The program's name on the page that the browser shows when it comes back: 1 to 128 bytes
        without control characters. NULL means `app_id`. */
    const char *app_name;
    /** Not 0 means that a sign-out writes down in the keyring what it is about to do, and that the
        keyring keeps what could not be done: auth_sign_out_resume() finishes it, also after the
        program was closed or killed. The price: until then the refresh token of a user who is
        signed out lies in the user's keyring. 0 means that a sign-out leaves nothing there, and the
        partial-failure token is all that there is. Every client heeds what others keep, whatever
        this is. */
    int32_t keep_unfinished;
    /** Must be 0. */
    int32_t reserved;
} auth_client_options;

/** Starts an auth_client_options: `auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;` */
#define AUTH_CLIENT_OPTIONS_INIT \
    {sizeof(auth_client_options), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, \
     NULL, 0, 0, 0, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, 0, NULL, 0, 0}

/** Starts an auth_client_options as AUTH_CLIENT_OPTIONS_INIT does, for
 *  languages without macros.
 *
 *  @param options     The struct. If NULL, nothing happens.
 *  @param struct_size Its size: `sizeof *options`.
 *  @since 0.1 */
void auth_client_options_init(auth_client_options *options, size_t struct_size);

/** Makes a client for one app client of one user pool.
 *
 *  It checks every option. The error names the first option that does not fit,
 *  and says why. It does not block: it uses neither the keyring nor the
 *  network.
 *
 *  @param options     The options. They are copied.
 *  @param[out] client The client, to be freed with auth_client_free(). NULL if
 *                     the call fails.
 *  @param[out] error  See the conventions. May be NULL.
 *  @return AUTH_STATUS_SUCCESS; AUTH_STATUS_INVALID_ARGUMENT; or
 *          AUTH_STATUS_PRIVILEGED_PROCESS if the process has raised privileges
 *          (AT_SECURE, see getauxval(3)): somebody with fewer rights may have
 *          set its environment, which says where the keyring and the proxy are.
 *  @since 0.1 */
auth_status auth_client_new(const auth_client_options *options, auth_client **client, auth_error **error);

/** Makes a client from the configuration file of an Amplify project.
 *
 *  From amplify_outputs.json (Gen 2) it takes `auth.user_pool_id`,
 *  `auth.user_pool_client_id`, `auth.aws_region` and
 *  `auth.user_pool_endpoint`. From amplifyconfiguration.json (Gen 1) it takes
 *  `PoolId`, `AppClientId`, `AppClientSecret`, `Region` and `Endpoint` of
 *  `auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default`. In Gen 1 for
 *  JavaScript, it takes `aws_user_pools_id`, `aws_user_pools_web_client_id`
 *  and `aws_cognito_region`, and `aws_project_region` if neither that nor the
 *  user pool's id tells a region. From the configuration object of Amplify for
 *  JavaScript, written as JSON, it takes `userPoolId`, `userPoolClientId`,
 *  `region` and `userPoolEndpoint` of `Auth.Cognito`, and of that before
 *  version 6 `userPoolId`, `userPoolWebClientId`, `region` and `endpoint` of
 *  `Auth`. From awsconfiguration.json, of the mobile SDKs before Amplify, it
 *  takes the same keys as in Gen 1, of `CognitoUserPool.Default`. An endpoint
 *  may be a host name alone.
 *
 *  Of the hosted UI it takes `domain`, `redirect_sign_in_uri`,
 *  `redirect_sign_out_uri` and `scopes` of `auth.oauth` in Gen 2. In Gen 1 and
 *  in awsconfiguration.json, it takes `WebDomain`, `SignInRedirectURI`,
 *  `SignOutRedirectURI` and `Scopes` of `Auth.Default.OAuth`, which stands
 *  beside `CognitoUserPool`. For JavaScript, it takes `domain`,
 *  `redirectSignIn`, `redirectSignOut` and `scope` of `oauth` in Gen 1 and of
 *  `Auth.oauth`, or these with `scopes` of `Auth.Cognito.loginWith.oauth`.
 *  Scopes are an array of strings. So are redirect URIs in Gen 2 and in
 *  `loginWith`; elsewhere they are one string with commas.
 *
 *  A value of the hosted UI that is of another type is an error. Redirect URIs
 *  that fit neither this machine nor a program, such as those of web sites, are
 *  passed over, and a domain that does not fit counts as one that is not there:
 *  a program that does not use the browser can do without them.
 *
 *  Other keys are ignored, whatever their values are. null means that a key is
 *  not there; of a key that is there twice the last one counts. Program code,
 *  such as amplify_outputs.dart or aws-exports.js, is not read: the message says
 *  so. Source of the keys: Amplify's JSON schema of its outputs, its guides to
 *  existing Cognito resources, and its libraries.
 *
 *  An option that is set wins over the file. The file's region belongs to its
 *  user pool: if `options` has another user pool, the region is ignored. In the
 *  same way the file's client secret belongs to its app client, and its hosted
 *  UI to both. The file's endpoint is used for every user pool.
 *
 *  It blocks while it reads the file, and uses neither the keyring nor the
 *  network.
 *
 *  @param path        The file: a regular file of at most 1 MiB. Symbolic links
 *                     are followed. The path need not be UTF-8. NULL is
 *                     AUTH_STATUS_INVALID_ARGUMENT.
 *  @param options     As for auth_client_new(). `app_id` is required here too.
 *  @param[out] client As for auth_client_new().
 *  @param[out] error  As for auth_client_new(). If a key is missing or does not
 *                     fit, the message names it, with its path in the file.
 *  @return As for auth_client_new(); AUTH_STATUS_CONFIGURATION_UNREADABLE if
 *          there is no such file, if it is a folder, a pipe or a device, or if
 *          it is too large or not readable; AUTH_STATUS_INVALID_CONFIGURATION
 *          if the file is not JSON or not one of Amplify's, or if a value in it
 *          is missing or does not fit; or AUTH_STATUS_OUT_OF_RESOURCES.
 *  @since 0.1 */
auth_status auth_client_new_from_file(const char *path, const auth_client_options *options, auth_client **client,
                                      auth_error **error);

/** Cancels all calls and operations that are running with a client.
 *
 *  They end within 100 ms, with the exceptions that auth_operation_cancel()
 *  names. This function does not wait for them. Any thread may call it, also
 *  while another one waits in a blocking call. Do not call it in a signal
 *  handler: write to a pipe there, and watch that. A signal does not end a
 *  blocking call.
 *
 *  @param client The client. If NULL, nothing happens.
 *  @since 0.1 */
void auth_client_cancel(auth_client *client);

/** Frees a client and closes its connections.
 *
 *  The stored session stays. No blocking call may be running with the client,
 *  so a callback of such a call must not free it. Operations may be running:
 *  they keep what they need. Until they are freed, the callbacks and their user
 *  data must exist.
 *
 *  @param client The client. If NULL, nothing happens.
 *  @since 0.1 */
void auth_client_free(auth_client *client);

/** What a sign-out does if its browser step fails. */
typedef int32_t auth_browser_failure;

/** The values of auth_browser_failure. */
enum {
    /** The other steps are done. The result is partial. */
    AUTH_BROWSER_FAILURE_CONTINUE = 0,
    /** Nothing else is done. The result is failed. */
    AUTH_BROWSER_FAILURE_FAIL = 1
};

/** The options of one call. NULL in place of the struct means all defaults. */
typedef struct auth_call_options {
    /** `sizeof(auth_call_options)`. */
    size_t struct_size;
    /** How long this call may take in all, in milliseconds: 100 to 3600000. It means the same as
        `timeout_ms` of auth_client_options. 0 means the time that is set there. */
    int32_t timeout_ms;
    /** Not 0 means that the user is asked to unlock the keyring if it is locked, and that
        auth_session_save() and auth_sign_in() ask the user to create a default keyring if it is
        missing. 0 means that both are errors, and no dialog is shown. */
    int32_t allow_prompt;
    /** How long the call waits for the user's answer to these prompts, in milliseconds: 100 to
        3600000. After that it ends with AUTH_STATUS_DEADLINE_EXCEEDED. The dialog stays open; a
        later answer unlocks or creates the keyring and does nothing else. 0 means 120000. */
    int32_t prompt_timeout_ms;
    /** Not 0 means that a sign-out leaves the browser as it is: the hosted UI may still know the
        user. In auth_sign_out_retry() it gives the browser step up. 0 means that a session that was
        signed in through the hosted UI is signed out in the browser first. */
    int32_t skip_browser;
    /** What a sign-out does if its browser step fails. 0 means AUTH_BROWSER_FAILURE_CONTINUE. */
    auth_browser_failure browser_failure;
    /** How long the call waits for the browser to come back, in milliseconds: 100 to 3600000. It is
        not a part of `timeout_ms`. 0 means 120000 for a sign-out, and 300000 for a sign-in. */
    int32_t browser_timeout_ms;
} auth_call_options;

/** Starts an auth_call_options: `auth_call_options options = AUTH_CALL_OPTIONS_INIT;` */
#define AUTH_CALL_OPTIONS_INIT \
    {sizeof(auth_call_options), 0, 0, 0, 0, 0, 0}

/** Starts an auth_call_options as AUTH_CALL_OPTIONS_INIT does, for languages
 *  without macros.
 *
 *  @param options     The struct. If NULL, nothing happens.
 *  @param struct_size Its size: `sizeof *options`.
 *  @since 0.1 */
void auth_call_options_init(auth_call_options *options, size_t struct_size);

#ifdef __cplusplus
}
#endif

#endif

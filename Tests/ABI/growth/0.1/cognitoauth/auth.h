/* SPDX-License-Identifier: Apache-2.0 */

/* The headers of 0.1 in one file, without their comments: what programs were compiled with. It never changes. */

#ifndef COGNITOAUTH_AUTH_H
#define COGNITOAUTH_AUTH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define COGNITOAUTH_VERSION_MAJOR 0
#define COGNITOAUTH_VERSION_MINOR 1
#define COGNITOAUTH_VERSION_PATCH 0
#define COGNITOAUTH_VERSION_STRING "0.1.0"

#define COGNITOAUTH_VERSION_NUMBER                                                                                     \
    ((COGNITOAUTH_VERSION_MAJOR << 16) | (COGNITOAUTH_VERSION_MINOR << 8) | COGNITOAUTH_VERSION_PATCH)

const char *auth_version(void);

typedef int32_t auth_status;

enum {
    AUTH_STATUS_SUCCESS = 0,
    AUTH_STATUS_INVALID_ARGUMENT = 1,
    AUTH_STATUS_NOT_SUPPORTED = 2,
    AUTH_STATUS_PRIVILEGED_PROCESS = 3,
    AUTH_STATUS_NOT_SIGNED_IN = 4,
    AUTH_STATUS_ALREADY_SIGNED_IN = 5,
    AUTH_STATUS_SESSION_CHANGED = 6,
    AUTH_STATUS_SESSION_ENDED = 7,
    AUTH_STATUS_INVALID_SESSION = 8,
    AUTH_STATUS_NOT_ATTEMPTED = 9,
    AUTH_STATUS_BUSY = 10,
    AUTH_STATUS_CANCELLED = 11,
    AUTH_STATUS_DEADLINE_EXCEEDED = 12,
    AUTH_STATUS_OUT_OF_RESOURCES = 13,
    AUTH_STATUS_CONFIGURATION_UNREADABLE = 14,
    AUTH_STATUS_INVALID_CONFIGURATION = 15,
    AUTH_STATUS_KEYRING_UNAVAILABLE = 100,
    AUTH_STATUS_KEYRING_LOCKED = 101,
    AUTH_STATUS_KEYRING_PROMPT_DISMISSED = 102,
    AUTH_STATUS_KEYRING_ACCESS_DENIED = 103,
    AUTH_STATUS_KEYRING_NO_COLLECTION = 104,
    AUTH_STATUS_KEYRING_FAILED = 105,
    AUTH_STATUS_HOST_NOT_FOUND = 200,
    AUTH_STATUS_CONNECTION_FAILED = 201,
    AUTH_STATUS_TLS_FAILED = 202,
    AUTH_STATUS_PROXY_FAILED = 203,
    AUTH_STATUS_NETWORK_TIMED_OUT = 204,
    AUTH_STATUS_CONNECTION_LOST = 205,
    AUTH_STATUS_NETWORK_FAILED = 206,
    AUTH_STATUS_INVALID_RESPONSE = 207,
    AUTH_STATUS_SERVICE_ERROR = 300,
    AUTH_STATUS_NOT_AUTHORIZED = 301,
    AUTH_STATUS_RESOURCE_NOT_FOUND = 302,
    AUTH_STATUS_INVALID_PARAMETER = 303,
    AUTH_STATUS_TOO_MANY_REQUESTS = 304,
    AUTH_STATUS_PASSWORD_RESET_REQUIRED = 305,
    AUTH_STATUS_USER_NOT_CONFIRMED = 306,
    AUTH_STATUS_USER_NOT_FOUND = 307,
    AUTH_STATUS_OPERATION_NOT_ENABLED = 308,
    AUTH_STATUS_INTERNAL_ERROR = 309,
    AUTH_STATUS_FORBIDDEN = 310,
    AUTH_STATUS_UNAUTHORIZED = 311,
    AUTH_STATUS_UNSUPPORTED_OPERATION = 312,
    AUTH_STATUS_UNSUPPORTED_TOKEN_TYPE = 313,
    AUTH_STATUS_UNEXPECTED_LAMBDA = 314,
    AUTH_STATUS_USER_LAMBDA_VALIDATION = 315,
    AUTH_STATUS_INVALID_LAMBDA_RESPONSE = 316,
    AUTH_STATUS_REFRESH_TOKEN_REUSE = 317,
    AUTH_STATUS_BROWSER_UNAVAILABLE = 400,
    AUTH_STATUS_BROWSER_NO_PORT = 401,
    AUTH_STATUS_BROWSER_TIMED_OUT = 402,
    AUTH_STATUS_BROWSER_REDIRECT_ERROR = 403
};

const char *auth_status_name(auth_status status);

const char *auth_status_message(auth_status status);

typedef struct auth_error auth_error;

auth_status auth_error_status(const auth_error *error);

const char *auth_error_message(const auth_error *error);

const char *auth_error_recovery_suggestion(const auth_error *error);

const char *auth_error_service_exception(const auth_error *error);

const char *auth_error_token(const auth_error *error);

void auth_error_free(auth_error *error);

typedef struct auth_client auth_client;

typedef int32_t auth_log_level;

enum {
    AUTH_LOG_LEVEL_DEFAULT = 0,
    AUTH_LOG_LEVEL_ERROR = 1,
    AUTH_LOG_LEVEL_WARNING = 2,
    AUTH_LOG_LEVEL_INFO = 3,
    AUTH_LOG_LEVEL_DEBUG = 4
};

typedef int32_t auth_event;

enum {
    AUTH_EVENT_SIGNED_OUT = 1,
    AUTH_EVENT_SESSION_SAVED = 2,
    AUTH_EVENT_SESSION_REFRESHED = 3,
    AUTH_EVENT_SESSION_EXPIRED = 4
};

typedef void (*auth_log_function)(void *user_data, auth_log_level level, const char *message);

typedef void (*auth_event_function)(void *user_data, auth_event event);

typedef int (*auth_open_url_function)(void *user_data, const char *url);

typedef struct auth_client_options {
    size_t struct_size;
    const char *app_id;
    const char *user_pool_id;
    const char *client_id;
    const char *client_secret;
    const char *endpoint;
    const char *region;
    const char *hosted_ui_domain;
    const char *const *sign_out_redirect_uris;
    size_t sign_out_redirect_uri_count;
    const char *ca_file;
    const char *proxy;
    int32_t timeout_ms;
    int32_t max_attempts;
    int32_t use_fips;
    int32_t use_dualstack;
    auth_log_function log_function;
    void *log_user_data;
    auth_log_level log_level;
    auth_event_function event_function;
    void *event_user_data;
    auth_open_url_function open_url_function;
    void *open_url_user_data;
} auth_client_options;

#define AUTH_CLIENT_OPTIONS_INIT                                                                                       \
    {sizeof(auth_client_options),                                                                                      \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     0,                                                                                                                \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     0,                                                                                                                \
     0,                                                                                                                \
     0,                                                                                                                \
     0,                                                                                                                \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     0,                                                                                                                \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     NULL,                                                                                                             \
     NULL}

void auth_client_options_init(auth_client_options *options, size_t struct_size);

auth_status auth_client_new(const auth_client_options *options, auth_client **client, auth_error **error);

auth_status auth_client_new_from_file(const char *path, const auth_client_options *options, auth_client **client,
                                      auth_error **error);

void auth_client_cancel(auth_client *client);

void auth_client_free(auth_client *client);

typedef int32_t auth_browser_failure;

enum { AUTH_BROWSER_FAILURE_CONTINUE = 0, AUTH_BROWSER_FAILURE_FAIL = 1 };

typedef struct auth_call_options {
    size_t struct_size;
    int32_t timeout_ms;
    int32_t allow_prompt;
    int32_t prompt_timeout_ms;
    int32_t skip_browser;
    auth_browser_failure browser_failure;
    int32_t browser_timeout_ms;
} auth_call_options;

#define AUTH_CALL_OPTIONS_INIT {sizeof(auth_call_options), 0, 0, 0, 0, 0, 0}

void auth_call_options_init(auth_call_options *options, size_t struct_size);

typedef int32_t auth_sign_in_method;

enum { AUTH_SIGN_IN_METHOD_API = 0, AUTH_SIGN_IN_METHOD_HOSTED_UI = 1 };

typedef struct auth_session {
    size_t struct_size;
    void *owned;
    const char *username;
    const char *access_token;
    const char *id_token;
    const char *refresh_token;
    const char *device_key;
    int64_t access_token_expires_at;
    int64_t id_token_expires_at;
    auth_sign_in_method sign_in_method;
    int32_t reserved;
} auth_session;

#define AUTH_SESSION_INIT {sizeof(auth_session), NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0}

void auth_session_init(auth_session *session, size_t struct_size);

auth_status auth_session_save(auth_client *client, const auth_session *session, const auth_call_options *options,
                              auth_error **error);

auth_status auth_session_load(auth_client *client, const auth_call_options *options, auth_session *session,
                              auth_error **error);

auth_status auth_session_fetch(auth_client *client, const auth_call_options *options, auth_session *session,
                               auth_error **error);

void auth_session_clear(auth_session *session);

typedef int32_t auth_sign_out_outcome;

enum { AUTH_SIGN_OUT_COMPLETE = 0, AUTH_SIGN_OUT_PARTIAL = 1, AUTH_SIGN_OUT_FAILED = 2 };

typedef int32_t auth_answer;

enum { AUTH_ANSWER_NO = 0, AUTH_ANSWER_YES = 1, AUTH_ANSWER_UNKNOWN = 2 };

typedef int32_t auth_remote;

enum {
    AUTH_REMOTE_NOT_REQUESTED = 0,
    AUTH_REMOTE_DONE = 1,
    AUTH_REMOTE_NOT_ENABLED = 2,
    AUTH_REMOTE_NOT_ATTEMPTED = 3,
    AUTH_REMOTE_FAILED = 4,
    AUTH_REMOTE_UNKNOWN = 5
};

typedef struct auth_sign_out_result {
    size_t struct_size;
    void *owned;
    int64_t tokens_valid_until;
    const char *partial_failure_token;
    const auth_error *failure;
    const auth_error *hosted_ui_error;
    const auth_error *global_sign_out_error;
    const auth_error *revoke_token_error;
    const auth_error *invalid_session_error;
    auth_sign_out_outcome outcome;
    auth_answer was_signed_in;
    auth_answer signed_out_locally;
    auth_remote global_sign_out;
    auth_remote revoke_token;
    auth_answer kept;
    int32_t unfinished_count;
    int32_t reserved;
} auth_sign_out_result;

#define AUTH_SIGN_OUT_RESULT_INIT                                                                                      \
    {sizeof(auth_sign_out_result), NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0}

void auth_sign_out_result_init(auth_sign_out_result *result, size_t struct_size);

auth_sign_out_outcome auth_sign_out(auth_client *client, const auth_call_options *options,
                                    auth_sign_out_result *result);

auth_sign_out_outcome auth_sign_out_global(auth_client *client, const auth_call_options *options,
                                           auth_sign_out_result *result);

auth_sign_out_outcome auth_sign_out_retry(auth_client *client, const char *partial_failure_token,
                                          const auth_call_options *options, auth_sign_out_result *result);

void auth_sign_out_result_clear(auth_sign_out_result *result);

typedef struct auth_operation auth_operation;

auth_status auth_sign_out_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                auth_error **error);

auth_status auth_sign_out_global_start(auth_client *client, const auth_call_options *options,
                                       auth_operation **operation, auth_error **error);

auth_status auth_sign_out_retry_start(auth_client *client, const char *partial_failure_token,
                                      const auth_call_options *options, auth_operation **operation, auth_error **error);

auth_status auth_session_save_start(auth_client *client, const auth_session *session, const auth_call_options *options,
                                    auth_operation **operation, auth_error **error);

auth_status auth_session_load_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                    auth_error **error);

auth_status auth_session_fetch_start(auth_client *client, const auth_call_options *options, auth_operation **operation,
                                     auth_error **error);

int auth_operation_fd(const auth_operation *operation);

int auth_operation_dispatch(auth_operation *operation);

void auth_operation_cancel(auth_operation *operation);

auth_sign_out_outcome auth_operation_finish_sign_out(auth_operation *operation, auth_sign_out_result *result);

auth_status auth_operation_finish_session(auth_operation *operation, auth_session *session, auth_error **error);

auth_status auth_operation_browser_done(auth_operation *operation, const char *redirect_uri, auth_error **error);

void auth_operation_free(auth_operation *operation);

#ifdef __cplusplus
}
#endif

#endif

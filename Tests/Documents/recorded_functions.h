/* SPDX-License-Identifier: Apache-2.0 */

/* The functions that recorder.c records. Written by `make generated`. */

/* clang-format off */
#define FUNCTIONS_WITH_A_STATUS(X) \
    X(auth_client_new, \
      (const auth_client_options *options, auth_client **client, auth_error **error), \
      (options, client, error)) \
    X(auth_client_new_from_file, \
      (const char *path, const auth_client_options *options, auth_client **client, auth_error **error), \
      (path, options, client, error)) \
    X(auth_session_save, \
      (auth_client *client, const auth_session *session, const auth_call_options *options, auth_error **error), \
      (client, session, options, error)) \
    X(auth_session_load, \
      (auth_client *client, const auth_call_options *options, auth_session *session, auth_error **error), \
      (client, options, session, error)) \
    X(auth_session_fetch, \
      (auth_client *client, const auth_call_options *options, auth_session *session, auth_error **error), \
      (client, options, session, error)) \
    X(auth_session_check, \
      (auth_client *client, const auth_call_options *options, auth_error **error), \
      (client, options, error)) \
    X(auth_sign_in, \
      (auth_client *client, const auth_sign_in_options *sign_in, const auth_call_options *options, \
       auth_session *session, auth_error **error), \
      (client, sign_in, options, session, error)) \
    X(auth_sign_out_start, \
      (auth_client *client, const auth_call_options *options, auth_operation **operation, auth_error **error), \
      (client, options, operation, error)) \
    X(auth_sign_out_global_start, \
      (auth_client *client, const auth_call_options *options, auth_operation **operation, auth_error **error), \
      (client, options, operation, error)) \
    X(auth_sign_out_retry_start, \
      (auth_client *client, const char *partial_failure_token, const auth_call_options *options, \
       auth_operation **operation, auth_error **error), \
      (client, partial_failure_token, options, operation, error)) \
    X(auth_sign_out_resume_start, \
      (auth_client *client, const auth_call_options *options, auth_operation **operation, auth_error **error), \
      (client, options, operation, error)) \
    X(auth_session_save_start, \
      (auth_client *client, const auth_session *session, const auth_call_options *options, \
       auth_operation **operation, auth_error **error), \
      (client, session, options, operation, error)) \
    X(auth_session_load_start, \
      (auth_client *client, const auth_call_options *options, auth_operation **operation, auth_error **error), \
      (client, options, operation, error)) \
    X(auth_session_fetch_start, \
      (auth_client *client, const auth_call_options *options, auth_operation **operation, auth_error **error), \
      (client, options, operation, error)) \
    X(auth_session_check_start, \
      (auth_client *client, const auth_call_options *options, auth_operation **operation, auth_error **error), \
      (client, options, operation, error)) \
    X(auth_session_watch_start, \
      (auth_client *client, const auth_call_options *options, auth_operation **operation, auth_error **error), \
      (client, options, operation, error)) \
    X(auth_sign_in_start, \
      (auth_client *client, const auth_sign_in_options *sign_in, const auth_call_options *options, \
       auth_operation **operation, auth_error **error), \
      (client, sign_in, options, operation, error)) \
    X(auth_operation_finish_session, \
      (auth_operation *operation, auth_session *session, auth_error **error), \
      (operation, session, error)) \
    X(auth_operation_open_again, \
      (auth_operation *operation, auth_error **error), \
      (operation, error)) \
    X(auth_operation_browser_done, \
      (auth_operation *operation, const char *redirect_uri, auth_error **error), \
      (operation, redirect_uri, error))

#define FUNCTIONS_WITH_A_RESULT(X) \
    X(auth_sign_out, \
      (auth_client *client, const auth_call_options *options, auth_sign_out_result *result), \
      (client, options, result)) \
    X(auth_sign_out_global, \
      (auth_client *client, const auth_call_options *options, auth_sign_out_result *result), \
      (client, options, result)) \
    X(auth_sign_out_retry, \
      (auth_client *client, const char *partial_failure_token, const auth_call_options *options, \
       auth_sign_out_result *result), \
      (client, partial_failure_token, options, result)) \
    X(auth_sign_out_resume, \
      (auth_client *client, const auth_call_options *options, auth_sign_out_result *result), \
      (client, options, result)) \
    X(auth_operation_finish_sign_out, \
      (auth_operation *operation, auth_sign_out_result *result), \
      (operation, result))

/* SPDX-License-Identifier: Apache-2.0 */

/* Each INIT macro, as a program in C or C++ writes it; the types that the header promises, and a call. check.sh
 * compiles it. */

#include <cognitoauth/auth.h>

void initialize(void);

void initialize(void) {
    auth_client_options client_options = AUTH_CLIENT_OPTIONS_INIT;
    auth_call_options call_options = AUTH_CALL_OPTIONS_INIT;
    auth_session session = AUTH_SESSION_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    const auth_client_options fixed = AUTH_CLIENT_OPTIONS_INIT;
    static auth_sign_out_result lasting = AUTH_SIGN_OUT_RESULT_INIT;
    auth_log_function log_function = 0;
    auth_event_function event_function = 0;
    auth_open_url_function open_url_function = 0;
    auth_sign_out_outcome outcome = AUTH_SIGN_OUT_COMPLETE;
    auth_status status = AUTH_STATUS_SUCCESS;
    client_options.log_function = log_function;
    client_options.event_function = event_function;
    client_options.open_url_function = open_url_function;
    result.outcome = outcome;
    if (!auth_version()) return;
    (void)client_options, (void)call_options, (void)session, (void)result, (void)fixed, (void)lasting, (void)status;
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Where the last field of 0.1 ends in each struct: what every program has at least. */

#ifndef FIRST_SIZES_H
#define FIRST_SIZES_H

#include <cognitoauth/auth.h>
#include <stddef.h>

#define END_OF(type, field) (offsetof(type, field) + sizeof(((type *)0)->field))

enum {
    CLIENT_OPTIONS_FIRST_SIZE = END_OF(auth_client_options, open_url_user_data),
    CALL_OPTIONS_FIRST_SIZE = END_OF(auth_call_options, browser_timeout_ms),
    SESSION_FIRST_SIZE = END_OF(auth_session, reserved),
    SIGN_OUT_RESULT_FIRST_SIZE = END_OF(auth_sign_out_result, reserved)
};

#endif

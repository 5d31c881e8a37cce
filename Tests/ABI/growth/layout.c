/* SPDX-License-Identifier: Apache-2.0 */

/* Where the fields of 0.1 are, for ever, and how large its structs were. check.sh compiles this with the header of 0.1,
 * which has to be exactly so (KEPT), and with today's, which may have more. */

#include <cognitoauth/auth.h>

/* Pointers of 64 bits; pointers of 32 bits and an int64_t that is aligned to 8 bytes, as on ARM; or to 4, as on i386. */
struct aligned {
    char byte;
    int64_t number;
};
#define HERE(wide, by_8, by_4) (sizeof(void *) == 8 ? (wide) : offsetof(struct aligned, number) == 8 ? (by_8) : (by_4))

#define AT(type, field, wide, by_8, by_4)                                                                              \
    _Static_assert(offsetof(type, field) == HERE(wide, by_8, by_4), #type "." #field " has moved")

#ifdef KEPT
#define SIZE(type, wide, by_8, by_4) _Static_assert(sizeof(type) == HERE(wide, by_8, by_4), #type " has another size")
#else
#define SIZE(type, wide, by_8, by_4) _Static_assert(sizeof(type) >= HERE(wide, by_8, by_4), #type " has become smaller")
#endif

AT(auth_client_options, struct_size, 0, 0, 0);
AT(auth_client_options, app_id, 8, 4, 4);
AT(auth_client_options, user_pool_id, 16, 8, 8);
AT(auth_client_options, client_id, 24, 12, 12);
AT(auth_client_options, client_secret, 32, 16, 16);
AT(auth_client_options, endpoint, 40, 20, 20);
AT(auth_client_options, region, 48, 24, 24);
AT(auth_client_options, hosted_ui_domain, 56, 28, 28);
AT(auth_client_options, sign_out_redirect_uris, 64, 32, 32);
AT(auth_client_options, sign_out_redirect_uri_count, 72, 36, 36);
AT(auth_client_options, ca_file, 80, 40, 40);
AT(auth_client_options, proxy, 88, 44, 44);
AT(auth_client_options, timeout_ms, 96, 48, 48);
AT(auth_client_options, max_attempts, 100, 52, 52);
AT(auth_client_options, use_fips, 104, 56, 56);
AT(auth_client_options, use_dualstack, 108, 60, 60);
AT(auth_client_options, log_function, 112, 64, 64);
AT(auth_client_options, log_user_data, 120, 68, 68);
AT(auth_client_options, log_level, 128, 72, 72);
AT(auth_client_options, event_function, 136, 76, 76);
AT(auth_client_options, event_user_data, 144, 80, 80);
AT(auth_client_options, open_url_function, 152, 84, 84);
AT(auth_client_options, open_url_user_data, 160, 88, 88);
SIZE(auth_client_options, 168, 92, 92);

AT(auth_call_options, struct_size, 0, 0, 0);
AT(auth_call_options, timeout_ms, 8, 4, 4);
AT(auth_call_options, allow_prompt, 12, 8, 8);
AT(auth_call_options, prompt_timeout_ms, 16, 12, 12);
AT(auth_call_options, skip_browser, 20, 16, 16);
AT(auth_call_options, browser_failure, 24, 20, 20);
AT(auth_call_options, browser_timeout_ms, 28, 24, 24);
SIZE(auth_call_options, 32, 28, 28);

AT(auth_session, struct_size, 0, 0, 0);
AT(auth_session, owned, 8, 4, 4);
AT(auth_session, username, 16, 8, 8);
AT(auth_session, access_token, 24, 12, 12);
AT(auth_session, id_token, 32, 16, 16);
AT(auth_session, refresh_token, 40, 20, 20);
AT(auth_session, device_key, 48, 24, 24);
AT(auth_session, access_token_expires_at, 56, 32, 28);
AT(auth_session, id_token_expires_at, 64, 40, 36);
AT(auth_session, sign_in_method, 72, 48, 44);
AT(auth_session, reserved, 76, 52, 48);
SIZE(auth_session, 80, 56, 52);

AT(auth_sign_out_result, struct_size, 0, 0, 0);
AT(auth_sign_out_result, owned, 8, 4, 4);
AT(auth_sign_out_result, tokens_valid_until, 16, 8, 8);
AT(auth_sign_out_result, partial_failure_token, 24, 16, 16);
AT(auth_sign_out_result, failure, 32, 20, 20);
AT(auth_sign_out_result, hosted_ui_error, 40, 24, 24);
AT(auth_sign_out_result, global_sign_out_error, 48, 28, 28);
AT(auth_sign_out_result, revoke_token_error, 56, 32, 32);
AT(auth_sign_out_result, invalid_session_error, 64, 36, 36);
AT(auth_sign_out_result, outcome, 72, 40, 40);
AT(auth_sign_out_result, was_signed_in, 76, 44, 44);
AT(auth_sign_out_result, signed_out_locally, 80, 48, 48);
AT(auth_sign_out_result, global_sign_out, 84, 52, 52);
AT(auth_sign_out_result, revoke_token, 88, 56, 56);
AT(auth_sign_out_result, kept, 92, 60, 60);
AT(auth_sign_out_result, unfinished_count, 96, 64, 64);
AT(auth_sign_out_result, reserved, 100, 68, 68);
SIZE(auth_sign_out_result, 104, 72, 72);

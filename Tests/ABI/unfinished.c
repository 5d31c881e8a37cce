/* SPDX-License-Identifier: Apache-2.0 */

#include "unfinished.h"

#include <jansson.h>
#include <stdlib.h>

auth_client *keeping_client_with(auth_client_options options)
{
    scene_expect_kept();
    options.keep_unfinished = 1;
    return scene_client_with(&options);
}

auth_client *keeping_client(void) { return keeping_client_with(scene_options()); }

auth_client *offline_client(void)
{
    auth_client_options options = scene_options();
    options.endpoint = closed_url();
    return keeping_client_with(options);
}

const auth_sign_out_result *resume(auth_client *client)
{
    scene_expect_kept();
    return sign_out_by(auth_sign_out_resume, client, NULL);
}

background *start_resume(auth_client *client)
{
    scene_expect_kept();
    return start_sign_out_by(auth_sign_out_resume, client);
}

static auth_session keep(signer_out *function, const char *expected)
{
    auth_client *client = offline_client();
    auth_session session = sign_in(client);
    int count = keyring_count(KEPT);
    const auth_sign_out_result *result = sign_out_by(function, client, NULL);
    CHECK_TEXT(told(result), expected);
    check_kept(result, AUTH_ANSWER_YES, count + 1);
    return session;
}

auth_session keep_sign_out(void) { return keep(auth_sign_out, OFFLINE); }
auth_session keep_sign_out_global(void) { return keep(auth_sign_out_global, OFFLINE_GLOBAL); }

void check_kept(const auth_sign_out_result *result, auth_answer kept, int count)
{
    CHECK_INT(result->kept, kept);
    CHECK_INT(result->unfinished_count, count);
    CHECK_INT(keyring_count(KEPT), count);
}

static void change(const char *member, int64_t number, bool is_added)
{
    const char *secret = keyring_secret(KEPT);
    json_t *object = secret ? json_loads(secret, 0, NULL) : NULL;
    json_t *value = json_object_get(object, member);
    if (!CHECK(json_is_integer(value))) return;
    json_integer_set(value, number + (is_added ? json_integer_value(value) : 0));
    char *changed = json_dumps(object, JSON_COMPACT);
    keyring_replace(KEPT, changed);
    free(changed);
    json_decref(object);
}

void kept_set(const char *member, int64_t number) { change(member, number, false); }
void kept_move(int hours) { change("signed_out_at", (int64_t)hours * 3600 * 1000, true); }

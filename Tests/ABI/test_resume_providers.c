/* SPDX-License-Identifier: Apache-2.0 */

/* Kept sign-outs with every provider of the Secret Service. */

#include "neighbour.h"
#include "provider_scene.h"
#include "unfinished.h"

ROLE("sign out offline")
{
    const auth_sign_out_result *result = sign_out(offline_client());
    CHECK_TEXT(told(result), OFFLINE);
    CHECK_INT(result->kept, AUTH_ANSWER_YES);
    CHECK_INT(result->unfinished_count, 1);
    return 0;
}

/* The exit status is the outcome. */
ROLE("resume") { return resume(keeping_client())->outcome; }

TEST("row L1: what one process could not finish offline, another one finishes, and nothing is left")
{
    if (is_asking()) return cannot("its user is asked about what another program stored");
    auth_session session = sign_in(keeping_client());
    server_add_session(session.access_token, session.refresh_token);
    CHECK_INT(run_role("sign out offline"), 0);
    CHECK_INT(item_count(), 1);
    CHECK_TEXT(server_live_tokens(), session.refresh_token);
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_live_tokens(), "");
    CHECK_INT(item_count(), 0);
    CHECK_TEXT(provider_windows(), "");
}

TEST("rows L1, L5: in one process too, and offline it is kept on")
{
    auth_client *offline = offline_client();
    auth_session session = sign_in(offline);
    will_confirm_delete();
    const auth_sign_out_result *result = sign_out(offline);
    CHECK_TEXT(told(result), OFFLINE);
    CHECK_INT(result->kept, AUTH_ANSWER_YES);
    await_user();
    CHECK_INT(item_count(), 1);
    CHECK_INT(resume(offline)->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(item_count(), 1);
    will_confirm_delete();
    CHECK_TEXT(told(resume(keeping_client())), RESUMED);
    await_user();
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(item_count(), 0);
}

TEST("where all goes well nothing is left, with a refresh and without")
{
    if (is_asking()) return cannot("its user is asked twice in one call");
    for (int is_expired = 0; is_expired < 2; is_expired++) {
        auth_client *mine = keeping_client();
        auth_session session = sign_in_for(mine, is_expired ? EXPIRED : 3600);
        server_add_session(session.access_token, session.refresh_token);
        CHECK_TEXT(told(sign_out_global(mine)), COMPLETE_GLOBAL);
        CHECK_TEXT(server_live_tokens(), "");
        CHECK_INT(item_count(), 0);
        CHECK_TEXT(provider_windows(), "");
    }
}

TEST("row L7: of two processes that resume at once, one finishes the sign-out")
{
    if (is_asking()) return cannot("its user is asked about what another program stored");
    sign_in(keeping_client());
    CHECK_INT(run_role("sign out offline"), 0);
    server_reply("RevokeToken", "{'delay_ms':300,'default':true}");
    pid_t one = start_role("resume"), other = start_role("resume");
    CHECK_INT(wait_for(one, 20000), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(wait_for(other, 20000), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_INT(item_count(), 0);
}

TEST("row L8: while all is locked resume fails, without a window, and nothing is sent or lost")
{
    auth_client *offline = offline_client();
    sign_in(offline);
    will_confirm_delete();
    sign_out(offline);
    await_user();
    provider_lock();
    const auth_sign_out_result *result = resume(keeping_client());
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    check_says_locked(auth_error_status(result->failure));
    CHECK_TEXT(provider_windows(), "");
    CHECK_INT(server_connection_count(), 0);
    CHECK(provider_run("unlock"));
    CHECK_INT(item_count(), 1);
    will_confirm_delete();
    CHECK_TEXT(told(resume(keeping_client())), RESUMED);
    await_user();
    CHECK_INT(item_count(), 0);
}

/* Signs out, and the keyring is locked while Cognito works: the session stays, and what names it. Unlocked again. */
static void leave_session(void)
{
    auth_client *mine = keeping_client();
    sign_in(mine);
    CHECK_INT(sign_out_while(mine, HELD_ONCE, provider_lock)->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_TEXT(provider_windows(), "");
    CHECK(provider_run("unlock"));
    CHECK_INT(item_count(), 2);
}

TEST("row L9: a session whose deletion failed is nobody's, and the next program deletes it")
{
    if (is_asking()) return cannot("its user is asked about what another program stored");
    leave_session();
    CHECK_INT(run_role("load"), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken"); /* That the first was done could not be stored. */
    CHECK_INT(item_count(), 0);
}

TEST("row L9: the same user who signs in again stays signed in, whatever is resumed")
{
    if (is_asking()) return cannot("its user is asked twice in one call");
    leave_session();
    auth_session again = sign_in(keeping_client());
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(load(keeping_client())->refresh_token, again.refresh_token);
    CHECK_INT(item_count(), 1);
}

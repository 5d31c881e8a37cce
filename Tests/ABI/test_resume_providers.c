/* SPDX-License-Identifier: Apache-2.0 */

/* Kept sign-outs with every provider of the Secret Service, and with libsecret's encrypted file: run.sh runs these
 * cases with each, as it does those of test_providers.c. What is stored is asked by another process. */

#include <stdio.h>
#include <stdlib.h>

#include "provider.h"
#include "sandbox.h"
#include "unfinished.h"

#define APP_ID "COGNITOAUTH_TEST_APP"

static bool is_asking(void) { return provider_is("KeePassXC that asks"); }
static bool is_file(void) { return provider_is("the encrypted file"); }

/* Each case is another app, to which what others left is nothing. */
void set_scene(void)
{
    static int cases;
    server_select(NULL);
    server_reset();
    if (is_file()) sandbox_enter_flatpak();
    CHECK(provider_run("unlock"));
    setenv(APP_ID, text("org.example.Kept%d", ++cases), 1);
    CHECK_TEXT(provider_windows(), "");
}

static auth_client *client_of(const char *endpoint)
{
    auth_client_options options = scene_options();
    options.app_id = getenv(APP_ID);
    options.endpoint = endpoint;
    return keeping_client_with(options);
}

static auth_client *client(void) { return client_of(server_url()); }

static int count(void) { return provider_count(getenv(APP_ID)); }

/* Says why a case cannot be had with this provider. */
static void cannot(const char *reason) { printf("  not with %s: %s\n", provider_name(), reason); }

/* The user of a provider that asks before it deletes confirms that, once for each item. */
static pid_t start_confirming(void)
{
    return is_asking() ? provider_start_user("^Move entry", "shift+Tab space") : 0;
}

static void await_confirmation(pid_t user)
{
    if (user) CHECK_INT(wait_for(user, 10000), 0);
}

ROLE("sign out offline")
{
    const auth_sign_out_result *result = sign_out(client_of(closed_url()));
    CHECK_TEXT(told(result), OFFLINE);
    CHECK_INT(result->kept, AUTH_ANSWER_YES);
    CHECK_INT(result->unfinished_count, 1);
    return 0;
}

/* The exit status is the outcome. */
ROLE("resume") { return resume(client())->outcome; }

TEST("row L1: what one process could not finish offline, another one finishes, and nothing is left")
{
    if (is_asking()) return cannot("its user is asked about what another program stored");
    auth_session session = sign_in(client());
    server_add_session(session.access_token, session.refresh_token);
    CHECK_INT(run_role("sign out offline"), 0);
    CHECK_INT(count(), 1);
    CHECK_TEXT(server_live_tokens(), session.refresh_token);
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_live_tokens(), "");
    CHECK_INT(count(), 0);
    CHECK_TEXT(provider_windows(), "");
}

TEST("rows L1, L5: in one process too, and offline it is kept on")
{
    auth_client *offline = client_of(closed_url());
    auth_session session = sign_in(offline);
    pid_t user = start_confirming();
    const auth_sign_out_result *result = sign_out(offline);
    CHECK_TEXT(told(result), OFFLINE);
    CHECK_INT(result->kept, AUTH_ANSWER_YES);
    await_confirmation(user);
    CHECK_INT(count(), 1);
    CHECK_INT(resume(offline)->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(count(), 1);
    user = start_confirming();
    CHECK_TEXT(told(resume(client_of(server_url()))), RESUMED);
    await_confirmation(user);
    CHECK_TEXT(server_body(0, "Token"), session.refresh_token);
    CHECK_INT(count(), 0);
}

TEST("where all goes well nothing is left, with a refresh and without")
{
    if (is_asking()) return cannot("its user is asked twice in one call");
    for (int is_expired = 0; is_expired < 2; is_expired++) {
        auth_client *mine = client();
        auth_session session = sign_in_for(mine, is_expired ? EXPIRED : 3600);
        server_add_session(session.access_token, session.refresh_token);
        CHECK_TEXT(told(sign_out_global(mine)), COMPLETE_GLOBAL);
        CHECK_TEXT(server_live_tokens(), "");
        CHECK_INT(count(), 0);
        CHECK_TEXT(provider_windows(), "");
    }
}

TEST("row L7: of two processes that resume at once, one finishes the sign-out")
{
    if (is_asking()) return cannot("its user is asked about what another program stored");
    sign_in(client());
    CHECK_INT(run_role("sign out offline"), 0);
    server_reply("RevokeToken", "{'delay_ms':300,'default':true}");
    pid_t one = start_role("resume"), other = start_role("resume");
    CHECK_INT(wait_for(one, 20000), AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(wait_for(other, 20000), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken");
    CHECK_INT(count(), 0);
}

TEST("row L8: while all is locked resume fails, without a window, and nothing is sent or lost")
{
    auth_client *offline = client_of(closed_url());
    sign_in(offline);
    pid_t user = start_confirming();
    sign_out(offline);
    await_confirmation(user);
    CHECK(provider_run("lock"));
    const auth_sign_out_result *result = resume(client());
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_TEXT(auth_status_name(auth_error_status(result->failure)),
               is_file() ? "AUTH_STATUS_KEYRING_PROMPT_DISMISSED" : "AUTH_STATUS_KEYRING_LOCKED");
    CHECK_TEXT(provider_windows(), "");
    CHECK_INT(server_connection_count(), 0);
    CHECK(provider_run("unlock"));
    CHECK_INT(count(), 1);
    user = start_confirming();
    CHECK_TEXT(told(resume(client())), RESUMED);
    await_confirmation(user);
    CHECK_INT(count(), 0);
}

static void lock(void) { CHECK(provider_run("lock")); }

/* Signs out, and the keyring is locked while Cognito works: the session stays, and what names it. Unlocked again. */
static void leave_session(void)
{
    auth_client *mine = client();
    sign_in(mine);
    CHECK_INT(sign_out_while(mine, HELD_ONCE, lock)->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_TEXT(provider_windows(), "");
    CHECK(provider_run("unlock"));
    CHECK_INT(count(), 2);
}

ROLE("load")
{
    auth_session session = AUTH_SESSION_INIT;
    auth_status status = auth_session_load(client(), NULL, &session, NULL);
    auth_session_clear(&session);
    return status;
}

TEST("row L9: a session whose deletion failed is nobody's, and the next program deletes it")
{
    if (is_asking()) return cannot("its user is asked about what another program stored");
    leave_session();
    CHECK_INT(run_role("load"), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(server_operations(), "RevokeToken RevokeToken"); /* That the first was done could not be stored. */
    CHECK_INT(count(), 0);
}

TEST("row L9: the same user who signs in again stays signed in, whatever is resumed")
{
    if (is_asking()) return cannot("its user is asked twice in one call");
    leave_session();
    auth_session again = sign_in(client());
    CHECK_INT(run_role("resume"), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(load(client())->refresh_token, again.refresh_token);
    CHECK_INT(count(), 1);
}

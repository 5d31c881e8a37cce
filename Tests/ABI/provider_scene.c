/* SPDX-License-Identifier: Apache-2.0 */

#include "provider_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox.h"

#define REFRESH_TOKEN "COGNITOAUTH_TEST_REFRESH_TOKEN"

void set_scene(void)
{
    static int cases;
    server_select(NULL);
    server_reset();
    if (is_file()) sandbox_enter_flatpak();
    CHECK(provider_run("unlock"));
    scene_use_app(text("org.example.Case%d", ++cases));
    CHECK_TEXT(provider_windows(), "");
}

bool is_asking(void) { return provider_is("KeePassXC that asks"); }
bool is_file(void) { return provider_is("the encrypted file"); }

auth_client *other_client(void)
{
    auth_client_options options = scene_options();
    options.app_id = "org.example.Other";
    return scene_client_with(&options);
}

void cannot(const char *reason) { printf("  not with %s: %s\n", provider_name(), reason); }

int item_count(void) { return provider_count(scene_app_id()); }

void provider_lock(void) { CHECK(provider_run("lock")); }

void check_says_locked(auth_status status)
{
    CHECK_TEXT(auth_status_name(status),
               is_file() ? "AUTH_STATUS_KEYRING_PROMPT_DISMISSED" : "AUTH_STATUS_KEYRING_LOCKED");
}

static pid_t users[4];
static int user_count;

void await_user(void)
{
    while (user_count > 0) CHECK_INT(wait_for(users[--user_count], 10000), 0);
}

static void await_at_the_end(void *unused)
{
    (void)unused;
    await_user();
}

void will_answer(const char *title, const char *keys)
{
    if (!is_asking()) return;
    if (user_count == LENGTH(users)) abort();
    users[user_count++] = provider_start_user(title, keys);
    defer(await_at_the_end, NULL);
}

void will_confirm_delete(void) { will_answer(DELETE_QUESTION, MOVE_TO_RECYCLE_BIN); }

void will_allow_access(void) { will_answer("Access Request", "Return"); }

auth_call_options prompting(int timeout_ms)
{
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.allow_prompt = 1;
    options.prompt_timeout_ms = timeout_ms;
    return options;
}

ROLE(SIGNING_OUT)
{
    auth_call_options options = prompting(10000);
    const char *end = told(sign_out_by(auth_sign_out, scene_client(), is_asking() ? &options : NULL));
    if (strcmp(end, COMPLETE) == 0) return 0;
    if (strcmp(end, NOBODY) == 0) return 3;
    return fprintf(stderr, "%s\n", end), 4;
}

static int load_session(const auth_call_options *options)
{
    auth_session session = AUTH_SESSION_INIT;
    auth_status status = auth_session_load(scene_client(), options, &session, NULL);
    if (status == AUTH_STATUS_SUCCESS) CHECK_TEXT(session.refresh_token, getenv(REFRESH_TOKEN));
    auth_session_clear(&session);
    return status == AUTH_STATUS_SUCCESS ? 0 : 100 + status;
}

ROLE("load the same session") { return load_session(NULL); }

ROLE("load the same session, with prompts")
{
    auth_call_options options = prompting(10000);
    return load_session(&options);
}

int load_elsewhere(const auth_session *session, bool allow_prompt)
{
    setenv(REFRESH_TOKEN, session->refresh_token, 1);
    return run_role(allow_prompt ? "load the same session, with prompts" : "load the same session");
}

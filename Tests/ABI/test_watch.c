/* SPDX-License-Identifier: Apache-2.0 */

/* Watching the session while other processes, and the client itself, change it: rows W1, W2, W4 and W5, with
 * gnome-keyring. The other keyrings are in test_watch_providers, a bus that ends is in test_bus_restart. */

#include <stdio.h>

#include "keyring_file.h"
#include "neighbour.h"
#include "watcher.h"

TEST("row W1: a sign-out by another process is told once, and then nobody is signed in")
{
    watcher *watcher = watcher_start_signed_in();
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
    CHECK_ANSWER(load_within(watcher_client(watcher), 0, NULL), AUTH_STATUS_NOT_SIGNED_IN);
}

TEST("row W1: so is one by another client of this process, and the deletion by a program that knows nothing of us")
{
    watcher *watcher = watcher_start_signed_in();
    CHECK_TEXT(told(sign_out(scene_client())), COMPLETE);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
    sign_in(scene_client());
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    keyring_delete("session");
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
}

static auth_client_options keeping_options(void)
{
    auth_client_options options = scene_options();
    options.keep_unfinished = 1;
    return options;
}

ROLE("keep a sign-out")
{
    auth_client_options options = keeping_options();
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    CHECK_INT(auth_sign_out(scene_client_with(&options), NULL, &result), AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(result.kept, AUTH_ANSWER_YES);
    auth_sign_out_result_clear(&result);
    return 0;
}

TEST("rows W1, W5: a sign-out that another process keeps is told once; what the client keeps and resumes is not")
{
    auth_client_options options = keeping_options();
    watcher *watcher = watcher_start(&options);
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    const char *refusal = exception("ForbiddenException", "no");
    sign_in(watcher_client(watcher));
    server_reply("RevokeToken", refusal);
    CHECK_INT(run_role("keep a sign-out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
    sign_in(watcher_client(watcher));
    CHECK_INT(auth_sign_out(watcher_client(watcher), NULL, &result), AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(result.kept, AUTH_ANSWER_YES);
    auth_sign_out_result_clear(&result);
    server_reply("RevokeToken", "{'default':true}");
    CHECK_INT(auth_sign_out_resume(watcher_client(watcher), NULL, &result), AUTH_SIGN_OUT_COMPLETE);
    auth_sign_out_result_clear(&result);
    CHECK_INT(keyring_count("unfinished"), 0);
    CHECK_TEXT(watcher_hears_after_look(watcher), "");
}

TEST("row W2: a save by another process is told once, whoever was signed in before")
{
    watcher *watcher = watcher_start(NULL);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(run_role("save"), 0);
        CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    }
    CHECK_INT(keyring_count("session"), 1);
}

TEST("row W2: a refresh by another process is told once, and the new tokens can be loaded")
{
    sign_in_for(scene_client(), EXPIRED);
    watcher *watcher = watcher_start(NULL);
    const char *newest = server_rotate();
    CHECK_INT(run_role("fetch"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    CHECK_TEXT(load(watcher_client(watcher))->refresh_token, newest);
}

TEST("row W2: items of other kinds and programs are none of its business")
{
    watcher *watcher = watcher_start_signed_in();
    keyring_add("device", "{}");
    CHECK_TEXT(watcher_hears_after_look(watcher), "");
    auth_client_options options = scene_options();
    options.app_id = "org.example.Other";
    sign_in(scene_client_with(&options));
    CHECK_TEXT(watcher_hears(watcher, 0), "");
}

TEST("row W4: a watch ends when it is cancelled, and when its client is; one that goes on is freed at once")
{
    watcher *first = watcher_start_signed_in(), *second = watcher_start_beside(first), *third = watcher_start(NULL);
    auth_operation_cancel(watcher_operation(first));
    CHECK_ANSWER(watcher_end(first), AUTH_STATUS_CANCELLED);
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(second, 1), "SIGNED_OUT_ELSEWHERE");
    CHECK_TEXT(watcher_hears(third, 1), "SIGNED_OUT_ELSEWHERE");
    auth_client_cancel(watcher_client(second));
    CHECK_ANSWER(watcher_end(second), AUTH_STATUS_CANCELLED);
    CHECK_INT(auth_operation_dispatch(watcher_operation(third)), 0);
    auth_operation *operation = start_operation(scene_client(), auth_session_watch_start);
    double start = seconds();
    auth_operation_cancel(operation);
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, NULL), AUTH_STATUS_CANCELLED);
    printf("  ended %.0f ms after it was cancelled\n", 1000 * (seconds() - start));
    CHECK(seconds() - start < 4);
}

TEST("row W5: what calls of the same client do is not told, and what others do between them is")
{
    watcher *watcher = watcher_start(NULL);
    auth_client *client = watcher_client(watcher);
    int looks = watcher_looks(watcher);
    for (int i = 0; i < 10; i++) {
        sign_in_for(client, EXPIRED);
        server_rotate();
        CHECK_ANSWER(fetch_within(client, 0, NULL), AUTH_STATUS_SUCCESS);
        sign_in(client);
        CHECK_TEXT(told(sign_out(client)), COMPLETE);
    }
    sign_in(client);
    CHECK_TEXT(watcher_hears_after_look(watcher), "");
    sign_in(client);
    CHECK_TEXT(watcher_hears_after_look(watcher), "");
    CHECK(watcher_looks(watcher) > looks);
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
    for (int i = 0; i < 3; i++) {
        sign_in(client);
        keyring_delete("session"); /* Before the watch has looked. */
        CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
    }
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
}

TEST("row W5: every watch is told, whichever client it is of, and twenty of them end at once")
{
    enum { WATCHES = 20 };
    watcher *watchers[WATCHES];
    sign_in(scene_client());
    for (int i = 0; i < WATCHES; i++) watchers[i] = i % 2 ? watcher_start_beside(watchers[i - 1]) : watcher_start(NULL);
    CHECK_INT(run_role("sign out"), 0);
    for (int i = 0; i < WATCHES; i++) CHECK_TEXT(watcher_hears(watchers[i], 1), "SIGNED_OUT_ELSEWHERE");
    sign_in(watcher_client(watchers[0]));
    for (int i = 0; i < 4; i++)
        CHECK_TEXT(watcher_hears(watchers[i], i > 1), i > 1 ? "SESSION_CHANGED_ELSEWHERE" : "");
    double start = seconds();
    for (int i = 0; i < WATCHES; i++) auth_operation_cancel(watcher_operation(watchers[i]));
    for (int i = 0; i < WATCHES; i++) CHECK_ANSWER(watcher_end(watchers[i]), AUTH_STATUS_CANCELLED);
    CHECK(seconds() - start < 5);
}

TEST("rows W1, W2: libsecret's encrypted file is watched too, and what the client itself does is not told")
{
    keyring_file_begin();
    watcher *watcher = watcher_start(NULL);
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SESSION_CHANGED_ELSEWHERE");
    CHECK_INT(run_role("sign out"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), "SIGNED_OUT_ELSEWHERE");
    sign_in(watcher_client(watcher));
    CHECK_TEXT(watcher_hears_after_look(watcher), "");
    CHECK_TEXT(told(sign_out(watcher_client(watcher))), COMPLETE);
    CHECK_TEXT(watcher_hears_after_look(watcher), "");
    auth_operation_cancel(watcher_operation(watcher));
    CHECK_ANSWER(watcher_end(watcher), AUTH_STATUS_CANCELLED);
}

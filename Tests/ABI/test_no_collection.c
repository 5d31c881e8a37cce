/* SPDX-License-Identifier: Apache-2.0 */

/* A keyring that has no default collection yet, and makes one if its user agrees. The real ones are in
 * test_new_keyring. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mock_keyring.h"
#include "scene.h"

/* It has no collection, and asks its user before it makes one. */
void set_scene(void)
{
    server_select(NULL);
    server_reset();
    mock_keyring_start();
    mock_keyring_ask("CreateCollection");
    CHECK(mock_keyring_remove_collection());
}

static int created(void) { return mock_keyring_calls("Service.CreateCollection"); }
static int prompts(void) { return mock_keyring_calls("Prompt.Prompt"); }

static auth_call_options prompting(int prompt_timeout_ms)
{
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.allow_prompt = 1;
    options.prompt_timeout_ms = prompt_timeout_ms;
    return options;
}

/* Saves a session, and returns what comes of that. */
static auth_status save_with(auth_client *client, auth_call_options options)
{
    auth_session session = scene_session();
    return auth_session_save(client, &session, &options, NULL);
}

/* The user was asked once, the prompt was left alone, and nothing is stored. */
static void check_only_asked(void)
{
    CHECK_INT(created(), 1);
    CHECK_INT(prompts(), 1);
    CHECK_INT(mock_keyring_calls("Prompt.Dismiss"), 0);
    CHECK_INT(mock_keyring_calls("Collection.CreateItem"), 0);
    CHECK_INT(mock_keyring_count(), 0);
}

TEST("with allow_prompt a save offers to make a collection, and stores the session in it; sign-out removes that")
{
    auth_client *client = scene_client();
    for (int delay = 0; delay <= 300; delay += 300) {
        mock_keyring_behave("complete", delay);
        auth_session session = scene_session();
        auth_call_options options = prompting(5000);
        CHECK_ANSWER(auth_session_save(client, &session, &options, NULL), AUTH_STATUS_SUCCESS);
        CHECK_INT(mock_keyring_count(), 1);
        CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
        CHECK_TEXT(told(sign_out(client)), COMPLETE);
        CHECK_INT(mock_keyring_count(), 0);
        CHECK_INT(created(), 1 + (delay > 0));
        CHECK_INT(prompts(), created());
        CHECK(mock_keyring_remove_collection());
    }
}

TEST("the time that the user takes to make a collection does not count as the call's")
{
    auth_call_options options = prompting(10000);
    options.timeout_ms = 700;
    mock_keyring_behave("complete", 900);
    CHECK_ANSWER(save_with(scene_client(), options), AUTH_STATUS_SUCCESS);
    CHECK_INT(mock_keyring_count(), 1);
}

TEST("where the user declines to make a collection nothing is stored, and the next save asks again")
{
    auth_client *client = scene_client();
    mock_keyring_behave("dismiss", 50);
    CHECK_ANSWER(save_with(client, prompting(5000)), AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    check_only_asked();
    mock_keyring_behave("complete", 0);
    CHECK_ANSWER(save_with(client, prompting(5000)), AUTH_STATUS_SUCCESS);
    CHECK_INT(created(), 2);
}

TEST("a prompt for a collection that nobody answers is given up at its limit and left; what comes of it later is used")
{
    auth_client *client = scene_client();
    mock_keyring_behave("silent", 0);
    double start = seconds();
    CHECK_ANSWER(save_with(client, prompting(1000)), AUTH_STATUS_DEADLINE_EXCEEDED);
    double took = seconds() - start;
    CHECK(took >= 0.9 && took < 3);
    check_only_asked();
    CHECK(mock_keyring_complete());
    CHECK_INT(mock_keyring_count(), 0);
    CHECK_ANSWER(save_with(client, (auth_call_options)AUTH_CALL_OPTIONS_INIT), AUTH_STATUS_SUCCESS);
    CHECK_INT(created(), 1);
}

static void *cancel_soon(void *client)
{
    sleep_ms(400);
    auth_client_cancel(client);
    return NULL;
}

TEST("a cancel while the user is asked for a collection ends the save, leaves the prompt, and says that nothing is "
     "stored")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    auth_call_options options = prompting(60000);
    auth_error *error = NULL;
    pthread_t thread;
    mock_keyring_behave("silent", 0);
    CHECK_INT(pthread_create(&thread, NULL, cancel_soon, client), 0);
    double start = seconds();
    CHECK_INT(auth_session_save(client, &session, &options, &error), AUTH_STATUS_CANCELLED);
    CHECK(seconds() - start < 5);
    pthread_join(thread, NULL);
    CHECK(error && strstr(auth_error_message(error), "the session was not stored"));
    auth_error_free(error);
    check_only_asked();
}

TEST("a save that waits for the user to make a collection holds no turn")
{
    auth_client *client = scene_client();
    mock_keyring_behave("complete", 4000);
    pid_t other = start_role("save, with prompts");
    for (double end = seconds() + 10; prompts() == 0 && seconds() < end;) sleep_ms(20);
    CHECK_TEXT(told(sign_out(client)), NOBODY);
    CHECK_INT(mock_keyring_count(), 0); /* The user is still being asked. */
    CHECK_INT(wait_for(other, 10000), 0);
    CHECK_INT(mock_keyring_count(), 1);
}

ROLE("save, with prompts")
{
    CHECK_ANSWER(save_with(scene_client(), prompting(10000)), AUTH_STATUS_SUCCESS);
    return 0;
}

TEST("a provider that makes a collection without a prompt is as good")
{
    mock_keyring_ask("nothing");
    CHECK_ANSWER(save_with(scene_client(), prompting(5000)), AUTH_STATUS_SUCCESS);
    CHECK_INT(mock_keyring_count(), 1);
    CHECK_INT(created(), 1);
    CHECK_INT(prompts(), 0);
}

TEST("a provider that refuses to make a collection is told of, and nothing is stored")
{
    mock_keyring_refuse("CreateCollection");
    CHECK_ANSWER(save_with(scene_client(), prompting(5000)), AUTH_STATUS_KEYRING_NO_COLLECTION);
    CHECK_INT(created(), 1);
    CHECK_INT(prompts(), 0);
    CHECK_INT(mock_keyring_count(), 0);
}

TEST("a keyring that vanishes while it asks for a collection fails the save soon")
{
    mock_keyring_behave("vanish", 100);
    double start = seconds();
    CHECK_ANSWER(save_with(scene_client(), prompting(5000)), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK(seconds() - start < 3);
}

TEST("a collection that somebody else makes while the user is asked is used")
{
    mock_keyring_behave("elsewhere", 100);
    CHECK_ANSWER(save_with(scene_client(), prompting(5000)), AUTH_STATUS_SUCCESS);
    CHECK_INT(mock_keyring_count(), 1);
    CHECK_INT(created(), 1);
}

TEST("without allow_prompt nobody is asked, and the error says what allow_prompt does")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    auth_error *error = NULL;
    mock_keyring_behave("complete", 0);
    CHECK_INT(auth_session_save(client, &session, NULL, &error), AUTH_STATUS_KEYRING_NO_COLLECTION);
    CHECK_TEXT(auth_error_message(error),
               "The keyring has no default collection: none was created yet, or none is open.");
    CHECK(strstr(auth_error_recovery_suggestion(error), "allow_prompt"));
    auth_error_free(error);
    CHECK_INT(created(), 0);
    CHECK_INT(prompts(), 0);
}

TEST("row 3: no other call offers to make a collection: nobody is signed in")
{
    auth_client *client = scene_client();
    auth_call_options options = prompting(5000);
    auth_session out = AUTH_SESSION_INIT;
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    mock_keyring_behave("complete", 0);
    CHECK_ANSWER(auth_session_load(client, &options, &out, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_ANSWER(auth_session_fetch(client, &options, &out, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(auth_sign_out(client, &options, &result), AUTH_SIGN_OUT_COMPLETE);
    CHECK_TEXT(told(&result), NOBODY);
    auth_sign_out_result_clear(&result);
    CHECK_INT(created(), 0);
    CHECK_INT(prompts(), 0);
    CHECK_INT(server_connection_count(), 0);
}

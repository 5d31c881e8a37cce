/* SPDX-License-Identifier: Apache-2.0 */

/* The encrypted file that libsecret keeps where there is no Secret Service: what is in it, and what becomes of it when
 * other programs write it, or something runs out. test_providers has what holds of every keyring, test_file_damage and
 * test_file_crash what their names say. It runs where there is no bus. */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "few_threads.h"
#include "keyring_file.h"
#include "scene.h"

void set_scene(void)
{
    server_select(NULL);
    server_reset();
    keyring_file_begin();
}

#define UNSEEN "failed: may have been signed in, still signed in; global not requested, revocation not attempted"
#define UNDELETED "failed: was signed in, still signed in; global not requested, revocation done"

TEST("the file is made by the first save, for its user alone, and a token cannot be read in it")
{
    auth_client *client = scene_client();
    CHECK_ANSWER(load_within(client, 0, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK(!keyring_file_exists(""));
    auth_session session = sign_in(client);
    struct stat status;
    CHECK_INT(stat(keyring_file_path(""), &status), 0);
    CHECK_INT(status.st_mode, S_IFREG | 0600);
    CHECK_INT(keyring_file_count(), 1);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    keyring_file_contents contents = keyring_file_read();
    CHECK(memmem(contents.bytes, contents.size, session.refresh_token, strlen(session.refresh_token)) == NULL);
}

TEST("a refreshed session takes the place of the stored one")
{
    auth_client *client = scene_client();
    sign_in_for(client, EXPIRED);
    const char *newest = server_rotate();
    auth_session fetched = AUTH_SESSION_INIT;
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_SUCCESS);
    CHECK_TEXT(load(client)->refresh_token, newest);
    CHECK_TEXT(load(client)->access_token, fetched.access_token);
    auth_session_clear(&fetched);
    CHECK_INT(keyring_file_count(), 1);
}

TEST("the key of a device stays when the session goes")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.device_key = SCENE_DEVICE_KEY;
    save(client, &session);
    CHECK_INT(keyring_file_count(), 2);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(keyring_file_count(), 1);
    sign_in(client);
    CHECK_TEXT(load(client)->device_key, SCENE_DEVICE_KEY);
}

TEST("what was deleted is not left in the backup that is kept of the file")
{
    auth_client *client = scene_client();
    auth_session session = scene_session();
    session.device_key = SCENE_DEVICE_KEY;
    save(client, &session); /* Two items: the second write keeps the first file. */
    CHECK(keyring_file_exists("~"));
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK(!keyring_file_exists("~"));
}

/* Another program in the same sandbox. */
static auth_client *other_client(void)
{
    auth_client_options options = scene_options();
    options.app_id = "org.example.Other";
    return scene_client_with(&options);
}

ROLE("sign in to another app")
{
    sign_in(other_client());
    return 0;
}

ROLE("sign in")
{
    sign_in(scene_client());
    return 0;
}

ROLE("load nothing")
{
    CHECK_ANSWER(load_within(scene_client(), 0, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    return 0;
}

TEST("a sign-out deletes from the file as another program has written it since, and leaves the other's session")
{
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_INT(run_role("sign in to another app"), 0);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(run_role("load nothing"), 0);
    CHECK_INT(keyring_file_count(), 1);
    CHECK_TEXT(load(other_client())->username, TOKEN_USERNAME);
}

TEST("a session that another process has saved since the last look is signed out")
{
    auth_client *client = scene_client();
    CHECK_ANSWER(load_within(client, 0, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(run_role("sign in"), 0);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(run_role("load nothing"), 0);
}

TEST("a save and a load see what another process has written since")
{
    auth_client *client = scene_client();
    auth_session first = sign_in(client);
    CHECK_INT(run_role("sign in"), 0);
    const char *second = load(client)->refresh_token;
    CHECK(second && strcmp(second, first.refresh_token) != 0);
    auth_session third = sign_in(client);
    CHECK_TEXT(load(client)->refresh_token, third.refresh_token);
    CHECK_INT(keyring_file_count(), 1);
}

static void save_elsewhere(void) { CHECK_INT(run_role("sign in to another app"), 0); }

TEST("row 23: a session that another process has saved while Cognito works is seen by the second look")
{
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_TEXT(told(sign_out_while(client, HELD_ONCE, save_elsewhere)), COMPLETE);
    CHECK_INT(keyring_file_count(), 1);
}

/* The exit status is how many rounds were not as they must be. */
ROLE("sign in and out of an app of its own")
{
    auth_client_options options = scene_options();
    options.app_id = text("org.example.App%d", (int)getpid());
    auth_client *client = scene_client_with(&options);
    int failures = 0;
    for (int i = 0; i < 10; i++) {
        auth_session session = sign_in(client);
        const char *loaded = load(client)->refresh_token;
        failures += !loaded || strcmp(loaded, session.refresh_token) != 0;
        failures += sign_out(client)->outcome != AUTH_SIGN_OUT_COMPLETE;
        failures += load_within(client, 0, NULL) != AUTH_STATUS_NOT_SIGNED_IN;
    }
    return failures;
}

TEST("programs that use the file at the same time lose nothing of each other's, from the first item on")
{
    pid_t processes[4];
    for (int i = 0; i < LENGTH(processes); i++) processes[i] = start_role("sign in and out of an app of its own");
    for (int i = 0; i < LENGTH(processes); i++) CHECK_INT(wait_for(processes[i], 200000), 0);
    CHECK_INT(keyring_file_count(), 0);
}

TEST("without a key anywhere the keyring is unavailable")
{
    auth_client *client = scene_client();
    sign_in(client);
    unsetenv("SECRET_FILE_TEST_PASSWORD");
    CHECK_TEXT(told(sign_out(client)), UNSEEN);
    CHECK_ANSWER(load_within(client, 0, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_ANSWER(save_within(client, 0, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_INT(keyring_file_count(), 1);
}

TEST("SECRET_BACKEND with the name of nothing is no keyring, and says so")
{
    const char *message;
    setenv("SECRET_BACKEND", "nonsense", 1);
    CHECK_ANSWER(load_within(scene_client(), 0, &message), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_HAS(message, "SECRET_BACKEND");
    CHECK_TEXT(told(sign_out(scene_client())), UNSEEN);
    setenv("SECRET_BACKEND", "service", 1);
    CHECK_ANSWER(load_within(scene_client(), 0, &message), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_LACKS(message, "SECRET_BACKEND");
}

TEST("row 23: where the file cannot be written, the sign-out failed, and the session is still there")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    keyring_file_contents whole = keyring_file_read();
    struct rlimit limit, none;
    getrlimit(RLIMIT_FSIZE, &limit);
    none = (struct rlimit){0, limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    fflush(stdout);
    auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
    /* As on a disk that is full, whoever runs this. */
    setrlimit(RLIMIT_FSIZE, &none);
    auth_sign_out(client, NULL, &result);
    auth_status saved = save_within(client, 0, NULL);
    setrlimit(RLIMIT_FSIZE, &limit);
    CHECK_TEXT(told(&result), UNDELETED);
    CHECK_STATUS(result.failure, AUTH_STATUS_KEYRING_FAILED);
    auth_sign_out_result_clear(&result);
    CHECK_ANSWER(saved, AUTH_STATUS_KEYRING_FAILED);
    CHECK(keyring_file_is(whole));
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
}

TEST("row 23: where the backup cannot be replaced, the sign-out failed")
{
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_INT(mkdir(keyring_file_path("~"), 0700), 0);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_TEXT(told(result), UNDELETED);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_FAILED);
    CHECK_INT(keyring_file_count(), 1);
    CHECK_INT(rmdir(keyring_file_path("~")), 0);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
}

TEST("in a child of fork a call fails at once")
{
    auth_client *client = scene_client();
    sign_in(client);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) _exit(load_within(client, 0, NULL) == AUTH_STATUS_KEYRING_UNAVAILABLE ? 0 : 1);
    CHECK_INT(wait_for(child, 5000), 0);
    CHECK_TEXT(load(client)->username, TOKEN_USERNAME);
}

ROLE("work without threads")
{
    auth_client *client = scene_client();
    for (int threads = 0; threads < 4; threads++) {
        during(text("%d threads", threads));
        allow_threads(threads);
        CHECK_ANSWER(load_within(client, 0, NULL), AUTH_STATUS_OUT_OF_RESOURCES);
        allow_threads(threads);
        auth_sign_out_result result = AUTH_SIGN_OUT_RESULT_INIT;
        auth_sign_out(client, NULL, &result);
        CHECK_STATUS(result.failure, AUTH_STATUS_OUT_OF_RESOURCES);
        auth_sign_out_result_clear(&result);
        allow_threads(-1);
    }
    CHECK_TEXT(load(client)->username, TOKEN_USERNAME);
    return 0;
}

TEST("where the process can have no further thread, the file is not touched: OUT_OF_RESOURCES")
{
    sign_in(scene_client());
    CHECK_INT(run_role("work without threads"), 0);
    CHECK_INT(keyring_file_count(), 1);
}

TEST("where the process can have no further descriptor, the file is not touched: OUT_OF_RESOURCES")
{
    auth_client *client = scene_client();
    sign_in(client);
    struct rlimit limit, none;
    getrlimit(RLIMIT_NOFILE, &limit);
    int lowest = dup(0);
    close(lowest);
    for (int descriptors = 1; descriptors < 8; descriptors++) {
        none = (struct rlimit){(rlim_t)(lowest + descriptors), limit.rlim_max};
        setrlimit(RLIMIT_NOFILE, &none);
        auth_status status = load_within(client, 0, NULL);
        setrlimit(RLIMIT_NOFILE, &limit);
        during(text("%d descriptors", descriptors));
        CHECK_ANSWER(status, AUTH_STATUS_OUT_OF_RESOURCES);
    }
    CHECK_TEXT(load(client)->username, TOKEN_USERNAME);
}

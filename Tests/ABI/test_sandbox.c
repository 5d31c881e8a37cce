/* SPDX-License-Identifier: Apache-2.0 */

/* Which keyring is used in a sandbox. Each case is a process of its own, which is in the sandbox from its beginning. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "keyring_file.h"
#include "mock_portal.h"
#include "sandbox.h"
#include "scene.h"

void set_scene(void)
{
    sandbox_leave();
    unsetenv("SECRET_BACKEND");
    server_select(NULL);
    server_reset();
    keyring_empty();
    unlink(keyring_file_path(""));
    unlink(keyring_file_path("~"));
    mock_portal_start();
}

#define UNSEEN "failed: may have been signed in, still signed in; global not requested, revocation not attempted"

ROLE("sign in and out")
{
    bool wants_file = getenv("WANTS_FILE") != NULL;
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    CHECK_INT(keyring_count("session"), wants_file ? 0 : 1);
    CHECK_INT(keyring_file_exists(""), wants_file);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_ANSWER(load_within(client, 5000, NULL), AUTH_STATUS_NOT_SIGNED_IN);
    CHECK_INT(keyring_count("session"), 0);
    return 0;
}

ROLE("save")
{
    sign_in(scene_client());
    return 0;
}

static void check_keyring(bool wants_file)
{
    if (wants_file) setenv("WANTS_FILE", "1", 1);
    CHECK_INT(run_role("sign in and out"), 0);
    unsetenv("WANTS_FILE");
}

TEST("in a Flatpak with a Secret portal the session is in the encrypted file")
{
    sandbox_enter_flatpak();
    check_keyring(true);
    CHECK(mock_portal_requests() > 0);
}

TEST("in a snap that is confined the session is in the encrypted file")
{
    const char *labels[] = {"snap.mail.mail (enforce)", SANDBOX_REFUSED};
    for (int i = 0; i < LENGTH(labels); i++) {
        sandbox_enter_snap("mail", labels[i]);
        during(labels[i]);
        check_keyring(true);
    }
}

TEST("SNAP_NAME that a snap's terminal left in the environment chooses no encrypted file")
{
    const char *labels[] = {NULL, "unconfined", "snap.terminal.terminal (complain)", "/usr/bin/mail (enforce)"};
    for (int i = 0; i < LENGTH(labels); i++) {
        sandbox_enter_snap("terminal", labels[i]);
        during(labels[i] ? labels[i] : "no label");
        check_keyring(false);
    }
    CHECK_INT(mock_portal_requests(), 0);
}

ROLE("sign out")
{
    CHECK_TEXT(told(sign_out(scene_client())), COMPLETE);
    return 0;
}

TEST("a session in the keyring is signed out from a snap's terminal too")
{
    sign_in(scene_client());
    sandbox_enter_snap("terminal", NULL);
    CHECK_INT(run_role("sign out"), 0);
    CHECK_INT(keyring_count("session"), 0);
}

TEST("a label of a snap without SNAP_NAME chooses no encrypted file, for which libsecret would have no key")
{
    sandbox_set_label("snap.mail.mail (enforce)");
    check_keyring(false);
}

TEST("SECRET_BACKEND decides, also in a sandbox")
{
    sandbox_enter_flatpak();
    setenv("SECRET_BACKEND", "service", 1);
    check_keyring(false);
    setenv("SECRET_BACKEND", "file", 1);
    check_keyring(true);
}

ROLE("meet no portal")
{
    const char *message;
    CHECK_ANSWER(load_within(scene_client(), 5000, &message), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_HAS(message, "portal");
    CHECK_TEXT(told(sign_out(scene_client())), UNSEEN);
    return 0;
}

TEST("in a sandbox without a Secret portal the session is in the keyring, unless an encrypted file is there")
{
    sandbox_enter_flatpak();
    CHECK_INT(run_role("save"), 0);
    mock_portal_stop();
    CHECK(keyring_file_exists(""));
    CHECK_INT(run_role("meet no portal"), 0);
    CHECK_INT(unlink(keyring_file_path("")), 0);
    check_keyring(false);
}

ROLE("meet a mute portal")
{
    auth_client *client = scene_client();
    double start = seconds();
    CHECK_ANSWER(load_within(client, 700, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK(seconds() - start >= 0.6 && seconds() - start < 3);
    mock_portal_behave("answer");
    CHECK_TEXT(load(client)->username, TOKEN_USERNAME);
    return 0;
}

TEST("a portal that does not even tell its version is waited for, and nothing is looked for elsewhere")
{
    sandbox_enter_flatpak();
    CHECK_INT(run_role("save"), 0);
    mock_portal_behave("mute");
    CHECK_INT(run_role("meet a mute portal"), 0);
}

ROLE("with SECRET_BACKEND left over")
{
    const char *message;
    auth_client *client = scene_client();
    CHECK_ANSWER(load_within(client, 5000, &message), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_HAS(message, "SECRET_BACKEND");
    CHECK_TEXT(told(sign_out(client)), UNSEEN);
    return 0;
}

TEST("row 21: a SECRET_BACKEND that is left over, where there is neither a file nor a portal, is not \"nobody signed in\"")
{
    sign_in(scene_client());
    setenv("SECRET_BACKEND", "file", 1);
    mock_portal_stop();
    CHECK_INT(run_role("with SECRET_BACKEND left over"), 0);
    unsetenv("SECRET_BACKEND");
    CHECK_INT(keyring_count("session"), 1);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* A session bus that ends and starts again at the same address while the program runs, and gnome-keyring with it. It
 * runs in a session that has no keyring, and starts a bus of its own. */

#include <signal.h>
#include <stdlib.h>

#include "mock_portal.h"
#include "own_bus.h"
#include "provider.h"
#include "sandbox.h"
#include "scene.h"
#include "watcher.h"

static void restart_bus(void)
{
    own_bus_stop();
    CHECK(own_bus_start());
}

void set_scene(void)
{
    server_select(NULL);
    server_reset();
    if (own_bus == 0) CHECK(own_bus_start());
}

static int count(void) { return provider_count(SCENE_APP_ID); }

TEST("a bus that was started again is used again, by the same client")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    restart_bus();
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    sign_in(client);
    restart_bus();
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(count(), 0);
}

TEST("row 21: while the bus is away there is no keyring, which is said at once")
{
    auth_client *client = scene_client();
    auth_session out = AUTH_SESSION_INIT;
    sign_in(client);
    own_bus_stop();
    double start = seconds();
    CHECK_ANSWER(auth_session_load(client, NULL, &out, NULL), AUTH_STATUS_KEYRING_UNAVAILABLE);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_INT(server_connection_count(), 0);
    CHECK(seconds() - start < 5);
    CHECK(own_bus_start());
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(count(), 0);
}

TEST("row 23: a bus that ends while Cognito works fails the sign-out; started again, the next one completes")
{
    auth_client *client = scene_client();
    sign_in(client);
    const auth_sign_out_result *result = sign_out_while(client, HELD_ONCE, own_bus_stop);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK(result->signed_out_locally != AUTH_ANSWER_YES);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
    CHECK(own_bus_start());
    CHECK_INT(count(), 1);
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
    CHECK_INT(count(), 0);
}

TEST("row 23: a bus that starts anew while Cognito works is deleted over, or the sign-out says that it failed")
{
    auth_client *client = scene_client();
    sign_in(client);
    const auth_sign_out_result *result = sign_out_while(client, HELD_ONCE, restart_bus);
    CHECK_INT(result->signed_out_locally == AUTH_ANSWER_YES, count() == 0);
    CHECK_INT(result->outcome == AUTH_SIGN_OUT_COMPLETE, count() == 0);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(count(), 0);
}

TEST("row W4: a watch ends when the bus does, and there is none without a bus")
{
    auth_client *client = scene_client();
    sign_in(client);
    watcher *watcher = watcher_start(NULL);
    own_bus_stop();
    CHECK_ANSWER(watcher_end(watcher), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_TEXT(watcher_hears(watcher, 0), "");
    auth_error *error = NULL;
    auth_operation *operation = start_operation(client, auth_session_watch_start);
    CHECK_ANSWER(auth_operation_finish_session(operation, NULL, &error), AUTH_STATUS_KEYRING_UNAVAILABLE);
    CHECK_STATUS(error, AUTH_STATUS_KEYRING_UNAVAILABLE);
    auth_error_free(error);
    CHECK(own_bus_start());
    CHECK_TEXT(told(sign_out(client)), COMPLETE);
}

ROLE("sign in")
{
    sign_in(scene_client());
    return 0;
}

ROLE("wait for the portal")
{
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    auth_session session = AUTH_SESSION_INIT;
    options.timeout_ms = 3000;
    CHECK(auth_session_load(scene_client(), &options, &session, NULL) != AUTH_STATUS_SUCCESS);
    sleep_ms(300);
    return 0;
}

/* libsecret asks the Secret portal on GLib's connection of the process, which ends the process together with the bus. */
TEST("a bus that ends while the Secret portal is waited for does not end a program that has no such connection")
{
    setenv("SECRET_BACKEND", "file", 1);
    sandbox_enter_snap("terminal", NULL);
    mock_portal_start();
    CHECK_INT(run_role("sign in"), 0);
    mock_portal_behave("silent");
    int asked = mock_portal_requests();
    pid_t process = start_role("wait for the portal");
    for (double end = seconds() + 5; mock_portal_requests() == asked && seconds() < end;) sleep_ms(20);
    CHECK(mock_portal_requests() > asked);
    own_bus_stop();
    CHECK_INT(wait_for(process, 20000), 0);
    sandbox_leave();
    unsetenv("SECRET_BACKEND");
    CHECK(own_bus_start());
}

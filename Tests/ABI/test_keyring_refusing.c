/* SPDX-License-Identifier: Apache-2.0 */

/* A keyring that shows its items and does not let them be deleted: a bus of our own refuses to carry that. It runs in a
 * session that has no keyring, and starts one on that bus. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unfinished.h"

static const char configuration[] =
    "<busconfig><type>session</type><listen>unix:dir=/tmp</listen><policy context='default'>"
    "<allow send_destination='*'/><allow receive_sender='*'/><allow own='*'/>"
    "<deny send_interface='org.freedesktop.Secret.Item' send_member='Delete'/></policy></busconfig>";

/* Starts the bus and makes it this program's. It ends with the private session. */
static bool start_bus(void)
{
    const char *path = text("%s/refusing.conf", getenv("HOME"));
    FILE *file = fopen(path, "w");
    if (!file || fputs(configuration, file) < 0 || fclose(file) != 0) return false;
    char address[256] = "";
    FILE *bus = popen(text("dbus-daemon --config-file='%s' --fork --print-address", path), "r");
    bool is_read = bus && fgets(address, sizeof address, bus) != NULL;
    if (!bus || pclose(bus) != 0 || !is_read) return false;
    address[strcspn(address, "\n")] = '\0';
    return setenv("DBUS_SESSION_BUS_ADDRESS", address, 1) == 0 && keyring_run("restart-unlocked");
}

void set_scene(void)
{
    static bool is_started;
    server_select(NULL);
    server_reset();
    if (!is_started) CHECK(is_started = start_bus());
    keyring_check_glib(false);
}

TEST("row 23: where deleting is refused, the sign-out failed, and the result says that the tokens are dead")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client);
    const auth_sign_out_result *result = sign_out_global(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_INT(result->was_signed_in, AUTH_ANSWER_YES);
    CHECK(result->signed_out_locally != AUTH_ANSWER_YES);
    CHECK_INT(result->global_sign_out, AUTH_REMOTE_DONE);
    CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
    auth_status status = auth_error_status(result->failure);
    CHECK(status == AUTH_STATUS_KEYRING_ACCESS_DENIED || status == AUTH_STATUS_KEYRING_FAILED);
    CHECK_INT(keyring_count("session"), 1);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);

    /* Only the deletion is open. */
    REQUIRE(result->partial_failure_token != NULL);
    server_reset();
    result = retry(client, result->partial_failure_token);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK(result->signed_out_locally != AUTH_ANSWER_YES);
    CHECK_INT(auth_error_status(result->failure), status);
    CHECK(result->partial_failure_token != NULL);
    CHECK_INT(server_connection_count(), 0);
    CHECK_INT(keyring_count("session"), 1);
}

TEST("row 23: a local sign-out fails so too, every time")
{
    auth_client *client = scene_client();
    sign_in(client);
    int count = keyring_count("session"); /* What older ones there are cannot be deleted either. */
    CHECK(count > 0);
    for (int i = 0; i < 2; i++) {
        const auth_sign_out_result *result = sign_out(client);
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
        CHECK_INT(result->revoke_token, AUTH_REMOTE_DONE);
        CHECK(result->partial_failure_token != NULL);
        CHECK_INT(keyring_count("session"), count);
    }
}

TEST("row L9: where deleting is refused, who signed out stays signed out to every program, and each resume tries again")
{
    auth_client *client = keeping_client();
    sign_in(client);
    const auth_sign_out_result *result = sign_out(client);
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
    CHECK_INT(result->kept, AUTH_ANSWER_YES);
    CHECK(keyring_count("session") > 0);
    CHECK(load(scene_client())->access_token == NULL);
    server_reset();
    for (int i = 0; i < 2; i++) {
        result = resume(scene_client());
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_FAILED);
        CHECK(result->signed_out_locally != AUTH_ANSWER_YES);
        CHECK(keyring_count(KEPT) > 0);
    }
    CHECK_INT(server_connection_count(), 0);
    auth_session again = sign_in(scene_client());
    CHECK_TEXT(load(scene_client())->refresh_token, again.refresh_token);
}

TEST("where deleting is refused, nothing is printed on the program's stderr")
{
    keyring_check_glib(true);
    auth_client *client = scene_client();
    sign_in(client);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_FAILED);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The log. */

#include <string.h>

#include "scene.h"

#define SECRET "clientsecretclientsecretclientsecret"

static char lines[65536];
static int line_count, levels[5];

static void collect(void *user_data, auth_log_level level, const char *message)
{
    CHECK(user_data == lines);
    CHECK(level >= AUTH_LOG_LEVEL_ERROR && level <= AUTH_LOG_LEVEL_DEBUG);
    CHECK(message[0] != '\0' && strchr(message, '\n') == NULL);
    if (level > 0 && level < 5) levels[level]++;
    line_count++;
    strncat(lines, message, sizeof lines - strlen(lines) - 2);
    strcat(lines, "\n");
}

static auth_client *logging_client(auth_log_level level)
{
    lines[0] = '\0';
    line_count = 0;
    memset(levels, 0, sizeof levels);
    auth_client_options options = scene_options();
    options.client_secret = SECRET;
    options.log_function = collect;
    options.log_user_data = lines;
    options.log_level = level;
    return scene_client_with(&options);
}

/* A round of everything: refreshes, failures, echoes, damage, a locked keyring, retries. */
static void use(auth_client *client)
{
    const char *tokens[4];
    int count = 0;
    auth_session session = scene_session_for(EXPIRED), fetched = AUTH_SESSION_INIT;
    session.device_key = SCENE_DEVICE_KEY;
    save(client, &session);
    auth_session_fetch(client, NULL, &fetched, NULL);
    auth_session_clear(&fetched);
    sign_out_global(client);
    static const char *const replies[] = {"{'echo':true}", "{'status':500,'body':'<html>'},{'default':true}",
                                          "{'close':'reset'}"};
    for (int i = 0; i < 3; i++) {
        sign_in(client);
        server_reply("GlobalSignOut", replies[i]);
        server_reply("RevokeToken", replies[i]);
        const char *token = sign_out_global(client)->partial_failure_token;
        if (token) tokens[count++] = token;
        server_reset();
    }
    for (int i = 0; i < count; i++) retry(client, tokens[i]);
    for (int i = 0; i < count; i++) CHECK_LACKS(lines, tokens[i]);
    retry(client, "damaged");
    keyring_add("session", "damaged");
    sign_out(client);
    sign_in(client);
    CHECK(keyring_run("lock"));
    sign_out(client);
    CHECK(keyring_run("unlock"));
    sign_out(client);
}

TEST("at DEBUG no token, secret, client id, user name or device key is in any line")
{
    use(logging_client(AUTH_LOG_LEVEL_DEBUG));
    CHECK(line_count > 10);
    CHECK(levels[AUTH_LOG_LEVEL_DEBUG] > 0 && levels[AUTH_LOG_LEVEL_INFO] > 0 && levels[AUTH_LOG_LEVEL_ERROR] > 0);
    CHECK_TEXT(token_in(lines), NULL);
    CHECK_LACKS(lines, SECRET);
    CHECK_LACKS(lines, SCENE_CLIENT_ID);
    CHECK_LACKS(lines, TOKEN_USERNAME);
    CHECK_LACKS(lines, TOKEN_SUB);
    CHECK_LACKS(lines, SCENE_DEVICE_KEY);
    for (const char *run = lines; *run; run++) { /* Nor is what only looks like a token. */
        size_t length = strspn(run, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.");
        if (length >= 48) CHECK_TEXT(text("%.*s", (int)length, run), NULL);
        if (length > 0) run += length - 1;
    }
}

TEST("each level includes those before it and none after it")
{
    int previous = 0;
    for (auth_log_level level = AUTH_LOG_LEVEL_ERROR; level <= AUTH_LOG_LEVEL_DEBUG; level++) {
        during(text("level %d", level));
        use(logging_client(level));
        for (int i = level + 1; i < 5; i++) CHECK_INT(levels[i], 0);
        CHECK(line_count >= previous);
        previous = line_count;
    }
}

TEST("the default level is WARNING: a sign-out without trouble logs nothing, a failed one does")
{
    auth_client *client = logging_client(AUTH_LOG_LEVEL_DEFAULT);
    sign_in(client);
    sign_out_global(client);
    CHECK_INT(line_count, 0);
    CHECK(keyring_run("lock"));
    sign_out(client);
    CHECK(levels[AUTH_LOG_LEVEL_ERROR] > 0);
    CHECK_INT(levels[AUTH_LOG_LEVEL_INFO] + levels[AUTH_LOG_LEVEL_DEBUG], 0);
}

TEST("at DEBUG each request is told by its operation")
{
    auth_client *client = logging_client(AUTH_LOG_LEVEL_DEBUG);
    sign_in(client);
    sign_out_global(client);
    CHECK_HAS(lines, "GlobalSignOut");
    CHECK_HAS(lines, "RevokeToken");
}

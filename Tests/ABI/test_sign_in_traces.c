/* SPDX-License-Identifier: Apache-2.0 */

/* What sign-ins leave behind: no secret in what is written or shown, and no port, descriptor or thread. */

#include <dirent.h>
#include <string.h>

#include "hosted_ui.h"

static char lines[65536];

static void write_line(void *user_data, auth_log_level level, const char *message)
{
    (void)user_data, (void)level;
    strncat(lines, message, sizeof lines - strlen(lines) - 2);
    strcat(lines, "\n");
}

TEST("no code, verifier, state, nonce, token or URL is in a line of the log, an error or a page")
{
    const char *message = "";
    for (int i = 0; i < 3; i++) {
        keyring_empty();
        server_reset();
        *lines = '\0';
        visitor *player = new_visitor(travel);
        auth_client_options options = hosted_ui_options(player);
        options.log_function = write_line;
        options.log_level = AUTH_LOG_LEVEL_DEBUG;
        auth_client *client = scene_client_with(&options);
        if (i == 1) plan.id_claims = "'nonce':'other'";
        if (i == 2) plan.reply = "{'echo':true}";
        browser_sign_in(client, NULL, NULL, &message);
        const char *url = visitor_url(player);
        if (i == 0) auth_sign_out(client, NULL, NULL);
        const char *const secrets[] = {
            "code-of-the-test",      server_body(0, "code_verifier"),  parameter(url, "state"),
            parameter(url, "nonce"), parameter(url, "code_challenge"), "oauth2/authorize"};
        const char *seen = text("%s%s%s", lines, message, visitor_page(player, 0).text);
        CHECK(*lines != '\0');
        CHECK_TEXT(token_in(seen), NULL);
        for (int j = 0; j < LENGTH(secrets); j++) {
            if (CHECK(secrets[j] != NULL)) CHECK_LACKS(seen, secrets[j]);
        }
    }
}

static int entries_of(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    while (folder && readdir(folder)) count++;
    if (folder) closedir(folder);
    return count;
}

TEST("200 sign-ins leave no port, descriptor or thread behind")
{
    int descriptors = 0, threads = 0;
    static auth_session session;
    visitor *player = new_visitor(travel);
    auth_client *client = hosted_ui_client(player);
    for (int i = 0; i < 200; i++) {
        auth_session_init(&session, sizeof session);
        if (!CHECK_ANSWER(auth_sign_in(client, NULL, NULL, &session, NULL), AUTH_STATUS_SUCCESS)) break;
        auth_session_clear(&session);
        visitor_pages(player);
        CHECK_INT(auth_sign_out(client, NULL, NULL), AUTH_SIGN_OUT_COMPLETE);
        visitor_pages(player);
        CHECK(!is_listened_at(first_port) && !is_listened_at(logout_port));
        server_reset();
        if (i == 20) descriptors = entries_of("/proc/self/fd"), threads = entries_of("/proc/self/task");
    }
    CHECK(entries_of("/proc/self/fd") <= descriptors + 1);
    CHECK(entries_of("/proc/self/task") <= threads + 1);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* How long a sign-out is kept that cannot be finished, by Cognito's answers, its age and its number; how long a resume
 * takes; and what it logs. */

#include <string.h>

#include "unfinished.h"

/* What Cognito says of a refresh token, and whether it is dead then. */
static const struct {
    const char *name, *message;
    bool is_finished;
} answers[] = {{"UnsupportedOperationException", "revocation is not enabled", true},
               {"UserNotFoundException", "User does not exist.", true},
               {"NotAuthorizedException", "Refresh Token has been revoked", true},
               {"NotAuthorizedException", "Refresh Token has expired", true},
               {"NotAuthorizedException", "User is disabled.", false},
               {"NotAuthorizedException", "Unable to verify secret hash for client", false},
               {"NotAuthorizedException", "Access Token has expired", false},
               {"TooManyRequestsException", "Rate exceeded", false},
               {"InternalErrorException", "something is wrong", false},
               {"ForbiddenException", "no", false}};

TEST("an item ends where the token is certainly dead, and stays where it may live")
{
    for (int i = 0; i < LENGTH(answers); i++) {
        during(text("%s: %s", answers[i].name, answers[i].message));
        keyring_empty();
        keep_sign_out();
        server_reply("RevokeToken", exception(answers[i].name, answers[i].message));
        const auth_sign_out_result *result = resume(scene_client());
        CHECK_INT(result->unfinished_count, !answers[i].is_finished);
        CHECK_INT(keyring_count(KEPT), !answers[i].is_finished);
        if (!answers[i].is_finished) CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    }
}

static char log_lines[65536];

static void on_line(void *user_data, auth_log_level level, const char *message)
{
    (void)user_data, (void)level;
    strncat(log_lines, message, sizeof log_lines - strlen(log_lines) - 2);
    strcat(log_lines, "\n");
}

/* A client all of whose log is remembered, and looked through for what must not be in it. */
static auth_client *logging_client(const char *endpoint)
{
    auth_client_options options = scene_options();
    options.endpoint = endpoint;
    options.log_function = on_line;
    options.log_level = AUTH_LOG_LEVEL_DEBUG;
    log_lines[0] = '\0';
    return keeping_client_with(options);
}

static void check_log(void)
{
    CHECK(log_lines[0] != '\0');
    CHECK_TEXT(token_in(log_lines), NULL);
    CHECK_LACKS(log_lines, TOKEN_USERNAME);
    CHECK_LACKS(log_lines, TOKEN_SUB);
    CHECK_LACKS(log_lines, SCENE_CLIENT_ID);
    CHECK_LACKS(log_lines, "ca1.");
}

TEST("no token, name or id is in the log of a sign-out that keeps, nor of a resume")
{
    auth_client *offline = logging_client(closed_url());
    sign_in(offline);
    sign_out_global(offline);
    check_log();
    resume(logging_client(server_url()));
    check_log();
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("one of 90 days is tried once more, and then given up; one that is younger is not")
{
    static const int days[] = {89, 91};
    for (int i = 0; i < LENGTH(days); i++) {
        during(text("%d days", days[i]));
        keyring_empty();
        server_reset();
        keep_sign_out();
        kept_move(-24 * days[i]);
        server_reply("RevokeToken", exception("ForbiddenException", "no"));
        const auth_sign_out_result *result = resume(logging_client(server_url()));
        CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
        CHECK_TEXT(server_operations(), "RevokeToken");
        CHECK_INT(strstr(log_lines, "given up") != NULL, days[i] > 90);
        check_log();
        check_kept(result, i == 0 ? AUTH_ANSWER_YES : AUTH_ANSWER_NO, i == 0);
    }
}

TEST("of 17 the oldest is given up once it was tried")
{
    auth_session oldest = keep_sign_out();
    for (int i = 0; i < 16; i++) keep_sign_out();
    CHECK_INT(keyring_count(KEPT), 17);
    server_reply("RevokeToken", exception("ForbiddenException", "no"));
    const auth_sign_out_result *result = resume(scene_client());
    CHECK_INT(result->outcome, AUTH_SIGN_OUT_PARTIAL);
    CHECK_INT(server_request_count(), 17);
    CHECK_TEXT(server_body(0, "Token"), oldest.refresh_token);
    check_kept(result, AUTH_ANSWER_YES, 16);
    server_reset();
    CHECK_TEXT(told(resume(scene_client())), RESUMED);
    REQUIRE(server_request_count() == 16);
    for (int i = 0; i < 16; i++) CHECK(strcmp(server_body(i, "Token"), oldest.refresh_token) != 0);
    CHECK_INT(keyring_count(NULL), 0);
}

TEST("a server that stalls costs a resume no more than its time, however much is kept, and nothing is lost")
{
    enum { ITEMS = 4, LIMIT_MS = 3000 };
    auth_call_options options = scene_within(LIMIT_MS);
    for (int i = 0; i < ITEMS; i++) keep_sign_out();
    server_reply("RevokeToken", "{'hold':true}");
    double start = seconds();
    const auth_sign_out_result *result = sign_out_by(auth_sign_out_resume, scene_client(), &options);
    CHECK((seconds() - start) * 1e3 < LIMIT_MS + 2500);
    CHECK(result->outcome != AUTH_SIGN_OUT_COMPLETE);
    CHECK_INT(result->unfinished_count, ITEMS);
    CHECK_INT(keyring_count(KEPT), ITEMS);
    server_release();
}

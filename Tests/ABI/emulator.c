/* SPDX-License-Identifier: Apache-2.0 */

#include "emulator.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "scene.h"

static const char *backend;
static char endpoint[64], pool_id[128], client_id[128], domain[64], redirect_uris[2][128], logout_uris[2][128];

/* A command line of local_cognito.py; nothing secret is ever in it. */
static const char *line(const char *command)
{
    return text("\"$COGNITOAUTH_TEST_EMULATORS/%s/bin/python\" -sEB \"$COGNITOAUTH_TEST_SUPPORT/local_cognito.py\" %s"
                " --directory \"$HOME/%s\"",
                backend, command, backend);
}

static bool run(const char *command) { return system(line(command)) == 0; }

static const char *path(const char *name) { return text("%s/%s/%s", getenv("HOME"), backend, name); }

bool emulator_join(const char *name)
{
    backend = name;
    FILE *file = fopen(path("cognito.env"), "r");
    if (!file) return false;
    char row[256];
    while (fgets(row, sizeof row, file)) {
        sscanf(row, "COGNITO_ENDPOINT=%63s", endpoint);
        sscanf(row, "COGNITO_USER_POOL_ID=%127s", pool_id);
        sscanf(row, "COGNITO_CLIENT_ID=%127s", client_id);
        sscanf(row, "COGNITO_HOSTED_UI_DOMAIN=%63s", domain);
        for (int i = 0; i < 2; i++) {
            sscanf(row, text("COGNITO_REDIRECT_URI_%d=%%127s", i + 1), redirect_uris[i]);
            sscanf(row, text("COGNITO_LOGOUT_URI_%d=%%127s", i + 1), logout_uris[i]);
        }
    }
    fclose(file);
    return endpoint[0] && pool_id[0] && client_id[0];
}

static bool start(const char *name, const char *option)
{
    backend = name;
    return run(text("start --backend %s%s", name, option)) && emulator_join(name);
}

bool emulator_start(const char *name) { return start(name, ""); }

bool emulator_start_login(const char *kind)
{ return start("ministack", text(" --%s-login", kind)) && domain[0] && redirect_uris[1][0] && logout_uris[1][0]; }

void emulator_stop(void)
{
    if (backend) run("stop");
}

bool emulator_pause(void) { return run("pause"); }
bool emulator_resume(void) { return run("resume"); }

auth_client_options emulator_options(void)
{
    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;
    options.app_id = SCENE_APP_ID;
    options.user_pool_id = pool_id;
    options.client_id = client_id;
    options.endpoint = endpoint;
    if (domain[0]) {
        static const char *sign_in[2] = {redirect_uris[0], redirect_uris[1]};
        static const char *sign_out[2] = {logout_uris[0], logout_uris[1]};
        options.hosted_ui_domain = domain;
        options.sign_in_redirect_uris = sign_in;
        options.sign_in_redirect_uri_count = 2;
        options.sign_out_redirect_uris = sign_out;
        options.sign_out_redirect_uri_count = 2;
    }
    return options;
}

static const char *member(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? text("%s", value) : NULL;
}

auth_session emulator_sign_in(void) { return emulator_sign_in_as("ada"); }

auth_session emulator_sign_in_as(const char *user)
{
    FILE *answer = popen(line(text("sign-in --user %s", user)), "r");
    json_t *tokens = answer ? json_loadf(answer, 0, NULL) : NULL;
    if (answer) pclose(answer);
    auth_session session = AUTH_SESSION_INIT;
    session.username = user;
    session.access_token = member(tokens, "access");
    session.id_token = member(tokens, "id");
    session.refresh_token = member(tokens, "refresh");
    json_decref(tokens);
    CHECK(session.access_token && session.id_token && session.refresh_token);
    return session;
}

/* Exit status 0: yes, 1: no; anything else is an answer to nothing. */
static bool takes(const char *command, const char *token)
{
    FILE *input = popen(text("%s >/dev/null", line(command)), "w");
    if (!input) return false;
    fputs(token, input);
    int status = pclose(input);
    CHECK(status == 0 || status == 1 << 8);
    return status == 0;
}

bool emulator_takes_refresh_token(const char *token) { return takes("refresh-works --refresh-token-file -", token); }
bool emulator_takes_access_token(const char *token) { return takes("access-works --access-token-file -", token); }

const char *emulator_operations(void)
{
    json_t *traffic = json_load_file(path("traffic.json"), 0, NULL), *operation;
    const char *result = "";
    size_t i;
    json_array_foreach(json_object_get(traffic, "operations"), i, operation)
    { result = text("%s%s%s", result, i ? " " : "", json_string_value(operation)); }
    json_decref(traffic);
    return result;
}

int emulator_connection_count(void)
{
    json_t *traffic = json_load_file(path("traffic.json"), 0, NULL);
    int result = (int)json_integer_value(json_object_get(traffic, "connections"));
    json_decref(traffic);
    return result;
}

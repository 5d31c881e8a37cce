/* SPDX-License-Identifier: Apache-2.0 */

#include "killed_sign_out.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator.h"
#include "unfinished.h"

#define SCENE "COGNITOAUTH_TEST_KILLED"

/* What a role has to know of the scene. */
enum { GLOBAL = 1, OFFLINE_THEN = 2, EMULATED = 4 };
static int flags(void) { return atoi(getenv(SCENE)); }

static const killed_sign_out *scene;
static auth_session session;

static auth_client_options options(void)
{
    if (!(flags() & EMULATED)) return scene_options();
    CHECK(emulator_join("ministack"));
    return emulator_options();
}

void killed_begin(const killed_sign_out *next)
{
    scene = next;
    setenv(SCENE,
           text("%d", scene->is_global * GLOBAL + scene->is_offline * OFFLINE_THEN + scene->is_emulated * EMULATED), 1);
    keyring_empty();
    server_reset();
    session = scene->is_emulated ? emulator_sign_in() : scene_session_for(scene->is_expired ? EXPIRED : 3600);
    save(keeping_client_with(options()), &session);
    if (!scene->is_emulated) server_add_session(session.access_token, session.refresh_token);
}

static int be_killed(bool is_stopped)
{
    auth_client_options mine = options();
    if (flags() & OFFLINE_THEN) mine.endpoint = closed_url();
    auth_client *client = keeping_client_with(mine);
    if (is_stopped) raise(SIGSTOP);
    flags() & GLOBAL ? sign_out_global(client) : sign_out(client);
    return 0;
}

ROLE(SIGNING_OUT) { return be_killed(false); }
ROLE(STOPPING) { return be_killed(true); }

/* The exit status is the outcome. */
ROLE(RESUMING)
{
    auth_client_options mine = options();
    return resume(scene_client_with(&mine))->outcome;
}

/* The refresh token that Cognito still takes; NULL if it takes none. */
static const char *live_token(void)
{
    if (scene->is_emulated)
        return emulator_takes_refresh_token(session.refresh_token) ? session.refresh_token : NULL;
    const char *tokens = server_live_tokens();
    return tokens[0] ? tokens : NULL;
}

/* All that is stored, readable. */
static const char *stored(void)
{
    const char *secret = keyring_secret("session"), *kept = keyring_secret(KEPT);
    const char *token = kept ? strstr(kept, "ca1.") : NULL;
    if (token) token = base64url_decode(text("%.*s", (int)strcspn(token + 4, "."), token + 4));
    return text("%s %s", secret ? secret : "", token ? token : "");
}

static killed_place place(void)
{
    bool has_item = keyring_count(KEPT) > 0, has_session = keyring_count("session") > 0;
    if (!has_session) return has_item ? BEFORE_END : AFTER_END;
    if (!has_item) return BEFORE_ITEM;
    return live_token() ? BEFORE_COGNITO : BEFORE_DELETION;
}

/* A sign-out that never began: the session is whole. It is signed out of here. */
static void check_signed_in(void)
{
    auth_client_options mine = options();
    auth_client *client = scene_client_with(&mine);
    CHECK_TEXT(live_token(), session.refresh_token);
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_INT(sign_out(client)->outcome, AUTH_SIGN_OUT_COMPLETE);
}

void killed_end(int status, killed_tally *tally)
{
    CHECK(status == 0 || status == 128 + SIGKILL);
    killed_place where = place();
    const char *left = stored();
    int outcome = run_role(RESUMING);
    /* What was sent in the last moment may have come after we looked. */
    if (where == BEFORE_ITEM && keyring_count("session") > 0) check_signed_in();
    CHECK_INT(keyring_count("session"), 0);
    CHECK_INT(keyring_count(KEPT), 0);
    const char *live = live_token();
    bool is_lost = live && scene->is_expired && strcmp(live, session.refresh_token) != 0 && !strstr(left, live);
    if (!is_lost) CHECK_TEXT(live, NULL);
    tally->count++;
    tally->places[where]++;
    tally->lost += is_lost;
    if (CHECK(outcome == AUTH_SIGN_OUT_COMPLETE || outcome == AUTH_SIGN_OUT_PARTIAL)) tally->outcomes[outcome]++;
}

void killed_print(const char *name, const killed_tally *tally)
{
    if (!tally) {
        printf("  %-38s       | killed                                             | resume           | refresh\n", "");
        printf("  %-38s kills | unwritten  written  revoked  deleted     finished | complete partial | lost\n", "");
        return;
    }
    printf("  %-38s %5d | %9d %8d %8d %8d %12d | %8d %7d | %4d\n", name, tally->count, tally->places[BEFORE_ITEM],
           tally->places[BEFORE_COGNITO], tally->places[BEFORE_DELETION], tally->places[BEFORE_END],
           tally->places[AFTER_END], tally->outcomes[0], tally->outcomes[1], tally->lost);
}

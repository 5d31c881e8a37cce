/* SPDX-License-Identifier: Apache-2.0 */

/* What the user of a provider of the Secret Service is asked, and answers or not: rows 19, 20, 22 and W3. */

#include <regex.h>
#include <stdlib.h>

#include "neighbour.h"
#include "provider_scene.h"
#include "watcher.h"

TEST("row 19: another process may read the session once the user has allowed it")
{
    auth_session session = sign_in(scene_client());
    if (!is_asking()) return cannot("it lets every program read what is unlocked");
    will_allow_access();
    CHECK_INT(load_elsewhere(&session, true), 0);
}

TEST("row 20: another process may not read the session where the user declines, and is told so")
{
    auth_session session = sign_in(scene_client());
    if (!is_asking()) return cannot("it lets every program read what is unlocked");
    will_answer("Access Request", "Escape");
    CHECK_INT(load_elsewhere(&session, true), 100 + AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    CHECK_INT(item_count(), 1);
}

TEST("row 19: a user who does not answer in time is told of, and the window is left as it is")
{
    auth_client *mine = scene_client();
    auth_session session = AUTH_SESSION_INIT;
    if (provider_is("gnome-keyring")) return cannot("its prompt is another program's; test_prompt has a mock");
    sign_in(mine);
    CHECK(provider_run(is_file() ? "silence" : "lock"));
    auth_call_options options = prompting(1500);
    if (is_file()) options.timeout_ms = 1500; /* The portal asks whoever it likes, as long as the call lasts. */
    CHECK_ANSWER(auth_session_load(mine, &options, &session, NULL), AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK(provider_windows()[0] != '\0');
    CHECK(provider_run("restart-unlocked"));
}

TEST("row 20: a delete that the user declines fails the sign-out, and the session stays")
{
    auth_client *mine = scene_client();
    if (!is_asking()) return cannot("it asks nobody before it deletes");
    sign_in(mine);
    will_answer(DELETE_QUESTION, "Escape");
    const auth_sign_out_result *result = sign_out(mine);
    CHECK_TEXT(told(result), LEFT);
    CHECK_STATUS(result->failure, AUTH_STATUS_KEYRING_PROMPT_DISMISSED);
    CHECK_INT(item_count(), 1);
}

/* Whether it shows a window with such a title, and no other. */
static bool shows(const char *title)
{
    regex_t expression;
    if (regcomp(&expression, title, REG_EXTENDED | REG_NOSUB) != 0) abort();
    bool matches = regexec(&expression, provider_windows(), 0, NULL, 0) == 0;
    regfree(&expression);
    return matches;
}

TEST("row 22: a delete that the user does not answer in time is left to the user, and not known to be done")
{
    auth_client *mine = scene_client();
    if (!is_asking()) return cannot("it asks nobody before it deletes");
    auth_call_options options = AUTH_CALL_OPTIONS_INIT;
    options.timeout_ms = 2500;
    sign_in(mine);
    double start = seconds();
    const auth_sign_out_result *result = sign_out_by(auth_sign_out, mine, &options);
    CHECK((seconds() - start) * 1e3 < options.timeout_ms + AT_ONCE_MS);
    CHECK_TEXT(told(result), "failed: was signed in, may be signed in; global not requested, revocation done");
    CHECK_STATUS(result->failure, AUTH_STATUS_DEADLINE_EXCEEDED);
    CHECK(shows(DELETE_QUESTION));
    CHECK_INT(item_count(), 1);
    CHECK_INT(wait_for(provider_start_user(DELETE_QUESTION, MOVE_TO_RECYCLE_BIN), 10000), 0);
    for (double end = seconds() + 5; item_count() != 0 && seconds() < end;) sleep_ms(50);
    CHECK_INT(item_count(), 0);
    CHECK_TEXT(told(sign_out(mine)), NOBODY);
}

TEST("row W3: a watch opens no window; an entry that the user would be asked about is locked to it")
{
    watcher *watcher = watcher_start(NULL);
    CHECK_INT(run_role("save"), 0);
    CHECK_TEXT(watcher_hears(watcher, 1), is_asking() ? "KEYRING_LOCKED" : "SESSION_CHANGED_ELSEWHERE");
    CHECK_TEXT(provider_windows(), "");
}

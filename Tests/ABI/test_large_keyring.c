/* SPDX-License-Identifier: Apache-2.0 */

/* A keyring that is full of other programs' items: what is asked of it does not grow with them. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

enum { ITEMS = 10000 };

ROLE("sign in and out")
{
    auth_client *client = scene_client();
    auth_session session = sign_in(client), fetched = AUTH_SESSION_INIT;
    CHECK_TEXT(load(client)->refresh_token, session.refresh_token);
    CHECK_ANSWER(auth_session_fetch(client, NULL, &fetched, NULL), AUTH_STATUS_SUCCESS);
    auth_session_clear(&fetched);
    CHECK_TEXT(told(sign_out_global(client)), COMPLETE_GLOBAL);
    CHECK_TEXT(told(sign_out(client)), NOBODY);
    return 0;
}

/* The D-Bus methods that the role calls. */
static const char *calls(void)
{
    char names[8192] = "";
    FILE *stream =
        popen(text("\"$COGNITOAUTH_TEST_SUPPORT/bus_calls.py\" '%s' --role 'sign in and out'", own_program()), "r");
    if (!stream) return NULL;
    size_t length = fread(names, 1, sizeof names - 1, stream);
    CHECK_INT(pclose(stream), 0);
    return text("%.*s", (int)length, names);
}

TEST("the D-Bus calls of saving, loading, fetching and signing out are the same with 10,000 foreign items as with none")
{
    const char *alone = calls();
    CHECK_HAS(alone, "SearchItems");
    CHECK_INT(system(text("PYTHONPATH=\"$COGNITOAUTH_TEST_SUPPORT/../Benchmarks\" python3 -B -c 'import keyring; "
                          "keyring.fill(%d)'",
                          ITEMS)),
              0);
    const char *crowded = calls();
    CHECK_TEXT(crowded, alone);
    int count = 0;
    for (const char *at = alone; (at = strpbrk(at, " \n")); at++) count++;
    printf("  D-Bus calls          %d\n", count);
}

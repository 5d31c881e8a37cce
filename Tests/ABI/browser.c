/* SPDX-License-Identifier: Apache-2.0 */

#include "browser.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

static const char *word(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? text("%s", value) : NULL;
}

bool browser_install(const char *kind, const char *deed)
{
    if (strcmp(kind, "chromium") == 0 && access("/usr/bin/chromedriver", X_OK) != 0) return false;
    if (strcmp(kind, "firefox") == 0 && access("/usr/bin/firefox-esr", X_OK) != 0) return false;
    return system(text("\"$COGNITOAUTH_TEST_EMULATORS/ministack/bin/python\" -sEB"
                       " \"$COGNITOAUTH_TEST_SUPPORT/browser.py\" install --kind %s --do %s",
                       kind, deed)) == 0;
}

/* The line with this number, counted from 1; false if it is not there. */
static bool read_visit(int number, browser_visit *visit)
{
    FILE *file = fopen(text("%s/.local/share/test-browser/visits.jsonl", getenv("HOME")), "r");
    json_t *note = NULL;
    for (int i = 0; file && i < number; i++) {
        json_decref(note);
        note = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL);
    }
    if (file) fclose(file);
    if (!note) return false;
    *visit = (browser_visit){.asked_password = json_is_true(json_object_get(note, "asked_password")),
                             .text = word(note, "text"),
                             .paths = "",
                             .error = word(note, "error")};
    size_t i;
    json_t *seen;
    json_array_foreach(json_object_get(note, "pages"), i, seen)
    { visit->paths = text("%s%s%s", visit->paths, i ? " " : "", word(seen, "path")); }
    json_decref(note);
    return true;
}

browser_visit browser_await(int count)
{
    browser_visit visit = {.text = "", .paths = "", .error = "there was no visit"};
    for (double end = seconds() + 60; seconds() < end && !read_visit(count, &visit);) sleep_ms(50);
    return visit;
}

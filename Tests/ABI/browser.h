/* SPDX-License-Identifier: Apache-2.0 */

/* The default browser of the private session (Tests/Support/browser.py), and what it has seen. */

#ifndef BROWSER_H
#define BROWSER_H

#include <stdbool.h>

/* Makes "plain", "chromium" or "firefox" the default browser, whose user does "sign-in", "cancel" or "nothing" where a
 * password is asked for. False if this machine does not have it. */
bool browser_install(const char *kind, const char *deed);

/* A visit that is over. Text lives until the case is over. */
typedef struct {
    bool asked_password;
    /* What the last page said, and the paths of all, as in "/oauth2/authorize /signed-in". */
    const char *text, *paths;
    const char *error;
} browser_visit;

/* Waits until so many visits are over, since the start; the last of them. */
browser_visit browser_await(int count);

#endif

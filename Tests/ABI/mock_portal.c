/* SPDX-License-Identifier: Apache-2.0 */

#include "mock_portal.h"

#include <signal.h>
#include <sys/wait.h>

#include "harness.h"
#include "mock.h"

static mock portal = {"the mock Secret portal", "mock_secret_portal.py", "org.freedesktop.portal.Desktop", 0};

void mock_portal_start(void) { mock_start(&portal); }

void mock_portal_stop(void)
{
    if (portal.process <= 0) return;
    kill(portal.process, SIGTERM);
    waitpid(portal.process, NULL, 0);
    portal.process = 0;
}

void mock_portal_behave(const char *ending) { CHECK(mock_tell(&portal, "Behave", g_variant_new("(s)", ending))); }

void mock_portal_use_key(int byte) { CHECK(mock_tell(&portal, "UseKey", g_variant_new("(y)", (guchar)byte))); }

void mock_portal_release(void) { CHECK(mock_tell(&portal, "Release", NULL)); }

void mock_portal_answer(int count) { CHECK(mock_tell(&portal, "Answer", g_variant_new("(u)", (guint32)count))); }

int mock_portal_requests(void) { return mock_count(&portal, "Requests"); }

int mock_portal_open(void) { return mock_count(&portal, "Open"); }

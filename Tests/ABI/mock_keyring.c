/* SPDX-License-Identifier: Apache-2.0 */

#include "mock_keyring.h"

#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "mock.h"

static mock keyring = {"the mock Secret Service", "mock_secret_service.py", "org.cognitoauth.Mock", 0};

void mock_keyring_start(void)
{
    setenv("SECRET_SERVICE_BUS_NAME", keyring.bus_name, 1);
    mock_start(&keyring);
}

int mock_keyring_calls(const char *call)
{
    GVariant *answer = mock_ask(&keyring, "Calls", NULL);
    const char **names = NULL;
    int count = 0;
    if (!CHECK(answer != NULL)) return -1;
    g_variant_get(answer, "(^a&s)", &names);
    for (int i = 0; names[i]; i++) count += strcmp(names[i], call) == 0;
    g_free(names);
    g_variant_unref(answer);
    return count;
}

int mock_keyring_count(void) { return mock_count(&keyring, "Items"); }

void mock_keyring_behave(const char *ending, int after_ms)
{
    CHECK(mock_tell(&keyring, "Behave", g_variant_new("(su)", ending, (guint32)after_ms)));
}

void mock_keyring_ask(const char *method) { CHECK(mock_tell(&keyring, "Ask", g_variant_new("(s)", method))); }

void mock_keyring_refuse(const char *method) { CHECK(mock_tell(&keyring, "Refuse", g_variant_new("(s)", method))); }

void mock_keyring_spoil(const char *way, int count)
{
    CHECK(mock_tell(&keyring, "Spoil", g_variant_new("(su)", way, (guint32)count)));
}

bool mock_keyring_lock(void) { return mock_tell(&keyring, "Lock", NULL); }
bool mock_keyring_remove_collection(void) { return mock_tell(&keyring, "Remove", NULL); }
bool mock_keyring_leave(void) { return mock_tell(&keyring, "Leave", NULL); }
bool mock_keyring_complete(void) { return mock_tell(&keyring, "Complete", NULL); }

/* SPDX-License-Identifier: Apache-2.0 */

#include "stopper.h"

#include <signal.h>
#include <stdlib.h>

#include "fault_point.h"
#include "harness.h"
#include "keyring.h"

void signal_keyring(int number) { kill(atoi(getenv("GNOME_KEYRING_PID")), number); }
void wake_keyring(void) { signal_keyring(SIGCONT); }

static void stop(void) { signal_keyring(SIGSTOP); }
static void lock(void) { CHECK(keyring_run("lock")); }

/* In the place of the call before, which may not have come. */
static void happen_at(const char *call, void (*function)(void))
{
    fault_point_set(NULL);
    if (call) fault_point_set(&(fault_point){.name = call, .happens = function});
}

void stop_keyring_at(const char *call) { happen_at(call, stop); }
void lock_keyring_at(const char *call) { happen_at(call, lock); }

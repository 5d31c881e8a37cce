/* SPDX-License-Identifier: Apache-2.0 */

/* The faults of the matrix, for real: a test prepares one and lets a program of its own run into it, which is stopped
 * (SIGSTOP) once its call has ended; then the test mends what was broken. Bus and keyring are those of own_bus.h. */

#ifndef BEFALL_H
#define BEFALL_H

#include <stdbool.h>

#include "fault_table.h"

/* What it takes that no keyring answers in time, and no server. */
enum { FAULT_LIMIT_MS = 1500 };

/* Whether nobody ever answers, so that the call ends at its limit. */
bool fault_is_stall(const fault_cell *cell);

/* Whether the program does not live to tell. */
bool fault_is_kill(const fault_cell *cell);

/* In the test: before the program starts; and once it is stopped, or dead. */
void fault_prepare(const fault_cell *cell);
void fault_mend(const fault_cell *cell);

/* In the program: before it makes its client; just before the call, and just after it. */
void fault_surround(const fault_cell *cell);
void fault_begin(const fault_cell *cell);
void fault_end(void);

/* The server's reply to the request of a cell that is Cognito's fault, and the flaw of a reply that is good otherwise;
 * NULL of another one. */
const char *fault_reply(const fault_cell *cell);
const char *fault_flaw(const fault_cell *cell);

/* In the program: where Cognito is, which may be nowhere. */
const char *fault_endpoint(const fault_cell *cell);

/* Whether bus and keyring run, and the keyring is unlocked; else makes it so. */
bool fault_free_keyring(void);

#endif

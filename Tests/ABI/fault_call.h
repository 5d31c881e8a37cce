/* SPDX-License-Identifier: Apache-2.0 */

/* The calls of the fault matrix: what there is before, the call, and what finishes it once the fault is over. */

#ifndef FAULT_CALL_H
#define FAULT_CALL_H

typedef struct fault_call fault_call;

/* In the test: who is signed in, or has been signed out in part. */
void fault_call_prepare(const char *name);

/* In the program: its client. */
fault_call *fault_call_new(const char *name, const char *endpoint);

/* The browser of a sign-in meets a fault, "" for none; or the code's exchange is answered like this, or with tokens and
 * a flaw. */
void fault_call_disturb(fault_call *call, const char *fault, const char *reply, const char *flaw);

/* Makes the call within a limit; 0 is the client's. */
void fault_call_run(fault_call *call, int timeout_ms);

/* What it said, and the status of what went wrong first: "" if nothing did. */
const char *fault_call_told(const fault_call *call);
const char *fault_call_status(const fault_call *call);

/* What it said of the record: "kept", "not kept" or "perhaps kept"; "" where the call has nothing to say of it. */
const char *fault_call_kept(const fault_call *call);

/* Makes the call that finishes it, with a Cognito that is there, and says what that said. */
const char *fault_call_finish(fault_call *call);

void fault_call_free(fault_call *call);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* Tests/Support/fault_matrix.jsonl: what becomes of a call when a fault befalls one of its steps. */

#ifndef FAULT_TABLE_H
#define FAULT_TABLE_H

#include <stdbool.h>

/* What is expected may be one of several, with " | " between them; or "anything". */
typedef struct {
    /* "sign out", "search", "stalls" */
    const char *call, *step, *fault;
    /* Where the step is, as in fault_point.h, and which one it is; or "lock". */
    const char *at;
    int number;
    /* Whether `make check` has it. */
    bool is_checked;
    /* What the call says, and the status of its failure or, in a partial result, of the first error; "" for none. "killed":
     * the program is, at this step; "ended": GLib, libgcrypt or Swift end it. */
    const char *told, *status;
    /* What is left once the fault is over, as in "session, token"; "" if nothing is. */
    const char *left;
    /* What the next call says, which finishes it. */
    const char *then;
    /* What is left after that. */
    const char *last;
} fault_cell;

/* All cells that can be; they live for ever. Ends the program where the table cannot be read. */
const fault_cell *fault_table(int *count);

/* Whether it is one of the expected ones. */
bool fault_is_expected(const char *actual, const char *expected);

/* "sign out: search: stalls" */
const char *fault_cell_name(const fault_cell *cell);

#endif

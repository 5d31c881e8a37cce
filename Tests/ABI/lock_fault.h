/* SPDX-License-Identifier: Apache-2.0 */

/* What can befall the lock between processes: another process has it and keeps it, its files are others. */

#ifndef LOCK_FAULT_H
#define LOCK_FAULT_H

/* In the test, before the program starts; and once it is stopped, or dead. */
void lock_fault_prepare(const char *fault);
void lock_fault_mend(void);

/* In the program, before it makes its client; and just before the call. */
void lock_fault_surround(const char *fault);
void lock_fault_begin(void);

#endif

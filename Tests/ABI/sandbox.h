/* SPDX-License-Identifier: Apache-2.0 */

/* Sandboxes: open() and access() of a program that includes this come before those of the C library, for all libraries
 * in the process, and show the sandbox that the process has entered. Its roles are in it too. */

#ifndef SANDBOX_H
#define SANDBOX_H

/* A Flatpak. */
void sandbox_enter_flatpak(void);

/* SNAP_NAME, and what AppArmor says that the process is confined by; NULL if there is no AppArmor. */
void sandbox_enter_snap(const char *name, const char *label);

/* The label alone, which SANDBOX_REFUSED may not be read. */
void sandbox_set_label(const char *label);
#define SANDBOX_REFUSED "refused"

void sandbox_leave(void);

#endif

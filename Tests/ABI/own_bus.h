/* SPDX-License-Identifier: Apache-2.0 */

/* A session bus of the program's own, which can end and start again at the same address, and gnome-keyring with it. For
 * a session that has no keyring. */

#ifndef OWN_BUS_H
#define OWN_BUS_H

#include <stdbool.h>
#include <sys/types.h>

/* Its process; 0 before it was first started. */
extern pid_t own_bus;

/* Starts it, with an unlocked keyring that nothing but the program starts. */
bool own_bus_start(void);

/* Ends it, and with it the keyring; it may have ended already. */
void own_bus_stop(void);

#endif

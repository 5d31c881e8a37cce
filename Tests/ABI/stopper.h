/* SPDX-License-Identifier: Apache-2.0 */

/* Stops the private session's keyring (SIGSTOP), at once or at a call that is about to be made; or has its user lock it
 * there. */

#ifndef STOPPER_H
#define STOPPER_H

void signal_keyring(int number);
void wake_keyring(void);

/* The keyring is stopped just before it is sent a call of this name; the name must live on. */
void stop_keyring_at(const char *call);

/* Its user locks it then. */
void lock_keyring_at(const char *call);

#endif

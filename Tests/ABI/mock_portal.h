/* SPDX-License-Identifier: Apache-2.0 */

/* The Secret portal (Tests/Support/mock_secret_portal.py). */

#ifndef MOCK_PORTAL_H
#define MOCK_PORTAL_H

/* From now on there is one on the bus; it answers, with the first key. */
void mock_portal_start(void);
void mock_portal_stop(void);

/* From now on it answers so: "answer", "once", "dismiss", "fail", "silent", "mute". */
void mock_portal_behave(const char *ending);

void mock_portal_use_key(int byte);

/* Answers all that it has not answered. */
void mock_portal_release(void);

/* How many keys it was asked for. */
int mock_portal_requests(void);

#endif

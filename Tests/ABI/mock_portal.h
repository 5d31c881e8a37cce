/* SPDX-License-Identifier: Apache-2.0 */

/* The Secret portal (Tests/Support/mock_secret_portal.py). */

#ifndef MOCK_PORTAL_H
#define MOCK_PORTAL_H

/* From now on there is one on the bus; it answers, with the first key. */
void mock_portal_start(void);
void mock_portal_stop(void);

/* From now on it answers so: "answer", "dismiss", "fail", "silent", "mute". */
void mock_portal_behave(const char *ending);

/* It answers so many requests more, and then none. */
void mock_portal_answer(int count);

void mock_portal_use_key(int byte);

/* Answers all that it has not answered. */
void mock_portal_release(void);

/* How many keys it was asked for, and how many of these requests it has not answered. */
int mock_portal_requests(void);
int mock_portal_open(void);

#endif

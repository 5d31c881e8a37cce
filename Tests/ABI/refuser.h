/* SPDX-License-Identifier: Apache-2.0 */

/* A server on this machine that says no to everything, over plain http, and tells what it was asked. */

#ifndef REFUSER_H
#define REFUSER_H

typedef struct refuser refuser;

/* Lives until it is finished or the case is over. */
refuser *start_refuser(void);

const char *refuser_url(const refuser *refuser);

/* Ends it; the beginning of what came in. */
const char *finish_refuser(refuser *refuser);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* A point of a call at which something happens to it: a message to the keyring, the connection to the bus, or a request
 * to Cognito that is about to be sent, in this process and by whatever library. */

#ifndef FAULT_POINT_H
#define FAULT_POINT_H

#include <stdbool.h>

/* What becomes of a message to the keyring: it is sent; the bus answers with an error in the keyring's place; or with
 * something that the method never returns. */
typedef enum { IS_SENT, IS_REFUSED, IS_GARBLED } fault_answer;

typedef struct {
    /* A method of the Secret Service, as in "SearchItems"; "connect"; or "request". It must live on. */
    const char *name;
    /* Which one, counted from 1 from now on; 0 is 1. */
    int number;
    /* Just before. */
    void (*happens)(void);
    fault_answer answer;
    /* Once the message has left this process, on a thread of its own. Not for "request". */
    void (*after)(void);
} fault_point;

/* Each of them comes once. NULL forgets all, and waits for what comes after. */
void fault_point_set(const fault_point *point);

/* Whether all that were set have come. */
bool fault_points_have_come(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* A sign-out with `keep_unfinished` in a process that is killed: what there is to sign out of, and what has to hold
 * whatever the instant was: another process resumes, and then nobody is signed in, nothing is kept, and Cognito takes
 * no token of the session. */

#ifndef KILLED_SIGN_OUT_H
#define KILLED_SIGN_OUT_H

#include <stdbool.h>

typedef struct {
    const char *name;
    bool is_global, is_offline;
    /* The access token has expired, so that a global sign-out refreshes first. */
    bool is_expired;
    /* At MiniStack, and not at the scripted Cognito, which takes each refresh token once. */
    bool is_emulated;
} killed_sign_out;

/* Where the process was killed, by what it has left. */
typedef enum {
    BEFORE_ITEM,     /* nothing was written down: the user is signed in, as if nothing had been called */
    BEFORE_COGNITO,  /* the session's token is good */
    BEFORE_DELETION, /* it is not, and the session is stored */
    BEFORE_END,      /* the session is gone, and the item is there */
    AFTER_END,       /* nothing is left */
    PLACES
} killed_place;

/* How many processes were killed where, and what came of them. */
typedef struct {
    int count, places[PLACES];
    /* What resume said: complete, and partial. */
    int outcomes[2];
    /* Cognito had refreshed, and the new token was not stored yet: it lives, and nobody has it. */
    int lost;
} killed_tally;

/* Signs in. The roles that follow are about this. */
void killed_begin(const killed_sign_out *scene);

/* The roles of a process that signs out, of one that stops (SIGSTOP) just before that, and of one that resumes. */
#define SIGNING_OUT "sign out, and be killed"
#define STOPPING "stop before the sign-out, and be killed"
#define RESUMING "resume after a kill"

/* After its end, with this status, checks what has to hold. */
void killed_end(int status, killed_tally *tally);

/* Prints tallies as a table, whose head comes with NULL. */
void killed_print(const char *name, const killed_tally *tally);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/* What the library takes from glibc. All C modules define the same feature
   macros, or their declarations of one type could differ. */

#ifndef COGNITOAUTH_PLATFORM_H
#define COGNITOAUTH_PLATFORM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>

/* A macro in C, which Swift does not see. */
static inline unsigned long cognitoauth_raised_privileges(void) { return getauxval(AT_SECURE); }

#endif

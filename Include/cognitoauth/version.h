/* SPDX-License-Identifier: Apache-2.0 */

/** @file version.h
 *  The version of the headers that a program was compiled with, and of the
 *  library that it runs with. */

#ifndef COGNITOAUTH_VERSION_H
#define COGNITOAUTH_VERSION_H

/** Rises when programs have to be adapted; 0 before 1.0. */
#define COGNITOAUTH_VERSION_MAJOR 0
/** Rises when something is added. */
#define COGNITOAUTH_VERSION_MINOR 1
/** Rises when errors are corrected. */
#define COGNITOAUTH_VERSION_PATCH 0
/** All three, as text. */
#define COGNITOAUTH_VERSION_STRING "0.1.0"

/** One number to compare with: 0x000100 is 0.1.0. */
#define COGNITOAUTH_VERSION_NUMBER \
    ((COGNITOAUTH_VERSION_MAJOR << 16) | (COGNITOAUTH_VERSION_MINOR << 8) | COGNITOAUTH_VERSION_PATCH)

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the version of the library that the program runs with, as in
 *  "0.1.0".
 *
 *  COGNITOAUTH_VERSION_STRING is the version of the headers that it was
 *  compiled with.
 *
 *  @return A string that is never freed. Never NULL.
 *  @since 0.1 */
const char *auth_version(void);

#ifdef __cplusplus
}
#endif

#endif

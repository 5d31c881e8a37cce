/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <cognitoauth/auth.h>
#include <cognitoauth/version.h>

/* Prints the version of the header and that of the library. */
int main(void)
{
    printf("%s %s\n", COGNITOAUTH_VERSION_STRING, auth_version());
    return 0;
}

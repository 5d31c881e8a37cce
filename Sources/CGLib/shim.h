/* SPDX-License-Identifier: Apache-2.0 */

#ifndef COGNITOAUTH_GLIB_SHIM_H
#define COGNITOAUTH_GLIB_SHIM_H

#include <glib.h>

#endif

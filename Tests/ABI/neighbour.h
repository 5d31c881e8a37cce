/* SPDX-License-Identifier: Apache-2.0 */

/* What another process of the same program does with the scene's client. What includes this has the roles "save", which
 * signs in; "sign out", which has to end what somebody was signed in to; and "load" and "fetch", whose exit status is
 * the call's, which is below 256 for all that may come. */

#ifndef NEIGHBOUR_H
#define NEIGHBOUR_H

#include "scene.h"

#endif

/* SPDX-License-Identifier: Apache-2.0 */

/** @file auth.h
 *  Signs a user out of Amazon Cognito, and keeps the user's session in the
 *  desktop's keyring.
 *
 *  Conventions, which hold for every function here:
 *
 *  - Handles (auth_client, auth_operation, auth_error) are opaque. `_new` or
 *    `_start` makes one, `_free` ends it; `_free(NULL)` does nothing.
 *  - Structs start with `struct_size`. Start each from its `AUTH_..._INIT`
 *    macro or with its `_init` function. 0 or NULL in a field means its
 *    default. Later versions append fields: a struct of an older or a newer
 *    header is read and written as far as it reaches. One whose size this
 *    library cannot accept (below the size it had in 0.1, above 4096, or,
 *    going in, with bytes set that this library does not know) is
 *    AUTH_STATUS_INVALID_ARGUMENT, and nothing else happens; an output struct
 *    is not even written to then.
 *  - An output struct may be all zero, too: `= {0}`. It has the size of 0.1
 *    then, which is written into it; what later versions append is not told.
 *    An options struct, or a session to be saved, with `struct_size` 0 was not
 *    started: AUTH_STATUS_INVALID_ARGUMENT, which the function that it was
 *    handed to logs before it returns.
 *  - Strings are UTF-8, ended by NUL. Every string that goes in is copied.
 *    Strings that come out belong to the struct or the error they came from.
 *  - Times are Unix seconds, durations milliseconds.
 *  - Output structs hold all that they point to in one allocation, `owned`.
 *    The `_clear` function wipes and frees it, and zeroes the struct but for
 *    `struct_size`; it may be called twice. An output struct is overwritten
 *    without being cleared first: clear it before you use it again. A copy of
 *    an output struct shares `owned` with it: clear one of them.
 *  - A status is 0 on success. `error` comes last and may be NULL; on failure
 *    *error is a new error to be freed with auth_error_free(), on success NULL.
 *  - Every function may be called from any thread. Those that say "blocks" can
 *    wait for the network or the keyring. A struct or an error belongs to one
 *    thread at a time. A child of fork(2) may exit or call exec(2), and nothing
 *    of this library.
 *  - Callbacks run on a thread of the program's: at the end of a blocking call,
 *    or in auth_operation_dispatch() and the functions that finish an
 *    operation. They hold no lock of the library and may call any function of
 *    it, but none that ends their own operation.
 *  - Nothing here exits, prints, changes the locale, the environment or a
 *    signal handler. Running out of memory aborts, as in GLib.
 */

#ifndef COGNITOAUTH_AUTH_H
#define COGNITOAUTH_AUTH_H

#include "client.h"
#include "error.h"
#include "operation.h"
#include "session.h"
#include "sign_out.h"
#include "status.h"
#include "version.h"

#endif

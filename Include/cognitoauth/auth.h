/* SPDX-License-Identifier: Apache-2.0 */

/** @file auth.h
 *  Signs a user in to Amazon Cognito and out again, and keeps the user's
 *  session in the keyring of the desktop.
 *
 *  Words:
 *
 *  - Session: the tokens that a user got from sign-in, and the user's name. It
 *    is kept in the keyring. A client has one session at a time.
 *  - Sign-out (local): the refresh token of this session is revoked, and the
 *    session is deleted from the keyring. Global sign-out also ends all other
 *    sessions of the user, on every device.
 *  - Complete, partial, failed: how a sign-out ends. Complete: every step that
 *    had to run succeeded. Partial: the user is signed out on this machine, but
 *    a step in the browser or at Cognito failed. After a retry or a resume
 *    somebody may have signed in here again. Failed: the user is still signed in
 *    here, or the library could not find out.
 *  - Partial-failure token: a string in the result of a sign-out. With it a
 *    retry can run the steps that are still open. It is as secret as the
 *    refresh token in it.
 *  - Unfinished sign-out: a sign-out with open steps that the keyring keeps. Only
 *    a client with `keep_unfinished` leaves one, and a later call can finish it:
 *    to resume it is to run its open steps.
 *  - Refresh: to get new access and ID tokens from Cognito, with the refresh
 *    token.
 *  - Keyring: where the desktop keeps secrets. While the keyring is locked,
 *    nothing can be read from it or deleted. The prompt is its dialog in which
 *    the user unlocks it, creates it, or confirms a change.
 *  - Lock of a session: only the call that holds it may change the session.
 *    Other calls that want to change it wait, in all processes of the user.
 *  - Hosted UI: Cognito's own pages in the browser, where users sign in and are
 *    signed out. There are two kinds: the newer managed login, and the classic
 *    hosted UI.
 *  - Redirect URI: the address that the hosted UI sends the browser back to. It
 *    is one of this machine, where the library listens, or one with a scheme of
 *    the program's own.
 *  - Device key: Cognito can remember a device, and its key must then be sent
 *    with each refresh.
 *
 *  Conventions, which hold for every function:
 *
 *  - Handles (auth_client, auth_operation, auth_error) are opaque. `_new` or
 *    `_start` makes one, `_free` ends it. `_free` of NULL does nothing.
 *  - Structs start with `struct_size`. Start each from its `AUTH_..._INIT`
 *    macro or with its `_init` function. 0 or NULL in a field means its
 *    default. Later versions only add fields at the end. A struct of an older
 *    or a newer header may be used: the library reads and writes those fields
 *    that both it and the program know.
 *  - A struct is refused with AUTH_STATUS_INVALID_ARGUMENT, and nothing else
 *    happens, if `struct_size` is smaller than the struct was in 0.1, or larger
 *    than 4096, or if it goes in with bytes set that this library does not
 *    know. An output struct that is refused is not written to.
 *  - An output struct may also start as `= {0}`. It then has the size that it
 *    had in 0.1, which is written into it. A struct that goes in (options, or
 *    a session to be saved) is refused if `struct_size` is 0: the error names
 *    the macro that was forgotten, and the log function is told the same before
 *    the function returns.
 *  - A field that a later version adds is 0 for a program that does not know
 *    it. So in such a field 0 means "not told".
 *  - An array of structs is an array of pointers, or it comes with the size of
 *    an element: so these structs can grow too.
 *  - Strings are UTF-8 and end with a NUL byte. Every string that goes in is
 *    copied. A string that comes out belongs to the struct or the error that it
 *    came from.
 *  - Times are Unix seconds, durations are milliseconds.
 *  - An output struct owns all that it points to, in one allocation: `owned`.
 *    Its `_clear` function wipes and frees that, and sets all fields to 0
 *    except `struct_size`. It may be called twice. Clear an output struct
 *    before you use it again: a function writes over it without freeing what it
 *    owned. A copy of an output struct has the same `owned`: clear only one of
 *    the two, and do not use the other one any more.
 *  - Most functions return a status, which is 0 on success. Their last
 *    parameter is `error` and may be NULL. If it is not, `*error` becomes NULL
 *    on success and a new error otherwise, to be freed with auth_error_free().
 *    There is no last error that is kept for a thread.
 *  - A sign-out returns an outcome in place of a status, and has its errors in
 *    the result. If the result struct itself is refused, AUTH_SIGN_OUT_FAILED
 *    is all that the program learns.
 *  - NULL for something that is required is AUTH_STATUS_INVALID_ARGUMENT.
 *  - Every function may be called from any thread, and a client may be used by
 *    several threads at once. A struct or an error belongs to one thread at a
 *    time.
 *  - A function that blocks says so: it may wait for the lock of the session,
 *    for the keyring, for the network or for the browser. `timeout_ms` is the
 *    limit of the whole call, the keyring included; a prompt and the browser
 *    have limits of their own.
 *  - Calls with the same `app_id`, `user_pool_id` and `client_id` use the same
 *    session. Sign-outs, saves, fetches and checks take its lock, and so does a
 *    retry with GlobalSignOut open, a resume while it changes the keyring or
 *    sends GlobalSignOut, and a sign-in once its browser has come back. Loads
 *    and a watch do not.
 *    A call waits up to 5 s for another process or client that holds the lock,
 *    or a third of the call's time if that is less. After that the other one
 *    counts as hanging: a save, fetch or sign-in fails with AUTH_STATUS_BUSY,
 *    and a sign-out or retry goes on without the lock, so that nobody stays
 *    signed in because of it. That time begins anew whenever another one gets
 *    the lock, and nobody overtakes the call that is next. Threads that share a
 *    client get the lock in the order of their calls, and wait for it up to the
 *    limit of their call.
 *  - A resume takes a second lock before that of the session, and so does a
 *    retry whose sign-out the keyring keeps: each unfinished sign-out is run by
 *    one call at a time. What is said of the lock of the session holds for it
 *    too, but nobody goes on without it: the call fails with AUTH_STATUS_BUSY.
 *  - Callbacks run on a thread of the program: the thread that calls a blocking
 *    function, when the call is over or starts the browser, or the thread that
 *    dispatches or finishes an operation. They hold no lock of the library. They
 *    may call any function, with two exceptions. A callback of an operation must
 *    not finish or free that operation. A callback of a blocking call must not
 *    free the client of that call.
 *  - After fork(2) the child may exit or call execve(2), and must not call any
 *    function of this library. A child that lives on keeps the lock files open.
 *    dlclose(3) leaves the library loaded: the threads of GLib and libcurl
 *    would be left without their code.
 *  - The library does not exit, print, or change the locale, the environment or
 *    a signal handler. If memory runs out, it aborts, as GLib does. It has
 *    threads of its own only for operations, for an open prompt and for the
 *    browser, and all signals are blocked in them. GLib and libcurl have
 *    theirs. */

#ifndef COGNITOAUTH_AUTH_H
#define COGNITOAUTH_AUTH_H

#include "client.h"
#include "session.h"
#include "sign_in.h"
#include "sign_out.h"
#include "operation.h"
#include "error.h"
#include "status.h"
#include "version.h"

#endif

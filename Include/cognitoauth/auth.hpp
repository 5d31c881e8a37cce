/* SPDX-License-Identifier: Apache-2.0 */

/** @file auth.hpp
 *  The library for C++17 and newer: objects that free and wipe what they hold,
 *  strings as string_view, times as std::chrono.
 *
 *      cognitoauth::ClientOptions options;
 *      options.app_id = "org.example.Mail";
 *      options.user_pool_id = "eu-west-1_AbCdEfGhI";
 *      options.client_id = "1example23456789";
 *
 *      auto client = cognitoauth::Client::make(options);
 *      if (!client) return fail(client.error().message());
 *
 *      auto result = client->sign_out();
 *      if (result.failed()) return fail(result.failure().message());
 *
 *  Everything is in this header and those that it includes, and calls the C
 *  functions of auth.h. What is said there holds here too. These rules are added:
 *
 *  - Objects are moved, not copied. An object that was moved from is empty, and
 *    so is the value of a call that failed. A call of an empty object does no
 *    harm, and fails with AUTH_STATUS_INVALID_ARGUMENT.
 *  - Nothing here throws except or_throw(), and the standard library when
 *    memory runs out. The header compiles with -fno-exceptions. A sign-out
 *    never throws: its result says what is still to do.
 *  - A string that goes in may be in any memory and need not end with NUL. It is
 *    copied, and the copy is wiped: the strings in a struct are the struct's own.
 *    An empty one means NULL in C. A NUL inside is AUTH_STATUS_INVALID_ARGUMENT.
 *  - A string_view or an Error that comes out is valid as long as the object
 *    that it came from, and ends with NUL. An empty one means NULL in C.
 *  - Any thread may call the functions of Client and Operation. But do not
 *    move, assign or destroy an object while another thread uses it. */

#ifndef COGNITOAUTH_AUTH_HPP
#define COGNITOAUTH_AUTH_HPP

#if !defined(__cplusplus) || __cplusplus < 201703L
#error "cognitoauth/auth.hpp needs C++17; cognitoauth/auth.h does with C99 or C++11"
#endif

#include "client.hpp"
#include "error.hpp"
#include "operation.hpp"
#include "options.hpp"
#include "session.hpp"
#include "sign_in.hpp"
#include "sign_out.hpp"
#include "text.hpp"

#endif

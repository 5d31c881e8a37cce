/* SPDX-License-Identifier: Apache-2.0 */

/* A service on the session bus that does what a case tells it to: a program of Tests/Support, in Python, which is told
 * so over the interface org.cognitoauth.Mock at /mock. */

#ifndef MOCK_H
#define MOCK_H

#include <gio/gio.h>
#include <stdbool.h>
#include <sys/types.h>

typedef struct mock {
    const char *title, *script, *bus_name;
    pid_t process; /* 0 until it was started here */
} mock;

/* Starts it where it is not on the bus, and resets it; ends this program if that cannot be done. */
void mock_start(mock *mock);

/* What it answers to a method; NULL if it does not answer. To be released. */
GVariant *mock_ask(const mock *mock, const char *method, GVariant *arguments);

/* The same, for a method that returns nothing: whether it answers. */
bool mock_tell(const mock *mock, const char *method, GVariant *arguments);

/* The same, for a method that returns a number; -1 if it does not answer. */
int mock_count(const mock *mock, const char *method);

#endif

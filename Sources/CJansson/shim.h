/* SPDX-License-Identifier: Apache-2.0 */

#ifndef COGNITOAUTH_JANSSON_SHIM_H
#define COGNITOAUTH_JANSSON_SHIM_H

#include <jansson.h>
#include <string.h>

/* Overwrites every string in a value that is about to be released: jansson
   frees its copies of tokens as they are. */
static inline void cognitoauth_json_wipe(json_t *value)
{
    const char *key;
    json_t *member;
    size_t index;

    switch (json_typeof(value)) {
    case JSON_STRING:
        explicit_bzero((void *)json_string_value(value), json_string_length(value));
        break;
    case JSON_OBJECT:
        json_object_foreach(value, key, member) cognitoauth_json_wipe(member);
        break;
    case JSON_ARRAY:
        json_array_foreach(value, index, member) cognitoauth_json_wipe(member);
        break;
    default:
        break;
    }
}

/* Inline functions of jansson with attributes that Swift cannot import. */
static inline void cognitoauth_json_release(json_t *value)
{
    cognitoauth_json_wipe(value);
    json_decref(value);
}

/* Takes the value over, also when it fails. 0 on success. */
static inline int cognitoauth_json_set(json_t *object, const char *key, json_t *value)
{
    return value ? json_object_set_new(object, key, value) : -1;
}

#endif

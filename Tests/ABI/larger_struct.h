/* SPDX-License-Identifier: Apache-2.0 */

/* Each struct as the first member of a larger one, as a program has it that was compiled with a later header. */

#ifndef LARGER_STRUCT_H
#define LARGER_STRUCT_H

#include <stdbool.h>
#include <stddef.h>

enum { TAIL = 64 };
#define LARGER(type)                                                                                                   \
    struct {                                                                                                           \
        type known;                                                                                                    \
        unsigned char tail[TAIL];                                                                                      \
    }

static inline bool is_all(const void *bytes, size_t size, int value)
{
    for (size_t i = 0; i < size; i++) {
        if (((const unsigned char *)bytes)[i] != value) return false;
    }
    return true;
}

#endif

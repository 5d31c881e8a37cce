/* SPDX-License-Identifier: Apache-2.0 */

/* What libFuzzer calls; TARGET is a function of the fuzzers in Swift. */

#include <stddef.h>
#include <stdint.h>

int TARGET(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return TARGET(data, size); }

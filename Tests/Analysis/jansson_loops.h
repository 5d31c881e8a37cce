/* SPDX-License-Identifier: Apache-2.0 */

/* jansson's loops, for a tool that does not read its headers. */

#define json_object_foreach(object, key, value) for (key = 0, value = 0; value;)
#define json_array_foreach(array, index, value) for (index = 0, value = 0; value;)

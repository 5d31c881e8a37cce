/* SPDX-License-Identifier: Apache-2.0 */

/* Nothing is declared here: the linker finds what is defined in plain_json.c before jansson's own. */

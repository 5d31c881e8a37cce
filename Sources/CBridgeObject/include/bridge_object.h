/* SPDX-License-Identifier: Apache-2.0 */

/* Nothing is declared here: Swift's compiler calls what bridge_object.c defines. */

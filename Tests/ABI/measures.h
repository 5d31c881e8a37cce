/* SPDX-License-Identifier: Apache-2.0 */

/* What this process takes from the system, and from the session bus, in numbers. */

#ifndef MEASURES_H
#define MEASURES_H

#include <stdbool.h>

typedef struct {
    /* Bytes that malloc() has handed out, and that the process has in memory. */
    double heap, resident;
    /* Of this process. */
    int descriptors, threads, ports;
    /* Of all who are on the bus; -1 where it does not tell. */
    int match_rules, connections;
} measures;

measures measure(void);

/* By how much `values`, which were measured at `times`, grow with each unit of time: the slope of the line through them
 * that has the least squares. */
double slope(const double *times, const double *values, int count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */

#include "fault_table.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static fault_cell *cells;
static int cell_count;
static json_t *steps;

static void give_up(const char *why)
{
    fprintf(stderr, "fault_matrix.jsonl: %s\n", why);
    exit(1);
}

/* Lives for ever: the table is read before there is a case. */
static const char *member(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name), *each;
    const char *single = json_string_value(value);
    char *result = strdup(single ? single : ""), *longer;
    size_t i;
    json_array_foreach(value, i, each)
    {
        if (asprintf(&longer, "%s%s%s", result, i ? " | " : "", json_string_value(each)) < 0) abort();
        free(result);
        result = longer;
    }
    if (!result) abort();
    return result;
}

static const json_t *step_of(const char *call, const char *step)
{
    size_t i;
    json_t *each;
    json_array_foreach(steps, i, each)
    {
        if (strcmp(member(each, "call"), call) == 0 && strcmp(member(each, "step"), step) == 0) return each;
    }
    give_up(step);
    return NULL;
}

static void add(const json_t *line, const char *step, const char *fault)
{
    fault_cell *grown = realloc(cells, (size_t)(cell_count + 1) * sizeof *cells);
    if (!grown) abort();
    cells = grown;
    const char *call = member(line, "call");
    const json_t *place = step_of(call, step);
    cells[cell_count++] = (fault_cell){.call = call,
                                       .step = step,
                                       .fault = fault,
                                       .at = member(place, "at"),
                                       .number = (int)json_integer_value(json_object_get(place, "number")),
                                       .is_checked = json_is_true(json_object_get(place, "checked")),
                                       .told = member(line, "told"),
                                       .status = member(line, "status"),
                                       .left = member(line, "left"),
                                       .then = member(line, "then"),
                                       .last = member(line, "last")};
}

static void read_line(json_t *line)
{
    if (json_object_get(line, "cannot")) return;
    if (!json_object_get(line, "faults")) {
        json_array_append(steps, line);
        return;
    }
    size_t i, j;
    json_t *step, *fault;
    json_array_foreach(json_object_get(line, "steps"), i, step)
    {
        json_array_foreach(json_object_get(line, "faults"), j, fault)
        {
            add(line, strdup(json_string_value(step)), strdup(json_string_value(fault)));
        }
    }
}

const fault_cell *fault_table(int *count)
{
    if (!cells) {
        const char *folder = getenv("COGNITOAUTH_TEST_SUPPORT");
        char path[1024];
        snprintf(path, sizeof path, "%s/fault_matrix.jsonl", folder ? folder : ".");
        FILE *file = fopen(path, "r");
        if (!file) give_up("it is not there");
        steps = json_array();
        json_error_t error;
        json_t *line;
        while ((line = json_loadf(file, JSON_DISABLE_EOF_CHECK, &error))) {
            read_line(line);
            json_decref(line);
        }
        if (!feof(file)) give_up(error.text);
        fclose(file);
        json_decref(steps);
    }
    *count = cell_count;
    return cells;
}

bool fault_is_expected(const char *actual, const char *expected)
{
    size_t length = strlen(actual);
    if (strcmp(expected, "anything") == 0) return true;
    for (const char *next = expected; next; next = strstr(next, " | ")) {
        if (next != expected) next += strlen(" | ");
        if (strncmp(next, actual, length) == 0 && (next[length] == '\0' || strncmp(next + length, " | ", 3) == 0))
            return true;
    }
    return false;
}

const char *fault_cell_name(const fault_cell *cell)
{
    static char name[256];
    snprintf(name, sizeof name, "%s: %s: %s", cell->call, cell->step, cell->fault);
    return name;
}

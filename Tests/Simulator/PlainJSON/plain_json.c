/* SPDX-License-Identifier: Apache-2.0 */

/* Reads and writes plain JSON more quickly than jansson, which takes each character through several functions, and took
   half of the simulator's time.

   The program's json_loadb and json_dumpb stand before those of the library. Plain are objects, arrays, strings of printable
   ASCII without escapes, and whole numbers, with no space between them. Whatever is not plain, or wrong, is left to jansson,
   and so is everything with PLAIN_JSON=no in the environment. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 8, LONGEST_NUMBER = 18 };

static json_t *(*jansson_loadb)(const char *, size_t, size_t, json_error_t *);
static size_t (*jansson_dumpb)(const json_t *, char *, size_t, size_t);
static int is_off;

__attribute__((constructor)) static void begin(void)
{
    const char *choice = getenv("PLAIN_JSON");

    is_off = choice && strcmp(choice, "no") == 0;
    *(void **)&jansson_loadb = dlsym(RTLD_NEXT, "json_loadb");
    *(void **)&jansson_dumpb = dlsym(RTLD_NEXT, "json_dumpb");
    if (!jansson_loadb || !jansson_dumpb) abort();
}

/* Looks at all of them, also after one that is not plain: so the compiler takes several at once. */
static int is_plain(const char *bytes, size_t count)
{
    unsigned char wrong = 0;

    for (size_t index = 0; index < count; index++) {
        unsigned char byte = (unsigned char)bytes[index];

        wrong |= byte < 0x20 || byte >= 0x7F || byte == '"' || byte == '\\';
    }
    return !wrong;
}

/* Reading: each function returns NULL, or 0, where the text is not plain. */

struct text {
    const char *at, *end;
};

static int take(struct text *text, char character)
{
    if (text->at == text->end || *text->at != character) return 0;
    text->at++;
    return 1;
}

/* What stands between quotation marks. */
static const char *take_string(struct text *text, size_t *length)
{
    const char *start, *end;

    if (!take(text, '"')) return NULL;
    start = text->at;
    end = memchr(start, '"', (size_t)(text->end - start));
    if (!end || !is_plain(start, (size_t)(end - start))) return NULL;
    *length = (size_t)(end - start);
    text->at = end + 1;
    return start;
}

static json_t *take_number(struct text *text)
{
    const char *start;
    json_int_t number = 0;
    int is_negative = take(text, '-');

    start = text->at;
    while (text->at < text->end && *text->at >= '0' && *text->at <= '9' && text->at - start < LONGEST_NUMBER)
        number = number * 10 + (*text->at++ - '0');
    /* What goes on, with more digits, a fraction or an exponent, has no end that is plain. */
    if (text->at == start || (*start == '0' && text->at - start > 1)) return NULL;
    return json_integer(is_negative ? -number : number);
}

static json_t *take_value(struct text *text, int depth);

/* Of an object, with its key, or of an array. 0 also for a key that was there before. */
static int take_member(struct text *text, json_t *container, int depth)
{
    size_t length, count = json_object_size(container);
    const char *key;

    if (json_is_array(container)) return json_array_append_new(container, take_value(text, depth)) == 0;
    key = take_string(text, &length);
    if (!key || !take(text, ':')) return 0;
    return json_object_setn_new_nocheck(container, key, length, take_value(text, depth)) == 0 &&
           json_object_size(container) > count;
}

static json_t *take_container(struct text *text, json_t *container, char end, int depth)
{
    text->at++;
    if (!container || take(text, end)) return container;
    while (depth < DEEPEST && take_member(text, container, depth + 1)) {
        if (take(text, end)) return container;
        if (!take(text, ',')) break;
    }
    json_decref(container);
    return NULL;
}

static json_t *take_value(struct text *text, int depth)
{
    const char *string;
    size_t length;

    if (text->at == text->end) return NULL;
    switch (*text->at) {
    case '{':
        return take_container(text, json_object(), '}', depth);
    case '[':
        return take_container(text, json_array(), ']', depth);
    case '"':
        string = take_string(text, &length);
        return string ? json_stringn_nocheck(string, length) : NULL;
    default:
        return take_number(text);
    }
}

json_t *json_loadb(const char *bytes, size_t size, size_t flags, json_error_t *error)
{
    struct text text = {.at = bytes, .end = bytes + size};
    json_t *value = NULL;

    if (!is_off && (flags & ~(size_t)JSON_REJECT_DUPLICATES) == 0 && size > 0 && bytes[0] == '{')
        value = take_value(&text, 0);
    if (value && text.at == text.end) return value;
    json_decref(value);
    return jansson_loadb(bytes, size, flags, error);
}

/* Writing: each function returns 0 where the value is not plain. */

struct buffer {
    char *bytes;
    size_t size, used;
};

/* What does not fit is counted. */
static int put(struct buffer *buffer, const char *bytes, size_t size)
{
    if (buffer->used + size <= buffer->size) memcpy(buffer->bytes + buffer->used, bytes, size);
    buffer->used += size;
    return 1;
}

static int put_string(struct buffer *buffer, const char *string, size_t length)
{
    return is_plain(string, length) && put(buffer, "\"", 1) && put(buffer, string, length) && put(buffer, "\"", 1);
}

static int put_number(struct buffer *buffer, json_int_t number)
{
    char digits[24];
    size_t start = sizeof digits;

    if (number < 0) return 0;
    do digits[--start] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return put(buffer, digits + start, sizeof digits - start);
}

static int put_value(struct buffer *buffer, const json_t *value)
{
    const char *separator = "";
    void *place;

    switch (json_typeof(value)) {
    case JSON_STRING:
        return put_string(buffer, json_string_value(value), json_string_length(value));
    case JSON_INTEGER:
        return put_number(buffer, json_integer_value(value));
    case JSON_OBJECT:
        put(buffer, "{", 1);
        for (place = json_object_iter((json_t *)value); place; place = json_object_iter_next((json_t *)value, place)) {
            put(buffer, separator, strlen(separator));
            separator = ",";
            if (!put_string(buffer, json_object_iter_key(place), json_object_iter_key_len(place)) ||
                !put(buffer, ":", 1) || !put_value(buffer, json_object_iter_value(place)))
                return 0;
        }
        return put(buffer, "}", 1);
    case JSON_ARRAY:
        put(buffer, "[", 1);
        for (size_t index = 0; index < json_array_size(value); index++) {
            put(buffer, separator, strlen(separator));
            separator = ",";
            if (!put_value(buffer, json_array_get(value, index))) return 0;
        }
        return put(buffer, "]", 1);
    default:
        return 0;
    }
}

size_t json_dumpb(const json_t *value, char *bytes, size_t size, size_t flags)
{
    struct buffer buffer = {.bytes = bytes, .size = size};

    if (!is_off && flags == JSON_COMPACT && json_is_object(value) && put_value(&buffer, value)) return buffer.used;
    return jansson_dumpb(value, bytes, size, flags);
}

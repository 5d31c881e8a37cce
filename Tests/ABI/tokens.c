/* SPDX-License-Identifier: Apache-2.0 */

#include "tokens.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

enum { MAXIMUM = 1024 };
static const char *made[MAXIMUM];
static int made_count;

static void forget(void *token)
{
    (void)token;
    made_count--;
}

/* Remembers a token for token_in(). */
static const char *remember(char *token)
{
    if (made_count == MAXIMUM) abort();
    made[made_count++] = token;
    defer(forget, token);
    return token;
}

static char *base64url_encode(const char *bytes, size_t count)
{
    char *result = malloc(count * 4 / 3 + 3), *end = result;
    if (!result) abort();
    defer(free, result);
    unsigned bits = 0, bit_count = 0;
    for (size_t i = 0; i < count; i++) {
        bits = (bits << 8 | (unsigned char)bytes[i]) & 0xFFFF;
        for (bit_count += 8; bit_count >= 6; bit_count -= 6) *end++ = alphabet[bits >> (bit_count - 6) & 63];
    }
    if (bit_count > 0) *end++ = alphabet[bits << (6 - bit_count) & 63];
    *end = '\0';
    return result;
}

char *base64url_decode(const char *text)
{
    char *result = malloc(strlen(text) + 1), *end = result;
    if (!result) abort();
    defer(free, result);
    unsigned bits = 0, bit_count = 0;
    for (; *text; text++) {
        const char *digit = strchr(alphabet, *text);
        if (!digit) return NULL;
        bits = (bits << 6 | (unsigned)(digit - alphabet)) & 0xFFFF;
        bit_count += 6;
        if (bit_count < 8) continue;
        bit_count -= 8;
        *end++ = (char)(bits >> bit_count & 0xFF);
    }
    *end = '\0';
    return result;
}

const char *json_text(const char *source)
{
    char *result = text("%s", source);
    for (char *quote = result; (quote = strchr(quote, '\'')); quote++) *quote = '"';
    return result;
}

/* Text that no other call makes. */
static const char *random_part(int length)
{
    static unsigned state = 1;
    char *result = text("%*s", length, "");
    for (int i = 0; i < length; i++) {
        state = state * 1103515245 + 12345;
        result[i] = alphabet[state >> 16 & 63];
    }
    return result;
}

const char *jwt(const char *claims)
{
    static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    const char *payload = json_text(claims);
    return remember(text("%s.%s.%s", base64url_encode(header, sizeof header - 1),
                         base64url_encode(payload, strlen(payload)), random_part(43)));
}

const char *access_token(int64_t seconds_left)
{
    return jwt(text("{'sub':'" TOKEN_SUB
                    "','token_use':'access','origin_jti':'%s','exp':%lld,'username':'" TOKEN_USERNAME "'}",
                    random_part(36), (long long)time(NULL) + seconds_left));
}

const char *id_token(int64_t seconds_left)
{
    return jwt(text("{'sub':'" TOKEN_SUB "','token_use':'id','exp':%lld,'cognito:username':'" TOKEN_USERNAME "'}",
                    (long long)time(NULL) + seconds_left));
}

const char *refresh_token(void)
{
    return remember(
        text("eyJjdHkiOiJKV1QifQ.%s.%s.%s.%s", random_part(171), random_part(16), random_part(200), random_part(22)));
}

const char *long_token(int length) { return remember(text("%s", random_part(length))); }

int64_t token_expiry(const char *token)
{
    const char *start = strchr(token, '.') + 1;
    char *claims = base64url_decode(text("%.*s", (int)strcspn(start, "."), start));
    json_t *object = json_loads(claims, 0, NULL);
    int64_t result = json_integer_value(json_object_get(object, "exp"));
    json_decref(object);
    return result;
}

const char *token_in(const char *text)
{
    for (int i = 0; text && i < made_count; i++) {
        if (strstr(text, made[i])) return made[i];
    }
    return NULL;
}

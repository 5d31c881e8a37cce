/* SPDX-License-Identifier: Apache-2.0 */

/* Tokens that look like Cognito's; each call makes another one. They live until the case is over. */

#ifndef TOKENS_H
#define TOKENS_H

#include <stdint.h>

#define TOKEN_SUB "aaaaaaaa-1111-4222-8333-444444444444"
#define TOKEN_USERNAME "ada.lovelace"

/* An HS256 token with these claims: JSON with ' for ". Its signature is nobody's. */
const char *jwt(const char *claims);

/* Tokens of TOKEN_SUB that have this long to live, in seconds. */
const char *access_token(int64_t seconds_left);
const char *id_token(int64_t seconds_left);

/* That long has a token to live that expired a minute ago. */
enum { EXPIRED = -60 };

/* Cognito's refresh tokens are encrypted: nothing can be read in them. */
const char *refresh_token(void);

/* `length` characters that could be a token's. */
const char *long_token(int length);

/* The `exp` of a token; 0 if it has none. */
int64_t token_expiry(const char *token);

/* A copy that lives until the case is over, with ' turned into ". */
const char *json_text(const char *text);

/* The bytes that a text without padding stands for, with a NUL behind them; NULL if it is no base64url. */
char *base64url_decode(const char *text);

/* The first of the case's tokens that is in `text`; NULL if none is. */
const char *token_in(const char *text);

#endif

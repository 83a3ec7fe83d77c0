#ifndef RD_BASE_UTF8_H
#define RD_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* UTF-8 as in RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF. */
#define RD_UTF8_SHORT (-1)

/*
 * Bytes (1 to 4) of the character at p, where `len` > 0 stand, and its code point;
 * 0: there is none; RD_UTF8_SHORT: they may be the beginning of one.
 */
int rd_utf8_decode(const uint8_t *p, size_t len, uint32_t *point);
/* The code point of a text that is one character and nothing else, or 0. */
uint32_t rd_utf8_single(const char *text);
/*
 * What a terminal obeys, or what breaks or turns the line around it: C0, DEL, C1, U+2028,
 * U+2029, and the marks of direction (UAX #9). Foreign text has none where people read it.
 */
bool rd_utf8_is_control(uint32_t point);
/* Appends a character. */
void rd_utf8_put(struct rd_buf *b, uint32_t point);

#endif

#ifndef RD_LOOK_WORDS_H
#define RD_LOOK_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "media/rect.h"

/*
 * Words that were read from a picture, as tesseract(1) writes them with "tsv":
 * a line each of level, page, block, paragraph, line, word, left, top, width,
 * height, confidence and text, between tabs; what is no word is passed over.
 * Foreign, since the picture is.
 */

/*
 * Whether `phrase` stands in a line of it, whatever the case of ASCII letters and
 * the blanks between words; *at bounds the words it touches.
 */
bool rd_words_find(const char *tsv, size_t len, const char *phrase, struct rd_rect *at);

#endif

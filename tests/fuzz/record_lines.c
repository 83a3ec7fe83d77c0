#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rd-record/lines.h"

/* Lines in pieces, whose size is the first byte: none is empty, too long or has an end in it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	if (len == 0 || len > LINES_MAX || strlen(text) != len)
		abort();
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ')
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct line_reader r = {0};
	if (len == 0)
		return 0;
	size_t piece = (size_t)data[0] + 1;
	for (size_t at = 1; at < len; at += piece) {
		size_t n = len - at < piece ? len - at : piece;
		line_reader_add(&r, (const char *)data + at, n, check, NULL);
	}
	line_reader_end(&r, check, NULL);
	return 0;
}

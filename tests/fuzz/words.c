#include <stdlib.h>

#include "look/words.h"

/* What tesseract wrote of a picture; the first line is what is looked for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char phrase[64];
	size_t n = 0;
	struct rd_rect at = {0};
	while (n < len && n < sizeof(phrase) - 1 && data[n] != '\n' && data[n]) {
		phrase[n] = (char)data[n];
		n++;
	}
	phrase[n] = 0;
	if (rd_words_find((const char *)data + n, len - n, phrase, &at) &&
			(at.x < 0 || at.y < 0 || at.w < 0 || at.h < 0))
		abort();
	return 0;
}

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/code.h"

/* What somebody types for a code. One that is taken is written and read the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd_code c, back;
	const char *why = NULL;
	char *text = malloc(size + 1), again[RD_CODE_TEXT];
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	rd_code_looks(text);
	int err = rd_code_parse(&c, text, &why);
	/* The sentence goes to a terminal. */
	for (const char *p = why; err && *p; p++)
		if (*p < ' ' || *p > '~')
			abort();
	if (err && (err != -EINVAL || c.slot))
		abort();
	if (!err) {
		rd_code_text(&c, again);
		if (!rd_code_looks(again) || rd_code_parse(&back, again, &why) != 0 ||
			memcmp(&c, &back, sizeof(c)) != 0)
			abort();
	}
	free(text);
	return 0;
}

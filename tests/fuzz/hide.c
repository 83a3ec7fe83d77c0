#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "desktop/hide.h"

/* A line with what is to be hidden, then what a window says of itself: title, line, class. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_hide h = {0};
	const char *error = NULL;
	const uint8_t *end = memchr(data, '\n', len);
	if (!end)
		return 0;
	char *text = strndup((const char *)data, (size_t)(end - data));
	const uint8_t *title = end + 1;
	size_t left = len - (size_t)(title - data);
	const uint8_t *cut = left ? memchr(title, '\n', left) : NULL;
	size_t title_len = cut ? (size_t)(cut - title) : left;
	struct rd_hide_look look = {
		.title = {{(const char *)title, title_len}},
		.class = {cut ? (const char *)cut + 1 : NULL, cut ? left - title_len - 1 : 0},
	};
	int rect = rd_hide_add_rect(&h, text, &error), window = rd_hide_add_window(&h, text, &error);
	if ((rect || window) && !error)
		abort();
	if (h.rects != (rect == 0) || h.windows != (window == 0))
		abort();
	bool hides = rd_hide_matches(&h, &look);
	look.cut = true;
	/* What is not known never makes it less. */
	if (hides && !rd_hide_matches(&h, &look))
		abort();
	free(text);
	return 0;
}

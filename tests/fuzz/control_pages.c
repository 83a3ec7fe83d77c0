#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "control/pages.h"

/* What came of any page is a page, of which the same comes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
has_long_line(const struct rd_buf *b)
{
	const char *at = (const char *)b->data, *end = at + b->len, *line;
	for (; at < end && (line = memchr(at, '\n', (size_t)(end - at))); at = line + 1)
		if (line - at > RD_PAGES_LINE)
			return true;
	return false;
}

static void
merge(struct rd_buf *out, const void *text, size_t len, long pid)
{
	struct rd_pages p = {0};
	rd_pages_add(&p, text, len, "rd-test", pid);
	rd_pages_put(&p, out);
	rd_pages_finish(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_buf once = {0}, again = {0};
	merge(&once, data, len, 0);
	merge(&again, once.data, once.len, 0);
	if (!has_long_line(&once) && (once.len != again.len ||
			(once.len && memcmp(once.data, again.data, once.len) != 0)))
		abort();
	rd_buf_reset(&once);
	merge(&once, data, len, 4711);
	rd_buf_finish(&once);
	rd_buf_finish(&again);
	return 0;
}

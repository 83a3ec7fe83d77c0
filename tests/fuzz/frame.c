#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/frame.h"

/*
 * The plaintext of a DATA: frames to the end. What is read is written again
 * and read once more, and must be the same.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
write_and_read(const struct rd_frame *f)
{
	size_t n = rd_frame_size(f);
	uint8_t *out = malloc(n);
	struct rd_frame g;
	struct rd_reader r;

	if (!out || rd_frame_put(out, f) != out + n)
		abort();
	rd_reader_init(&r, out, n);
	if (rd_frame_parse(&g, &r) || !rd_reader_done(&r) || rd_frame_size(&g) != n)
		abort();
	if (f->type != g.type || f->len != g.len || (f->len && memcmp(f->data, g.data, f->len)))
		abort();
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd_reader r, events;
	struct rd_frame f;
	const uint8_t *event;
	size_t len;

	rd_reader_init(&r, data, size);
	while (rd_reader_left(&r) && !rd_frame_parse(&f, &r)) {
		write_and_read(&f);
		if (f.type != RD_FRAME_EVENT)
			continue;
		rd_reader_init(&events, f.data, f.len);
		unsigned n = 0;
		while (rd_frame_event(&events, &event, &len))
			n++;
		if (n != f.count)
			abort();
	}
	return 0;
}

#include <stdlib.h>
#include <string.h>

#include "desktop/targets.h"

/* What programs put into properties: a list of atoms, and the mark of one of ours. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check(const struct rd_clip_offer *o, const uint32_t *list, size_t n, const uint32_t *atoms)
{
	struct rd_clip_offer back;
	struct rd_buf b = {0};
	for (int i = 0; i < o->count; i++) {
		int best = rd_targets_best(o->kind[i].name, list, n, atoms);
		if (best < 0 || strcmp(rd_targets[best].kind, o->kind[i].name) != 0)
			abort();
	}
	/* Whatever was found there can be said to a peer. */
	rd_clip_offer_pack(&b, o);
	if (rd_clip_offer_parse(&back, b.data, b.len) != 0 || back.count != o->count)
		abort();
	rd_buf_finish(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint32_t atoms[RD_TARGETS], list[1024], words[RD_MARK_WORDS];
	struct rd_clip_offer o = {0}, marked = {0};
	size_t n = len / 4 < 1024 ? len / 4 : 1024;
	for (uint32_t i = 0; i < RD_TARGETS; i++)
		atoms[i] = 300 + i;
	memcpy(list, data, n * 4);
	rd_targets_parse(&o, list, n, atoms);
	check(&o, list, n, atoms);
	if (rd_mark_parse(&marked, list, n)) {
		rd_mark_pack(words, &marked);
		if (words[0] != list[0] || words[1] != list[1] || words[2] != list[2])
			abort();
	}
	struct rd_buf text = {0};
	uint8_t *latin1 = malloc(2 * len + 1);
	rd_latin1_to_utf8(&text, data, len);
	if (latin1 && (rd_utf8_to_latin1(latin1, text.data, text.len) != len ||
			(len && memcmp(latin1, data, len) != 0)))
		abort();
	if (latin1 && rd_utf8_to_latin1(latin1, data, len) > len)
		abort();
	free(latin1);
	rd_buf_finish(&text);
	return 0;
}

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/candidate.h"

/* Where a peer says that it may be reached: what is taken can be told on. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd_candidates c, back;
	struct rd_buf b = {0}, again = {0};

	if (rd_candidates_parse(&c, data, size))
		return 0;
	if (c.count > RD_CANDIDATES)
		abort();
	for (unsigned i = 0; i < c.count; i++)
		if (c.list[i].kind > RD_CANDIDATE_REFLEXIVE || c.list[i].addr.port == 0)
			abort();
	rd_candidates_pack(&b, &c);
	if (b.len > RD_CANDIDATES_BYTES || rd_candidates_parse(&back, b.data, b.len) ||
		back.count != c.count)
		abort();
	rd_candidates_pack(&again, &back);
	if (again.len != b.len || memcmp(again.data, b.data, b.len) != 0)
		abort();
	rd_buf_finish(&b);
	rd_buf_finish(&again);
	return 0;
}

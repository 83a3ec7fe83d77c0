#include <stdlib.h>
#include <string.h>

#include "media/keyname.h"

/* A key as somebody wrote it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char text[128] = "", *bad = NULL;
	const char *nearest;
	struct rd_chord c;
	memcpy(text, data, len < sizeof(text) ? len : sizeof(text) - 1);
	if (rd_chord_parse(&c, text, &bad, &nearest) == 0 && !c.keysym)
		abort();
	free(bad);
	bad = NULL;
	if (rd_chord_parse_mods(&c, text, &bad, &nearest) == 0 && !c.mods)
		abort();
	free(bad);
	return 0;
}

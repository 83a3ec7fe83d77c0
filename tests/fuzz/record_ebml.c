#include <stdint.h>
#include <stdlib.h>

#include "rd-record/ebml.h"

/* The head of a film: where its duration stands, if anywhere, 11 bytes are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint64_t at = ebml_find_duration(data, len);
	if (at && (at > len || len - at < 11))
		abort();
	return 0;
}

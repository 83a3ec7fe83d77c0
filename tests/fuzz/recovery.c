#include <stddef.h>
#include <stdint.h>

#include "../net/recovery_model.h"

/* What may happen to packets, in any order: see recovery_model.h. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	model_run(data, size);
	return 0;
}

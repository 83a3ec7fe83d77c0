#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire/clip_options.h"

const char *const rd_clip_way_names[] = {"off", "to-host", "to-viewer", "both", NULL};

/* "512K", "64M", "1G", "100000". */
int
rd_clip_set_max(void *max, const char *text, const char **error)
{
	static const char units[] = "KMG";
	char *end;
	errno = 0;
	unsigned long long n = strtoull(text, &end, 10);
	*error = "a size is a number of bytes up to 1G, such as 512K or 64M";
	if (end == text || text[0] == '-' || errno || n == 0 || n > RD_CLIP_MAX_MOST)
		return -EINVAL;
	const char *unit = *end ? strchr(units, *end & ~0x20) : NULL;
	if (*end && (!unit || end[1]))
		return -EINVAL;
	uint64_t size = (uint64_t)n << (unit ? 10 * (unit - units + 1) : 0);
	if (size > RD_CLIP_MAX_MOST || size >> (unit ? 10 * (unit - units + 1) : 0) != n)
		return -EINVAL;
	*(uint64_t *)max = size;
	return 0;
}

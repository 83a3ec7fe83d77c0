#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/lan.h"

/*
 * The TXT record of a host that announces itself: strings, each with a byte of
 * length before it. What is told of it is a fingerprint or nothing, and says the
 * same when it is announced again.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_lan_txt t = {0}, back = {0};
	char item[RD_LAN_TXT_ROOM];
	while (len > 0) {
		size_t n = *data++ < len ? data[-1] : len - 1;
		/* Memory of its own, so that a sanitizer sees who reads past it. */
		uint8_t *copy = malloc(n + 1);
		memcpy(copy, data, n);
		copy = realloc(copy, n ? n : 1);
		rd_lan_txt_take(&t, copy, n);
		free(copy);
		data += n;
		len -= 1 + n;
	}
	size_t shown = strnlen(t.fingerprint, sizeof(t.fingerprint));
	if (shown != 0 && shown != sizeof(t.fingerprint) - 1)
		abort();
	if (strspn(t.fingerprint, "abcdefghijklmnopqrstuvwxyz234567-") != shown)
		abort();
	for (unsigned i = 0; rd_lan_txt_item(&t, i, item); i++)
		rd_lan_txt_take(&back, item, strlen(item));
	if (back.version != t.version || strcmp(back.fingerprint, t.fingerprint) != 0)
		abort();
	return 0;
}

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/keyfile.h"
#include "net/wakefile.h"

/* A line of the file `wake`. What is taken has a line, and that line says the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_wake_entry e, back;
	char mac[RD_MAC_TEXT];
	if (rd_wakefile_line(&e, (const char *)data, len) <= 0)
		return 0;
	char *name = rd_known_host(e.name);
	if (!name || strcmp(name, e.name) != 0 || !rd_mac_ok(&e.mac))
		abort();
	char *line = xasprintf("%s %s", e.name, rd_mac_text(&e.mac, mac));
	if (rd_wakefile_line(&back, line, strlen(line)) != 1 || memcmp(&e, &back, sizeof(e)) != 0)
		abort();
	free(line);
	free(name);
	return 0;
}

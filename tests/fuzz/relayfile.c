#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/relayfile.h"

/* A line of the file `relays`. What is taken has a line, and that line says the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_relay_entry e, back;
	char key[RD_KEY_TEXT], join[RD_JOIN_TEXT];
	if (sodium_init() < 0)
		return 0;
	if (rd_relayfile_line(&e, (const char *)data, len) <= 0)
		return 0;
	char *name = rd_relay_name(e.name);
	if (!name || strcmp(name, e.name) != 0)
		abort();
	char *line = xasprintf("%s %s%s%s%s", e.name, rd_key_text(&e.key, key), e.own ? " own" : "",
		e.has_join ? " join=" : "", e.has_join ? rd_join_text(e.join, join) : "");
	if (rd_relayfile_line(&back, line, strlen(line)) != 1 || memcmp(&e, &back, sizeof(e)) != 0)
		abort();
	free(line);
	free(name);
	return 0;
}

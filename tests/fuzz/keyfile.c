#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "net/keyfile.h"

/* authorized_keys or known_hosts, by the first byte: 'k' for the second. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What was granted has a text, and that text grants the same. */
static void
check_options(const struct rd_key_options *o)
{
	struct rd_key_options back;
	struct rd_addr a = {.family = 4, .ip = {192, 0, 2, 1}};
	char *why, *text = rd_key_options_text(o);
	if (strlen(text) <= RD_KEY_OPTIONS_MAX) {
		if (rd_key_options_parse(&back, text, &why) != 0)
			abort();
		char *again = rd_key_options_text(&back);
		if (strcmp(text, again) != 0 || o->microphone != back.microphone || o->expires != back.expires
			|| rd_key_options_from(o, &a) != rd_key_options_from(&back, &a))
			abort();
		free(again);
		rd_key_options_finish(&back);
	}
	free(text);
}

/* What we print of other people's text moves no cursor. */
static void
check_shown(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_keyfile f;
	if (sodium_init() < 0 || len == 0)
		return 0;
	enum rd_keyfile_kind kind = data[0] == 'k' ? RD_KEYFILE_KNOWN : RD_KEYFILE_AUTHORIZED;
	if (rd_keyfile_parse(&f, kind, (const char *)data + 1, len - 1) != 0)
		return 0;
	for (size_t i = 0; i < f.count; i++) {
		const struct rd_key_entry *e = &f.entries[i];
		check_shown(e->name);
		if (kind == RD_KEYFILE_AUTHORIZED)
			check_options(&e->opt);
		else if (rd_keyfile_by_name(&f, e->name) != e)
			abort();
		if (kind == RD_KEYFILE_AUTHORIZED && rd_keyfile_by_key(&f, &e->key) != e)
			abort();
	}
	for (size_t i = 0; i < f.error_count; i++)
		check_shown(f.errors[i].why);
	rd_keyfile_finish(&f);
	return 0;
}

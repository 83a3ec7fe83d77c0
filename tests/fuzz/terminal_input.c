#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rd-view/terminal_input.h"
#include "rd-view/terminal_keys.h"

/*
 * What a terminal sends. However it is cut into pieces, the same comes out of
 * it, and nothing that is handed on can do harm as text.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct sum {
	uint64_t keys, pasted;
};

static void
text_ok(const struct terminal_event *e)
{
	for (size_t i = 0; i < e->text_len; i++) {
		uint8_t c = (uint8_t)e->text[i];
		bool plain = c >= 0x20 && c != 0x7f;
		if (!plain && !(e->kind == TERMINAL_PASTE && (c == '\t' || c == '\n')))
			abort();
	}
}

static void
take(void *ctx, const struct terminal_event *e)
{
	struct sum *s = ctx;
	uint64_t what = (uint64_t)e->kind * 31 + (uint64_t)e->answer;
	text_ok(e);
	if (e->count > TERMINAL_NUMBERS || e->button < -1 || e->x < 0 || e->y < 0)
		abort();
	if (e->kind == TERMINAL_KEY)
		what += (uint64_t)terminal_keys_code(e) << 32 ^ terminal_keys_meaning(e);
	if (e->kind == TERMINAL_PASTE)
		s->pasted += e->text_len;
	else
		s->keys = s->keys * 1000003 + what;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct terminal_input whole = {0}, bytes = {0};
	struct sum a = {0}, b = {0};
	terminal_input_feed(&whole, data, len, take, &a);
	for (size_t i = 0; i < len; i++)
		terminal_input_feed(&bytes, data + i, 1, take, &b);
	terminal_input_settle(&whole, take, &a);
	terminal_input_settle(&bytes, take, &b);
	if (a.keys != b.keys || a.pasted != b.pasted)
		abort();
	return 0;
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rd-recv/clips.h"

struct heard {
	unsigned watches, offers;
	uint32_t serial;
};

static void
say(void *ctx, const struct rd_msg *m)
{
	struct heard *h = ctx;
	struct rd_clip_offer o;
	h->watches += m->type == RD_MSG_WATCH;
	if (m->type != RD_MSG_OFFER)
		return;
	h->offers++;
	assert_int_equal(rd_clip_offer_parse(&o, m->data, m->len), 0);
	h->serial = o.serial;
}

static void
note(struct clips *c, uint16_t type, struct rd_buf *b)
{
	const struct rd_msg m = {.type = type, .data = b->data, .len = b->len};
	clips_note(c, &m);
	rd_buf_finish(b);
}

static void
test_the_last_word_is_said_again(void **state)
{
	struct clips c = {0};
	struct heard h = {0};
	struct rd_buf b = {0};
	struct rd_clip_offer o = {.count = 1, .kind = {{RD_CLIP_TEXT, 1}}};
	(void)state;
	clips_again(&c, say, &h);
	assert_int_equal(h.watches + h.offers, 0);
	for (o.serial = 1; o.serial < 4; o.serial++) {
		rd_clip_offer_pack(&b, &o);
		note(&c, RD_MSG_OFFER, &b);
	}
	rd_clip_watch_pack(&b, 1);
	note(&c, RD_MSG_WATCH, &b);
	/* What makes no sense is not kept, and nothing else is. */
	rd_buf_u8(&b, 7);
	note(&c, RD_MSG_OFFER, &b);
	rd_clip_cancel_pack(&b, 7);
	note(&c, RD_MSG_CANCEL, &b);
	clips_again(&c, say, &h);
	assert_int_equal(h.watches, 1);
	assert_int_equal(h.offers, 1);
	assert_int_equal(h.serial, 3);
	clips_finish(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_last_word_is_said_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

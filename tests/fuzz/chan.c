#include <stdbool.h>
#include <stdlib.h>

#include "chan/chan.h"
#include "chan/travel.h"

/*
 * What a peer can put into a chan. A list of {u8 what, u16 length, bytes}: what
 * & 7 is 0 to 3 a piece of that stream (2 and 3 end it), 4 a picture unit, 5 a
 * sound unit, 6 an event, 7 a gap. Nothing over its limit may come out, and
 * nothing at all after `foreign`.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct end {
	bool over;
};

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct end *e = ctx;
	volatile uint8_t sum = 0;

	if (e->over || m->len > rd_msg_limit(m->type) || m->flags & RD_MSG_F_SHARED)
		abort();
	for (size_t i = 0; i < m->len; i++)
		sum = (uint8_t)(sum + m->data[i]);
	return 0;
}

static void
on_foreign(void *ctx, const char *why)
{
	struct end *e = ctx;

	if (e->over || !why)
		abort();
	e->over = true;
}

static const struct rd_chan_ops ops = {.message = on_message, .foreign = on_foreign};

static void
feed(struct rd_chan *ch, unsigned what, const uint8_t *data, size_t n)
{
	const struct rd_mux_ops *to = &rd_chan_mux_ops;

	switch (what & 7) {
	case 4:
		to->unit(ch, RD_TRAFFIC_PICTURE, data, n);
		break;
	case 5:
		to->unit(ch, RD_TRAFFIC_SOUND, data, n);
		break;
	case 6:
		to->event(ch, data, n);
		break;
	case 7:
		to->gap(ch, RD_TRAFFIC_PICTURE);
		break;
	default:
		to->stream(ch, what & 3, data, n, what & 2);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct end e = {0};
	struct rd_chan *ch = rd_chan_new(&ops, &e);

	while (len >= 3) {
		unsigned what = data[0];
		size_t n = data[1] | data[2] << 8;

		data += 3;
		len -= 3;
		n = n < len ? n : len;
		feed(ch, what, data, n);
		data += n;
		len -= n;
	}
	rd_chan_free(ch);
	return 0;
}

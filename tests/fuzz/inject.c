#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"
#include "desktop/inject.h"
#include "desktop/notches.h"
#include "desktop/steps.h"
#include "wire/msg_input.h"

/*
 * Whatever several viewers say, as it reaches a desktop: a row of {u8 message of class
 * INPUT, u8 peer, u8 bytes, body}. Nothing goes down or up twice, nothing is down at the
 * end, the pointer stays within, no more waits than may, and a wheel is no flood.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define KEYS 768
static const struct rd_rect area = {.x = 100, .y = 50, .w = 640, .h = 480};

struct desktop {
	struct rd_inject base;
	bool key[KEYS];
	bool button[RD_BUTTON_COUNT];
	struct rd_steps steps;
	struct rd_notches wheel;
	int64_t turned;
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static int
fake_open(struct rd_inject **out, struct rd_loop *loop, const char *display, char **why)
{
	struct desktop *d = xcalloc(1, sizeof(*d));
	(void)loop, (void)display, (void)why;
	*out = &d->base;
	return 0;
}

static void
changes(bool *is_down, bool down)
{
	must(*is_down != down);
	*is_down = down;
}

static int
fake_input(struct rd_inject *i, const struct rd_input *in)
{
	struct desktop *d = (struct desktop *)i;
	int x, y;
	switch (in->kind) {
	case RD_INPUT_KEY:
		must(in->code < KEYS && (in->code || in->down));
		if (in->code)
			changes(&d->key[in->code], in->down);
		break;
	case RD_INPUT_BUTTON:
		must(in->code < RD_BUTTON_COUNT);
		changes(&d->button[in->code], in->down);
		break;
	case RD_INPUT_POINTER:
		must(in->x >= area.x && in->x < area.x + area.w && in->y >= area.y && in->y < area.y + area.h);
		break;
	case RD_INPUT_WHEEL:
		/* As if no time passed: at most what is allowed at once. */
		rd_notches_turn(&d->wheel, in->x, in->y, RD_NS_PER_S, &x, &y);
		d->turned += abs(x) + abs(y);
		must(d->turned <= 2 * RD_NOTCHES_MAX);
		break;
	case RD_INPUT_HELD:
		abort();
	default:
		break;
	}
	if (rd_steps_add(&d->steps, i->peer, in) < 0)
		rd_steps_clear(&d->steps);
	must(d->steps.end - d->steps.first <= RD_STEPS_MAX);
	return 0;
}

static void
fake_close(struct rd_inject *i)
{
	struct desktop *d = (struct desktop *)i;
	for (int k = 0; k < KEYS; k++)
		must(!d->key[k]);
	for (int b = 0; b < RD_BUTTON_COUNT; b++)
		must(!d->button[b]);
	rd_steps_finish(&d->steps);
	free(d);
}

static const struct rd_inject_ops fake = {
	.name = "fake", .open = fake_open, .input = fake_input, .close = fake_close,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_loop *loop = rd_loop_new();
	struct rd_inject *inject;
	struct rd_reader r;
	char *why;
	rd_reader_init(&r, data, len);
	rd_inject_open(&inject, &fake, loop, NULL, &why);
	rd_inject_area(inject, area);
	while (rd_reader_left(&r)) {
		struct rd_input in;
		uint16_t type = (uint16_t)(RD_CLASS_INPUT << 8 | rd_reader_u8(&r));
		uint8_t peer = rd_reader_u8(&r);
		size_t n = rd_reader_u8(&r);
		n = n < rd_reader_left(&r) ? n : rd_reader_left(&r);
		if (rd_input_parse(&in, type, rd_reader_bytes(&r, n), n) == 0)
			must(rd_inject_input(inject, peer, &in) == 0);
	}
	rd_inject_close(inject);
	rd_loop_free(loop);
	return 0;
}

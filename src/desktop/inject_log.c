#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "desktop/inject.h"

/*
 * Does nothing to any desktop and says what it would have done, a line an
 * event on stderr. Tests read these lines; their form stays.
 *
 *	inject: key 30 0x61 down	inject: key 30 up
 *	inject: text héllo
 *	inject: pointer 10 20		inject: motion -1 0
 *	inject: button left down	inject: button left up
 *	inject: wheel 0 120			inject: locks caps on num off
 */

static int
log_open(struct rd_inject **out, struct rd_loop *loop, const char *display, char **why)
{
	(void)loop, (void)display, (void)why;
	*out = xcalloc(1, sizeof(**out));
	return 0;
}

static void
log_key(const struct rd_input *in)
{
	if (in->down)
		fprintf(stderr, "inject: key %u 0x%x down\n", in->code, in->keysym);
	else
		fprintf(stderr, "inject: key %u up\n", in->code);
}

static void
log_text(const struct rd_input *in)
{
	char *text = rd_log_escape(in->text, in->text_len, in->text_len);

	fprintf(stderr, "inject: text %s\n", text);
	free(text);
}

static void
log_button(const struct rd_input *in)
{
	static const char *const name[RD_BUTTON_COUNT] = {
		[RD_BUTTON_LEFT] = "left",
		[RD_BUTTON_RIGHT] = "right",
		[RD_BUTTON_MIDDLE] = "middle",
		[RD_BUTTON_SIDE] = "side",
		[RD_BUTTON_EXTRA] = "extra",
	};

	fprintf(stderr, "inject: button %s %s\n", name[in->code], in->down ? "down" : "up");
}

/* A keyboard without a Scroll Lock, as most are by now. */
static void
log_locks(struct rd_inject *i, const struct rd_locks *want)
{
	static const char *const name[RD_LOCK_COUNT] = {"caps", "num", "scroll"};

	fprintf(stderr, "inject: locks");
	for (int k = 0; k < RD_LOCK_COUNT; k++) {
		if (want->known & 1u << k)
			fprintf(stderr, " %s %s", name[k], want->on & 1u << k ? "on" : "off");
	}
	fputc('\n', stderr);
	rd_inject_locked(i, (struct rd_locks){
		.known = RD_LOCK_CAPS | RD_LOCK_NUM,
		.on = want->on & (RD_LOCK_CAPS | RD_LOCK_NUM),
	});
}

static int
log_input(struct rd_inject *i, const struct rd_input *in)
{
	switch (in->kind) {
	case RD_INPUT_KEY:
		log_key(in);
		break;
	case RD_INPUT_TEXT:
		log_text(in);
		break;
	case RD_INPUT_POINTER:
		fprintf(stderr, "inject: pointer %d %d\n", in->x, in->y);
		break;
	case RD_INPUT_MOTION:
		fprintf(stderr, "inject: motion %d %d\n", in->x, in->y);
		break;
	case RD_INPUT_BUTTON:
		log_button(in);
		break;
	case RD_INPUT_WHEEL:
		fprintf(stderr, "inject: wheel %d %d\n", in->x, in->y);
		break;
	case RD_INPUT_TAKE:
		rd_inject_taken(i, in->token);
		break;
	case RD_INPUT_LOCKS:
		log_locks(i, &in->locks);
		break;
	case RD_INPUT_HELD:
		break;
	}
	return 0;
}

static void
log_close(struct rd_inject *i)
{
	free(i);
}

const struct rd_inject_ops rd_inject_log = {
	.name = "log",
	.open = log_open,
	.input = log_input,
	.close = log_close,
};

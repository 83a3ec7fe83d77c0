#include <string.h>

#include "rd-view/forward.h"

static void
send(struct forward *f, const struct rd_input *in)
{
	if (f->on)
		f->host->input(f->ctx, in);
}

static bool
anything_down(const struct forward *f)
{
	return f->key_count > 0 || f->buttons;
}

/* While something is down the peer hears of it, or it lets everything go. */
static void
on_held(void *ctx)
{
	struct forward *f = ctx;
	struct rd_input in = {.kind = RD_INPUT_HELD, .buttons = f->buttons};
	if (!anything_down(f))
		return;
	for (int i = 0; i < f->key_count; i++)
		in.held[in.held_count++] = f->keys[i].code;
	send(f, &in);
	rd_timer_set(&f->held, RD_INPUT_HELD_EVERY_NS);
}

static void
watch_held(struct forward *f)
{
	if (!anything_down(f))
		rd_timer_clear(&f->held);
	else if (!f->held.set)
		rd_timer_set(&f->held, RD_INPUT_HELD_EVERY_NS);
}

void
forward_open(struct forward *f, struct rd_loop *loop, const struct view_host *host, void *ctx)
{
	*f = (struct forward){.host = host, .ctx = ctx};
	rd_timer_open(&f->held, loop, on_held, f);
}

void
forward_close(struct forward *f)
{
	rd_timer_close(&f->held);
}

void
forward_flush(struct forward *f)
{
	struct rd_input at = {.kind = RD_INPUT_POINTER, .x = f->x, .y = f->y};
	struct rd_input by = {.kind = RD_INPUT_MOTION, .x = f->dx, .y = f->dy};
	if (f->moved)
		send(f, &at);
	if (f->dx || f->dy)
		send(f, &by);
	f->moved = false;
	f->dx = f->dy = 0;
}

static int
find_key(const struct forward *f, uint16_t code)
{
	for (int i = 0; i < f->key_count; i++)
		if (f->keys[i].code == code)
			return i;
	return -1;
}

static void
send_key(struct forward *f, uint16_t code, uint32_t keysym, bool down)
{
	struct rd_input in = {.kind = RD_INPUT_KEY, .code = code, .keysym = keysym, .down = down};
	forward_flush(f);
	send(f, &in);
}

static void
release_key(struct forward *f, int i)
{
	uint16_t code = f->keys[i].code;
	uint32_t keysym = f->keys[i].keysym;
	f->key_count--;
	memmove(&f->keys[i], &f->keys[i + 1], (size_t)(f->key_count - i) * sizeof(f->keys[0]));
	send_key(f, code, keysym, false);
}

void
forward_key(struct forward *f, uint16_t code, uint32_t keysym, bool down)
{
	int i = find_key(f, code);
	if (!f->on || (i >= 0) == down)
		return;
	if (!down) {
		/* As what it went down: the layout may have changed since. */
		release_key(f, i);
	} else if (f->key_count < RD_INPUT_HELD_MAX) {
		f->keys[f->key_count].code = code;
		f->keys[f->key_count++].keysym = keysym;
		send_key(f, code, keysym, true);
	}
	watch_held(f);
}

void
forward_text(struct forward *f, const char *text)
{
	size_t len = strlen(text);
	struct rd_input in = {.kind = RD_INPUT_TEXT, .text = text, .text_len = len};
	if (len == 0 || len > RD_INPUT_TEXT_MAX)
		return;
	forward_flush(f);
	send(f, &in);
}

void
forward_button(struct forward *f, int button, bool down)
{
	uint8_t bit = (uint8_t)(1u << button);
	struct rd_input in = {.kind = RD_INPUT_BUTTON, .code = (uint16_t)button, .down = down};
	if (!f->on || !(f->buttons & bit) == !down)
		return;
	forward_flush(f);
	f->buttons ^= bit;
	send(f, &in);
	watch_held(f);
}

void
forward_wheel(struct forward *f, int32_t x, int32_t y)
{
	struct rd_input in = {.kind = RD_INPUT_WHEEL, .x = x, .y = y};
	if (!x && !y)
		return;
	forward_flush(f);
	send(f, &in);
}

void
forward_locks(struct forward *f, struct rd_locks here)
{
	struct rd_input in = {.kind = RD_INPUT_LOCKS, .locks = here};
	forward_flush(f);
	send(f, &in);
}

void
forward_pointer(struct forward *f, int32_t x, int32_t y)
{
	f->x = x;
	f->y = y;
	f->moved = f->on;
}

void
forward_motion(struct forward *f, int32_t dx, int32_t dy)
{
	if (!f->on)
		return;
	f->dx += dx;
	f->dy += dy;
}

void
forward_release_all(struct forward *f)
{
	while (f->key_count > 0)
		release_key(f, f->key_count - 1);
	for (int b = 0; b < RD_BUTTON_COUNT; b++)
		forward_button(f, b, false);
	watch_held(f);
}

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "desktop/steps.h"

/* Room for n more; the space of what is done is used again. */
static void
make_room(struct rd_steps *s, size_t n)
{
	size_t count = s->end - s->first;

	if (s->cap - s->end >= n)
		return;
	if (s->first > 0)
		memmove(s->step, s->step + s->first, count * sizeof(*s->step));
	s->first = 0;
	s->end = count;
	if (s->cap - count < n) {
		s->cap = 2 * (count + n);
		s->step = xreallocarray(s->step, s->cap, sizeof(*s->step));
	}
}

static void
add_text(struct rd_steps *s, uint8_t peer, const uint8_t *p, size_t left)
{
	uint32_t point;
	int n;

	while (left > 0 && (n = rd_utf8_decode(p, left, &point)) > 0) {
		uint32_t keysym = rd_keysym_of_unicode(point);
		bool half_newline = *p == '\r' && left > 1 && p[1] == '\n';

		if (keysym != 0 && !half_newline)
			s->step[s->end++] = (struct rd_step){
				.kind = RD_INPUT_KEY,
				.peer = peer,
				.down = true,
				.keysym = keysym,
			};
		p += n;
		left -= (size_t)n;
	}
}

int
rd_steps_add(struct rd_steps *s, uint8_t peer, const struct rd_input *in)
{
	bool text = in->kind == RD_INPUT_TEXT;
	size_t n = text ? in->text_len : 1;

	if (n > RD_STEPS_MAX - (s->end - s->first))
		return -ENOBUFS;
	make_room(s, n);
	if (text) {
		add_text(s, peer, (const uint8_t *)in->text, in->text_len);
		return 0;
	}
	s->step[s->end++] = (struct rd_step){
		.kind = in->kind,
		.peer = peer,
		.down = in->down,
		.code = in->code,
		.keysym = in->keysym,
		.x = in->x,
		.y = in->y,
		.token = in->token,
		.locks = in->locks,
	};
	return 0;
}

const struct rd_step *
rd_steps_peek(const struct rd_steps *s, size_t i)
{
	return i < s->end - s->first ? &s->step[s->first + i] : NULL;
}

void
rd_steps_drop_first(struct rd_steps *s)
{
	if (++s->first == s->end)
		rd_steps_clear(s);
}

static bool
lets_go(const struct rd_step *step)
{
	return (step->kind == RD_INPUT_KEY || step->kind == RD_INPUT_BUTTON) && !step->down;
}

void
rd_steps_forget(struct rd_steps *s, uint8_t peer)
{
	size_t kept = s->first;

	for (size_t i = s->first; i < s->end; i++) {
		if (s->step[i].peer != peer || lets_go(&s->step[i]))
			s->step[kept++] = s->step[i];
	}
	s->end = kept;
	if (s->first == s->end)
		rd_steps_clear(s);
}

void
rd_steps_clear(struct rd_steps *s)
{
	s->first = s->end = 0;
}

void
rd_steps_finish(struct rd_steps *s)
{
	free(s->step);
	*s = (struct rd_steps){0};
}

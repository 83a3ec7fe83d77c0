#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
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

/* Bytes of the character that begins with this one; the text is checked UTF-8. */
static size_t
length_of(uint8_t first)
{
	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static uint32_t
code_point(const uint8_t *p, size_t n)
{
	uint32_t cp = n == 1 ? p[0] : p[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++)
		cp = cp << 6 | (p[i] & 0x3f);
	return cp;
}

static void
add_text(struct rd_steps *s, const uint8_t *p, size_t left)
{
	while (left > 0 && length_of(*p) <= left) {
		size_t n = length_of(*p);
		uint32_t keysym = rd_keysym_of_unicode(code_point(p, n));
		bool half_newline = *p == '\r' && left > 1 && p[1] == '\n';

		if (keysym != 0 && !half_newline)
			s->step[s->end++] = (struct rd_step){
				.kind = RD_INPUT_KEY,
				.down = true,
				.keysym = keysym,
			};
		p += n;
		left -= n;
	}
}

int
rd_steps_add(struct rd_steps *s, const struct rd_input *in)
{
	bool text = in->kind == RD_INPUT_TEXT;
	size_t n = text ? in->text_len : 1;

	if (n > RD_STEPS_MAX - (s->end - s->first))
		return -ENOBUFS;
	make_room(s, n);
	if (text) {
		add_text(s, (const uint8_t *)in->text, in->text_len);
		return 0;
	}
	s->step[s->end++] = (struct rd_step){
		.kind = in->kind,
		.down = in->down,
		.code = in->code,
		.keysym = in->keysym,
		.x = in->x,
		.y = in->y,
		.token = in->token,
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

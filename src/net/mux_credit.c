#include <errno.h>

#include "net/mux_priv.h"

void
mux_credit_init(struct mux_credit *c, uint64_t window)
{
	*c = (struct mux_credit){.window = window, .said = window};
}

int
mux_credit_come(struct mux_credit *c, uint64_t n)
{
	if (n > c->said - c->come)
		return -EPROTO;
	c->come += n;
	return 0;
}

void
mux_credit_judge(struct mux_credit *c)
{
	/* `done` of units may fall below what was said before; that stands */
	if (c->done + c->window >= c->said + c->window / 2)
		c->due = true;
}

void
mux_credit_lost(struct mux_credit *c, uint64_t value)
{
	if (value == c->said)
		c->due = true;
}

bool
mux_write_credit(struct mux_writer *w, enum rd_frame_type type, uint64_t id, struct mux_credit *c)
{
	uint64_t may = c->done + c->window;
	struct rd_frame f = {.type = type, .id = id, .value = may > c->said ? may : c->said};

	if (!mux_write(w, &f))
		return false;
	c->said = f.value;
	c->due = false;
	return true;
}

#include "sound/gate.h"

static void
pass(struct rd_gate *g, int channels, uint8_t flags, struct rd_sound_msg *m)
{
	g->open = !(flags & RD_SOUND_REST);
	*m = (struct rd_sound_msg){.number = ++g->number, .flags = flags, .channels = (uint8_t)channels};
}

static bool
is_silent(const struct rd_gate *g, const int16_t *pcm, int n)
{
	int i = 0;
	while (i < n && pcm[i] <= g->floor && pcm[i] >= -g->floor)
		i++;
	return i == n;
}

bool
rd_gate_piece(struct rd_gate *g, const int16_t *pcm, int channels, struct rd_sound_msg *m)
{
	bool silent = is_silent(g, pcm, RD_SOUND_PIECE * channels), was = g->open;
	g->silent = silent ? g->silent + 1 : 0;
	if (silent && !was)
		return false;
	pass(g, channels, (was ? 0 : RD_SOUND_FIRST) |
		(g->silent >= RD_GATE_HANG ? RD_SOUND_REST : 0), m);
	return true;
}

bool
rd_gate_close(struct rd_gate *g, int channels, struct rd_sound_msg *m)
{
	if (!g->open)
		return false;
	pass(g, channels, RD_SOUND_REST, m);
	return true;
}

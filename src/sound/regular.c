#include "media/sound.h"
#include "sound/regular.h"

/* So far off something was left out, or played twice. */
#define FAR_NS (80 * INT64_C(1000000))
/* Of an error so much is made good with every piece. */
#define SLOWNESS 64

uint64_t
regular_time(struct regular *r, uint64_t guess_ns, bool *jumped)
{
	int64_t error = (int64_t)(guess_ns - r->next_ns);
	*jumped = !r->running || error > FAR_NS || error < -FAR_NS;
	uint64_t at = *jumped ? guess_ns : r->next_ns + (uint64_t)(error / SLOWNESS);
	r->running = true;
	r->next_ns = at + RD_SOUND_PIECE_NS;
	return at;
}

#include <math.h>

#include "base/clock.h"
#include "rd-encode/ivf_rate.h"

struct ivf_rate
ivf_rate_of(double fps)
{
	double whole = round(fps), film = round(fps * 1.001);
	if (fabs(fps - whole) < 0.0005)
		return (struct ivf_rate){(unsigned)whole, 1};
	if (fabs(fps - film / 1.001) < 0.0005)
		return (struct ivf_rate){(unsigned)film * 1000, 1001};
	return (struct ivf_rate){(unsigned)round(fps * 1000), 1000};
}

struct ivf_rate
ivf_rate_of_gap(uint64_t gap_ns)
{
	double fps = gap_ns ? (double)RD_NS_PER_S / (double)gap_ns : IVF_RATE_DEFAULT;
	return ivf_rate_of(fps >= 0.1 && fps <= 1000 ? fps : IVF_RATE_DEFAULT);
}

static struct ivf_rate
or_default(struct ivf_rate r)
{
	return r.frames ? r : (struct ivf_rate){IVF_RATE_DEFAULT, 1};
}

uint64_t
ivf_rate_time(struct ivf_rate r, uint64_t k)
{
	r = or_default(r);
	return k * RD_NS_PER_S * r.seconds / r.frames;
}

uint64_t
ivf_rate_frames(struct ivf_rate r, unsigned seconds)
{
	r = or_default(r);
	return (uint64_t)seconds * (r.frames / r.seconds);
}

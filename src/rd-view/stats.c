#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "rd-view/locks.h"
#include "rd-view/stats.h"

void
stats_frame(struct stats *s, const struct rd_screen_frame *f, uint64_t decode_ns,
	uint64_t show_ns, uint64_t latency_ns, uint64_t now_ns)
{
	stats_turn(s, now_ns);
	s->now.frames++;
	rd_meter_add(&s->shown, 1, now_ns);
	rd_meter_add(&s->came, f->bytes, now_ns);
	s->all.raw += f->painted.raw;
	s->all.copy += f->painted.copy;
	s->all.exact += f->painted.exact;
	s->all.video += f->painted.video;
	s->now.bytes += f->bytes;
	s->now.raw += f->painted.raw;
	s->now.copy += f->painted.copy;
	s->now.exact += f->painted.exact;
	s->now.video += f->painted.video;
	s->now.decode_ns += decode_ns;
	s->now.show_ns += show_ns;
	rd_histogram_add(&s->decode, decode_ns);
	rd_histogram_add(&s->show, show_ns);
	if (latency_ns != UINT64_MAX) {
		s->now.latency_ns += latency_ns;
		s->now.latencies++;
		rd_histogram_add(&s->total, latency_ns);
	}
	s->exact = f->exact;
}

bool
stats_turn(struct stats *s, uint64_t now_ns)
{
	uint64_t span = now_ns - s->since_ns;
	if (s->since_ns && span < RD_NS_PER_S)
		return false;
	/* After a pause the second that just ended is not the one that was summed. */
	bool fresh = s->since_ns && span < 2 * RD_NS_PER_S;
	s->last = fresh ? s->now : (struct stats_sums){0};
	s->span_ns = fresh ? span : RD_NS_PER_S;
	s->now = (struct stats_sums){0};
	s->since_ns = now_ns;
	return true;
}

bool
stats_idle(const struct stats *s)
{
	return s->last.frames == 0 && s->now.frames == 0;
}

static double
ms(uint64_t sum_ns, unsigned n)
{
	return n ? (double)sum_ns / n / RD_NS_PER_MS : 0;
}

static double
percent(int64_t part, int64_t all)
{
	return all ? 100.0 * (double)part / (double)all : 0;
}

void
stats_text(const struct stats *s, char *out, size_t cap)
{
	const struct stats_sums *l = &s->last;
	double seconds = (double)s->span_ns / RD_NS_PER_S;
	int64_t all = l->raw + l->copy + l->exact + l->video;
	char latency[64] = "unknown";
	if (l->latencies && s->latency_error_ns)
		snprintf(latency, sizeof(latency), "%.1f +- %.1f ms", ms(l->latency_ns, l->latencies),
			ms(s->latency_error_ns, 1));
	else if (l->latencies)
		snprintf(latency, sizeof(latency), "%.1f ms", ms(l->latency_ns, l->latencies));
	snprintf(out, cap,
		"picture  %dx%d%s\n"
		"rate     %.1f frames/s  %.3f Mbit/s\n"
		"kinds    copy %.0f%%  exact %.0f%%  video %.0f%%  raw %.0f%%\n"
		"latency  %s\n"
		"decode   %.2f ms  show %.2f ms\n",
		s->width, s->height, s->exact ? ", exact" : "",
		l->frames / seconds, (double)l->bytes * 8 / seconds / 1e6,
		percent(l->copy, all), percent(l->exact, all), percent(l->video, all),
		percent(l->raw, all),
		latency, ms(l->decode_ns, l->frames), ms(l->show_ns, l->frames));
	size_t used = strlen(out);
	if (s->path.text[0])
		used += (size_t)snprintf(out + used, cap - used, "path     %s, round trip %.1f ms\n", s->path.text,
			s->path.rtt_us / 1000.0);
	char locks[LOCKS_TEXT];
	if (s->locks.known && used < cap)
		snprintf(out + used, cap - used, "locks    %s\n", locks_text(s->locks, locks));
}

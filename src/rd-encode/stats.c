#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "rd-encode/stats.h"

static void
write_kind(FILE *to, const char *name, uint64_t pixels, uint64_t bytes)
{
	fprintf(to, ",\"%s\":{\"pixels\":%" PRIu64 ",\"bytes\":%" PRIu64 "}", name, pixels, bytes);
}

static void
write_stream(FILE *to, const struct flow *f)
{
	struct rd_planner_stats s = {0};
	if (f->coder.planner)
		s = rd_planner_stats(f->coder.planner);
	struct rd_link_count down = rd_link_count(f->down);
	fprintf(to, "\"frames\":%" PRIu64, s.frames);
	write_kind(to, "copy", s.copy.pixels, s.copy.bytes);
	write_kind(to, "exact", s.exact.pixels, s.exact.bytes);
	write_kind(to, "video", s.video.pixels, s.video.bytes);
	fprintf(to, ",\"planner_cpu_ns\":%" PRIu64, s.cpu_ns);
	fprintf(to, ",\"out_bytes\":%" PRIu64 ",\"feedback_bytes\":%" PRIu64, down.out, down.in);
	fprintf(to, ",\"rtt_ns\":%" PRIu64 ",\"rtt_min_ns\":%" PRIu64 ",\"delivered_bps\":%" PRIu64,
		f->coder.acks.rtt_ns, f->coder.acks.rtt_min_ns, f->coder.acks.bps);
	fprintf(to, ",\"adapted\":%u", f->adapt.level);
}

int
stats_write(const struct flow *f, const char *path)
{
	bool own = strcmp(path, "-") != 0;
	FILE *to = own ? fopen(path, "w") : stderr;
	if (!to)
		return -errno;
	fputc('{', to);
	if (f->ivf)
		fprintf(to, "\"frames\":%" PRIu64, ivf_out_frames(f->ivf));
	else
		write_stream(to, f);
	fprintf(to, ",\"in_bytes\":%" PRIu64, rd_link_count(f->up).in);
	fprintf(to, ",\"cpu_ns\":%" PRIu64 "}\n", rd_clock_cpu_ns());
	int err = ferror(to) ? -EIO : 0;
	if (own && fclose(to) != 0)
		err = -errno;
	return err;
}

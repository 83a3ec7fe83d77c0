/*
 * rd-encode: pictures in, small updates out.
 *
 * In comes an rd-stream(5), from stdin or from a producer started by us;
 * out goes one in which every frame is what changed, said as cheaply and
 * faithfully as can be: moved pixels, exact pixels or video. What is no
 * picture passes through in both directions. What comes back from the viewer
 * paces us.
 *
 * Start reading at flow.h; how a picture becomes updates is codec/planner.h.
 */
#include <string.h>

#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/std.h"
#include "control/place.h"
#include "rd-encode/flow.h"
#include "rd-encode/options.h"
#include "rd-encode/stats.h"

static int
write_stats(const struct flow *f, int code)
{
	int err = stats_write(f, f->opt->stats);
	if (err == 0)
		return code;
	rd_error("cannot write %s: %s", f->opt->stats, strerror(-err));
	return code ? code : RD_EXIT_OUTPUT;
}

int
main(int argc, char **argv)
{
	struct options opt;
	struct flow flow;
	struct rd_control_place place;
	int code;

	rd_std_open();
	rd_log_open("rd-encode");
	rd_event_print(false);
	if (!options_read(&opt, argc, argv, &code))
		return code;
	struct rd_loop *loop = rd_loop_new();
	/* Before the producer is started: it belongs to us. */
	rd_control_place_none(&place);
	if (opt.control)
		rd_control_place_open(&place, "rd-encode", opt.control_name, "encode");
	code = rd_metrics_listen(&place, &opt.metrics, "rd-encode");
	if (code) {
		rd_control_place_remove(&place);
		rd_loop_free(loop);
		return code;
	}
	code = flow_open(&flow, loop, &opt, &place);
	if (code == 0) {
		code = rd_loop_run(loop);
		if (opt.stats)
			code = write_stats(&flow, code);
	}
	rd_control_place_remove(&place);
	flow_close(&flow);
	rd_loop_free(loop);
	return code;
}

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-encode/ending.h"

/* How long an orderly end may take where nobody waits for more pictures. */
#define ORDERLY_NS (500 * RD_NS_PER_MS)
/* A producer whose stream was cut short is about to end: with which status? */
#define STATUS_GRACE_MS 500

static void
set_end(struct flow *f, enum rd_end reason, int code, const char *text)
{
	f->end = (struct rd_end_msg){.reason = reason, .code = code};
	snprintf(f->end.text, sizeof(f->end.text), "%s", text);
}

static void
stop_if_over(struct flow *f)
{
	if (f->up_over && f->down_over)
		rd_loop_stop(f->loop, f->end.code);
}

/* END before HELLO is none: a stream that never began begins to say why. */
static void
close_down(struct flow *f)
{
	if (f->ivf) {
		ivf_out_finish(f->ivf);
		return;
	}
	if (!f->greeted) {
		struct rd_hello hello;
		rd_hello_init(&hello, "rd-encode", 0);
		rd_link_hello(f->down, &hello);
		f->greeted = true;
	}
	rd_link_finish(f->down, f->end.reason, f->end.code, f->end.text);
}

/*
 * Says END to whoever is still there, both ways, and stops when it has been
 * taken, or after `limit_ns` (0: waits for the viewer as long as it takes).
 */
static void
begin_close(struct flow *f, uint64_t limit_ns)
{
	f->state = FLOW_CLOSING;
	if (limit_ns)
		rd_timer_set(&f->timer, limit_ns);
	else
		rd_timer_clear(&f->timer);
	if (!f->up_over && rd_link_duplex(f->up))
		rd_link_finish(f->up, RD_END_USER, RD_EXIT_OK, "");
	else
		f->up_over = true;
	if (!f->down_over)
		close_down(f);
	stop_if_over(f);
}

/* the source */

/*
 * A producer that ended the stream early explains it by its exit status. Those
 * of ours stand for themselves, whoever passed them on (ssh does).
 */
static void
blame_producer(struct flow *f)
{
	int status = rd_child_reap(&f->child, STATUS_GRACE_MS);
	const char *name = f->opt->producer[0], *means = rd_exit_name(status);
	char *text = f->end.text;
	size_t size = sizeof(f->end.text);
	if (status == 0)
		return;
	if (status > 128) {
		snprintf(text, size, "%.100s was ended by signal %d", name, status - 128);
		return;
	}
	f->end.code = means ? status : RD_EXIT_COMMAND;
	snprintf(text, size, "%.100s ended with status %d%s%s%s", name, status,
		means ? " (" : "", means ? means : "", means ? ")" : "");
}

/*
 * Codes that our own end of the link can give are ours to explain; with others
 * a tool of ours has failed, and said so on the stderr we share with it.
 */
static bool
has_told(const struct flow *f)
{
	switch (f->end.code) {
	case RD_EXIT_CUT_SHORT:
	case RD_EXIT_FOREIGN:
	case RD_EXIT_VERSION:
	case RD_EXIT_INPUT:
	case RD_EXIT_UNSUPPORTED:
	case RD_EXIT_MEMORY:
		return false;
	default:
		break;
	}
	if (!f->opt->producer)
		return true;
	const char *slash = strrchr(f->opt->producer[0], '/');
	const char *name = slash ? slash + 1 : f->opt->producer[0];
	return strncmp(name, "rd-", 3) == 0;
}

void
ending_source(struct flow *f, const struct rd_end_msg *end)
{
	f->up_over = true;
	if (f->state != FLOW_RUNNING) {
		stop_if_over(f);
		return;
	}
	f->end = *end;
	/* Only codes of ours, and none for what went well: the number comes from the peer. */
	bool well = end->reason == RD_END_DONE || end->reason == RD_END_USER;
	if (well)
		f->end.code = RD_EXIT_OK;
	else if (!rd_exit_name(end->code))
		f->end.code = RD_EXIT_FAILURE;
	if (end->reason != RD_END_CUT_SHORT && end->reason != RD_END_FAILED) {
		f->state = FLOW_DRAINING;
		flow_step(f);
		return;
	}
	if (f->why)
		snprintf(f->end.text, sizeof(f->end.text), "%s%s",
			end->code == RD_EXIT_FOREIGN ? "the stream is broken: " : "", f->why);
	else if (end->reason == RD_END_CUT_SHORT && f->child_fd >= 0)
		blame_producer(f);
	if (f->end.text[0] == '\0')
		strcpy(f->end.text, "the stream was cut short");
	if (f->end.code == RD_EXIT_OK)
		f->end.code = end->reason == RD_END_FAILED ? RD_EXIT_FAILURE : RD_EXIT_CUT_SHORT;
	rd_log_put(has_told(f) ? RD_LOG_INFO : RD_LOG_ERROR, "%s", f->end.text);
	begin_close(f, 0);
}

void
ending_drained(struct flow *f)
{
	begin_close(f, 0);
}

void
ending_source_closed(struct flow *f)
{
	f->up_over = true;
	if (f->state == FLOW_CLOSING)
		stop_if_over(f);
}

/* the viewer */

static void
viewer_left(struct flow *f, const struct rd_end_msg *end)
{
	bool broken = end->code == RD_EXIT_FOREIGN || end->code == RD_EXIT_VERSION;
	if (end->reason != RD_END_FAILED) {
		set_end(f, end->reason, RD_EXIT_OK, end->text);
		return;
	}
	rd_log_put(broken ? RD_LOG_ERROR : RD_LOG_INFO,
		"what came back from the viewer: %s", end->text);
	set_end(f, RD_END_FAILED, broken ? end->code : RD_EXIT_OUTPUT, end->text);
}

void
ending_viewer(struct flow *f, const struct rd_end_msg *end)
{
	if (f->state == FLOW_CLOSING)
		return;
	if (end->reason == RD_END_CUT_SHORT) {
		/* Nobody acknowledges any more, but somebody may still read. */
		f->coder.acked = f->coder.asked = false;
		flow_step(f);
		return;
	}
	viewer_left(f, end);
	begin_close(f, ORDERLY_NS);
}

void
ending_output(struct flow *f, int error)
{
	bool gone = error == -EPIPE;
	f->down_over = true;
	/*
	 * A viewer that has said END need not read to the last byte. One that could
	 * not, and has read, says itself how it went, as with SIGPIPE.
	 */
	if (error < 0 && !(gone && f->state == FLOW_CLOSING)) {
		const char *text = gone ? "the reader of the stream is gone" : strerror(-error);
		bool left = f->down && rd_link_left(f->down);
		rd_log_put(left ? RD_LOG_INFO : RD_LOG_ERROR, "cannot write: %s", text);
		set_end(f, RD_END_FAILED, RD_EXIT_OUTPUT, text);
	}
	if (f->state == FLOW_CLOSING)
		stop_if_over(f);
	else
		begin_close(f, ORDERLY_NS);
}

/* ourselves */

void
ending_signal(struct flow *f, int signal)
{
	(void)signal;
	if (f->state == FLOW_CLOSING) {
		rd_loop_stop(f->loop, f->end.code);
		return;
	}
	set_end(f, RD_END_USER, RD_EXIT_OK, "interrupted");
	begin_close(f, ORDERLY_NS);
}

void
ending_failed(struct flow *f, int error)
{
	char text[128];
	int code = error == -ENOMEM ? RD_EXIT_MEMORY :
		error == -ENOTSUP || error == -EINVAL ? RD_EXIT_UNSUPPORTED : RD_EXIT_FAILURE;
	snprintf(text, sizeof(text), "cannot encode: %s", strerror(-error));
	rd_error("%s", text);
	set_end(f, RD_END_FAILED, code, text);
	if (f->ivf)
		rd_loop_stop(f->loop, code);
	else
		begin_close(f, ORDERLY_NS);
}

void
ending_timeout(struct flow *f)
{
	rd_loop_stop(f->loop, f->end.code);
}

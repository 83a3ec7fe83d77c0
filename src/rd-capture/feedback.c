#include <errno.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "rd-capture/feedback.h"
#include "rd-capture/stream.h"
#include "wire/msg_control.h"
#include "wire/msg_input.h"
#include "wire/msg_locks.h"
#include "wire/msg_monitors.h"

int
feedback_input(struct rd_inject *inject, struct leaving *leaving, const struct rd_msg *m)
{
	struct rd_input in;
	if (rd_msg_class(m->type) != RD_CLASS_INPUT)
		return 0;
	int err = rd_input_parse(&in, m->type, m->data, m->len);
	if (err)
		return err == -ENOTSUP ? 0 : err;
	/* Who has only looked, or let go, has unlocked nothing. */
	if (rd_inject_acts(inject, &in))
		leaving_acted(leaving);
	return rd_inject_input(inject, m->channel, &in);
}

void
feedback_taken(struct rd_link *link, uint64_t now_ns, uint64_t token)
{
	struct rd_buf body = {0};
	/* Asking costs nothing, so answers may not pile up. */
	if (rd_link_busy(link))
		return;
	rd_taken_pack(&body, token);
	rd_link_send_buf(link, RD_MSG_TAKEN, now_ns, &body);
	rd_buf_finish(&body);
}

void
feedback_locked(struct rd_link *link, uint64_t now_ns, const struct rd_locks *now)
{
	struct rd_buf body = {0};
	if (rd_link_busy(link))
		return;
	rd_locks_pack(&body, now);
	rd_link_send_buf(link, RD_MSG_LOCKED, now_ns, &body);
	rd_buf_finish(&body);
}

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct stream *s = ctx;
	rd_info("%s is there", peer->program);
	frames_peer(&s->frames, peer);
	stream_step(s);
}

static int
on_ack(struct stream *s, const struct rd_msg *m)
{
	uint32_t number;
	int err = rd_ack_parse(&number, m->data, m->len);
	return err ? err : frames_acked(&s->frames, number);
}

static int
on_ping(struct stream *s, const struct rd_msg *m)
{
	struct rd_pong pong = {.stream_ns = frames_now(&s->frames)};
	struct rd_buf body = {0};
	int err = rd_ping_parse(&pong.asked_ns, m->data, m->len);
	/* Behind a full queue an answer would measure that, and asking costs nothing. */
	if (err || rd_link_busy(s->link))
		return err;
	rd_pong_pack(&body, &pong);
	rd_link_send_buf(s->link, RD_MSG_PONG, pong.stream_ns, &body);
	rd_buf_finish(&body);
	return 0;
}

static int
on_fresh(struct stream *s, const struct rd_msg *m)
{
	uint64_t token;
	int err = rd_fresh_parse(&token, m->data, m->len);
	if (!err)
		frames_fresh(&s->frames, token);
	return err;
}

/* Input is obeyed while that works; pictures go on without. */
static int
on_input(struct stream *s, const struct rd_msg *m)
{
	if (!s->inject)
		return 0;
	int err = feedback_input(s->inject, &s->leaving, m);
	if (err == 0 || err == -EPROTO)
		return err;
	rd_warn("input is no longer obeyed: %s", strerror(-err));
	stream_notice(s, RD_LOG_WARN, "the desktop takes no input any more");
	return 0;
}

static int
on_watch_only(struct stream *s, const struct rd_msg *m)
{
	struct rd_monitor_names only;
	int err = rd_watch_only_parse(&only, m->data, m->len);
	if (!err && s->source.capture)
		rd_capture_watch(s->source.capture, &only);
	return err;
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct stream *s = ctx;
	int err = 0;
	if (s->ending)
		return 0;
	switch (m->type) {
	case RD_MSG_ACK:
		err = on_ack(s, m);
		break;
	case RD_MSG_REFRESH:
		frames_refresh(&s->frames);
		break;
	case RD_MSG_FRESH:
		err = on_fresh(s, m);
		break;
	case RD_MSG_PING:
		err = on_ping(s, m);
		break;
	case RD_MSG_PCM:
	case RD_MSG_OPUS:
		err = hearing_voice(&s->hearing, m);
		break;
	case RD_MSG_LISTEN:
		err = hearing_listen(&s->hearing, m);
		break;
	case RD_MSG_LAYOUT:
		err = layout_take(&s->layout, m);
		break;
	case RD_MSG_WATCH_ONLY:
		err = on_watch_only(s, m);
		break;
	default:
		err = rd_msg_class(m->type) == RD_CLASS_CLIPBOARD ? rd_clip_link_message(&s->clip, m)
			: on_input(s, m);
	}
	stream_step(s);
	return err;
}

/* Either may fill it at once: they take turns at being the first. */
static void
on_room(void *ctx)
{
	struct stream *s = ctx;
	s->clip_first = !s->clip_first;
	if (s->clip_first && !s->ending)
		rd_clip_link_room(&s->clip);
	stream_step(s);
	if (!s->clip_first && !s->ending)
		rd_clip_link_room(&s->clip);
}

/*
 * Nobody will tell us anything any more. A peer that said why it goes is
 * believed; one that is cut off has lost us our reader.
 */
static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct stream *s = ctx;
	if (s->ending)
		return;
	switch (end->reason) {
	case RD_END_DONE:
	case RD_END_USER:
		stream_end(s, end->reason, RD_EXIT_OK, end->text);
		break;
	case RD_END_CUT_SHORT:
		rd_error("cannot write the stream: its reader is gone");
		stream_end(s, RD_END_FAILED, RD_EXIT_OUTPUT, "");
		break;
	default:
		rd_error("what came back: %s", end->text);
		/* Only codes of ours: the number comes from the peer. */
		stream_end(s, end->reason, end->code && rd_exit_name(end->code) ? end->code :
			RD_EXIT_FAILURE, end->text);
	}
	stream_hurry(s);
}

/*
 * All is written; or it cannot be, which matters unless the reader has said END.
 * One that could not, and has read, is the one who says how it went, as with
 * SIGPIPE.
 */
static void
on_closed(void *ctx, int error)
{
	struct stream *s = ctx;
	bool gone = error == -EPIPE;
	enum rd_log_level level = rd_link_left(s->link) ? RD_LOG_INFO : RD_LOG_ERROR;
	if (!error || (gone && s->hurried)) {
		rd_loop_stop(s->loop, s->code);
		return;
	}
	/* Who has failed before has said why. */
	if (!s->code)
		rd_log_put(level, "cannot write the stream: %s",
			gone ? "its reader is gone" : strerror(-error));
	rd_loop_stop(s->loop, s->code ? s->code : RD_EXIT_OUTPUT);
}

const struct rd_link_ops feedback_ops = {
	.hello = on_hello,
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

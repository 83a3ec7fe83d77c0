#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-view/control.h"
#include "rd-view/session_priv.h"
#include "wire/msg_control.h"
#include "wire/msg_cursor.h"

/* A peer can send notices for ever: so many are also printed. */
#define NOTICES_PRINTED 20

static uint64_t
own_time(const struct session *s)
{
	return rd_hello_time(&s->mine, rd_clock_ns());
}

/* A small message to the peer. What cannot be said to a silent peer is not piled up. */
void
session_say(struct session *s, uint16_t type, struct rd_buf *b)
{
	if (s->up && !rd_link_busy(s->link))
		rd_link_send_buf(s->link, type, own_time(s), b);
	rd_buf_finish(b);
}

void
session_acknowledge(struct session *s, uint32_t frame)
{
	struct rd_buf ack = {0}, ping = {0};
	uint64_t now = rd_clock_ns();
	rd_ack_pack(&ack, frame);
	session_say(s, RD_MSG_ACK, &ack);
	/* When frames flow the clocks are compared now and then; at rest nothing is sent. */
	if (!s->up || !peer_clock_ask(&s->clock, now))
		return;
	rd_ping_pack(&ping, now);
	session_say(s, RD_MSG_PING, &ping);
}

/* The one place where a frame reaches the view. */
static void
show(struct session *s)
{
	const struct rd_image im = session_picture(s);
	const int missing = s->shown ? 0 : session_monitors_judge(s);
	if (missing) {
		session_leave(s, missing, "there is no such monitor");
		return;
	}
	if (im.width != s->stats.width || im.height != s->stats.height)
		session_monitors_resized(s);
	uint64_t start = rd_clock_ns();
	int code = s->ops->frame(s->view, &im, session_monitors_damage(s), &s->frame);
	uint64_t now = rd_clock_ns();
	rd_screen_clean(s->screen);
	s->stats.width = im.width;
	s->stats.height = im.height;
	uint64_t age = peer_clock_age(&s->clock, s->frame.time_ns, now, &s->stats.latency_error_ns);
	stats_frame(&s->stats, &s->frame, s->decode_ns, now - start, age, now);
	hearing_picture(&s->hearing, s->frame.time_ns);
	s->decode_ns = 0;
	s->shown++;
	if (code) {
		session_leave(s, code, "the picture cannot be shown");
		return;
	}
	if (!s->ops->tells)
		session_acknowledge(s, s->frame.number);
	if (s->o->frames && s->shown >= (uint64_t)s->o->frames)
		session_leave(s, RD_EXIT_OK, "as many frames as were asked for");
}

/* Reading stops: back-pressure reaches whoever makes the pictures. */
void
session_hold_back(struct session *s)
{
	rd_link_pause(s->link, s->waiting || s->held || hearing_full(&s->hearing));
}

/* Shows the newest frame if it is due; otherwise reading stops until it is. */
void
session_show_when_due(struct session *s)
{
	uint64_t wait = 0;
	if (s->paced && !s->pace.stopped)
		wait = pace_wait(&s->pace, s->frame.time_ns, rd_clock_ns());
	if (s->paced && s->pace.begun)
		hearing_pace(&s->hearing, s->pace.zero_ns, s->pace.stopped);
	bool later = s->pace.stopped || wait > 0;
	bool changed = later != s->waiting;
	s->waiting = later;
	if (changed)
		session_hold_back(s);
	if (!later)
		show(s);
	else if (!s->pace.stopped)
		rd_timer_set(&s->due, wait);
}

/* The stream has ended, and all of it has been shown and heard. */
void
session_over_when_shown(struct session *s)
{
	if (!s->ended || s->over || s->waiting || s->leaving || hearing_sounds(&s->hearing))
		return;
	s->over = true;
	session_over(s);
}

static void
on_due(void *ctx)
{
	struct session *s = ctx;
	session_show_when_due(s);
	session_over_when_shown(s);
}

void
session_refresh(struct session *s)
{
	struct rd_buf b = {0};
	session_say(s, RD_MSG_REFRESH, &b);
}

/* Asks for a sync point once for each time that the stream is lost. */
static void
mend(struct session *s)
{
	bool lost = rd_screen_lost(s->screen);
	if (lost && !s->asked_refresh)
		session_refresh(s);
	s->asked_refresh = lost;
}

static int
take_picture(struct session *s, const struct rd_msg *m)
{
	struct rd_screen_frame f;
	const char *why = NULL;
	uint64_t start = rd_clock_ns();
	int got = rd_screen_message(s->screen, m, &f, &why);
	s->decode_ns += rd_clock_ns() - start;
	if (got < 0) {
		s->broken = why;
		return got;
	}
	mend(s);
	if (got == 1) {
		s->frame = f;
		session_show_when_due(s);
	}
	return 0;
}

static int
take_cursor(struct session *s, const struct rd_msg *m)
{
	struct rd_cursor shape;
	struct rd_pointer_at at;
	int err = 0;
	if (m->type == RD_MSG_SHAPE) {
		err = rd_shape_parse(&shape, m->data, m->len);
		if (!err && s->ops->cursor)
			s->ops->cursor(s->view, &shape);
	} else if (m->type == RD_MSG_POINTER_AT) {
		err = rd_pointer_at_parse(&at, m->data, m->len);
		if (!err && s->ops->pointer) {
			session_monitors_pointer(s, &at);
			s->ops->pointer(s->view, &at);
		}
	}
	if (err)
		s->broken = "a pointer's shape or place cannot be";
	return err;
}

static void
take_path(struct session *s, const struct rd_msg *m)
{
	struct rd_path_now path;
	if (rd_path_now_parse(&path, m->data, m->len) != 0)
		return;
	s->stats.path = path;
	if (s->ops->path)
		s->ops->path(s->view, &path);
}

static int
take_control(struct session *s, const struct rd_msg *m)
{
	struct rd_notice n;
	struct rd_pong pong;
	if (m->type == RD_MSG_MONITORS)
		return session_monitors_message(s, m);
	if (m->type == RD_MSG_PATH)
		take_path(s, m);
	if (m->type == RD_MSG_LOCKED)
		session_locked(s, m);
	if (m->type == RD_MSG_PONG && rd_pong_parse(&pong, m->data, m->len) == 0)
		peer_clock_answer(&s->clock, &pong, rd_clock_ns());
	if (m->type != RD_MSG_NOTICE || rd_notice_parse(&n, m->data, m->len) != 0)
		return 0;
	if (s->notices++ < NOTICES_PRINTED)
		rd_log_put(n.level <= RD_LOG_ERROR ? RD_LOG_ERROR : RD_LOG_WARN, "%s says: %s",
			s->source->name, n.text);
	if (s->ops->notice)
		s->ops->notice(s->view, n.text);
	return 0;
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct session *s = ctx;
	/* Other channels are other screens. */
	if (s->leaving || m->channel != 0)
		return 0;
	switch (rd_msg_class(m->type)) {
	case RD_CLASS_PICTURE:
		return take_picture(s, m);
	case RD_CLASS_CURSOR:
		return take_cursor(s, m);
	case RD_CLASS_CONTROL:
		return take_control(s, m);
	case RD_CLASS_CLIPBOARD:
		return session_clip_message(s, m);
	case RD_CLASS_SOUND:
		return session_sound(s, m);
	default:
		return 0;
	}
}

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct session *s = ctx;
	bool live = (peer->caps & RD_CAP_LIVE) && !s->source->recorded;
	s->paced = s->ops->paced && !live;
	hearing_hello(&s->hearing, peer, s->paced);
	peer_clock_init(&s->clock, &s->mine, peer, live);
	bool controls = s->up && (peer->caps & RD_CAP_INPUT) && !s->o->ask.view_only;
	session_layout_hello(s, peer, controls);
	session_locks_hello(s, peer, controls);
	if (s->ops->started)
		s->ops->started(s->view, controls);
	if (s->up)
		rd_clip_link_peer(&s->clip, peer);
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct session *s = ctx;
	s->ended = true;
	s->end = *end;
	rd_clip_link_gone(&s->clip);
	hearing_unheard(&s->hearing);
	session_over_when_shown(s);
}

/* A peer that only stops listening goes on being shown. */
static void
on_closed(void *ctx, int error)
{
	struct session *s = ctx;
	if (error)
		rd_debug("the way back is closed: %s", strerror(-error));
	s->up = false;
	rd_clip_link_gone(&s->clip);
	hearing_unheard(&s->hearing);
	if (s->view && s->ops->unheard)
		s->ops->unheard(s->view);
	session_unheard(s);
}

static void
on_room(void *ctx)
{
	struct session *s = ctx;
	rd_clip_link_room(&s->clip);
	hearing_room(&s->hearing);
	session_monitors_room(s);
}

static const struct rd_link_ops link_ops = {
	.hello = on_hello,
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

static int
open_link(struct session *s)
{
	const struct rd_source *src = s->source;
	int err = rd_link_open(&s->link, s->loop, src->in, src->out, &link_ops, s);
	if (err) {
		rd_error("%s: %s", src->name, strerror(-err));
		return RD_EXIT_INPUT;
	}
	s->up = rd_link_duplex(s->link);
	rd_hello_init(&s->mine, "rd-view", RD_CAP_ACK);
	if (s->up)
		rd_link_hello(s->link, &s->mine);
	return 0;
}

static int
open_view(struct session *s, const struct tty *tty)
{
	struct view_config cfg = {
		.options = s->o,
		.name = s->source->name,
		.tty = tty,
		.monitors = &s->monitors,
		.stats = &s->stats,
		.host = &session_host,
		.ctx = s,
	};
	s->ops = view_find(s->o->to, &cfg.target);
	return s->ops ? s->ops->open(&s->view, s->loop, &cfg) : RD_EXIT_USAGE;
}

int
session_open(struct session **out, struct rd_loop *loop, const struct options *o,
	const struct rd_source *source, int guard_fd, const struct rd_control_place *place,
	const struct tty *tty, int speaker_fd)
{
	struct session *s = xcalloc(1, sizeof(*s));
	*out = s;
	s->loop = loop;
	s->o = o;
	s->source = source;
	s->guard_fd = guard_fd;
	int err = rd_screen_open(&s->screen);
	if (err) {
		rd_error("no decoder: %s", strerror(-err));
		return RD_EXIT_FAILURE;
	}
	rd_timer_open(&s->due, loop, on_due, s);
	hearing_open(&s->hearing, loop, speaker_fd, o, &session_hearing_host, s);
	session_monitors_open(s);
	session_end_open(s);
	/* The link first: our HELLO travels while a window opens. */
	int code = open_link(s);
	if (!code)
		code = open_view(s, tty);
	if (!code) {
		session_clip_open(s);
		s->control = rd_control_open(loop, place, &control_table, s);
		s->metrics = rd_metrics_open(loop, place, &control_table, s, s->control);
	}
	return code;
}

const char *
session_write_dir(const struct session *s)
{
	return s->ops->write_dir ? s->ops->write_dir(s->view) : NULL;
}

bool
session_has_window(const struct session *s)
{
	return s->ops == &view_window;
}

void
session_close(struct session *s)
{
	if (!s)
		return;
	rd_metrics_close(s->metrics);
	rd_control_close(s->control);
	rd_clip_link_close(&s->clip);
	hearing_close(&s->hearing);
	rd_link_close(s->link);
	if (s->view)
		s->ops->close(s->view);
	session_monitors_close(s);
	rd_screen_close(s->screen);
	rd_timer_close(&s->due);
	session_end_close(s);
	free(s);
}

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-record/control.h"
#include "rd-record/session_priv.h"
#include "wire/msg_control.h"
#include "wire/msg_cursor.h"
#include "wire/msg_sound.h"

/* A peer can send notices for ever: so many are printed. */
#define NOTICES_PRINTED 20

/* A small message to the peer. What cannot be said to a silent peer is not piled up. */
static void
say(struct session *s, uint16_t type, struct rd_buf *b)
{
	if (s->up && !rd_link_busy(s->link))
		rd_link_send_buf(s->link, type, rd_hello_time(&s->mine, rd_clock_ns()), b);
	rd_buf_finish(b);
}

void
session_refresh(struct session *s)
{
	struct rd_buf b = {0};
	say(s, RD_MSG_REFRESH, &b);
}

static void
ask_refresh(void *ctx)
{
	session_refresh(ctx);
}

static void
on_recorder_over(void *ctx, int code, const char *text)
{
	session_leave(ctx, code, text ? text : "as long as was asked for");
}

static const struct recorder_ops recorder_ops = {
	.refresh = ask_refresh,
	.over = on_recorder_over,
};

static void
progress(struct session *s)
{
	uint64_t in = s->done_bytes + rd_link_count(s->link).in;
	tell_progress(&s->recorder.tell, s->recorder.timeline.now_ns,
		s->all_bytes ? (double)in / (double)s->all_bytes : -1);
}

static void
take_frame(struct session *s, const struct rd_screen_frame *f)
{
	struct rd_buf ack = {0};
	recorder_frame(&s->recorder, rd_screen_image(s->screen), rd_screen_damage(s->screen), f,
		&s->passage);
	rd_screen_clean(s->screen);
	rd_ack_pack(&ack, f->number);
	say(s, RD_MSG_ACK, &ack);
	progress(s);
	if (s->looking && f->sync)
		session_looked(s);
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
	passage_message(&s->passage, m);
	int got = rd_screen_message(s->screen, m, &f, &why);
	if (got < 0) {
		s->broken = why;
		return got;
	}
	mend(s);
	if (got == 1)
		take_frame(s, &f);
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
		if (!err)
			recorder_shape(&s->recorder, &shape, m->time_ns);
	} else if (m->type == RD_MSG_POINTER_AT) {
		err = rd_pointer_at_parse(&at, m->data, m->len);
		if (!err)
			recorder_pointer(&s->recorder, &at, m->time_ns);
	}
	if (err)
		s->broken = "a pointer's shape or place cannot be";
	return err;
}

static void
take_notice(struct session *s, const struct rd_msg *m)
{
	struct rd_notice n;
	if (m->type != RD_MSG_NOTICE || rd_notice_parse(&n, m->data, m->len) != 0)
		return;
	tell_clear(&s->recorder.tell);
	if (s->notices++ < NOTICES_PRINTED)
		rd_log_put(n.level <= RD_LOG_ERROR ? RD_LOG_ERROR : RD_LOG_WARN, "%s says: %s",
			s->source->name, n.text);
}

static int
take_sound(struct session *s, const struct rd_msg *m)
{
	int err = recorder_sound(&s->recorder, m);
	if (err)
		s->broken = "a piece of sound cannot be";
	return err;
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
	case RD_CLASS_SOUND:
		return take_sound(s, m);
	case RD_CLASS_CONTROL:
		take_notice(s, m);
		return 0;
	default:
		return 0;
	}
}

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct session *s = ctx;
	bool sound = peer->caps & RD_CAP_SOUND;
	struct rd_buf b = {0};
	recorder_source(&s->recorder, (peer->caps & RD_CAP_LIVE) && !s->source->recorded, sound,
		peer->wall_ns);
	if (!sound || !s->o->sound)
		return;
	rd_listen_pack(&b, &(struct rd_listen){.on = true});
	say(s, RD_MSG_LISTEN, &b);
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct session *s = ctx;
	s->ended = true;
	s->end = *end;
	if (!s->leaving)
		session_over(s);
}

/* A peer that only stops listening goes on being recorded. */
static void
on_closed(void *ctx, int error)
{
	struct session *s = ctx;
	if (error)
		rd_debug("the way back is closed: %s", strerror(-error));
	s->up = false;
	session_unheard(s);
}

static const struct rd_link_ops link_ops = {
	.hello = on_hello,
	.message = on_message,
	.end = on_end,
	.closed = on_closed,
};

int
session_begin_source(struct session *s)
{
	const struct rd_source *src = s->source;
	if (s->link)
		s->done_bytes += rd_link_count(s->link).in;
	rd_link_close(s->link);
	s->link = NULL;
	rd_screen_close(s->screen);
	s->screen = NULL;
	s->ended = false;
	int err = rd_screen_open(&s->screen);
	if (err) {
		rd_error("no decoder: %s", strerror(-err));
		return RD_EXIT_FAILURE;
	}
	err = rd_link_open(&s->link, s->loop, src->in, src->out, &link_ops, s);
	if (err) {
		rd_error("%s: %s", src->name, strerror(-err));
		return RD_EXIT_INPUT;
	}
	s->up = rd_link_duplex(s->link);
	rd_hello_init(&s->mine, "rd-record", RD_CAP_ACK);
	if (s->up)
		rd_link_hello(s->link, &s->mine);
	return 0;
}

static uint64_t
bytes_of(const struct rd_source *sources, int count)
{
	uint64_t sum = 0;
	struct stat st;
	for (int i = 0; i < count; i++) {
		if (!sources[i].recorded || fstat(sources[i].in, &st) < 0)
			return 0;
		sum += (uint64_t)st.st_size;
	}
	return sum;
}

static void
on_next(void *ctx)
{
	struct session *s = ctx;
	int code = session_begin_source(s);
	if (code)
		session_leave(s, code, "the next recording cannot be read");
}

int
session_open(struct session **out, struct rd_loop *loop, const struct options *o,
	const struct rd_source *sources, int count, int guard_fd,
	const struct rd_control_place *place)
{
	struct session *s = xcalloc(1, sizeof(*s));
	*out = s;
	s->loop = loop;
	s->o = o;
	s->source = sources;
	s->past = sources + count;
	s->guard_fd = guard_fd;
	s->all_bytes = bytes_of(sources, count);
	rd_timer_open(&s->next, loop, on_next, s);
	session_end_open(s);
	int code = recorder_open(&s->recorder, loop, o, &recorder_ops, s, s->all_bytes > 0);
	if (!code)
		code = session_begin_source(s);
	if (!code) {
		s->control = rd_control_open(loop, place, &control_table, s);
		s->metrics = rd_metrics_open(loop, place, &control_table, s, s->control);
	}
	return code;
}

const char *
session_write_dir(const struct session *s)
{
	return recorder_write_dir(&s->recorder);
}

void
session_close(struct session *s)
{
	if (!s)
		return;
	rd_metrics_close(s->metrics);
	rd_control_close(s->control);
	rd_link_close(s->link);
	rd_screen_close(s->screen);
	passage_finish(&s->passage);
	recorder_close(&s->recorder);
	rd_timer_close(&s->next);
	session_end_close(s);
	free(s->text);
	free(s);
}

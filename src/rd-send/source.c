#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "chan/rights.h"
#include "rd-send/pause.h"
#include "rd-send/source.h"
#include "rd-send/viewer.h"
#include "wire/msg_clipboard.h"
#include "wire/msg_input.h"

/* Bytes a producer may leave unread; a viewer that adds to them is sent off. */
#define UP_MAX ((size_t)4 << 20)

static struct source *
source_new(struct serve *sv, uint32_t id, bool shared, bool produced, bool obeys)
{
	struct source *src = xcalloc(1, sizeof(*src));
	src->serve = sv;
	src->id = id;
	src->shared = shared;
	src->produced = produced;
	src->obeys = obeys;
	src->fd = -1;
	src->next = sv->sources;
	sv->sources = src;
	rd_timer_open(&src->limit, sv->loop, source_limit, src);
	share_init(src);
	return src;
}

struct source *
source_find(struct serve *sv, uint32_t id)
{
	for (struct source *src = sv->sources; src; src = src->next)
		if (src->id == id && src->produced)
			return src;
	return NULL;
}

static void
on_closed(void *ctx, int error)
{
	struct source *src = ctx;
	src->up = false;
	if (src->going) {
		rd_timer_set(&src->limit, 0);
		return;
	}
	/* Where stdout is the way back, the stream itself goes on. */
	if (error && !src->obeys)
		rd_warn("nobody reads stdout any more: viewers cannot send input");
}

/* --- the stream --- */

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct source *src = ctx;
	src->hello = *peer;
	if (src->recorded)
		src->hello.caps &= ~(uint32_t)RD_CAP_LIVE;
	src->greeted = true;
	src->live = src->hello.caps & RD_CAP_LIVE;
	for (struct session *s = src->viewers; s; s = s->next_viewer)
		share_join(s);
	share_pace(src);
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct source *src = ctx;
	int err = 0;
	if (src->over || src->going)
		return 0;
	share_note(src, m);
	pause_note(src, m);
	for (struct session *s = src->viewers, *next; s && !err; s = next) {
		next = s->next_viewer;
		if (s->joined && (m->type != RD_MSG_PONG || viewer_pinged(s, m)))
			err = viewer_down(s, m);
	}
	if (m->type == RD_MSG_SHOW)
		for (struct session *s = src->viewers; s; s = s->next_viewer) {
			share_catch_up(s);
			share_join(s);
		}
	share_pace(src);
	return err;
}

/* What was held back because the producer did not read may come again. */
static void
on_room(void *ctx)
{
	struct source *src = ctx;
	for (struct session *s = src->viewers; s; s = s->next_viewer) {
		rd_chan_hold(s->chan, false);
		rd_host_poke(src->serve->host);
	}
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	source_ended(ctx, end);
}

static const struct rd_link_ops link_ops = {
	.hello = on_hello,
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

int
source_up(struct source *src, const struct rd_msg *m)
{
	if (!src->up || src->going)
		return 0;
	if (rd_link_queued(src->link) > UP_MAX)
		return -EPROTO;
	src->resized |= m->type == RD_MSG_LAYOUT && (src->hello.caps & RD_CAP_LAYOUT);
	rd_link_send(src->link, m);
	if (rd_link_busy(src->link))
		for (struct session *s = src->viewers; s; s = s->next_viewer)
			rd_chan_hold(s->chan, true);
	return 0;
}

void
source_up_buf(struct source *src, uint16_t type, uint8_t channel, struct rd_buf *body)
{
	source_up(src, &(struct rd_msg){
		.type = type,
		.channel = channel,
		.time_ns = rd_hello_time(&src->mine, rd_clock_ns()),
		.data = body->data,
		.len = body->len,
	});
	rd_buf_reset(body);
}

/* --- opening --- */

static int
open_link(struct source *src, int in, int out)
{
	int err = rd_link_open(&src->link, src->serve->loop, in, out, &link_ops, src);
	if (err)
		return err;
	src->up = rd_link_duplex(src->link);
	rd_hello_init(&src->mine, "rd-send", RD_CAP_ACK);
	if (src->up)
		rd_link_hello(src->link, &src->mine);
	return 0;
}

/* Where what viewers send can go: not to a terminal, nor to /dev/null. */
static bool
takes_stream(int fd, const struct stat *st)
{
	return (S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) || S_ISREG(st->st_mode)) &&
		!isatty(fd);
}

int
source_stdin(struct serve *sv)
{
	struct stat in, out;
	if (fstat(STDIN_FILENO, &in) < 0 || fstat(STDOUT_FILENO, &out) < 0) {
		rd_error("cannot use stdin or stdout: %s", strerror(errno));
		return RD_EXIT_INPUT;
	}
	bool duplex = S_ISSOCK(in.st_mode);
	bool same = duplex && in.st_ino == out.st_ino && in.st_dev == out.st_dev;
	bool injects = !same && takes_stream(STDOUT_FILENO, &out);
	struct source *src = source_new(sv, 0, true, false, duplex && !injects);
	sv->shared = src;
	src->injects = injects;
	src->recorded = S_ISREG(in.st_mode);
	int err = open_link(src, STDIN_FILENO,
		injects ? STDOUT_FILENO : duplex ? STDIN_FILENO : -1);
	if (!err)
		return 0;
	rd_error("cannot read the stream: %s", strerror(-err));
	return RD_EXIT_INPUT;
}

static void
set_end(struct source *src, enum rd_end reason, int code, const char *text)
{
	src->end = (struct rd_end_msg){.reason = reason, .code = code};
	snprintf(src->end.text, sizeof(src->end.text), "%s", text);
}

void
source_produced(struct serve *sv, const struct said *said, int fd)
{
	struct source *src = source_find(sv, said->id);
	if (!src || src->link) {
		if (fd >= 0)
			close(fd);
		serve_say(sv, &(struct said){.type = SAID_STOPPED, .id = said->id});
		return;
	}
	src->fd = fd;
	int err = fd < 0 ? -EBADF : open_link(src, fd, fd);
	if (!err)
		return;
	set_end(src, RD_END_FAILED, fd < 0 ? (int)said->number : RD_EXIT_FAILURE,
		fd < 0 ? said->text : strerror(-err));
	source_over(src);
}

/* --- coming and going --- */

void
source_enter(struct session *s)
{
	struct serve *sv = s->serve;
	bool shared = !sv->opt->producer || sv->opt->shared;
	struct source *src = shared ? sv->shared : NULL;
	if (!src) {
		src = source_new(sv, shared ? SAID_SHARED | ++sv->next_shared : s->id, shared,
			true, true);
		if (shared)
			sv->shared = src;
		serve_say(sv, &(struct said){.type = SAID_START, .id = src->id});
	}
	s->source = src;
	s->next_viewer = src->viewers;
	src->viewers = s;
	if (src->over)
		session_finish(s, &src->end);
	else
		share_join(s);
	share_pace(src);
}

/* Whatever the peer held down comes up at once, not when it has been silent for a while. */
void
source_release_keys(struct session *s)
{
	const struct rd_input nothing = {.kind = RD_INPUT_HELD};
	struct rd_buf body = {0};
	if (!s->joined || !(s->rights & RD_RIGHT_INPUT))
		return;
	uint16_t type = rd_input_pack(&body, &nothing);
	source_up_buf(s->source, type, s->number, &body);
	rd_buf_finish(&body);
}

/* What it had copied is not there any more, and it waits for nothing. */
void
source_clear_clipboard(struct session *s)
{
	struct rd_clip_offer nothing = {0};
	struct rd_buf body = {0};
	if (!s->clips)
		return;
	rd_clip_watch_pack(&body, 0);
	source_up_buf(s->source, RD_MSG_WATCH, s->number, &body);
	for (; nothing.selection < RD_CLIP_SELECTIONS; nothing.selection++) {
		rd_clip_offer_pack(&body, &nothing);
		source_up_buf(s->source, RD_MSG_OFFER, s->number, &body);
	}
	rd_buf_finish(&body);
}

/*
 * Nobody watches: only what leaves nothing dark, unlocked or of a viewer's size is kept
 * for who comes next.
 */
static bool
ends_alone(const struct source *src)
{
	const struct options *opt = src->serve->opt;
	return !src->shared ||
		(!src->viewers && src->produced && (opt->lock || opt->blank || src->resized));
}

void
source_leave(struct session *s)
{
	struct source *src = s->source;
	struct session **at = &src->viewers;
	if (src->link) {
		source_release_keys(s);
		source_clear_clipboard(s);
	}
	while (*at && *at != s)
		at = &(*at)->next_viewer;
	if (*at)
		*at = s->next_viewer;
	s->source = NULL;
	if (src->over || ends_alone(src)) {
		if (src->serve->shared == src && src->produced && !src->over)
			src->serve->shared = NULL;
		if (!src->viewers)
			source_end(src);
		/* … and if it is ending already, it may go now. */
		if (!src->viewers && src->over)
			rd_timer_set(&src->limit, 0);
		return;
	}
	if (src->link) {
		share_rate(src);
		share_listen(src);
		share_watched(src);
		share_pace(src);
	}
}

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "rd-encode/ending.h"
#include "rd-encode/flow.h"
#include "wire/msg_control.h"

/* How many frames may come at once after a rest. */
#define BURST 4
/* A picture made smaller for want of processor gets its size back after this rest. */
#define FULL_SIZE_NS (300 * RD_NS_PER_MS)

static uint64_t
up_time(const struct flow *f)
{
	return rd_hello_time(&f->mine, rd_clock_ns());
}

static void
send_up(struct flow *f, uint16_t type, struct rd_buf *body)
{
	if (rd_link_duplex(f->up))
		rd_link_send_buf(f->up, type, up_time(f), body);
	rd_buf_finish(body);
}

/* The source may take the next picture: this one, and those merged into it, are dealt with. */
static void
acknowledge(struct flow *f)
{
	if (f->acked == f->shown)
		return;
	struct rd_buf body = {0};
	rd_ack_pack(&body, f->shown);
	send_up(f, RD_MSG_ACK, &body);
	f->acked = f->shown;
}

/* Our guess of the source's stream time now. */
static uint64_t
stream_now(const struct flow *f)
{
	return f->shown_ns + (rd_clock_ns() - f->arrived_ns);
}

static bool
room(const struct flow *f)
{
	return f->ivf ? !ivf_out_busy(f->ivf) : coder_room(&f->coder);
}

/* Time between frames: as asked, or longer while the processor is too slow. */
static uint64_t
interval(const struct flow *f)
{
	uint64_t bound = adapt_interval(&f->adapt);
	return bound > f->interval_ns ? bound : f->interval_ns;
}

/* How long a fresh picture has to wait for its turn, ns; UINT64_MAX: for the next one. */
static uint64_t
early(const struct flow *f)
{
	if (f->state != FLOW_RUNNING || f->ivf || (!f->live && !(f->fps > 0)))
		return 0;
	uint64_t now = f->live ? rd_clock_ns() : f->shown_ns;
	if (now >= f->next_ns)
		return 0;
	return f->live ? f->next_ns - now : UINT64_MAX;
}

/*
 * Keeps the average rate. What was not used is kept for a few frames, so that
 * what follows a key press at once (its echo, the cursor) does not wait for
 * a turn; asked for a rate, only so far that a late frame shortens the next wait.
 */
static void
take_turn(struct flow *f)
{
	uint64_t now = f->live ? rd_clock_ns() : f->shown_ns;
	uint64_t kept = interval(f) * (f->fps > 0 ? 1 : BURST);
	uint64_t from = f->next_ns + kept > now ? f->next_ns : now - kept;
	f->next_ns = from + interval(f);
}

static void
tell_slow(struct flow *f)
{
	if (f->told)
		return;
	f->told = true;
	struct rd_notice notice = {.level = RD_LOG_WARN};
	strcpy(notice.text,
		"the processor is too slow for this: fewer frames, then a smaller picture");
	rd_warn("%s", notice.text);
	struct rd_buf body = {0};
	rd_notice_pack(&body, &notice);
	rd_link_send_buf(f->down, RD_MSG_NOTICE, stream_now(f), &body);
	rd_buf_finish(&body);
}

static int
encode(struct flow *f, const struct rd_image *im, const pixman_region32_t *damage)
{
	if (f->ivf)
		return ivf_out_picture(f->ivf, im, damage, f->shown_ns);
	uint64_t t0 = rd_clock_ns();
	if (f->answered)
		coder_fresh(&f->coder, f->answer, f->shown_ns);
	int n = coder_picture(&f->coder, im, damage, f->shown_ns);
	uint64_t t1 = rd_clock_ns();
	if (n > 0)
		rd_histogram_add(&f->encode, t1 - t0);
	/* What is encoded again later, for a new viewer or at its full size, has not waited. */
	if (n > 0 && f->unseen)
		rd_histogram_add(&f->wait, t0 - f->arrived_ns);
	if (n >= 0)
		f->unseen = f->answered = false;
	if (f->live && n > 0 && adapt_frame(&f->adapt, t1 - t0, t1) && f->adapt.level > 0)
		tell_slow(f);
	return n < 0 ? n : 0;
}

/* The screen as it stands, at the viewer's size, becomes the next frame. */
static int
take_picture(struct flow *f)
{
	const struct rd_image *im = rd_screen_image(f->screen);
	pixman_region32_t changed, damage;
	int resized = rescale_follow(&f->rescale, im->width, im->height, &f->opt->scale,
		adapt_quarters(&f->adapt));
	if (resized < 0)
		return resized;
	if (resized && f->down)
		passing_resized(&f->passing, &f->rescale, f->down, f->shown_ns);
	pixman_region32_init(&damage);
	pixman_region32_init(&changed);
	if (resized)
		rd_region_add(&changed, (struct rd_rect){0, 0, im->width, im->height});
	else
		pixman_region32_copy(&changed, rd_screen_damage(f->screen));
	im = rescale_picture(&f->rescale, im, &changed, &damage);
	int err = encode(f, im, &damage);
	pixman_region32_fini(&damage);
	pixman_region32_fini(&changed);
	if (err == -EAGAIN)
		return 0;
	if (err < 0)
		return err;
	rd_screen_clean(f->screen);
	f->fresh = false;
	take_turn(f);
	acknowledge(f);
	return 0;
}

/*
 * Each of these does one thing and says when to look again, ns; UINT64_MAX:
 * when something happens.
 */

static uint64_t
refine(struct flow *f, uint64_t time_ns, bool all)
{
	int n = coder_refine(&f->coder, time_ns, all);
	if (n < 0)
		ending_failed(f, n);
	return n > 0 ? 0 : UINT64_MAX;
}

static uint64_t
drain(struct flow *f)
{
	uint64_t again = !f->coder.planner ? UINT64_MAX : refine(f, f->coder.last_ns, true);
	if (again == UINT64_MAX && f->state == FLOW_DRAINING)
		ending_drained(f);
	return again;
}

static uint64_t
rest(struct flow *f)
{
	if (!f->live || f->ivf || !f->whole)
		return UINT64_MAX;
	uint64_t now = stream_now(f);
	if (adapt_quarters(&f->adapt) < ADAPT_QUARTERS) {
		uint64_t full_ns = f->shown_ns + FULL_SIZE_NS;
		if (now < full_ns)
			return full_ns - now;
		f->fresh = adapt_rest(&f->adapt);
		return 0;
	}
	uint64_t due = rd_planner_due(f->coder.planner);
	if (due == UINT64_MAX)
		return UINT64_MAX;
	if (due > now)
		return due - now;
	return refine(f, now, false) == 0 ? 0 : RD_REST_NS;
}

static uint64_t
next(struct flow *f)
{
	if (f->whole && f->fresh) {
		uint64_t wait = early(f);
		if (wait == UINT64_MAX)
			acknowledge(f);
		if (wait > 0)
			return wait;
	}
	if (f->whole && (f->fresh || f->coder.sync_due)) {
		int err = take_picture(f);
		if (err < 0)
			ending_failed(f, err);
		return err < 0 || f->fresh ? UINT64_MAX : 0;
	}
	return f->state == FLOW_DRAINING ? drain(f) : rest(f);
}

/*
 * Back-pressure: who would only fill our memory is not read. A live source is
 * read on while the viewer is slow to acknowledge: its pictures merge on the
 * screen, and it takes new ones only as they are acknowledged.
 */
static void
hold_back(struct flow *f)
{
	bool full = f->ivf ? ivf_out_busy(f->ivf) : rd_link_busy(f->down);
	bool waits = !f->live && f->whole && f->fresh && early(f) == 0;
	rd_link_pause(f->up, full || waits);
	if (f->down)
		rd_link_pause(f->down, rd_link_busy(f->up));
}

void
flow_step(struct flow *f)
{
	uint64_t wait = UINT64_MAX;
	if (f->state == FLOW_CLOSING)
		return;
	uint64_t held = f->ivf || f->state != FLOW_RUNNING ? 0 : coder_held_ns(&f->coder);
	if (held)
		wait = held;
	else if (room(f))
		wait = next(f);
	if (f->state == FLOW_CLOSING)
		return;
	if (wait == UINT64_MAX)
		rd_timer_clear(&f->timer);
	else
		rd_timer_set(&f->timer, wait);
	hold_back(f);
}

/* the source */

static bool
regular_file(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Times are passed through, so time zero is the producer's; and what it can do. */
static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct flow *f = ctx;
	uint32_t caps = peer->caps & (RD_CAP_LIVE | RD_CAP_SOUND | RD_CAP_MONITORS);
	if (f->state == FLOW_CLOSING)
		return;
	f->live = (caps & RD_CAP_LIVE) && (f->child_fd >= 0 || !regular_file(STDIN_FILENO));
	f->zero_ns = f->live && rd_hello_same_boot(&f->mine, peer) ? peer->mono_ns : UINT64_MAX;
	if (f->ivf) {
		ivf_out_live(f->ivf, f->live);
		return;
	}
	if (rd_link_duplex(f->up))
		caps |= peer->caps & (RD_CAPS_CONTROLLED | RD_CAP_MIC | RD_CAP_CLIP_OUT | RD_CAP_CLIP_IN |
			RD_CAP_FRESH);
	f->takes_voices = caps & RD_CAP_MIC;
	struct rd_hello hello;
	rd_hello_init(&hello, "rd-encode", caps);
	hello.wall_ns = peer->wall_ns;
	hello.mono_ns = peer->mono_ns;
	memcpy(hello.boot_id, peer->boot_id, sizeof(hello.boot_id));
	rd_link_hello(f->down, &hello);
	f->greeted = true;
	int err = coder_start(&f->coder, f->live);
	if (err < 0)
		ending_failed(f, err);
}

/* Once for each time the thread is lost. */
static void
ask_refresh(struct flow *f)
{
	bool lost = rd_screen_lost(f->screen);
	if (lost && !f->lost) {
		struct rd_buf body = {0};
		send_up(f, RD_MSG_REFRESH, &body);
	}
	f->lost = lost;
}

static int
picture_message(struct flow *f, const struct rd_msg *m)
{
	struct rd_screen_frame frame;
	const char *why;
	if (m->type == RD_MSG_BEGIN)
		f->whole = false;
	int got = rd_screen_message(f->screen, m, &frame, &why);
	if (got < 0) {
		f->why = why;
		return got;
	}
	ask_refresh(f);
	if (got == 0)
		return 0;
	f->whole = f->fresh = f->unseen = true;
	f->answered |= f->answers;
	f->answers = false;
	f->shown = frame.number;
	f->shown_ns = frame.time_ns;
	f->arrived_ns = rd_clock_ns();
	if (f->zero_ns != UINT64_MAX && f->arrived_ns > f->zero_ns + f->shown_ns)
		rd_histogram_add(&f->capture, f->arrived_ns - f->zero_ns - f->shown_ns);
	flow_step(f);
	return 0;
}

static int
fresh_message(struct flow *f, const struct rd_msg *m)
{
	int err = rd_fresh_parse(&f->answer, m->data, m->len);
	f->answers = !err;
	f->answered = false;
	return err;
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct flow *f = ctx;
	if (f->state == FLOW_CLOSING)
		return 0;
	if (m->type >= RD_MSG_BEGIN && m->type <= RD_MSG_SHOW)
		return picture_message(f, m);
	if (f->ivf)
		return 0;
	if (m->type == RD_MSG_FRESH)
		return fresh_message(f, m);
	bool sound = rd_msg_class(m->type) == RD_CLASS_SOUND;
	int err = sound ? sounds_down(&f->sounds, f->down, m)
		: passing_down(&f->passing, &f->rescale, f->down, m);
	hold_back(f);
	return err;
}

static void
on_room(void *ctx)
{
	flow_step(ctx);
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	ending_source(ctx, end);
}

static void
on_closed(void *ctx, int error)
{
	(void)error;
	ending_source_closed(ctx);
}

const struct rd_link_ops flow_source_ops = {
	.hello = on_hello,
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

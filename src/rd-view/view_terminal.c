#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-view/terminal.h"

/* How long a terminal may take to say what it is; a later answer counts as well. */
#define ANSWERS_NS (2 * RD_NS_PER_S)
/* How long the last picture may take to be seen. */
#define FINISH_NS (5 * RD_NS_PER_S)
/* Nothing that follows an ESC in one sequence comes later. */
#define SETTLE_NS (100 * RD_NS_PER_MS)
#define BEAT_NS RD_NS_PER_S
#define NOTICE_NS (5 * RD_NS_PER_S)

/* Modes that the person's side needs, and the first questions. */
static void
enter(struct terminal *t)
{
	int err = tty_raw(t->tty);
	if (err)
		rd_debug("terminal: %s", strerror(-err));
	tty_mark(t->tty, TTY_SCREEN);
	t->up = true;
	t->asked = false;
	t->fence = false;
	t->command = false;
	t->status_shown = false;
	t->input = (struct terminal_input){.asking = true};
	t->can = (struct terminal_can){0};
	terminal_say(t, "\033[?1049h\033[?25l\033[m\033[2J\033[H");
	if (t->controls)
		terminal_say(t, "\033[?2004h\033[?1004h\033[?1003h\033[?1006h");
	terminal_say(t, terminal_questions);
	rd_timer_set(&t->patience, ANSWERS_NS);
}

void
terminal_suspend(struct terminal *t)
{
	if (!t->up)
		return;
	forward_release_all(&t->forward);
	rd_buf_reset(&t->out);
	t->sent = 0;
	t->up = false;
	tty_restore(t->tty);
	/* The guard sees it and stops, and with it the shell's job. */
	kill(getpid(), SIGSTOP);
}

static void
on_stop(void *ctx, int signal)
{
	(void)signal;
	terminal_suspend(ctx);
}

/* After our own stop, or another's, which left the terminal to the shell as it was. */
static void
on_resumed(void *ctx, int signal)
{
	struct terminal *t = ctx;
	(void)signal;
	rd_buf_reset(&t->out);
	t->sent = 0;
	if (!t->gone && t->started)
		enter(t);
}

static void
on_resized(void *ctx, int signal)
{
	struct terminal *t = ctx;
	(void)signal;
	if (!t->up || !t->asked)
		return;
	/* Another font is another size, too. */
	if (t->can.cell_w)
		terminal_say(t, terminal_question_cell);
	terminal_fit(t);
	terminal_turn(t);
}

static void
on_answer(struct terminal *t, const struct terminal_event *e)
{
	struct terminal_can before = t->can;
	if (e->answer == TERMINAL_OK) {
		terminal_seen(t);
		return;
	}
	terminal_can_take(&t->can, e);
	if (e->answer == TERMINAL_IS_A)
		terminal_choose(t);
	else if (t->asked && e->answer == TERMINAL_CELL &&
		(t->can.cell_w != before.cell_w || t->can.cell_h != before.cell_h))
		terminal_fit(t);
}

static void
take(void *ctx, const struct terminal_event *e)
{
	struct terminal *t = ctx;
	if (e->kind == TERMINAL_ANSWER)
		on_answer(t, e);
	else if (t->up && t->painter.ops)
		terminal_person(t, e);
}

void
terminal_quit(struct terminal *t)
{
	t->leaving = true;
	t->cfg.host->quit(t->cfg.ctx);
}

static void
leave(struct terminal *t)
{
	t->gone = true;
	rd_fd_want(&t->fd, 0);
	terminal_quit(t);
}

static void
read_input(struct terminal *t)
{
	uint8_t b[4096];
	ssize_t n = read(t->tty->fd, b, sizeof(b));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		leave(t);
		return;
	}
	terminal_input_feed(&t->input, b, (size_t)n, take, t);
	if (terminal_input_unsure(&t->input))
		rd_timer_set(&t->settle, SETTLE_NS);
	forward_flush(&t->forward);
}

static void
on_ready(void *ctx, unsigned events)
{
	struct terminal *t = ctx;
	if (events & RD_WRITE)
		terminal_push(t);
	if (events & (RD_READ | RD_HANGUP) && !t->gone)
		read_input(t);
	if (t->up && !rd_loop_stopped(t->loop))
		terminal_turn(t);
}

static void
on_settle(void *ctx)
{
	struct terminal *t = ctx;
	terminal_input_settle(&t->input, take, t);
	forward_flush(&t->forward);
	terminal_turn(t);
}

static void
on_patience(void *ctx)
{
	struct terminal *t = ctx;
	if (!t->asked)
		terminal_choose(t);
	else
		terminal_seen(t);
	terminal_turn(t);
}

/* Runs while frames come, and for a second after. */
static void
on_beat(void *ctx)
{
	struct terminal *t = ctx;
	stats_turn(t->cfg.stats, rd_clock_ns());
	terminal_turn(t);
	if (!stats_idle(t->cfg.stats))
		rd_timer_set(&t->beat, BEAT_NS);
}

static void
on_notice_over(void *ctx)
{
	struct terminal *t = ctx;
	t->notice[0] = '\0';
	terminal_turn(t);
}

static void
terminal_close(struct view *v)
{
	struct terminal *t = (struct terminal *)v;
	rd_fd_close(&t->fd);
	if (t->up)
		tty_restore(t->tty);
	terminal_painter_finish(&t->painter);
	rd_image_finish(&t->scaled);
	terminal_pointer_finish(&t->pointer);
	rd_buf_finish(&t->out);
	forward_close(&t->forward);
	rd_timer_close(&t->settle);
	rd_timer_close(&t->patience);
	rd_timer_close(&t->beat);
	rd_timer_close(&t->notice_over);
	rd_signal_close(&t->resized);
	rd_signal_close(&t->stop);
	rd_signal_close(&t->resumed);
	free(t);
}

static int
terminal_open(struct view **out, struct rd_loop *loop, const struct view_config *cfg)
{
	struct terminal *t = xcalloc(1, sizeof(*t));
	t->view.ops = &view_terminal;
	t->loop = loop;
	t->cfg = *cfg;
	t->tty = cfg->tty;
	t->figures = cfg->options->stats;
	forward_open(&t->forward, loop, cfg->host, cfg->ctx);
	rd_timer_open(&t->settle, loop, on_settle, t);
	rd_timer_open(&t->patience, loop, on_patience, t);
	rd_timer_open(&t->beat, loop, on_beat, t);
	rd_timer_open(&t->notice_over, loop, on_notice_over, t);
	rd_signal_open(&t->resized, loop, SIGWINCH, on_resized, t);
	rd_signal_open(&t->stop, loop, SIGTSTP, on_stop, t);
	rd_signal_open(&t->resumed, loop, SIGCONT, on_resumed, t);
	/* Once the guard is dead the shell is in front: then reading fails, and does not stop us. */
	signal(SIGTTIN, SIG_IGN);
	int err = rd_fd_open(&t->fd, loop, t->tty->fd, on_ready, t);
	if (err) {
		rd_error("the terminal cannot be waited for: %s", strerror(-err));
		terminal_close(&t->view);
		return RD_EXIT_FAILURE;
	}
	*out = &t->view;
	return 0;
}

/* The terminal is left alone until now: ssh may have asked for a password. */
static void
terminal_started(struct view *v, bool controls)
{
	struct terminal *t = (struct terminal *)v;
	t->controls = controls;
	t->watches = !controls;
	t->forward.on = controls;
	t->started = true;
	enter(t);
}

static int
terminal_frame(struct view *v, const struct rd_image *im, const pixman_region32_t *damage,
	const struct rd_screen_frame *f)
{
	struct terminal *t = (struct terminal *)v;
	const struct terminal_place *p = &t->painter.place;
	int n;
	t->newest = f->number;
	if (t->gone || !t->asked)
		return 0; /* the whole of it is taken when it is known how */
	if (!t->scaled.data || im->width != p->im_width || im->height != p->im_height) {
		terminal_fit(t);
	} else {
		const pixman_box32_t *b = pixman_region32_rectangles((pixman_region32_t *)damage, &n);
		for (int i = 0; i < n; i++)
			terminal_scale(t, im, (struct rd_rect){b[i].x1, b[i].y1, b[i].x2 - b[i].x1,
				b[i].y2 - b[i].y1});
	}
	if (!t->beat.set)
		rd_timer_set(&t->beat, BEAT_NS);
	terminal_turn(t);
	return 0;
}

static void
terminal_cursor(struct view *v, const struct rd_cursor *shape)
{
	struct terminal *t = (struct terminal *)v;
	if (!t->watches)
		return;
	terminal_pointer_shape(&t->pointer, shape);
	t->pointer_moved = true;
	terminal_turn(t);
}

static void
terminal_pointer_is(struct view *v, const struct rd_pointer_at *at)
{
	struct terminal *t = (struct terminal *)v;
	if (!t->watches)
		return;
	t->pointer.at = *at;
	t->pointer_moved = true;
	terminal_turn(t);
}

static void
terminal_notice(struct view *v, const char *text)
{
	struct terminal *t = (struct terminal *)v;
	snprintf(t->notice, sizeof(t->notice), "%s", text);
	rd_timer_set(&t->notice_over, NOTICE_NS);
	terminal_turn(t);
}

static void
terminal_path(struct view *v, const struct rd_path_now *path)
{
	struct terminal *t = (struct terminal *)v;
	memcpy(t->path, path->text, sizeof(t->path));
	terminal_turn(t);
}

/* Whether something is still to be seen. */
static bool
unseen(const struct terminal *t)
{
	bool fence = t->fence && t->can.answers;
	return t->up && !t->gone && (!t->asked || t->out.len || fence || t->dirty.w);
}

/*
 * Until the last picture has been seen; the loop may not run again. Not when
 * the person wants to leave: then we are called from inside the parser.
 */
static int
terminal_finish(struct view *v)
{
	struct terminal *t = (struct terminal *)v;
	uint64_t end = rd_clock_ns() + FINISH_NS;
	while (!t->leaving && unseen(t)) {
		struct pollfd p = {.fd = t->tty->fd, .events = (short)(POLLIN | (t->out.len ? POLLOUT : 0))};
		uint64_t now = rd_clock_ns();
		int n = now < end ? poll(&p, 1, (int)((end - now) / RD_NS_PER_MS) + 1) : 0;
		if (n <= 0 && t->asked)
			break;
		if (n <= 0)
			terminal_choose(t);
		on_ready(t, (p.revents & POLLOUT ? RD_WRITE : 0u) | (p.revents & ~POLLOUT ? RD_READ : 0u));
	}
	return 0;
}

static void
terminal_hold(struct view *v, const struct view_end *end)
{
	struct terminal *t = (struct terminal *)v;
	forward_release_all(&t->forward);
	t->forward.on = t->controls = false;
	t->holding = true;
	snprintf(t->notice, sizeof(t->notice), "%s%s", end->failed ? "the picture has stopped: " : "",
		end->failed ? end->reason : "the stream is over");
	rd_timer_clear(&t->notice_over);
	if (!t->up)
		enter(t);
	terminal_turn(t);
}

const struct view_ops view_terminal = {
	.name = "terminal",
	.help = "the terminal itself",
	.paced = true,
	.tells = true,
	.open = terminal_open,
	.started = terminal_started,
	.frame = terminal_frame,
	.cursor = terminal_cursor,
	.pointer = terminal_pointer_is,
	.notice = terminal_notice,
	.path = terminal_path,
	.finish = terminal_finish,
	.hold = terminal_hold,
	.close = terminal_close,
};

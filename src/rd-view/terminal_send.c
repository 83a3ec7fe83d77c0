#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "rd-view/terminal.h"

/*
 * A terminal is slower than a desktop, and ssh and the kernel would keep what
 * it has not read yet: seconds of old pictures. So at most one frame is under
 * way, and behind it a question (DSR 5) whose answer says that it has been
 * looked at. What changes meanwhile is gathered: the newest picture wins here.
 */
#define FENCE "\033[5n"
/* An answer that is this late was lost. */
#define FENCE_NS (5 * RD_NS_PER_S)
/* Without answers nobody knows when: what one may expect of any. */
#define BLIND_NS (100 * RD_NS_PER_MS)

void
terminal_push(struct terminal *t)
{
	while (t->sent < t->out.len) {
		ssize_t n = write(t->tty->fd, t->out.data + t->sent, t->out.len - t->sent);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			t->gone = true;
		if (n <= 0)
			break;
		t->sent += (size_t)n;
	}
	bool more = t->sent < t->out.len && !t->gone;
	if (!more) {
		rd_buf_reset(&t->out);
		t->sent = 0;
	}
	rd_fd_want(&t->fd, t->gone ? 0 : more ? RD_READ | RD_WRITE : RD_READ);
}

void
terminal_say(struct terminal *t, const char *words)
{
	rd_buf_bytes(&t->out, words, strlen(words));
	terminal_push(t);
}

static void
put_status(struct terminal *t)
{
	bool colored = t->painter.colors != TERMINAL_COLORS_NONE;
	terminal_put_cursor(&t->out, 0, t->rows - 1);
	terminal_put(&t->out, "\033[7m");
	if (colored && t->command)
		terminal_put(&t->out, "\033[1m");
	rd_buf_bytes(&t->out, t->status, strlen(t->status));
	terminal_put(&t->out, "\033[m");
	t->status_shown = true;
}

static void
put_picture(struct terminal *t)
{
	struct terminal_painter *p = &t->painter;
	if (t->clear) {
		if (p->ops->clear)
			p->ops->clear(p, &t->out);
		terminal_put(&t->out, "\033[m\033[2J");
		t->status_shown = false;
		t->clear = false;
	}
	if ((t->dirty.w || t->pointer_moved) && t->scaled.data) {
		struct rd_rect pointer = terminal_pointer_draw(&t->pointer, &t->scaled, &p->place,
			p->ops == &terminal_cells);
		p->ops->paint(p, &t->out, &t->scaled, rd_rect_bound(t->dirty, pointer));
		terminal_pointer_lift(&t->pointer, &t->scaled);
	}
	t->dirty = (struct rd_rect){0};
	t->pointer_moved = false;
}

/*
 * A frame counts as taken when it is begun, since all before it has been seen by
 * then. Were it to count when it has been seen itself, a peer would take what
 * painting takes for the length of the way, and send as much as fits into that.
 */
static void
tell_peer(struct terminal *t)
{
	if (t->told == t->newest)
		return;
	t->told = t->newest;
	t->cfg.host->taken(t->cfg.ctx, t->told);
}

void
terminal_turn(struct terminal *t)
{
	static const char begin[] = "\033[?2026h";
	if (!t->up || !t->asked || t->gone || t->out.len || t->fence)
		return;
	if (t->can.synchronized)
		terminal_put(&t->out, begin);
	size_t empty = t->out.len;
	put_picture(t);
	tell_peer(t);
	if (terminal_status(t) || !t->status_shown)
		put_status(t);
	if (t->out.len == empty) {
		rd_buf_reset(&t->out);
		return;
	}
	if (t->can.synchronized)
		terminal_put(&t->out, "\033[?2026l");
	if (t->can.answers)
		terminal_put(&t->out, FENCE);
	t->fence = true;
	rd_timer_set(&t->patience, t->can.answers ? FENCE_NS : BLIND_NS);
	terminal_push(t);
}

void
terminal_seen(struct terminal *t)
{
	if (!t->fence)
		return;
	/* Not all of it has even been written: that answer was to an older question. */
	if (t->out.len) {
		rd_timer_set(&t->patience, t->can.answers ? FENCE_NS : BLIND_NS);
		return;
	}
	t->fence = false;
	rd_timer_clear(&t->patience);
	terminal_turn(t);
}

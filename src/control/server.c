#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/log.h"
#include "base/mem.h"
#include "control/server_priv.h"

#define STATS_NS RD_NS_PER_S
#define AGAIN_NS (RD_NS_PER_S / 2)

/* --- clients come and go --- */

static void
on_sweep(void *ctx)
{
	struct rd_control *c = ctx;
	for (struct client **at = &c->clients; *at;) {
		struct client *k = *at;
		if (!k->gone) {
			at = &k->next;
			continue;
		}
		*at = k->next;
		rd_buf_finish(&k->out);
		free(k);
	}
}

/* --- those who watch --- */

static bool
anybody_counts(const struct rd_control *c)
{
	for (const struct client *k = c->clients; k; k = k->next)
		if (k->stats && !k->gone)
			return true;
	return false;
}

void
rd_control_say(struct rd_control *c, const char *line, size_t len)
{
	if (!c)
		return;
	for (struct client *k = c->clients; k; k = k->next)
		if (k->watches)
			client_tell(k, line, len);
}

static void
put_stats(const struct rd_control *c, struct rd_json *j)
{
	rd_json_open(j, '{');
	rd_json_put_text(j, "event", "stats");
	uint64_t ms = rd_clock_wall_ns() / RD_NS_PER_MS;
	rd_json_put_real(j, "time", (double)ms / 1000, 3);
	rd_control_put_values(&c->subject, j);
	rd_json_close(j, '}');
	rd_json_line(j);
}

static void
on_stats(void *ctx)
{
	struct rd_control *c = ctx;
	struct rd_json j = {0};
	if (!anybody_counts(c))
		return;
	put_stats(c, &j);
	for (struct client *k = c->clients; k; k = k->next)
		if (k->stats)
			client_tell(k, j.text.data, j.text.len);
	rd_json_finish(&j);
	rd_timer_set(&c->stats, STATS_NS);
}

void
control_watch(struct client *k, enum rd_control_watch what)
{
	struct rd_control *c = k->control;
	struct rd_json j = {0};
	if (k->gone || k->stats)
		return;
	k->watches = true;
	k->stats = what == RD_CONTROL_STATS;
	if (!k->stats)
		return;
	put_stats(c, &j);
	client_tell(k, j.text.data, j.text.len);
	rd_json_finish(&j);
	if (!c->stats.set)
		rd_timer_set(&c->stats, STATS_NS);
}

static bool
is_ours(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
		(who.uid == geteuid() || who.uid == 0);
}

/* Those that are gone, else the one that has been there longest without watching, give way. */
static void
make_room(struct rd_control *c)
{
	struct client *oldest = NULL;
	for (struct client *k = c->clients; k; k = k->next) {
		if (!k->gone && client_has_gone(k))
			client_drop(k);
		if (!k->gone && !k->watches)
			oldest = k;
	}
	if (oldest && c->count >= RD_CONTROL_CLIENTS)
		client_drop(oldest);
}

static void
refuse(int fd, const char *error, const char *name)
{
	struct rd_json answer = {0};
	rd_control_answer_no(&answer, error, name);
	ssize_t n = send(fd, answer.text.data, answer.text.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)n;
	rd_json_finish(&answer);
	close(fd);
}

static void
accept_one(struct rd_control *c, int fd)
{
	if (!is_ours(fd)) {
		refuse(fd, "this is another user's", "denied");
		return;
	}
	if (c->count >= RD_CONTROL_CLIENTS)
		make_room(c);
	if (c->count >= RD_CONTROL_CLIENTS) {
		refuse(fd, "too many watch already", "busy");
		return;
	}
	client_new(c, fd);
}

static void
on_door(void *ctx, unsigned events)
{
	struct rd_control *c = ctx;
	(void)events;
	/* A few a turn: whoever knocks without end keeps us from nothing else. */
	for (int i = 0; i < 8; i++) {
		int fd = accept4(c->subject.place->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0) {
			accept_one(c, fd);
			continue;
		}
		if (rd_pause_begin(&c->pause, errno, "clients of the control socket", rd_clock_ns())) {
			rd_fd_want(&c->door, 0);
			rd_timer_set(&c->again, AGAIN_NS);
		}
		return;
	}
}

static void
on_again(void *ctx)
{
	struct rd_control *c = ctx;
	if (rd_pause_over(&c->pause, rd_clock_ns()))
		rd_fd_want(&c->door, RD_READ);
	else
		rd_timer_set(&c->again, AGAIN_NS);
}

void
rd_control_on_join(struct rd_control *c, void (*join)(void *ctx, int fd, const char *tool), void *ctx)
{
	if (!c)
		return;
	c->join = join;
	c->join_ctx = ctx;
}

/* --- opening and closing --- */

static void
hear(void *ctx, const char *line, size_t len)
{
	rd_control_say(ctx, line, len);
}

struct rd_control *
rd_control_open(struct rd_loop *loop, const struct rd_control_place *place,
	const struct rd_control_table *table, void *ctx)
{
	if (place->fd < 0)
		return NULL;
	struct rd_control *c = xcalloc(1, sizeof(*c));
	c->loop = loop;
	c->subject = (struct rd_control_subject){place, table, ctx, rd_clock_ns()};
	c->feed_fd = -1;
	int err = rd_fd_open(&c->door, loop, place->fd, on_door, c);
	if (err) {
		rd_warn("no control socket: %s", strerror(-err));
		free(c);
		return NULL;
	}
	rd_fd_want(&c->door, RD_READ);
	rd_timer_open(&c->stats, loop, on_stats, c);
	rd_timer_open(&c->sweep, loop, on_sweep, c);
	rd_timer_open(&c->again, loop, on_again, c);
	rd_event_listen(hear, c);
	return c;
}

void
rd_control_close(struct rd_control *c)
{
	if (!c)
		return;
	rd_event_listen(NULL, NULL);
	for (struct client *k = c->clients; k; k = k->next) {
		if (!k->gone)
			client_flush(k);
		client_drop(k);
	}
	on_sweep(c);
	rd_fd_close(&c->feed);
	rd_fd_close(&c->door);
	rd_timer_close(&c->stats);
	rd_timer_close(&c->sweep);
	rd_timer_close(&c->again);
	free(c);
}

void
rd_control_snapshot(const struct rd_control_place *place, const struct rd_control_table *table,
	void *ctx, struct rd_json *out)
{
	struct rd_control_subject s = {place, table, ctx, rd_clock_ns()};
	rd_json_open(out, '{');
	rd_control_put_values(&s, out);
	rd_json_close(out, '}');
}

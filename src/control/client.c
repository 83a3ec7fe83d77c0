#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "control/client.h"
#include "control/request.h"
#include "control/sweep.h"

/* --- what runs --- */

static int
compare(const void *a, const void *b)
{
	const struct rd_control_found *x = a, *y = b;
	int by = strcmp(x->name, y->name);
	if (!by)
		by = strcmp(x->tool, y->tool);
	return by ? by : (x->pid > y->pid) - (x->pid < y->pid);
}

struct listing {
	struct rd_control_found *found;
	size_t count;
};

static void
note(void *ctx, const struct rd_control_folder *f, const char *file)
{
	struct listing *l = ctx;
	struct rd_control_found is;
	if (strlen(file) >= sizeof(is.file) || !rd_control_file_parse(file, is.name, is.tool, &is.pid) ||
			!rd_control_is_alive(f, file))
		return;
	snprintf(is.file, sizeof(is.file), "%s", file);
	l->found = xreallocarray(l->found, l->count + 1, sizeof(is));
	l->found[l->count++] = is;
}

int
rd_control_list(struct rd_control_found **out, size_t *count, char **why)
{
	struct rd_control_folder f;
	struct listing l = {0};
	*out = NULL;
	*count = 0;
	int err = rd_control_folder_open(&f, false, why);
	if (err)
		return err == -ENOENT ? 0 : err;
	err = rd_control_each(&f, note, &l);
	if (err)
		*why = xasprintf("%s: %s", f.path, strerror(-err));
	rd_control_folder_close(&f);
	if (l.count)
		qsort(l.found, l.count, sizeof(*l.found), compare);
	*out = l.found;
	*count = l.count;
	return err;
}

/* --- a talk --- */

int
rd_control_talk_open(struct rd_control_talk *t, const struct rd_control_found *found)
{
	struct rd_control_folder f;
	char *why;
	*t = (struct rd_control_talk){.fd = -1};
	int err = rd_control_folder_open(&f, false, &why);
	if (err) {
		free(why);
		return err;
	}
	/* A queue that is full is not full for long. */
	for (int i = 0; i < 200 && (t->fd = rd_control_connect(&f, found->file)) == -EAGAIN; i++)
		usleep(10000);
	rd_control_folder_close(&f);
	return t->fd < 0 ? t->fd : 0;
}

void
rd_control_talk_close(struct rd_control_talk *t)
{
	if (t->fd >= 0)
		close(t->fd);
	rd_buf_finish(&t->in);
	*t = (struct rd_control_talk){.fd = -1};
}

int
rd_control_talk_say(struct rd_control_talk *t, const char *request)
{
	char line[RD_CONTROL_LINE + 1];
	int n = snprintf(line, sizeof(line), "%s\n", request);
	if (n < 0 || n > RD_CONTROL_LINE)
		return -EMSGSIZE;
	/* It fits what a new socket takes at once, many times. */
	ssize_t sent = send(t->fd, line, (size_t)n, MSG_NOSIGNAL);
	return sent == n ? 0 : sent < 0 ? -errno : -EAGAIN;
}

static bool
next_line(struct rd_control_talk *t, char **line)
{
	char *p = (char *)t->in.data + t->taken;
	char *end = t->in.len > t->taken ? memchr(p, '\n', t->in.len - t->taken) : NULL;
	if (!end)
		return false;
	*end = 0;
	*line = p;
	t->taken += (size_t)(end - p) + 1;
	return true;
}

static int
wait_for(int fd, uint64_t until_ns)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	uint64_t now = rd_clock_ns();
	int ms = -1;
	if (until_ns != UINT64_MAX)
		ms = until_ns > now ? (int)((until_ns - now) / RD_NS_PER_MS) + 1 : 0;
	int n = poll(&p, 1, ms);
	if (n < 0 && errno != EINTR)
		return -errno;
	return n == 0 && until_ns != UINT64_MAX && rd_clock_ns() >= until_ns ? -ETIMEDOUT : 0;
}

int
rd_control_talk_hear(struct rd_control_talk *t, int64_t timeout_ms, char **line)
{
	uint64_t until = timeout_ms < 0 ? UINT64_MAX
		: rd_clock_ns() + (uint64_t)timeout_ms * RD_NS_PER_MS;
	if (next_line(t, line))
		return 0;
	for (;;) {
		if (t->taken)
			memmove(t->in.data, t->in.data + t->taken, t->in.len - t->taken);
		t->in.len -= t->taken;
		t->taken = 0;
		if (t->in.len > RD_CONTROL_ANSWER_MAX)
			return -EPROTO;
		ssize_t n = recv(t->fd, rd_buf_room(&t->in, 8192), 8192, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return -EPIPE;
		if (n > 0) {
			t->in.len += (size_t)n;
			if (next_line(t, line))
				return 0;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		int err = wait_for(t->fd, until);
		if (err)
			return err;
	}
}

int
rd_control_ask(const struct rd_control_found *f, const char *request, int64_t timeout_ms,
	char **answer)
{
	struct rd_control_talk t;
	char *line = NULL;
	int err = rd_control_talk_open(&t, f);
	*answer = NULL;
	if (!err)
		err = rd_control_talk_say(&t, request);
	if (!err)
		err = rd_control_talk_hear(&t, timeout_ms, &line);
	if (!err)
		*answer = xstrdup(line);
	rd_control_talk_close(&t);
	return err;
}

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "control/server_priv.h"

void
client_drop(struct client *k)
{
	if (k->gone)
		return;
	k->gone = true;
	rd_fd_close(&k->watch);
	close(k->fd);
	k->control->count--;
	rd_timer_set(&k->control->sweep, 0);
}

/* --- to a client --- */

void
client_flush(struct client *k)
{
	while (k->out.len > 0) {
		ssize_t n = send(k->fd, k->out.data, k->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			client_drop(k);
			return;
		}
		if (n < 0)
			break;
		memmove(k->out.data, k->out.data + n, k->out.len - (size_t)n);
		k->out.len -= (size_t)n;
	}
	if (k->out.len == 0 && k->deaf && !k->watches) {
		client_drop(k);
		return;
	}
	/* Of one that has said its last word only the end is waited for, and that is told by writing. */
	rd_fd_want(&k->watch, (k->deaf ? 0 : RD_READ) | (k->out.len > 0 ? RD_WRITE : 0));
}

void
client_tell(struct client *k, const void *line, size_t len)
{
	if (k->gone)
		return;
	if (k->out.len + len > RD_CONTROL_QUEUE) {
		rd_debug("control: a client does not read, and is cut off");
		client_drop(k);
		return;
	}
	rd_buf_bytes(&k->out, line, len);
	client_flush(k);
}

/* --- from a client --- */

/* A program that we have started: it is no client any more. False: it is another line. */
static bool
joins(struct client *k, const char *line, size_t len)
{
	char tool[RD_CONTROL_TOOL + 1];
	size_t n = len > 5 ? len - 5 : 0;
	if (!k->control->join || !n || n >= sizeof(tool) || memcmp(line, "join ", 5) != 0)
		return false;
	memcpy(tool, line + 5, n);
	tool[n] = 0;
	if (strspn(tool, "abcdefghijklmnopqrstuvwxyz-") != n)
		return false;
	int fd = fcntl(k->fd, F_DUPFD_CLOEXEC, 0);
	client_drop(k);
	if (fd >= 0)
		k->control->join(k->control->join_ctx, fd, tool);
	return true;
}

static void
obey(struct client *k, char *line, size_t len)
{
	struct rd_json answer = {0};
	if (joins(k, line, len))
		return;
	enum rd_control_watch watch = rd_control_answer(&k->control->subject, line, len, &answer);
	client_tell(k, answer.text.data, answer.text.len);
	rd_json_finish(&answer);
	if (watch != RD_CONTROL_NOTHING)
		control_watch(k, watch);
}

static void
too_long(struct client *k)
{
	struct rd_json answer = {0};
	rd_control_answer_no(&answer, "a request has at most 4095 bytes", "usage");
	k->deaf = true;
	k->watches = k->stats = false;
	client_tell(k, answer.text.data, answer.text.len);
	rd_json_finish(&answer);
}

static void
take_lines(struct client *k)
{
	char *end;
	while (!k->gone && (end = memchr(k->in, '\n', k->have))) {
		size_t len = (size_t)(end - k->in);
		obey(k, k->in, len);
		k->have -= len + 1;
		memmove(k->in, end + 1, k->have);
	}
	if (!k->gone && k->have == sizeof(k->in))
		too_long(k);
}

/* Both ways: who has only said its last word may still hear, as socat does. */
bool
client_has_gone(const struct client *k)
{
	struct pollfd p = {.fd = k->fd};
	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR));
}

static void
on_client(void *ctx, unsigned events)
{
	struct client *k = ctx;
	if (events & RD_WRITE)
		client_flush(k);
	if (k->gone || k->deaf)
		return;
	ssize_t n = recv(k->fd, k->in + k->have, sizeof(k->in) - k->have, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		client_drop(k);
		return;
	}
	/* Half a line at the end is none: "max-bitrate=2" may have been meant to be 2M. */
	k->deaf = n == 0;
	if (k->deaf && client_has_gone(k)) {
		client_drop(k);
		return;
	}
	k->have += (size_t)n;
	take_lines(k);
	if (!k->gone)
		client_flush(k);
}

struct client *
client_new(struct rd_control *c, int fd)
{
	struct client *k = xcalloc(1, sizeof(*k));
	k->control = c;
	k->fd = fd;
	k->next = c->clients;
	c->clients = k;
	c->count++;
	if (rd_fd_open(&k->watch, c->loop, fd, on_client, k) != 0)
		client_drop(k);
	else
		rd_fd_want(&k->watch, RD_READ);
	return k;
}

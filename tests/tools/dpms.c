/*
 * A way to an X server that has none, on which it has a monitor that can be turned off:
 * dpms N [off|stuck], where :N is the server's display; "off": DPMS is not enabled at first;
 * "stuck": its level stays 0.
 * It answers the requests of DPMS 1.1 itself, and any input by XTEST wakes the monitor,
 * as a server may do. It prints the number of the display it makes of that, and
 * then a line for each change: "enable", "disable", "level N" (0: on, 3: off),
 * "refused" (a level while it is not enabled), "woken". Byte order is ours.
 */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS 16
#define OPCODE 200
#define QUERY_EXTENSION 98
#define GET_INPUT_FOCUS 43
#define NO_OPERATION 127
#define PENDING 64

/* Requests of DPMS. */
enum { CAPABLE = 1, TIMEOUTS = 2, ENABLE = 4, DISABLE = 5, FORCE = 6, INFO = 7 };
/* What of an answer is ours. */
enum what { IS_DPMS = 100, IS_XTEST };

struct stream {
	uint8_t *data;
	size_t len;
	int begun;	/* the set-up is over */
};

struct client {
	int fd, server;
	struct stream up, down;
	uint16_t sequence;
	struct { uint16_t sequence; int what; } pending[PENDING];
	int pendings;
	uint8_t xtest;	/* its opcode, once known */
};

static int enabled = 1, level, stuck;

static void
say(const char *line)
{
	puts(line);
	fflush(stdout);
}

static void
set_level(int now)
{
	char line[32];
	snprintf(line, sizeof(line), "level %d", now);
	if (enabled && !stuck)
		level = now;
	say(enabled ? line : "refused");
}

static uint16_t
u16(const uint8_t *p)
{
	uint16_t v;
	memcpy(&v, p, 2);
	return v;
}

static uint32_t
u32(const uint8_t *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}

static size_t
padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static void
expect(struct client *c, int what)
{
	if (c->pendings < PENDING) {
		c->pending[c->pendings].sequence = c->sequence;
		c->pending[c->pendings++].what = what;
	}
}

/* A request of ours becomes another one of the same length, so that sequences agree. */
static void
obey(struct client *c, uint8_t *r)
{
	int minor = r[1];
	if (minor == ENABLE || minor == DISABLE) {
		enabled = minor == ENABLE;
		say(enabled ? "enable" : "disable");
		if (!enabled)
			level = 0;
	} else if (minor == FORCE) {
		set_level(u16(r + 4));
	}
	int asks = minor == CAPABLE || minor == INFO || minor == TIMEOUTS;
	if (asks)
		expect(c, minor);
	r[0] = asks ? GET_INPUT_FOCUS : NO_OPERATION;
	r[1] = 0;
}

static void
request(struct client *c, uint8_t *r)
{
	c->sequence++;
	if (r[0] == OPCODE) {
		obey(c, r);
	} else if (r[0] == QUERY_EXTENSION && u16(r + 4) == 4 && memcmp(r + 8, "DPMS", 4) == 0) {
		expect(c, IS_DPMS);
	} else if (r[0] == QUERY_EXTENSION && u16(r + 4) == 5 && memcmp(r + 8, "XTEST", 5) == 0) {
		expect(c, IS_XTEST);
	} else if (c->xtest && r[0] == c->xtest && r[1] == 2 && level) {
		level = 0;
		say("woken");
	}
}

static void
answer(struct client *c, uint8_t *r)
{
	for (int i = 0; i < c->pendings; i++) {
		if (c->pending[i].sequence != u16(r + 2))
			continue;
		int what = c->pending[i].what;
		c->pending[i] = c->pending[--c->pendings];
		if (what == IS_XTEST) {
			c->xtest = r[9];
			return;
		}
		memset(r + 8, 0, 24);
		r[1] = 0;
		r[8] = what == INFO ? (uint8_t)level : 1;
		r[9] = what == IS_DPMS ? OPCODE : 0;
		r[10] = what == INFO ? (uint8_t)enabled : 0;
		return;
	}
}

/* How long the next piece is; 0: not all of its length is there. */
static size_t
up_length(const struct client *c)
{
	const uint8_t *p = c->up.data;
	size_t n = c->up.len;
	if (!c->up.begun)
		return n < 12 ? 0 : 12 + padded(u16(p + 6)) + padded(u16(p + 8));
	if (n < 8)
		return n < 4 ? 0 : u16(p + 2) ? u16(p + 2) * 4u : 0;
	return u16(p + 2) ? u16(p + 2) * 4u : u32(p + 4) * (size_t)4;
}

static size_t
down_length(const struct client *c)
{
	const uint8_t *p = c->down.data;
	if (c->down.len < (c->down.begun ? 32 : 8))
		return 0;
	if (!c->down.begun)
		return 8 + u16(p + 6) * 4u;
	return 32 + (p[0] == 1 || p[0] == 35 ? u32(p + 4) * (size_t)4 : 0);
}

static int
put(int to, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t k = send(to, p, n, MSG_NOSIGNAL);
		if (k < 0)
			return 0;
		p += k;
		n -= (size_t)k;
	}
	return 1;
}

/* Whole pieces go on, looked at. 0: it is over. */
static int
forward(struct client *c, struct stream *s, int from, int to)
{
	uint8_t buf[65536];
	ssize_t n = read(from, buf, sizeof(buf));
	if (n <= 0)
		return 0;
	s->data = realloc(s->data, s->len + (size_t)n);
	memcpy(s->data + s->len, buf, (size_t)n);
	s->len += (size_t)n;
	size_t len;
	while ((len = s == &c->up ? up_length(c) : down_length(c)) && len <= s->len) {
		if (s->begun && s == &c->up)
			request(c, s->data);
		else if (s->begun && s->data[0] == 1)
			answer(c, s->data);
		s->begun = 1;
		if (!put(to, s->data, len))
			return 0;
		s->len -= len;
		memmove(s->data, s->data + len, s->len);
	}
	return 1;
}

/* Abstract sockets leave nothing behind in the file system. */
static socklen_t
address(struct sockaddr_un *sa, int display)
{
	*sa = (struct sockaddr_un){.sun_family = AF_UNIX};
	int n = snprintf(sa->sun_path + 1, sizeof(sa->sun_path) - 1, "/tmp/.X11-unix/X%d", display);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

static int
listen_free(int *display)
{
	struct sockaddr_un sa;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	for (*display = 5500; *display < 6000; ++*display) {
		socklen_t len = address(&sa, *display);
		if (bind(fd, (struct sockaddr *)&sa, len) == 0)
			return listen(fd, 5) == 0 ? fd : -1;
	}
	return -1;
}

static int
connect_server(int display)
{
	struct sockaddr_un sa;
	socklen_t len = address(&sa, display);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	return connect(fd, (struct sockaddr *)&sa, len) == 0 ? fd : -1;
}

static void
serve(struct client *c, const struct pollfd *p)
{
	int alive = 1;
	if (p[0].revents)
		alive = forward(c, &c->up, c->fd, c->server);
	if (alive && p[1].revents)
		alive = forward(c, &c->down, c->server, c->fd);
	if (alive)
		return;
	close(c->fd);
	close(c->server);
	free(c->up.data);
	free(c->down.data);
	*c = (struct client){.fd = -1, .server = -1};
}

int
main(int argc, char **argv)
{
	struct client clients[CLIENTS];
	int display, fd = listen_free(&display);
	if (argc < 2 || fd < 0)
		return 1;
	stuck = argc > 2 && strcmp(argv[2], "stuck") == 0;
	enabled = argc < 3 || stuck;
	printf("%d\n", display);
	fflush(stdout);
	for (int i = 0; i < CLIENTS; i++)
		clients[i] = (struct client){.fd = -1, .server = -1};
	for (;;) {
		struct pollfd p[2 * CLIENTS + 1];
		for (int i = 0; i < CLIENTS; i++) {
			p[2 * i] = (struct pollfd){.fd = clients[i].fd, .events = POLLIN};
			p[2 * i + 1] = (struct pollfd){.fd = clients[i].server, .events = POLLIN};
		}
		p[2 * CLIENTS] = (struct pollfd){.fd = fd, .events = POLLIN};
		if (poll(p, 2 * CLIENTS + 1, -1) < 0) {
			if (errno == EINTR)
				continue;
			return 1;
		}
		for (int i = 0; i < CLIENTS; i++)
			if (clients[i].fd >= 0)
				serve(&clients[i], &p[2 * i]);
		for (int i = 0; p[2 * CLIENTS].revents && i < CLIENTS; i++) {
			if (clients[i].fd >= 0)
				continue;
			clients[i] = (struct client){.fd = accept(fd, NULL, NULL), .server = connect_server(atoi(argv[1]))};
			break;
		}
	}
}

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "control/metrics.h"

#define BACKLOG 64

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool
is_port(const char *text, uint16_t *port)
{
	size_t n = strspn(text, "0123456789");
	long value = n && n < 6 && !text[n] ? strtol(text, NULL, 10) : -1;
	*port = htons((uint16_t)value);
	return value >= 0 && value <= 0xffff;
}

/* An address in figures, in brackets where it has colons; or localhost. */
static bool
is_address(char *text, union address *at, uint16_t port)
{
	size_t n = strlen(text);
	*at = (union address){.v4 = {.sin_family = AF_INET, .sin_port = port}};
	const char *v4 = strcmp(text, "localhost") == 0 ? "127.0.0.1" : text;
	if (inet_pton(AF_INET, v4, &at->v4.sin_addr) == 1)
		return true;
	if (n < 2 || text[0] != '[' || text[n - 1] != ']')
		return false;
	text[n - 1] = '\0';
	*at = (union address){.v6 = {.sin6_family = AF_INET6, .sin6_port = port}};
	return inet_pton(AF_INET6, text + 1, &at->v6.sin6_addr) == 1;
}

static bool
parse(const char *text, union address *at)
{
	char host[64] = "127.0.0.1";
	uint16_t port;
	const char *colon = strrchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : 0;
	if (n >= sizeof(host) || !is_port(colon ? colon + 1 : text, &port))
		return false;
	if (n)
		snprintf(host, sizeof(host), "%.*s", (int)n, text);
	return is_address(host, at, port);
}

int
rd_metrics_set(void *target, const char *text, const char **error)
{
	struct rd_metrics_where *where = target;
	union address at;
	bool off = strcmp(text, "off") == 0;
	if (!off && !parse(text, &at)) {
		*error = "a port, an address and a port (127.0.0.1:9465, [::1]:9465), or off";
		return -EINVAL;
	}
	where->text = off ? NULL : text;
	return 0;
}

static bool
is_loopback(const union address *at)
{
	return at->any.sa_family == AF_INET6 ? IN6_IS_ADDR_LOOPBACK(&at->v6.sin6_addr)
		: ntohl(at->v4.sin_addr.s_addr) >> 24 == 127;
}

/* A descriptor or a negative errno; the port that it became. */
static int
listen_at(union address *at)
{
	socklen_t len = at->any.sa_family == AF_INET6 ? sizeof(at->v6) : sizeof(at->v4);
	int on = 1;
	int fd = socket(at->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* Connections of one that ended a moment ago keep no port. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &at->any, len) == 0 && listen(fd, BACKLOG) == 0 &&
			getsockname(fd, &at->any, &len) == 0)
		return fd;
	int err = -errno;
	close(fd);
	return err;
}

static void
say(const union address *at)
{
	char text[INET6_ADDRSTRLEN];
	bool six = at->any.sa_family == AF_INET6;
	/* The port is at the same place in both. */
	unsigned port = ntohs(at->v4.sin_port);
	struct rd_event e;
	inet_ntop(at->any.sa_family, six ? (const void *)&at->v6.sin6_addr : &at->v4.sin_addr, text,
		sizeof(text));
	rd_info("metrics are at http://%s%s%s:%u/metrics", six ? "[" : "", text, six ? "]" : "", port);
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, "metrics");
	rd_event_text(&e, "address", text);
	rd_event_number(&e, "port", port);
	rd_event_end(&e);
}

/* With --no-control it has no name yet. */
static void
name_place(struct rd_control_place *place, const char *tool)
{
	snprintf(place->tool, sizeof(place->tool), "%s", tool);
	snprintf(place->name, sizeof(place->name), "%s", tool);
	rd_control_file_name(place->file, tool, tool, getpid());
	place->leader = getpid();
}

int
rd_metrics_listen(struct rd_control_place *place, const struct rd_metrics_where *where,
	const char *tool)
{
	union address at;
	if (!where->text || !parse(where->text, &at))
		return 0;
	if (!is_loopback(&at) && !where->anywhere) {
		rd_error("--metrics %s: others than this machine reach that address: that takes "
			"--metrics-anywhere", where->text);
		return RD_EXIT_USAGE;
	}
	if (!place->tool[0])
		name_place(place, tool);
	place->page = listen_at(&at);
	if (place->page >= 0) {
		/* What we start joins our page; if we have joined another's, it joins that one. */
		if (place->fd >= 0 && place->team < 0)
			setenv("RD_TEAM", place->file, 1);
		say(&at);
		return 0;
	}
	rd_error("--metrics %s: cannot listen there: %s", where->text, strerror(-place->page));
	return place->page == -EADDRNOTAVAIL ? RD_EXIT_USAGE : RD_EXIT_FAILURE;
}

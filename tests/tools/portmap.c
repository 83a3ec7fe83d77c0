/*
 * portmap PORT…: asks the router for the first of these ports, for the next when
 * a line comes on stdin, and gives all back at the end of stdin. What there is
 * then is a line on stdout: "PCP 198.51.100.1:4711", or "none".
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "net/portmap.h"

struct asker {
	struct rd_loop *loop;
	struct rd_portmap *portmap;
	char **ports;
};

static void
on_mapped(void *ctx, const struct rd_addr *outside, const char *by)
{
	char text[RD_ADDR_TEXT];
	(void)ctx;
	if (outside->family)
		printf("%s %s\n", by, rd_addr_text(outside, text));
	else
		printf("none\n");
	fflush(stdout);
}

static void
next(struct asker *a)
{
	if (*a->ports)
		rd_portmap_want(a->portmap, (uint16_t)atoi(*a->ports++));
}

static void
on_line(void *ctx, unsigned events)
{
	struct asker *a = ctx;
	char line[64];
	(void)events;
	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		rd_loop_stop(a->loop, 0);
	else
		next(a);
}

int
main(int argc, char **argv)
{
	static const struct rd_portmap_ops ops = {.mapped = on_mapped};
	struct asker a = {.ports = argv + 1};
	struct rd_fd in = {0};
	int sock;
	(void)argc;
	rd_log_open("portmap");
	if (rd_portmap_start(&sock) != 0)
		return 1;
	a.loop = rd_loop_new();
	if (rd_portmap_open(&a.portmap, a.loop, sock, &ops, &a) != 0 ||
			rd_fd_open(&in, a.loop, STDIN_FILENO, on_line, &a) != 0)
		return 1;
	rd_fd_want(&in, RD_READ);
	next(&a);
	int code = rd_loop_run(a.loop);
	rd_fd_close(&in);
	rd_portmap_close(a.portmap);
	rd_loop_free(a.loop);
	return code;
}

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/ipc.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/portmap_priv.h"

struct rd_portmap {
	int sock;
	struct rd_fd heard;
	struct rd_portmap_ops ops;
	void *ctx;
};

/* A grandchild: nobody has to wait for it. */
int
rd_portmap_start(int *sock)
{
	int pair[2], status = 0;
	int err = rd_ipc_pair(pair);
	if (err)
		return err;
	pid_t pid = fork();
	if (pid == 0) {
		pid_t run = fork();
		if (run == 0)
			_exit(portmap_run(pair[1]));
		_exit(run < 0);
	}
	err = pid < 0 ? -errno : 0;
	close(pair[1]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (err || status != 0) {
		close(pair[0]);
		return err ? err : -EAGAIN;
	}
	*sock = pair[0];
	return 0;
}

/* What a process that reads routers' XML says is as foreign as they are. */
static bool
parse(struct rd_addr *outside, enum portmap_by *by, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	*outside = (struct rd_addr){0};
	rd_reader_init(&r, data, len);
	uint8_t kind = rd_reader_u8(&r);
	outside->family = rd_reader_u8(&r);
	outside->port = rd_reader_u16(&r);
	const uint8_t *ip = rd_reader_bytes(&r, 16);
	if (!rd_reader_done(&r) || kind >= PORTMAP_WAYS)
		return false;
	*by = (enum portmap_by)kind;
	if (outside->family == 0 || kind == PORTMAP_NONE) {
		*outside = (struct rd_addr){0};
		return true;
	}
	if ((outside->family != 4 && outside->family != 6) || outside->port == 0)
		return false;
	for (int i = 0; i < (outside->family == 4 ? 4 : 16); i++)
		outside->ip[i] = ip[i];
	return true;
}

static void
on_heard(void *ctx, unsigned events)
{
	(void)events;
	static const char *const names[PORTMAP_WAYS] = {"", "PCP", "NAT-PMP", "UPnP"};
	struct rd_portmap *p = ctx;
	uint8_t data[RD_IPC_MAX];
	struct rd_addr outside;
	enum portmap_by by = PORTMAP_NONE;
	char text[RD_ADDR_TEXT];
	int fd, n = rd_ipc_recv(p->sock, data, sizeof(data), &fd, 0);
	if (fd >= 0)
		close(fd);
	if (n == -EAGAIN)
		return;
	if (n > 0 && parse(&outside, &by, data, (size_t)n)) {
		if (outside.family)
			rd_info("the router lets us in at %s (%s)", rd_addr_text(&outside, text),
				names[by]);
		p->ops.mapped(p->ctx, &outside, names[by]);
		return;
	}
	/* It has ended, or talks nonsense: there is no mapping that anybody renews. */
	rd_fd_want(&p->heard, 0);
	p->ops.mapped(p->ctx, &(struct rd_addr){0}, "");
}

int
rd_portmap_open(struct rd_portmap **out, struct rd_loop *loop, int sock,
	const struct rd_portmap_ops *ops, void *ctx)
{
	struct rd_portmap *p = xcalloc(1, sizeof(*p));
	p->sock = sock;
	p->ops = *ops;
	p->ctx = ctx;
	fcntl(sock, F_SETFL, fcntl(sock, F_GETFL) | O_NONBLOCK);
	int err = rd_fd_open(&p->heard, loop, sock, on_heard, p);
	if (err) {
		close(sock);
		free(p);
		return err;
	}
	rd_fd_want(&p->heard, RD_READ);
	*out = p;
	return 0;
}

void
rd_portmap_want(struct rd_portmap *p, uint16_t port)
{
	uint8_t data[PORTMAP_WANT] = {(uint8_t)port, (uint8_t)(port >> 8)};
	rd_ipc_send(p->sock, data, sizeof(data), -1);
}

void
rd_portmap_close(struct rd_portmap *p)
{
	if (!p)
		return;
	rd_fd_close(&p->heard);
	close(p->sock);
	free(p);
}

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/endpoint_priv.h"

static int
start_connecting(const struct rd_addr *to)
{
	struct sockaddr_storage sa;
	int domain = to->family == 4 ? AF_INET : AF_INET6;
	socklen_t len = rd_addr_to_sockaddr(to, domain, &sa);
	int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&sa, len) < 0 && errno != EINPROGRESS) {
		int err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int
endpoint_stream_connect(struct rd_endpoint *e, const struct rd_addr *to, struct tunnel *tunnel,
	struct stream **out)
{
	int fd = start_connecting(to);
	struct stream *s = fd >= 0 ? endpoint_stream_new(e, fd, to, false) : NULL;
	if (!s) {
		endpoint_tunnel_free(tunnel);
		if (fd >= 0)
			close(fd);
		return fd < 0 ? fd : -EMFILE;
	}
	endpoint_enter(e);
	s->tunnel = tunnel;
	int err = endpoint_stream_start(s, STREAM_CONNECTING);
	if (err)
		endpoint_stream_kill(s);
	else
		*out = s;
	endpoint_leave(e);
	return err;
}

int
rd_endpoint_connect(struct rd_endpoint *e, struct rd_addr *to)
{
	struct stream *s = NULL;
	int err = endpoint_stream_connect(e, to, NULL, &s);
	if (!err)
		*to = s->peer;
	return err;
}

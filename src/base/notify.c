#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/notify.h"

void
rd_notify_take(struct rd_notify *n)
{
	const char *name = getenv("NOTIFY_SOCKET");
	size_t len = name ? strlen(name) : 0;
	*n = (struct rd_notify){.to.sun_family = AF_UNIX};
	if (len > 1 && len < sizeof(n->to.sun_path) && strchr("/@", name[0])) {
		memcpy(n->to.sun_path, name, len);
		/* An abstract name has no end but that of its length. */
		if (name[0] == '@')
			n->to.sun_path[0] = '\0';
		n->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (name[0] == '/'));
	}
	unsetenv("NOTIFY_SOCKET");
}

void
rd_notify_say(const struct rd_notify *n, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	if (!n->len)
		return;
	va_start(ap, fmt);
	int len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (len <= 0)
		return;
	if ((size_t)len >= sizeof(text))
		len = sizeof(text) - 1;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, text, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT,
			(const struct sockaddr *)&n->to, n->len) < 0)
		rd_debug("$NOTIFY_SOCKET: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

void
rd_notify_reloading(const struct rd_notify *n)
{
	/* systemd compares that with its own clock, CLOCK_MONOTONIC as ours is. */
	rd_notify_say(n, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, rd_clock_ns() / 1000);
}

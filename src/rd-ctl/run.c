#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/spawn.h"
#include "rd-ctl/run.h"

#define OUTPUT_MAX (1u << 20)
#define GRACE_MS 5000

char *
run_read(char *const argv[], int *status)
{
	struct rd_child child;
	struct rd_buf all = {0};
	int err = rd_child_spawn(&child, argv);
	if (err) {
		rd_error("%s: %s", argv[0], strerror(-err));
		return NULL;
	}
	shutdown(child.fd, SHUT_WR);
	while (all.len < OUTPUT_MAX) {
		uint8_t *room = rd_buf_room(&all, 4096);
		ssize_t n = read(child.fd, room, 4096);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		all.len += (size_t)n;
	}
	*status = rd_child_reap(&child, GRACE_MS);
	rd_buf_u8(&all, 0);
	return (char *)all.data;
}

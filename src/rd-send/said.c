#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/ipc.h"
#include "base/log.h"
#include "rd-send/said.h"
#include "wire/msg.h"

_Static_assert(sizeof(struct said) <= RD_IPC_MAX, "a message fits");

void
said_set_address(struct said *s, const struct rd_addr *a)
{
	s->family = a->family;
	s->stream = a->stream;
	s->relayed = a->relayed;
	s->port = a->port;
	s->scope = a->scope;
	memcpy(s->ip, a->ip, sizeof(s->ip));
}

struct rd_addr
said_address(const struct said *s)
{
	struct rd_addr a = {
		.family = s->family, .stream = s->stream, .port = s->port, .scope = s->scope,
		.relayed = s->relayed,
	};
	memcpy(a.ip, s->ip, sizeof(a.ip));
	return a;
}

void
said_set_text(struct said *s, const char *text)
{
	rd_msg_text(s->text, sizeof(s->text), (const uint8_t *)text, strlen(text));
}

int
said_send(int sock, const struct said *s, int fd)
{
	return rd_ipc_send(sock, s, sizeof(*s), fd);
}

/* As said_set_text leaves it. */
static bool
is_plain(const char *text, size_t cap)
{
	size_t n = strnlen(text, cap);
	char *escaped = rd_log_escape(text, n, n);
	bool plain = n < cap && strcmp(escaped, text) == 0;
	sodium_memzero(escaped, strlen(escaped));
	free(escaped);
	return plain;
}

int
said_recv(int sock, struct said *s, int *fd)
{
	int n = rd_ipc_recv(sock, s, sizeof(*s), fd, 0);
	if (n == -EAGAIN)
		return 0;
	if (n == 0)
		return -EPIPE;
	if (n < 0)
		return n;
	if (n == sizeof(*s) && s->type > 0 && s->type < SAID_TYPES && s->flag <= 1 &&
			s->stream <= 1 && s->relayed <= 1 && s->by < SAID_BYS &&
			s->how <= RD_HOW_RELAY && (s->family == 0 || s->family == 4 || s->family == 6) &&
			is_plain(s->text, sizeof(s->text)) && is_plain(s->session, sizeof(s->session)))
		return 1;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -EPROTO;
}

/*
 * A relay that lies, to see that both ends notice: tests/net/fakerelay.h on a
 * socket.
 *
 *	lyingrelay ADDRESS PORT LIE
 *
 * Prints "key KEY", its own, which is new each time. LIE:
 *
 *	none	it is honest
 *	swap	of two hosts, who asks for one is led to the other
 *	name	it tells hosts another key of who comes than is true
 *	flip	from a SIGUSR1 on it changes a byte of every datagram that it forwards
 *	twice	it forwards every datagram twice, and an old one after each
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/fakerelay.h"
#include "net/identity.h"

#define OLD 32		/* forwarded datagrams that are kept to be sent again */

static volatile sig_atomic_t flips;

struct liar {
	struct fakerelay relay;
	const char *lie;
	int fd;
	unsigned old_count;
	struct { struct rd_addr to; size_t len; uint8_t data[2048]; } old[OLD];
};

static void
put(const struct liar *l, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct sockaddr_storage a;
	socklen_t n = rd_addr_to_sockaddr(to, AF_INET, &a);
	(void)sendto(l->fd, data, len, 0, (struct sockaddr *)&a, n);
}

static void
send_again(struct liar *l, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	unsigned i = l->old_count++ % OLD;
	put(l, to, data, len);
	if (l->old_count > OLD)
		put(l, &l->old[i].to, l->old[i].data, l->old[i].len);
	l->old[i].to = *to;
	l->old[i].len = len;
	memcpy(l->old[i].data, data, len);
}

static void
on_send(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct liar *l = ctx;
	uint8_t changed[2048];
	bool forwarded = len > RD_RELAYED_HEADER && (data[0] & 0xf0) == RD_RELAY_RELAYED;
	if (len > sizeof(changed))
		return;
	memcpy(changed, data, len);
	if (forwarded && strcmp(l->lie, "flip") == 0 && flips)
		changed[len - 1] ^= 1;
	if (forwarded && strcmp(l->lie, "twice") == 0)
		send_again(l, to, changed, len);
	put(l, to, changed, len);
}

/* Whose session it is, if it is a viewer's. */
static struct fake_peer *
viewer_of(struct liar *l, const uint8_t *data, size_t len)
{
	struct rd_packet p;
	if (rd_packet_parse(&p, data, len) != 0 || p.type != RD_PACKET_DATA)
		return NULL;
	for (unsigned i = 0; i < FAKE_PEERS; i++)
		if (l->relay.peers[i].own == p.receiver && l->relay.peers[i].role == RD_ROLE_VIEWER)
			return &l->relay.peers[i];
	return NULL;
}

/* The first two hosts, each taken for the other; done twice, it is undone. */
static void
swap_hosts(struct liar *l)
{
	struct fake_peer *host[2] = {NULL, NULL};
	for (unsigned i = 0; i < FAKE_PEERS; i++) {
		struct fake_peer *p = &l->relay.peers[i];
		if (p->own && p->registered)
			*(host[0] ? &host[1] : &host[0]) = p;
	}
	if (!host[1])
		return;
	struct rd_key key = host[0]->key;
	host[0]->key = host[1]->key;
	host[1]->key = key;
}

static void
take(struct liar *l, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct fake_peer *viewer = viewer_of(l, data, len);
	struct rd_key true_key = viewer ? viewer->key : l->relay.key.public;
	if (viewer && strcmp(l->lie, "name") == 0)
		viewer->key = l->relay.key.public;
	if (viewer && strcmp(l->lie, "swap") == 0)
		swap_hosts(l);
	fakerelay_receive(&l->relay, from, data, len, rd_clock_ns());
	if (viewer && strcmp(l->lie, "swap") == 0)
		swap_hosts(l);
	/* It may have said BYE. */
	if (viewer && viewer->own)
		viewer->key = true_key;
}

static void
on_signal(int number)
{
	flips = number;
}

int
main(int argc, char **argv)
{
	static struct liar l;
	struct sockaddr_in at = {.sin_family = AF_INET};
	char key[RD_KEY_TEXT];
	if (argc != 4 || sodium_init() < 0 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1) {
		fputs("lyingrelay ADDRESS PORT none|swap|name|flip|twice\n", stderr);
		return 2;
	}
	l.lie = argv[3];
	at.sin_port = htons((uint16_t)atoi(argv[2]));
	l.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (l.fd < 0 || bind(l.fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		perror("lyingrelay");
		return 1;
	}
	signal(SIGUSR1, on_signal);
	fakerelay_init(&l.relay, on_send, &l);
	printf("key %s\n", rd_key_text(&l.relay.key.public, key));
	fflush(stdout);
	for (;;) {
		struct sockaddr_storage a;
		socklen_t n = sizeof(a);
		uint8_t data[2048];
		struct rd_addr from;
		ssize_t got = recvfrom(l.fd, data, sizeof(data), 0, (struct sockaddr *)&a, &n);
		if (got > 0 && rd_addr_from_sockaddr(&from, (struct sockaddr *)&a, n) == 0)
			take(&l, &from, data, (size_t)got);
	}
}

/*
 * Viewers who guess slots of one-time codes at a relay, each with a key and an
 * address of its own, as fast as it answers:
 *
 *	guess KEY ADDRESS PORT FROM COUNT HIGHEST SECONDS
 *
 * FROM: the first of COUNT addresses that this machine has. HIGHEST: of the slots
 * they guess. At the end a line: "guesses N found N none N busy N other N".
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "net/identity.h"
#include "net/relay_client.h"

#define VIEWERS 64
#define FIRST 96	/* bytes of what is meant for the host */

struct viewer {
	struct rd_relay_client *client;
	struct rd_keypair key;
	int fd;
	bool waits;		/* for the answer to a guess */
};

static unsigned guesses, found, none, busy, other;
static uint32_t highest;

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
on_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	struct viewer *v = ctx;
	(void)data, (void)len;
	found++;
	v->waits = false;
	rd_relay_client_drop(v->client, leg->number);
}

static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	struct viewer *v = ctx;
	(void)of, (void)retry_s;
	*(why == RD_NO_SLOT ? &none : why == RD_NO_BUSY ? &busy : &other) += 1;
	v->waits = false;
}

static void
on_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	(void)ctx, (void)seen, (void)policy;
}

static void
on_nothing(void *ctx)
{
	(void)ctx;
}

static const struct rd_relay_client_ops ops = {
	.ready = on_ready, .lost = on_nothing, .leg = on_leg, .no = on_no,
};

static void
open_viewer(struct viewer *v, const struct rd_key *relay, uint32_t address,
	const struct sockaddr_in *to)
{
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
	struct timespec wall;
	struct rd_addr a;
	clock_gettime(CLOCK_REALTIME, &wall);
	rd_keypair_new(&v->key);
	v->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (v->fd < 0 || bind(v->fd, (struct sockaddr *)&from, sizeof(from)) < 0 ||
		connect(v->fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		die("source");
	v->client = rd_relay_client_new(&(struct rd_relay_client_config){.own = &v->key,
		.role = RD_ROLE_VIEWER, .relay = relay,
		.wall_ns = (uint64_t)wall.tv_sec * RD_NS_PER_S + (uint64_t)wall.tv_nsec}, &ops, v,
		rd_clock_ns());
	rd_addr_from_sockaddr(&a, (const struct sockaddr *)to, sizeof(*to));
	rd_relay_client_to(v->client, &a, rd_clock_ns());
}

static void
guess(struct viewer *v)
{
	static const uint8_t first[FIRST] = {5};
	guesses++;
	v->waits = true;
	rd_relay_client_connect(v->client, 1 + randombytes_uniform(highest), NULL, first,
		sizeof(first), rd_clock_ns());
}

static void
turn(struct viewer *v, const struct rd_addr *relay)
{
	uint8_t data[2048], *payload;
	size_t len;
	struct rd_addr to;
	uint32_t leg;
	for (ssize_t n; (n = recv(v->fd, data, sizeof(data), 0)) > 0;)
		(void)rd_relay_client_receive(v->client, relay, data, (size_t)n, rd_clock_ns(), &leg,
			&payload, &len);
	if (rd_relay_client_deadline(v->client) <= rd_clock_ns())
		rd_relay_client_tick(v->client, rd_clock_ns());
	if (rd_relay_client_stands(v->client) && !v->waits)
		guess(v);
	while ((len = rd_relay_client_send(v->client, &to, data, sizeof(data), rd_clock_ns())) > 0)
		(void)send(v->fd, data, len, 0);
}

int
main(int argc, char **argv)
{
	static struct viewer viewers[VIEWERS];
	struct sockaddr_in to = {.sin_family = AF_INET};
	struct pollfd fds[VIEWERS];
	struct in_addr first;
	struct rd_key key;
	struct rd_addr relay;
	if (argc != 8 || rd_key_parse(&key, argv[1]) < 0 || sodium_init() < 0 ||
		inet_pton(AF_INET, argv[2], &to.sin_addr) != 1 ||
		inet_pton(AF_INET, argv[4], &first) != 1) {
		fputs("guess KEY ADDRESS PORT FROM COUNT HIGHEST SECONDS\n", stderr);
		return 2;
	}
	unsigned count = (unsigned)atoi(argv[5]) < VIEWERS ? (unsigned)atoi(argv[5]) : VIEWERS;
	highest = (uint32_t)atoi(argv[6]);
	to.sin_port = htons((uint16_t)atoi(argv[3]));
	rd_addr_from_sockaddr(&relay, (struct sockaddr *)&to, sizeof(to));
	for (unsigned i = 0; i < count; i++) {
		open_viewer(&viewers[i], &key, ntohl(first.s_addr) + i, &to);
		fds[i] = (struct pollfd){.fd = viewers[i].fd, .events = POLLIN};
	}
	uint64_t end = rd_clock_ns() + (uint64_t)atoi(argv[7]) * RD_NS_PER_S;
	while (rd_clock_ns() < end) {
		for (unsigned i = 0; i < count; i++)
			turn(&viewers[i], &relay);
		(void)poll(fds, count, 20);
	}
	printf("guesses %u found %u none %u busy %u other %u\n", guesses, found, none, busy, other);
	return 0;
}

/*
 * What strangers can throw at a relay, from many addresses of one machine:
 *
 *	flood KIND KEY ADDRESS PORT FROM COUNT RATE SECONDS
 *
 * KEY is the relay's; FROM the first of COUNT addresses that this machine has, all
 * used in turn; RATE in datagrams a second, 0 as fast as it goes. KIND:
 *
 *	garbage		random bytes of random length
 *	init		INIT with a mac1 of somebody who does not know the relay's key
 *	init-mac1	INIT with a right one, and nothing behind it
 *	ask		ASK
 *	stun		Binding requests of 20 bytes, as other clients send them
 *	relayed		RELAYED with handles that nobody was given
 *	bind		BIND with tickets that no relay has sealed
 *	data		DATA to sessions that do not exist, or not to us: KEEP and the like
 *	connect		TCP connections: opened, and no more said
 *	loris		TCP connections that say a byte now and then
 *
 * At the end a line: "sent N bytes N answers N bytes N larger N"; larger: answers
 * with more bytes than what was sent in one datagram of that kind. Of connections:
 * "opened N refused N closed N", closed by the relay before we ended.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "net/cookie.h"
#include "net/packet.h"
#include "net/relay_packet.h"

#define BATCH 64
#define SIZE 1400
#define SOURCES 4096
#define NOISE 107	/* message 1 of IK with the payload of rd-relay(5) */

struct flood {
	size_t (*make)(struct flood *f, uint8_t *out);
	struct rd_key relay;
	struct sockaddr_in to;
	int fd[SOURCES];
	unsigned count;
	uint64_t rate, end_ns;
	uint64_t random;
	uint64_t sent, sent_bytes, answers, answer_bytes, larger;
	size_t longest;
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* xorshift64*: what a flood is made of has to be cheap, not good. */
static uint64_t
dice(struct flood *f)
{
	f->random ^= f->random >> 12;
	f->random ^= f->random << 25;
	f->random ^= f->random >> 27;
	return f->random * UINT64_C(2685821657736338717);
}

static void
fill(struct flood *f, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i += 8) {
		uint64_t x = dice(f);
		memcpy(out + i, &x, len - i < 8 ? len - i : 8);
	}
}

static size_t
pack(const struct rd_packet *p, uint8_t *out)
{
	struct rd_buf b = {.data = out, .cap = SIZE};
	rd_packet_pack(&b, p);
	return b.len;
}

static size_t
garbage(struct flood *f, uint8_t *out)
{
	size_t len = 1 + dice(f) % (SIZE - 1);
	fill(f, out, len);
	return len;
}

static size_t
init(struct flood *f, uint8_t *out)
{
	uint8_t noise[NOISE];
	fill(f, noise, sizeof(noise));
	size_t len = pack(&(struct rd_packet){.type = RD_PACKET_INIT, .sender = (uint32_t)dice(f),
		.noise = noise, .noise_len = sizeof(noise)}, out);
	fill(f, out + len - 2 * RD_MAC, 2 * RD_MAC);
	return len;
}

static size_t
init_mac1(struct flood *f, uint8_t *out)
{
	size_t len = init(f, out);
	rd_mac1_put(out, len, &f->relay);
	return len;
}

static size_t
ask(struct flood *f, uint8_t *out)
{
	uint8_t nonce[16];
	fill(f, nonce, sizeof(nonce));
	return pack(&(struct rd_packet){.type = RD_PACKET_ASK, .sender = (uint32_t)dice(f),
		.nonce = nonce}, out);
}

static size_t
stun(struct flood *f, uint8_t *out)
{
	static const uint8_t head[8] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};
	memcpy(out, head, sizeof(head));
	fill(f, out + sizeof(head), 12);
	return 20;
}

static size_t
relayed(struct flood *f, uint8_t *out)
{
	uint8_t handle[RD_HANDLE];
	size_t len = 20 + dice(f) % 1200;
	fill(f, handle, sizeof(handle));
	rd_relayed_put(out, dice(f) % 4, false, handle);
	fill(f, out + RD_RELAYED_HEADER, len);
	return RD_RELAYED_HEADER + len;
}

static size_t
bind_leg(struct flood *f, uint8_t *out)
{
	uint8_t ticket[RD_TICKET], cookie[RD_RELAY_COOKIE];
	struct rd_buf b = {.data = out, .cap = SIZE};
	fill(f, ticket, sizeof(ticket));
	fill(f, cookie, sizeof(cookie));
	ticket[0] = 1;
	ticket[1] &= 1;
	rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_BIND,
		.mark = (uint32_t)dice(f), .ticket = ticket, .cookie = cookie});
	return b.len;
}

static size_t
data(struct flood *f, uint8_t *out)
{
	size_t len = pack(&(struct rd_packet){.type = RD_PACKET_DATA, .receiver = (uint32_t)dice(f),
		.number = dice(f) % 1000}, out);
	fill(f, out + len, 40);
	return len + 40;
}

/* --- datagrams --- */

static void
open_sources(struct flood *f, int type, const char *from, unsigned count)
{
	struct in_addr first;
	if (inet_pton(AF_INET, from, &first) != 1)
		die(from);
	for (f->count = 0; f->count < count && f->count < SOURCES; f->count++) {
		struct sockaddr_in a = {.sin_family = AF_INET};
		a.sin_addr.s_addr = htonl(ntohl(first.s_addr) + f->count);
		int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
			die("source");
		f->fd[f->count] = fd;
	}
}

static void
hear(struct flood *f, int fd)
{
	uint8_t answer[2048];
	ssize_t n;
	while ((n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT)) >= 0) {
		f->answers++;
		f->answer_bytes += (uint64_t)n;
		f->larger += (size_t)n > f->longest;
	}
}

/* A batch from one source. */
static void
throw(struct flood *f, int fd)
{
	static uint8_t room[BATCH][SIZE + 8];
	static struct iovec iov[BATCH];
	static struct mmsghdr msg[BATCH];
	for (int i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){room[i], f->make(f, room[i])};
		msg[i].msg_hdr = (struct msghdr){.msg_name = &f->to, .msg_namelen = sizeof(f->to),
			.msg_iov = &iov[i], .msg_iovlen = 1};
	}
	int n = sendmmsg(fd, msg, BATCH, 0);
	for (int i = 0; i < n; i++) {
		f->sent_bytes += iov[i].iov_len;
		if (iov[i].iov_len > f->longest)
			f->longest = iov[i].iov_len;
	}
	f->sent += n > 0 ? (uint64_t)n : 0;
}

static void
throw_all(struct flood *f, uint64_t now)
{
	uint64_t begun = now;
	for (unsigned turn = 0; (now = rd_clock_ns()) < f->end_ns; turn = (turn + 1) % f->count) {
		uint64_t due = f->rate ? begun + f->sent * RD_NS_PER_S / f->rate : 0;
		if (due > now)
			usleep((useconds_t)((due - now) / 1000));
		throw(f, f->fd[turn]);
		hear(f, f->fd[turn]);
	}
	usleep(50000);
	for (unsigned i = 0; i < f->count; i++)
		hear(f, f->fd[i]);
	printf("sent %ju bytes %ju answers %ju bytes %ju larger %ju\n", (uintmax_t)f->sent,
		(uintmax_t)f->sent_bytes, (uintmax_t)f->answers, (uintmax_t)f->answer_bytes,
		(uintmax_t)f->larger);
}

/* --- connections --- */

static bool
is_closed(int fd, bool talks)
{
	/* As much of a ClientHello as comes by with a byte now and then. */
	static const uint8_t byte = 0x16;
	uint8_t answer[256];
	ssize_t n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		return true;
	return talks && send(fd, &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EAGAIN;
}

/* RATE: how many connections of each source. */
static void
connect_all(struct flood *f, bool talks)
{
	unsigned refused = 0, closed = 0, open = 0;
	for (unsigned i = 0; i < f->count; i++) {
		if (connect(f->fd[i], (struct sockaddr *)&f->to, sizeof(f->to)) < 0 &&
			errno != EINPROGRESS) {
			close(f->fd[i]);
			f->fd[i] = -1;
			refused++;
		}
	}
	do {
		usleep(200000);
		open = 0;
		for (unsigned i = 0; i < f->count; i++) {
			if (f->fd[i] >= 0 && is_closed(f->fd[i], talks)) {
				close(f->fd[i]);
				f->fd[i] = -1;
				closed++;
			}
			open += f->fd[i] >= 0;
		}
	} while (rd_clock_ns() < f->end_ns);
	printf("opened %u refused %u closed %u\n", f->count - refused, refused, closed);
}

static const struct { const char *name; size_t (*make)(struct flood *, uint8_t *); } kinds[] = {
	{"garbage", garbage}, {"init", init}, {"init-mac1", init_mac1}, {"ask", ask},
	{"stun", stun}, {"relayed", relayed}, {"bind", bind_leg}, {"data", data},
};

int
main(int argc, char **argv)
{
	static struct flood f = {.to.sin_family = AF_INET};
	const struct rlimit files = {SOURCES + 64, SOURCES + 64};
	if (argc != 9 || rd_key_parse(&f.relay, argv[2]) < 0 ||
		inet_pton(AF_INET, argv[3], &f.to.sin_addr) != 1) {
		fputs("flood KIND KEY ADDRESS PORT FROM COUNT RATE SECONDS\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(argv[1], kinds[i].name) == 0)
			f.make = kinds[i].make;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	f.to.sin_port = htons((uint16_t)atoi(argv[4]));
	f.rate = strtoull(argv[7], NULL, 10);
	f.random = rd_clock_ns() | 1;
	open_sources(&f, f.make ? SOCK_DGRAM : SOCK_STREAM, argv[5], (unsigned)atoi(argv[6]));
	uint64_t now = rd_clock_ns();
	f.end_ns = now + strtoull(argv[8], NULL, 10) * RD_NS_PER_S;
	if (f.make)
		throw_all(&f, now);
	else
		connect_all(&f, strcmp(argv[1], "loris") == 0);
	return 0;
}

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/relay.h"
#include "net/relay_client_priv.h"

/*
 * Registered peers that do nothing but stay: what each costs the relay in
 * memory, and all of them in processor time. After its registration a peer is
 * the keys that its client had, and a KEEP every 25 seconds.
 *
 *	rd-bench peers -a IP:PORT -p PID -k KEY -j FILE -n PEERS -t SECONDS
 */
#define WINDOW 400
#define KEEP_S 25

struct kept {
	uint32_t index;
	uint64_t number;
	uint8_t send[32];
};

struct peers {
	struct relay_socket socket;
	struct kept *kept;
	struct rd_relay_client **client;
	unsigned count, done;
	double seconds;
	const char *pid, *key, *join;
	uint64_t answers;
};

static const struct rd_relay_client_ops ops;

static void
read_options(struct peers *p, int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	int c;
	while ((c = getopt(argc, argv, "a:p:k:j:n:t:")) != -1) {
		char *colon;
		switch (c) {
		case 'p': p->pid = optarg; break;
		case 'k': p->key = optarg; break;
		case 'j': p->join = optarg; break;
		case 'n': p->count = (unsigned)atoi(optarg); break;
		case 't': p->seconds = atof(optarg); break;
		case 'a':
			colon = strchr(optarg, ':');
			if (colon) {
				*colon = 0;
				at.sin_port = htons((uint16_t)atoi(colon + 1));
			}
			inet_pton(AF_INET, optarg, &at.sin_addr);
			break;
		default:
			exit(2);
		}
	}
	if (!p->pid || !p->key || !p->join || !p->count || p->count > 100000 || !at.sin_port)
		bench_die("peers: see its source");
	relay_socket_open(&p->socket, 7002, &at);
}

static struct rd_relay_client *
open_client(struct peers *p, const struct rd_addr *relay, uint64_t now)
{
	struct rd_keypair own;
	struct rd_key key;
	uint8_t join[RD_JOIN_KEY];
	if (rd_key_parse(&key, p->key) || !relay_join_read(p->join, join))
		bench_die("no key of the relay, or no join key");
	rd_keypair_new(&own);
	struct rd_relay_client_config cfg = {.own = &own, .role = RD_ROLE_HOST, .relay = &key,
		.join = join, .wall_ns = rd_clock_wall_ns()};
	struct rd_relay_client *c = rd_relay_client_new(&cfg, &ops, NULL, now);
	rd_relay_client_to(c, relay, now);
	return c;
}

static void
take_registering(struct peers *p, const struct rd_addr *relay, uint64_t now)
{
	struct relay_got got[RELAY_BATCH];
	unsigned n;
	uint32_t leg;
	uint8_t *payload;
	size_t len;
	while ((n = relay_socket_receive(&p->socket, got)) > 0)
		for (unsigned i = 0; i < n; i++)
			for (size_t at = 0; at < got[i].len; at += got[i].segment) {
				size_t left = got[i].len - at;
				if (got[i].end < p->count && p->client[got[i].end])
					rd_relay_client_receive(p->client[got[i].end], relay,
						got[i].data + at, left < got[i].segment ? left : got[i].segment,
						now, &leg, &payload, &len);
			}
}

/* Keeps what is to be kept of one that is registered. */
static void
settle(struct peers *p, unsigned i)
{
	struct rd_relay_client *c = p->client[i];
	p->kept[i] = (struct kept){.index = c->keys.peer, .number = c->keys.number};
	memcpy(p->kept[i].send, c->keys.send, sizeof(p->kept[i].send));
	rd_relay_client_free(c);
	p->client[i] = NULL;
	p->done++;
}

static void
step(struct peers *p, unsigned i, const struct rd_addr *relay, uint64_t now)
{
	uint8_t out[2048];
	struct rd_addr to;
	size_t n;
	if (!p->client[i])
		p->client[i] = open_client(p, relay, now);
	if (rd_relay_client_deadline(p->client[i]) <= now)
		rd_relay_client_tick(p->client[i], now);
	while ((n = rd_relay_client_send(p->client[i], &to, out, sizeof(out), now)) > 0)
		relay_socket_say(&p->socket, i, out, n);
	if (rd_relay_client_stands(p->client[i]))
		settle(p, i);
}

/* --- keeping --- */

static size_t
seal_keep(struct kept *k, uint8_t *out)
{
	static const uint8_t keep[4] = {RD_RELAY_KEEP, 0, 9, 0};
	uint8_t nonce[12] = {0};
	unsigned long long n;
	struct rd_buf head = {.data = out, .cap = RD_PACKET_DATA_HEADER};
	rd_packet_pack(&head, &(struct rd_packet){.type = RD_PACKET_DATA, .receiver = k->index,
		.number = k->number});
	for (unsigned i = 0; i < 8; i++)
		nonce[4 + i] = (uint8_t)(k->number >> 8 * i);
	k->number++;
	crypto_aead_chacha20poly1305_ietf_encrypt(out + RD_PACKET_DATA_HEADER, &n, keep, sizeof(keep),
		out, RD_PACKET_DATA_HEADER, NULL, nonce, k->send);
	return RD_PACKET_DATA_HEADER + (size_t)n;
}

static void
count_answers(struct peers *p)
{
	struct relay_got got[RELAY_BATCH];
	unsigned n;
	while ((n = relay_socket_receive(&p->socket, got)) > 0)
		p->answers += n;
}

/* Keeps the first `among` alive at their rate for so long; how many KEEPs that were. */
static uint64_t
keep(struct peers *p, unsigned *next, unsigned among, double seconds)
{
	uint64_t begun = rd_clock_ns(), end = begun + (uint64_t)(seconds * 1e9), sent = 0;
	uint64_t each = KEEP_S * RD_NS_PER_S / among;
	for (uint64_t due = begun, now; (now = rd_clock_ns()) < end;) {
		uint8_t out[RELAY_BATCH][64];
		unsigned n = 0;
		for (; due <= now && n < RELAY_BATCH; n++, due += each) {
			unsigned i = (*next)++ % among;
			relay_socket_put(&p->socket, n, i, out[n], seal_keep(&p->kept[i], out[n]), 64);
		}
		if (n)
			sent += relay_socket_send(&p->socket, n);
		count_answers(p);
		bench_sleep_ns(500000);
	}
	return sent;
}

static void
register_all(struct peers *p, const struct rd_addr *relay)
{
	unsigned first = 0, kept = 0;
	uint64_t kept_ns = rd_clock_ns();
	while (first < p->count) {
		uint64_t now = rd_clock_ns();
		take_registering(p, relay, now);
		for (unsigned i = first; i < p->count && i < first + WINDOW; i++)
			if (!p->kept[i].index && !p->kept[i].number)
				step(p, i, relay, now);
		while (first < p->count && (p->kept[first].index || p->kept[first].number))
			first++;
		/* Who came first must not be forgotten meanwhile. */
		uint64_t each = KEEP_S * RD_NS_PER_S / (first + 1);
		for (; kept_ns + each < now && first; kept_ns += each) {
			uint8_t out[64];
			unsigned i = kept++ % first;
			relay_socket_say(&p->socket, i, out, seal_keep(&p->kept[i], out));
		}
		bench_sleep_ns(100000);
	}
}

/* So many at once that the relay touches all the memory that it reads into. */
static void
fill_inboxes(struct peers *p)
{
	for (unsigned i = 0; i < 8192; i += RELAY_BATCH) {
		uint8_t out[RELAY_BATCH][64];
		for (unsigned k = 0; k < RELAY_BATCH; k++) {
			unsigned peer = (i + k) % p->count;
			relay_socket_put(&p->socket, k, peer, out[k], seal_keep(&p->kept[peer], out[k]),
				64);
		}
		relay_socket_send(&p->socket, RELAY_BATCH);
	}
	bench_sleep_ns(RD_NS_PER_S / 2);
	count_answers(p);
}

int
peers_main(int argc, char **argv)
{
	struct peers *p = xcalloc(1, sizeof(*p));
	struct rd_addr relay = {.family = 4};
	unsigned next = 0;
	p->seconds = 25;
	read_options(p, argc, argv);
	p->kept = xcalloc(p->count, sizeof(*p->kept));
	p->client = xcalloc(p->count, sizeof(struct rd_relay_client *));
	relay.port = ntohs(p->socket.to.sin_port);
	memcpy(relay.ip, &p->socket.to.sin_addr, 4);
	double cpu = relay_cpu_s(p->pid);
	uint64_t begun = rd_clock_ns();
	/* The first tenth brings what all use; counted is what each further one costs. */
	unsigned count = p->count, first = count / 10;
	p->count = first;
	register_all(p, &relay);
	fill_inboxes(p);
	double rss = relay_rss_bytes(p->pid);
	p->count = count;
	register_all(p, &relay);
	printf("register_s %.1f\n", (double)(rd_clock_ns() - begun) / 1e9);
	printf("register_cpu_s %.1f\n", relay_cpu_s(p->pid) - cpu);
	printf("bytes_peer %.0f\n", (relay_rss_bytes(p->pid) - rss) / (count - first));
	printf("rss_mb %.1f\n", relay_rss_bytes(p->pid) / 1e6);
	keep(p, &next, p->count, 1);
	p->answers = 0;
	cpu = relay_cpu_s(p->pid);
	begun = rd_clock_ns();
	uint64_t sent = keep(p, &next, p->count, p->seconds);
	double s = (double)(rd_clock_ns() - begun) / 1e9;
	printf("keeps_s %.0f\n", (double)sent / s);
	printf("answered_pct %.2f\n", 100.0 * (double)p->answers / (double)sent);
	printf("core_pct %.2f\n", 100 * (relay_cpu_s(p->pid) - cpu) / s);
	return 0;
}

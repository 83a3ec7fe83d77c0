/*
 * The ends of a relay, without sessions in what it carries: for tests of the
 * relay alone.
 *
 *	relaytalk [-t] IP:PORT rd:KEY host JOIN-KEY|-
 *		registers, asks for a slot, and sends back what comes through legs
 *	relaytalk [-t] [-n N] [-s BYTES] [-i MS] IP:PORT rd:KEY viewer SLOT
 *		connects, sends N datagrams one every MS ms, and counts what comes back
 *
 * -t: through TLS.
 * On stdout, a line each: "ready ADDR", "slot N", "leg N", "drain S", "no OF WHY",
 * "lost", "gone", "echoed N of N median US worst US".
 * Ends with 0 if all came back, 1 if not, 3 if the relay said no.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ssl.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/private.h"
#include "net/frame.h"
#include "net/relay_client.h"

#define DATAGRAM 2048
#define COUNT_MAX 100000

struct talk {
	struct rd_relay_client *client;
	struct rd_addr relay;
	int fd;
	SSL *ssl;
	uint8_t in[4 * DATAGRAM];	/* TLS: what is not whole yet */
	size_t in_len;
	bool host;
	uint32_t leg;
	unsigned want, sent, got;
	size_t size;
	uint64_t interval_ns, next_ns, last_ns;
	uint64_t *took_ns;
};

static void
die(const char *what)
{
	fprintf(stderr, "relaytalk: %s\n", what);
	exit(2);
}

/* --- what the client says --- */

static void
on_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct talk *t = ctx;
	char text[RD_ADDR_TEXT];
	(void)policy;
	printf("ready %s\n", rd_addr_text(seen, text));
	if (t->host)
		rd_relay_client_want_slot(t->client, rd_clock_ns());
}

static void
on_slot(void *ctx, uint32_t slot, uint32_t lifetime_s)
{
	(void)ctx, (void)lifetime_s;
	printf("slot %" PRIu32 "\n", slot);
}

static void
on_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	struct talk *t = ctx;
	(void)data, (void)len;
	printf("leg %" PRIu32 "\n", leg->number);
	t->leg = leg->number;
}

static void
on_leg_gone(void *ctx, uint32_t number)
{
	(void)ctx, (void)number;
	printf("gone\n");
}

static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	(void)ctx, (void)retry_s;
	printf("no %d %d\n", (int)of, (int)why);
	exit(3);
}

static void
on_drain(void *ctx, uint32_t seconds)
{
	(void)ctx;
	printf("drain %" PRIu32 "\n", seconds);
}

static void
on_lost(void *ctx)
{
	(void)ctx;
	printf("lost\n");
}

static const struct rd_relay_client_ops ops = {
	.ready = on_ready, .slot = on_slot, .leg = on_leg, .leg_gone = on_leg_gone, .no = on_no,
	.drain = on_drain, .lost = on_lost,
};

/* --- the wire --- */

static void
put(struct talk *t, const uint8_t *data, size_t len)
{
	uint8_t framed[2 + DATAGRAM];
	if (!t->ssl) {
		/* A relay that is away makes this fail; that is what "lost" is for. */
		ssize_t n = send(t->fd, data, len, 0);
		(void)n;
		return;
	}
	framed[0] = (uint8_t)len;
	framed[1] = (uint8_t)(len >> 8);
	memcpy(framed + 2, data, len);
	if (SSL_write(t->ssl, framed, (int)len + 2) <= 0)
		die("the TLS connection is gone");
}

static void
echo(struct talk *t, uint32_t leg, const uint8_t *payload, size_t len, uint8_t class)
{
	uint8_t out[DATAGRAM];
	struct rd_addr to;
	if (len + RD_RELAYED_HEADER > sizeof(out) ||
			!rd_relay_client_wrap(t->client, leg, class, out, &to))
		return;
	memcpy(out + RD_RELAYED_HEADER, payload, len);
	put(t, out, len + RD_RELAYED_HEADER);
}

static void
take(struct talk *t, uint8_t *data, size_t len)
{
	uint32_t leg;
	uint8_t *payload;
	size_t payload_len;
	uint64_t now = rd_clock_ns(), sent;
	if (!rd_relay_client_receive(t->client, &t->relay, data, len, now, &leg, &payload,
			&payload_len) || !leg)
		return;
	if (t->host) {
		echo(t, leg, payload, payload_len, RD_TRAFFIC_PICTURE);
	} else if (payload_len >= sizeof(sent) && t->got < t->want) {
		memcpy(&sent, payload, sizeof(sent));
		t->took_ns[t->got++] = now - sent;
		t->last_ns = now;
	}
}

static void
take_stream(struct talk *t)
{
	do {
		int n = SSL_read(t->ssl, t->in + t->in_len, (int)(sizeof(t->in) - t->in_len));
		if (n <= 0)
			die("the TLS connection is gone");
		t->in_len += (size_t)n;
		for (;;) {
			size_t len = t->in_len > 2 ? (size_t)t->in[0] | (size_t)t->in[1] << 8 : 0;
			if (!len || len > DATAGRAM || t->in_len < 2 + len)
				break;
			take(t, t->in + 2, len);
			t->in_len -= 2 + len;
			memmove(t->in, t->in + 2 + len, t->in_len);
		}
	} while (SSL_pending(t->ssl));
}

static void
take_all(struct talk *t)
{
	uint8_t data[DATAGRAM];
	ssize_t n;
	if (t->ssl) {
		take_stream(t);
		return;
	}
	while ((n = recv(t->fd, data, sizeof(data), MSG_DONTWAIT)) > 0)
		take(t, data, (size_t)n);
}

static void
send_all(struct talk *t)
{
	uint8_t out[DATAGRAM];
	struct rd_addr to;
	size_t n;
	uint64_t now = rd_clock_ns();
	while ((n = rd_relay_client_send(t->client, &to, out, sizeof(out), now)) > 0)
		put(t, out, n);
	if (t->host || !t->leg || t->sent == t->want || now < t->next_ns)
		return;
	memset(out, (int)t->sent, t->size);
	memcpy(out, &now, sizeof(now));
	uint8_t copy[DATAGRAM];
	memcpy(copy, out, t->size);
	echo(t, t->leg, copy, t->size, RD_TRAFFIC_PICTURE);
	t->sent++;
	t->next_ns = now + t->interval_ns;
	t->last_ns = now;
}

/* --- opening --- */

static void
upgrade(struct talk *t)
{
	static const char ask[] = "GET /rd HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\n"
		"Upgrade: rd/1\r\n\r\n";
	char head[1024] = "";
	size_t len = 0;
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	t->ssl = SSL_new(ctx);
	SSL_CTX_free(ctx);
	if (SSL_set_fd(t->ssl, t->fd) != 1 || SSL_connect(t->ssl) != 1)
		die("no TLS");
	if (SSL_write(t->ssl, ask, (int)strlen(ask)) <= 0)
		die("no TLS");
	while (!strstr(head, "\r\n\r\n") && len < sizeof(head) - 1) {
		if (SSL_read(t->ssl, head + len, 1) <= 0)
			die("no answer to Upgrade");
		len++;
	}
	if (strncmp(head, "HTTP/1.1 101 ", 13) != 0)
		die("no 101");
}

static void
connect_to(struct talk *t, const char *text, bool tls)
{
	struct rd_host_port at;
	struct sockaddr_storage sa;
	if (rd_host_port_parse(&at, text, RD_RELAY_PORT))
		die("no IP:PORT");
	t->relay = (struct rd_addr){.family = strchr(at.host, ':') ? 6 : 4, .port = at.port,
		.stream = tls, .carrier = tls ? 1 : 0};
	int domain = t->relay.family == 4 ? AF_INET : AF_INET6;
	if (inet_pton(domain, at.host, t->relay.ip) != 1)
		die("no IP:PORT");
	socklen_t len = rd_addr_to_sockaddr(&t->relay, domain, &sa);
	t->fd = socket(domain, (tls ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
	if (t->fd < 0 || connect(t->fd, (struct sockaddr *)&sa, len) < 0)
		die(strerror(errno));
	if (tls)
		upgrade(t);
}

static bool
read_join(const char *path, uint8_t join[static RD_JOIN_KEY])
{
	char *text;
	size_t len, n;
	if (strcmp(path, "-") == 0)
		return false;
	if (rd_private_read(path, RD_PRIVATE_SECRET, &text, &len))
		die("no join key");
	if (sodium_base642bin(join, RD_JOIN_KEY, text, len, "\n", &n, NULL,
			sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 || n != RD_JOIN_KEY)
		die("no join key");
	rd_private_free(text, len);
	return true;
}

static void
open_client(struct talk *t, const char *key, const char *what)
{
	struct rd_keypair own;
	struct rd_key relay;
	uint8_t join[RD_JOIN_KEY];
	if (rd_key_parse(&relay, key))
		die("no key");
	rd_keypair_new(&own);
	bool has_join = t->host && read_join(what, join);
	struct rd_relay_client_config cfg = {
		.own = &own, .role = t->host ? RD_ROLE_HOST : RD_ROLE_VIEWER, .relay = &relay,
		.join = has_join ? join : NULL, .wall_ns = rd_clock_wall_ns(),
	};
	uint64_t now = rd_clock_ns();
	t->client = rd_relay_client_new(&cfg, &ops, t, now);
	rd_relay_client_to(t->client, &t->relay, now);
	if (!t->host)
		rd_relay_client_connect(t->client, (uint32_t)strtoul(what, NULL, 10), NULL,
			(const uint8_t *)"hello", 5, now);
}

/* --- the end --- */

static int
by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static int
report(struct talk *t)
{
	uint64_t median = 0, worst = 0;
	qsort(t->took_ns, t->got, sizeof(*t->took_ns), by_size);
	if (t->got) {
		median = t->took_ns[t->got / 2];
		worst = t->took_ns[t->got - 1];
	}
	printf("echoed %u of %u median %" PRIu64 " worst %" PRIu64 "\n", t->got, t->want,
		median / 1000, worst / 1000);
	return t->got == t->want ? 0 : 1;
}

/* All are back, or nothing has come for a second after the last one left. */
static bool
over(const struct talk *t)
{
	return !t->host && t->sent == t->want &&
		(t->got == t->want || rd_clock_ns() - t->last_ns > RD_NS_PER_S);
}

static void
run(struct talk *t)
{
	while (!over(t)) {
		struct pollfd p = {.fd = t->fd, .events = POLLIN};
		send_all(t);
		uint64_t now = rd_clock_ns(), until = rd_relay_client_deadline(t->client);
		if (!t->host && t->leg && t->sent < t->want && t->next_ns < until)
			until = t->next_ns;
		uint64_t ms = until <= now ? 0 : (until - now) / RD_NS_PER_MS;
		poll(&p, 1, ms > 20 ? 20 : (int)ms);
		if (p.revents)
			take_all(t);
		rd_relay_client_tick(t->client, rd_clock_ns());
	}
}

int
main(int argc, char **argv)
{
	struct talk t = {.want = 100, .size = 1000, .interval_ns = RD_NS_PER_MS};
	bool tls = false;
	int c;
	if (sodium_init() < 0)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((c = getopt(argc, argv, "tn:s:i:")) != -1) {
		if (c == 't')
			tls = true;
		else if (c == 'n')
			t.want = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 's')
			t.size = strtoul(optarg, NULL, 10);
		else if (c == 'i')
			t.interval_ns = (uint64_t)(strtod(optarg, NULL) * 1e6);
		else
			return 2;
	}
	if (argc - optind != 4 || t.want > COUNT_MAX || t.size < 8 ||
			t.size > DATAGRAM - RD_RELAYED_HEADER)
		die("see its source");
	t.host = strcmp(argv[optind + 2], "host") == 0;
	t.took_ns = calloc(t.want + 1, sizeof(*t.took_ns));
	if (!t.took_ns)
		return 2;
	connect_to(&t, argv[optind], tls);
	open_client(&t, argv[optind + 1], argv[optind + 3]);
	run(&t);
	int code = report(&t);
	rd_relay_client_free(t.client);
	SSL_free(t.ssl);
	free(t.took_ns);
	return code;
}

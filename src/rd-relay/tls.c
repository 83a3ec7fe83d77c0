#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-relay/tls.h"

#define ACCEPTS 16			/* of one turn */
#define HALF_OPEN_NS (5 * RD_NS_PER_S)
#define SWEEP 256			/* connections that one tick looks at */
/* What the kernel keeps unsent beyond this waits with us, where it can be dropped. */
#define UNSENT (32 << 10)

#define PLACE_BITS 20
#define GENERATIONS ((1u << (32 - PLACE_BITS)) - 1)

/* --- who is counted --- */

static uint16_t *
counter_of(struct tls *t, const struct rd_addr *peer)
{
	uint8_t source[RD_ADDR_SOURCE_MAX];
	uint64_t hash;
	unsigned n = rd_addr_source(peer, source);
	crypto_shorthash((unsigned char *)&hash, source, n, t->source_key);
	return &t->sources[hash % TLS_SOURCES];
}

static void
half_open_add(struct tls_conn *c)
{
	struct tls *t = c->tls;
	c->older = t->youngest;
	if (t->youngest)
		t->youngest->younger = c;
	else
		t->oldest = c;
	t->youngest = c;
	t->half_open++;
}

void
tls_half_open_remove(struct tls_conn *c)
{
	struct tls *t = c->tls;
	if (c->older)
		c->older->younger = c->younger;
	else
		t->oldest = c->younger;
	if (c->younger)
		c->younger->older = c->older;
	else
		t->youngest = c->older;
	c->older = c->younger = NULL;
	t->half_open--;
}

/* --- the table --- */

static void
grow(struct tls *t)
{
	unsigned more = t->places ? t->places : 64;
	t->table = xreallocarray(t->table, t->places + more, sizeof(struct tls_conn *));
	t->free_places = xreallocarray(t->free_places, t->places + more, sizeof(*t->free_places));
	for (unsigned i = 0; i < more; i++) {
		t->table[t->places + i] = NULL;
		t->free_places[t->free_count++] = t->places + more - 1 - i;
	}
	t->places += more;
}

static struct tls_conn *
find(const struct tls *t, uint32_t carrier)
{
	unsigned place = carrier & ((1u << PLACE_BITS) - 1);
	struct tls_conn *c = place < t->places ? t->table[place] : NULL;
	return c && c->peer.carrier == carrier ? c : NULL;
}

static void
add(struct tls_conn *c)
{
	struct tls *t = c->tls;
	if (t->free_count == 0)
		grow(t);
	unsigned place = t->free_places[--t->free_count];
	t->generation = t->generation % GENERATIONS + 1;
	c->peer.carrier = t->generation << PLACE_BITS | place;
	c->peer.stream = true;
	t->table[place] = c;
	t->open++;
	++*counter_of(t, &c->peer);
	half_open_add(c);
}

void
tls_remove(struct tls_conn *c)
{
	struct tls *t = c->tls;
	unsigned place = c->peer.carrier & ((1u << PLACE_BITS) - 1);
	struct tls_conn **at = &t->dirty;
	if (c->state != TLS_OPEN)
		tls_half_open_remove(c);
	while (*at && *at != c)
		at = &(*at)->next_dirty;
	if (*at)
		*at = c->next_dirty;
	--*counter_of(t, &c->peer);
	t->open--;
	t->table[place] = NULL;
	t->free_places[t->free_count++] = place;
}

/* --- accepting --- */

/* Whether there is room for one from there; makes it where somebody has said nothing yet. */
static bool
make_room(struct tls *t, const struct rd_addr *peer)
{
	if (*counter_of(t, peer) >= TLS_SOURCE_MAX || !rd_limit_allow(t->rate, peer, rd_clock_ns()))
		return false;
	if (t->half_open >= TLS_HALF_OPEN_MAX || (t->open >= t->max && t->oldest))
		tls_conn_free(t->oldest);
	return t->open < t->max;
}

static void
welcome(struct tls *t, int fd, const struct rd_addr *peer)
{
	int one = 1, unsent = UNSENT;
	struct tls_conn *c = xcalloc(1, sizeof(*c));
	*c = (struct tls_conn){.tls = t, .fd = fd, .peer = *peer};
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
	c->deadline_ns = rd_clock_ns() + HALF_OPEN_NS;
	add(c);
	t->accepted++;
	tls_conn_start(c);
}

/* False: nobody else is there. */
static bool
accept_one(struct tls *t, int listener)
{
	struct sockaddr_storage sa;
	struct rd_addr peer;
	socklen_t len = sizeof(sa);
	int fd = accept4(listener, (struct sockaddr *)&sa, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int error = errno;
	if (fd < 0 && rd_pause_begin(&t->pause, error, "TLS connections", rd_clock_ns()))
		return false;
	if (fd < 0)
		return error == ECONNABORTED || error == EINTR;
	if (rd_addr_from_sockaddr(&peer, (struct sockaddr *)&sa, len) == 0 && make_room(t, &peer)) {
		welcome(t, fd, &peer);
	} else {
		t->refused++;
		close(fd);
	}
	return true;
}

static void
want_listeners(struct tls *t, bool want)
{
	for (unsigned i = 0; i < t->listeners; i++)
		rd_fd_want(&t->listener[i].watch, want ? RD_READ : 0);
}

static void
on_listener(void *ctx, unsigned events)
{
	struct tls_listener *l = ctx;
	(void)events;
	for (int i = 0; i < ACCEPTS && accept_one(l->tls, l->watch.fd); i++)
		;
	if (l->tls->pause.since_ns)
		want_listeners(l->tls, false);
}

/* --- for the owner --- */

void
tls_init(struct tls *t, struct rd_loop *loop, struct forward *forward, SSL_CTX *ctx, unsigned max)
{
	t->loop = loop;
	t->forward = forward;
	t->ctx = ctx;
	t->max = max;
	randombytes_buf(t->source_key, sizeof(t->source_key));
	t->rate = rd_limit_new(TLS_SOURCE_PER_S, TLS_SOURCE_MAX);
}

int
tls_listen(struct tls *t, int fd, const struct rd_addr *at)
{
	if (t->listeners == TLS_LISTENERS) {
		close(fd);
		return -EMFILE;
	}
	struct tls_listener *l = &t->listener[t->listeners++];
	*l = (struct tls_listener){.tls = t, .at = *at};
	int err = rd_fd_open(&l->watch, t->loop, fd, on_listener, l);
	if (!err)
		rd_fd_want(&l->watch, RD_READ);
	return err;
}

void
tls_reload(struct tls *t, SSL_CTX *ctx, unsigned max)
{
	SSL_CTX_free(t->ctx);
	t->ctx = ctx;
	t->max = max;
}

void
tls_close(struct tls *t)
{
	for (unsigned i = 0; i < t->places; i++)
		if (t->table[i])
			tls_conn_free(t->table[i]);
	for (unsigned i = 0; i < t->listeners; i++) {
		int fd = t->listener[i].watch.fd;
		rd_fd_close(&t->listener[i].watch);
		close(fd);
	}
	free(t->table);
	free(t->free_places);
	SSL_CTX_free(t->ctx);
	rd_limit_free(t->rate);
	t->ctx = NULL;
	t->rate = NULL;
	t->listeners = t->places = 0;
}

bool
tls_send(struct tls *t, uint32_t carrier, const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct tls_conn *c = find(t, carrier);
	if (!c || c->state != TLS_OPEN || len > FORWARD_MAX)
		return false;
	unsigned dropped = tls_queue_put(&c->queue, data, len, now_ns);
	if (!c->dirty && !c->blocked) {
		c->dirty = true;
		c->next_dirty = t->dirty;
		t->dirty = c;
	}
	/* One of them the caller counts. */
	if (dropped > 1)
		count(&t->forward->counters->drops[DROP_QUEUE], dropped - 1);
	return dropped == 0;
}

bool
tls_flush(struct tls *t)
{
	bool any = t->dirty != NULL;
	while (t->dirty) {
		struct tls_conn *c = t->dirty;
		t->dirty = c->next_dirty;
		c->dirty = false;
		tls_conn_write(c);
	}
	return any;
}

void
tls_tick(struct tls *t, uint64_t now_ns)
{
	while (t->oldest && now_ns >= t->oldest->deadline_ns)
		tls_conn_free(t->oldest);
	for (unsigned i = 0; i < SWEEP && i < t->places; i++) {
		struct tls_conn *c = t->table[t->swept++ % t->places];
		if (c && now_ns >= c->deadline_ns)
			tls_conn_free(c);
	}
	if (rd_pause_over(&t->pause, now_ns))
		want_listeners(t, true);
}

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/tunnel_upgrade.h"
#include "rd-relay/tls.h"

#define READS 4				/* records of one turn: then others have theirs */
/* An end says something every 25 s. */
#define SILENT_NS (90 * RD_NS_PER_S)

static void on_ready(void *ctx, unsigned events);

void
tls_conn_free(struct tls_conn *c)
{
	struct tls *t = c->tls;
	bool told = c->state == TLS_OPEN;
	uint32_t carrier = c->peer.carrier;
	tls_remove(c);
	rd_fd_close(&c->watch);
	/* No goodbye: nobody is to wait for it, and the datagrams inside need none. */
	SSL_free(c->ssl);
	ERR_clear_error();
	close(c->fd);
	tls_queue_finish(&c->queue);
	rd_buf_finish(&c->in);
	free(c->out);
	free(c);
	if (told)
		core_carrier_gone(t->forward->core, carrier);
}

void
tls_conn_start(struct tls_conn *c)
{
	c->ssl = SSL_new(c->tls->ctx);
	if (!c->ssl || SSL_set_fd(c->ssl, c->fd) != 1 ||
			rd_fd_open(&c->watch, c->tls->loop, c->fd, on_ready, c) != 0) {
		tls_conn_free(c);
		return;
	}
	SSL_set_accept_state(c->ssl);
	rd_fd_want(&c->watch, RD_READ);
}

/*
 * After a call that did not do it: true: later; false: never. Room is waited for
 * only while somebody needs it: a socket has it nearly always.
 */
static bool
wants_more(struct tls_conn *c, int result)
{
	int why = SSL_get_error(c->ssl, result);
	ERR_clear_error();
	if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		return false;
	bool room = c->blocked || why == SSL_ERROR_WANT_WRITE;
	rd_fd_want(&c->watch, room ? RD_READ | RD_WRITE : RD_READ);
	return true;
}

/* --- writing --- */

/* As many datagrams as one TLS record holds; how many bytes. */
static size_t
fill_record(struct tls_conn *c, uint64_t now_ns)
{
	struct tls *t = c->tls;
	size_t len = 0;
	while (len + RECORD_HEADER + FORWARD_MAX <= sizeof(t->record)) {
		struct tls_waiting *w = tls_queue_take(&c->queue, now_ns);
		if (!w)
			break;
		observe(&t->forward->counters->sojourn_ns, steps_of_time_ns, now_ns - w->since_ns);
		t->record[len++] = (uint8_t)w->len;
		t->record[len++] = (uint8_t)(w->len >> 8);
		memcpy(t->record + len, w->data, w->len);
		len += w->len;
		free(w);
	}
	return len;
}

/* What is left of a record waits with the connection; most have nothing waiting. */
static void
keep(struct tls_conn *c, const uint8_t *data, size_t len)
{
	if (c->out)
		return;
	c->out = xmalloc(len);
	memcpy(c->out, data, len);
	c->out_len = len;
	c->out_sent = 0;
}

/* What a step did. After GONE there is no connection any more. */
enum done { GONE, LATER, DONE };

/* One record, or the rest of one. */
static enum done
write_one(struct tls_conn *c)
{
	uint8_t *data = c->out ? c->out + c->out_sent : c->tls->record;
	size_t len = c->out ? c->out_len - c->out_sent : fill_record(c, rd_clock_ns());
	if (len == 0)
		return LATER;
	int n = SSL_write(c->ssl, data, (int)len);
	if (n <= 0) {
		if (!wants_more(c, n)) {
			tls_conn_free(c);
			return GONE;
		}
		keep(c, data, len);
		c->blocked = true;
		return LATER;
	}
	if ((size_t)n < len && !c->out)
		keep(c, data + n, len - (size_t)n);
	else
		c->out_sent += c->out ? (size_t)n : 0;
	if (c->out && c->out_sent == c->out_len) {
		free(c->out);
		c->out = NULL;
	}
	return DONE;
}

bool
tls_conn_write(struct tls_conn *c)
{
	enum done done;
	do
		done = write_one(c);
	while (done == DONE);
	return done != GONE;
}

/* --- reading --- */

static void
answer(struct tls_conn *c, int status)
{
	struct rd_buf b = {0};
	rd_upgrade_answer_put(&b, status);
	/* It fits into an empty socket; where it does not, the end waits in vain and goes. */
	if (SSL_write(c->ssl, b.data, (int)b.len) <= 0)
		ERR_clear_error();
	rd_buf_finish(&b);
}

/* 0, or negative when the connection is over. */
static int
take_head(struct tls_conn *c)
{
	struct rd_upgrade_request q;
	ssize_t n = rd_upgrade_request_parse(&q, c->in.data, c->in.len);
	if (n == -EAGAIN)
		return 0;
	answer(c, n < 0 ? 400 : q.status);
	if (n < 0 || q.status != 101) {
		SSL_shutdown(c->ssl);
		return -EPROTO;
	}
	tls_half_open_remove(c);
	c->state = TLS_OPEN;
	c->deadline_ns = rd_clock_ns() + SILENT_NS;
	c->in.len -= (size_t)n;
	memmove(c->in.data, c->in.data + n, c->in.len);
	return 0;
}

/* The datagrams of data[0 … len): how many bytes were dealt with, or -EPROTO. */
static ssize_t
take_datagrams(struct tls_conn *c, uint8_t *data, size_t len, uint64_t now_ns)
{
	ssize_t done = forward_records(c->tls->forward, &c->peer, data, len, now_ns);
	if (done > 0)
		c->deadline_ns = now_ns + SILENT_NS;
	return done;
}

/* What has come is `n` bytes in the scratch. */
static int
take(struct tls_conn *c, size_t n)
{
	uint64_t now_ns = rd_clock_ns();
	if (c->state == TLS_OPEN && c->in.len == 0) {
		ssize_t done = take_datagrams(c, c->tls->scratch, n, now_ns);
		if (done >= 0 && (size_t)done < n)
			rd_buf_bytes(&c->in, c->tls->scratch + done, n - (size_t)done);
		return done < 0 ? (int)done : 0;
	}
	rd_buf_bytes(&c->in, c->tls->scratch, n);
	int err = c->state == TLS_ASKING ? take_head(c) : 0;
	if (err || c->state != TLS_OPEN)
		return err;
	ssize_t done = take_datagrams(c, c->in.data, c->in.len, now_ns);
	if (done < 0)
		return (int)done;
	c->in.len -= (size_t)done;
	memmove(c->in.data, c->in.data + done, c->in.len);
	if (c->in.len == 0)
		rd_buf_finish(&c->in);
	return 0;
}

/* One record. */
static enum done
read_one(struct tls_conn *c)
{
	size_t room = sizeof(c->tls->scratch);
	/* A head that never ends is not read for ever. */
	if (c->state == TLS_ASKING)
		room = RD_HTTP_HEAD_MAX - c->in.len;
	int n = room ? SSL_read(c->ssl, c->tls->scratch, (int)room) : 0;
	if (n > 0 && take(c, (size_t)n) == 0)
		return DONE;
	if (n <= 0 && room && wants_more(c, n))
		return LATER;
	tls_conn_free(c);
	return GONE;
}

static enum done
shake(struct tls_conn *c)
{
	int n = SSL_accept(c->ssl);
	if (n == 1) {
		c->state = TLS_ASKING;
		rd_fd_want(&c->watch, RD_READ);
		return DONE;
	}
	if (wants_more(c, n))
		return LATER;
	tls_conn_free(c);
	return GONE;
}

static void
on_ready(void *ctx, unsigned events)
{
	struct tls_conn *c = ctx;
	if (c->state == TLS_SHAKING && shake(c) != DONE)
		return;
	if (events & RD_WRITE) {
		c->blocked = false;
		rd_fd_want(&c->watch, RD_READ);
		if (!tls_conn_write(c))
			return;
	}
	/* A record that TLS has opened already makes no descriptor readable. */
	for (int i = 0; i < READS || SSL_pending(c->ssl); i++)
		if (read_one(c) != DONE)
			return;
}

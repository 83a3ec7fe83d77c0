#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/conn_priv.h"

#define REKEY_PACKETS (UINT64_C(1) << 48)
#define OLD_PTOS 3	/* probe timeouts that packets of the old epoch may be under way */

size_t
rd_keys_seal(struct rd_conn *c, uint8_t *datagram, size_t len)
{
	const struct rd_packet p = {.type = RD_PACKET_DATA, .epoch = c->keys.now.epoch,
		.receiver = c->peer_index, .number = c->number++};
	return rd_packet_seal(&p, datagram, len, c->keys.now.send);
}

static const struct rd_conn_keys *
keys_of(const struct rd_conn *c, uint8_t epoch)
{
	const struct rd_conn_keys *all[] = {&c->keys.now, &c->keys.next, &c->keys.old};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i]->there && all[i]->epoch == epoch)
			return all[i];
	return NULL;
}

uint8_t *
rd_keys_open(struct rd_conn *c, const struct rd_packet *p, uint8_t *data, size_t *len,
	const struct rd_conn_keys **with)
{
	const struct rd_conn_keys *k = keys_of(c, p->epoch);
	if (!k || !rd_replay_fresh(&c->replay, p->number))
		return NULL;
	uint8_t *frames = rd_packet_open(p, data, len, k->recv);
	if (!frames)
		return NULL;
	rd_replay_mark(&c->replay, p->number);
	*with = k;
	return frames;
}

static void
wipe(struct rd_conn_keys *k)
{
	sodium_memzero(k, sizeof(*k));
}

/* `next` becomes what we send with; `now` is kept for what is still under way. */
static void
promote(struct rd_conn *c)
{
	c->keys.old = c->keys.now;
	c->keys.now = c->keys.next;
	c->keys.now.first = c->number;
	wipe(&c->keys.next);
	c->rekey.old_until_ns = UINT64_MAX;
	c->epochs++;
	/* What stood in the old epoch's REKEY is settled. */
	c->rekey.said_len = 0;
	c->rekey.say = false;
}

bool
rd_keys_heard(struct rd_conn *c, const struct rd_conn_keys *with, uint64_t now_ns)
{
	if (with == &c->keys.next)
		promote(c);
	else if (with != &c->keys.now)
		return false;
	/* Both ends send with these now: what is sealed with the old ones is already under way. */
	if (c->keys.old.there && c->rekey.old_until_ns == UINT64_MAX)
		c->rekey.old_until_ns = now_ns + OLD_PTOS * rd_recovery_pto_ns(c->recovery);
	return true;
}

static void
start_noise(struct rd_conn *c, struct rd_noise *n)
{
	static const char label[] = RD_CONN_PROLOGUE "rekey";
	uint8_t prologue[sizeof(label) - 1 + RD_NOISE_HASH];
	memcpy(prologue, label, sizeof(label) - 1);
	memcpy(prologue + sizeof(label) - 1, c->keys.now.hash, RD_NOISE_HASH);
	rd_noise_start(n, &(struct rd_noise_init){.pattern = RD_NOISE_IKPSK2,
		.initiator = c->initiator, .prologue = prologue, .prologue_len = sizeof(prologue),
		.s = c->cfg.own, .rs = c->initiator ? &c->peer : NULL, .psk = c->keys.now.psk});
}

static int
write_message(struct rd_conn *c, struct rd_noise *n)
{
	_Static_assert(RD_FRAME_REKEY_MAX >= 32 + 48 + 16, "the first message, the longer one");
	int len = rd_noise_write(n, "", 0, c->rekey.said);
	if (len < 0)
		return len;
	c->rekey.said_len = (size_t)len;
	c->rekey.say = true;
	return 0;
}

static void
take_keys(struct rd_conn *c, const struct rd_noise *n, uint64_t now_ns)
{
	struct rd_conn_keys *k = &c->keys.next;
	k->there = true;
	k->epoch = (uint8_t)(c->keys.now.epoch + 1);
	rd_noise_split(n, k->send, k->recv);
	memcpy(k->hash, rd_noise_hash(n), RD_NOISE_HASH);
	rd_noise_export(n, "rekey", k->psk);
	k->made_ns = now_ns;
}

static void
drop_noise(struct rd_conn *c)
{
	if (!c->rekey.noise)
		return;
	rd_noise_finish(c->rekey.noise);
	free(c->rekey.noise);
	c->rekey.noise = NULL;
}

void
rd_conn_rekey(struct rd_conn *c, uint64_t now_ns)
{
	(void)now_ns;
	if (!c->initiator || c->state != RD_CONN_OPEN || c->rekey.noise)
		return;
	c->rekey.noise = xmalloc(sizeof(*c->rekey.noise));
	start_noise(c, c->rekey.noise);
	/* It worked with this peer's key before; if it does not now, the keys grow too old. */
	if (write_message(c, c->rekey.noise) < 0)
		drop_noise(c);
}

/* Only while we send: an idle session does not wake up for it. */
void
rd_keys_before_send(struct rd_conn *c, uint64_t now_ns)
{
	if (now_ns >= c->keys.now.made_ns + RD_CONN_REKEY_NS ||
		c->number - c->keys.now.first >= REKEY_PACKETS)
		rd_conn_rekey(c, now_ns);
}

static int
read_request(struct rd_conn *c, const struct rd_frame *f, uint64_t now_ns)
{
	uint8_t seen[RD_CONN_SEEN], payload[RD_FRAME_REKEY_MAX];
	crypto_generichash(seen, sizeof(seen), f->data, f->len, NULL, 0);
	/* Said again. The answer is under way, and loss detection looks after it. */
	if (c->keys.next.there)
		return sodium_memcmp(seen, c->rekey.seen, sizeof(seen)) == 0 ? 0 : -EPROTO;
	struct rd_noise n;
	start_noise(c, &n);
	int err = -EPROTO;
	if (rd_noise_read(&n, f->data, f->len, payload) < 0 ||
		!rd_key_equal(rd_noise_peer(&n), &c->peer) || write_message(c, &n) < 0)
		goto out;
	take_keys(c, &n, now_ns);
	memcpy(c->rekey.seen, seen, sizeof(seen));
	err = 0;
out:
	rd_noise_finish(&n);
	return err;
}

static int
read_answer(struct rd_conn *c, const struct rd_frame *f, uint64_t now_ns)
{
	uint8_t payload[RD_FRAME_REKEY_MAX];
	if (rd_noise_read(c->rekey.noise, f->data, f->len, payload) < 0)
		return -EPROTO;
	take_keys(c, c->rekey.noise, now_ns);
	drop_noise(c);
	promote(c);
	c->ping = true; /* the responder sends with them once it has heard them */
	return 0;
}

int
rd_keys_frame(struct rd_conn *c, const struct rd_frame *f, bool current, uint64_t now_ns)
{
	if (!current)
		return 0;
	if (!c->initiator)
		return read_request(c, f, now_ns);
	return c->rekey.noise ? read_answer(c, f, now_ns) : -EPROTO;
}

bool
rd_keys_too_old(const struct rd_conn *c, uint64_t now_ns)
{
	return now_ns >= c->keys.now.made_ns + RD_CONN_KEYS_DEAD_NS;
}

void
rd_keys_tick(struct rd_conn *c, uint64_t now_ns)
{
	if (now_ns < c->rekey.old_until_ns)
		return;
	wipe(&c->keys.old);
	c->rekey.old_until_ns = UINT64_MAX;
}

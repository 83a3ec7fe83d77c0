#include <string.h>

#include "base/clock.h"
#include "net/server_priv.h"

#define NOTES 3		/* a second */
#define GUESS_WINDOW_NS (3600 * RD_NS_PER_S)
#define GUESS_LOCK_NS (900 * RD_NS_PER_S)

bool
server_busy(struct rd_server *s, uint64_t now_ns)
{
	if (now_ns >= s->second_ns + RD_NS_PER_S) {
		s->second_ns = now_ns;
		s->in_second = 0;
	}
	/* One second longer than the load lasts, as WireGuard. */
	if (++s->in_second > RD_SERVER_BUSY)
		s->busy_until_ns = now_ns + RD_NS_PER_S;
	return now_ns < s->busy_until_ns;
}

static bool
same_key(const struct rd_key *a, const struct rd_key *b)
{
	/* Public keys: this comparison may tell how equal they are. */
	return memcmp(a, b, sizeof(*a)) == 0;
}

bool
server_replayed(const struct rd_server *s, const struct rd_conn *c, uint64_t timestamp)
{
	for (unsigned i = 0; i < s->count; i++) {
		const struct rd_conn *other = s->list[i]->conn;
		if (other != c && !other->by_password && timestamp <= other->timestamp &&
			same_key(&other->peer, &c->peer))
			return true;
	}
	for (unsigned i = 0; i < RD_SERVER_TIMESTAMPS; i++) {
		const struct server_timestamp *t = &s->timestamps[i];
		if (t->used && timestamp <= t->value && same_key(&t->key, &c->peer))
			return true;
	}
	return false;
}

/* Of the key; else a free place, or that of the key unheard of for longest. */
static struct server_timestamp *
place_of(struct rd_server *s, const struct rd_key *key)
{
	struct server_timestamp *oldest = &s->timestamps[0];
	for (unsigned i = 0; i < RD_SERVER_TIMESTAMPS; i++) {
		struct server_timestamp *t = &s->timestamps[i];
		if (t->used && same_key(&t->key, key))
			return t;
		if (t->used < oldest->used)
			oldest = t;
	}
	*oldest = (struct server_timestamp){.key = *key};
	return oldest;
}

void
server_remember(struct rd_server *s, const struct rd_conn *c)
{
	struct server_timestamp *t = place_of(s, &c->peer);
	if (t->value < c->timestamp)
		t->value = c->timestamp;
	t->used = ++s->timestamp_uses;
}

bool
server_takes_password(const struct rd_server *s, uint64_t now_ns)
{
	return s->cfg.has_password && now_ns >= s->locked_until_ns;
}

void
server_guessed(struct rd_server *s, const struct rd_addr *from, uint64_t now_ns)
{
	s->stats.guesses++;
	server_note(s, from, "a wrong password", now_ns);
	s->guesses[s->guess_count++ % RD_SERVER_GUESSES] = now_ns;
	uint64_t first = s->guesses[s->guess_count % RD_SERVER_GUESSES];
	if (s->guess_count < RD_SERVER_GUESSES || now_ns > first + GUESS_WINDOW_NS)
		return;
	s->locked_until_ns = now_ns + GUESS_LOCK_NS;
	s->guess_count = 0;
	server_note(s, from, "too many wrong passwords: none is taken for 15 minutes", now_ns);
}

void
server_note(struct rd_server *s, const struct rd_addr *from, const char *what, uint64_t now_ns)
{
	if (now_ns >= s->note_second_ns + RD_NS_PER_S) {
		s->note_second_ns = now_ns;
		s->notes = 0;
	}
	if (s->ops->note && s->notes++ < NOTES)
		s->ops->note(s->ctx, from, what);
}

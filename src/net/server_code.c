#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/server_priv.h"

uint32_t
server_slot(const struct rd_server *s, const struct rd_addr *from)
{
	return from->relayed && s->ops->slot ? s->ops->slot(s->ctx, from) : 0;
}

static struct server_code *
code_of(struct rd_server *s, uint32_t slot)
{
	for (unsigned i = 0; i < RD_SERVER_CODES; i++)
		if (s->codes[i].slot == slot)
			return &s->codes[i];
	return NULL;
}

const struct server_code *
server_code(struct rd_server *s, uint32_t slot, uint64_t now_ns)
{
	const struct server_code *c = slot ? code_of(s, slot) : NULL;
	return c && now_ns < c->until_ns ? c : NULL;
}

/* Who was about to get in with it does not; `c` may be among them, and freed. */
static void
forget(struct rd_server *s, struct server_code *c)
{
	uint32_t slot = c->slot;
	sodium_memzero(c, sizeof(*c));
	for (unsigned i = s->count; i-- > 0;)
		if (rd_conn_half_open(s->list[i]->conn) && rd_conn_slot(s->list[i]->conn) == slot)
			server_remove(s, s->list[i]);
}

/* It is forgotten before anybody is told, who may make another one. */
static void
end(struct rd_server *s, struct server_code *c, enum rd_code_end how)
{
	uint32_t slot = c->slot;
	forget(s, c);
	if (s->ops->code_over)
		s->ops->code_over(s->ctx, slot, how);
}

void
server_code_guessed(struct rd_server *s, uint32_t slot, const struct rd_addr *from,
	uint64_t now_ns)
{
	struct server_code *c = code_of(s, slot);
	s->stats.guesses++;
	if (c && ++c->guesses >= RD_CODE_GUESSES) {
		server_note(s, from, "a wrong code, for the last time: it is burnt", now_ns);
		end(s, c, RD_CODE_BURNT);
		return;
	}
	server_note(s, from, "a wrong code", now_ns);
}

bool
server_code_there(struct rd_server *s, uint32_t slot)
{
	return code_of(s, slot) != NULL;
}

void
server_code_used(struct rd_server *s, uint32_t slot)
{
	struct server_code *c = code_of(s, slot);
	if (c)
		end(s, c, RD_CODE_USED);
}

uint64_t
server_code_deadline(const struct rd_server *s)
{
	uint64_t due = UINT64_MAX;
	for (unsigned i = 0; i < RD_SERVER_CODES; i++)
		if (s->codes[i].slot && s->codes[i].until_ns < due)
			due = s->codes[i].until_ns;
	return due;
}

void
server_code_tick(struct rd_server *s, uint64_t now_ns)
{
	for (unsigned i = 0; i < RD_SERVER_CODES; i++)
		if (s->codes[i].slot && s->codes[i].until_ns <= now_ns)
			end(s, &s->codes[i], RD_CODE_EXPIRED);
}

int
rd_server_code(struct rd_server *s, uint32_t slot, const struct rd_key *relay,
	const uint8_t prs[static RD_CONN_PRF_SIZE], uint64_t until_ns)
{
	rd_server_code_drop(s, slot);
	struct server_code *c = code_of(s, 0);
	if (slot == 0 || !c)
		return slot == 0 ? -EINVAL : -ENOSPC;
	c->slot = slot;
	c->relay = *relay;
	memcpy(c->prs, prs, sizeof(c->prs));
	c->until_ns = until_ns;
	return 0;
}

void
rd_server_code_drop(struct rd_server *s, uint32_t slot)
{
	struct server_code *c = slot ? code_of(s, slot) : NULL;
	if (c)
		forget(s, c);
}

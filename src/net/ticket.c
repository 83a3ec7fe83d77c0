#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/ticket.h"

#define VERSION 1

uint32_t
rd_ticket_tag(const struct rd_key *k)
{
	static const char label[] = "rd-tag";
	uint8_t hash[32];
	crypto_generichash_state st;
	struct rd_reader r;

	crypto_generichash_init(&st, NULL, 0, sizeof(hash));
	crypto_generichash_update(&st, (const uint8_t *)label, sizeof(label) - 1);
	crypto_generichash_update(&st, k->bytes, sizeof(k->bytes));
	crypto_generichash_final(&st, hash, sizeof(hash));
	rd_reader_init(&r, hash, sizeof(hash));
	return rd_reader_u32(&r);
}

static void
mac_of(const uint8_t body[static RD_TICKET_BODY], const uint8_t key[static RD_TICKET_KEY],
	uint8_t mac[static 16])
{
	crypto_generichash(mac, 16, body, RD_TICKET_BODY, key, RD_TICKET_KEY);
}

static void
put_body(struct rd_buf *b, const struct rd_ticket *t)
{
	rd_buf_u8(b, VERSION);
	rd_buf_u8(b, t->leg);
	rd_buf_u16(b, t->node);
	rd_buf_u64(b, t->session);
	rd_buf_u64(b, t->not_after_s);
	rd_buf_u32(b, t->kbps);
	rd_buf_u64(b, t->max_bytes);
	rd_buf_bytes(b, t->handle, sizeof(t->handle));
	rd_buf_bytes(b, t->other, sizeof(t->other));
	rd_buf_u8(b, t->issued_to.family);
	rd_buf_u8(b, t->issued_to.stream);
	rd_buf_u16(b, t->issued_to.port);
	rd_buf_bytes(b, t->issued_to.ip, sizeof(t->issued_to.ip));
	rd_buf_u32(b, t->tag_viewer);
	rd_buf_u32(b, t->tag_host);
}

void
rd_ticket_seal(const struct rd_ticket *t, const uint8_t key[static RD_TICKET_KEY],
	uint8_t out[static RD_TICKET])
{
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf b = {.data = out, .cap = RD_TICKET};

	put_body(&b, t);
	mac_of(out, key, out + RD_TICKET_BODY);
}

/* What was sealed by us is well formed, unless a relay of the cluster is of another version. */
static int
take_body(struct rd_ticket *t, struct rd_reader *r)
{
	uint8_t version = rd_reader_u8(r);

	t->leg = rd_reader_u8(r);
	t->node = rd_reader_u16(r);
	t->session = rd_reader_u64(r);
	t->not_after_s = rd_reader_u64(r);
	t->kbps = rd_reader_u32(r);
	t->max_bytes = rd_reader_u64(r);
	memcpy(t->handle, rd_reader_bytes(r, sizeof(t->handle)), sizeof(t->handle));
	memcpy(t->other, rd_reader_bytes(r, sizeof(t->other)), sizeof(t->other));
	struct rd_addr *a = &t->issued_to;
	a->family = rd_reader_u8(r);
	uint8_t stream = rd_reader_u8(r);
	a->stream = stream == 1;
	a->port = rd_reader_u16(r);
	memcpy(a->ip, rd_reader_bytes(r, sizeof(a->ip)), sizeof(a->ip));
	t->tag_viewer = rd_reader_u32(r);
	t->tag_host = rd_reader_u32(r);
	bool family = a->family == 0 || a->family == 4 || a->family == 6;
	return version == VERSION && t->leg <= 1 && stream <= 1 && family ? 0 : -EPROTO;
}

int
rd_ticket_open(struct rd_ticket *t, const uint8_t key[static RD_TICKET_KEY],
	const uint8_t in[static RD_TICKET])
{
	uint8_t mac[16];
	struct rd_reader r;

	*t = (struct rd_ticket){0};
	mac_of(in, key, mac);
	if (sodium_memcmp(mac, in + RD_TICKET_BODY, sizeof(mac)) != 0)
		return -EBADMSG;
	rd_reader_init(&r, in, RD_TICKET_BODY);
	return take_body(t, &r);
}

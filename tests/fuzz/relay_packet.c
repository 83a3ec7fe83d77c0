#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "net/relay_packet.h"

/*
 * A datagram to or from a relay. One that is taken is written again and is the
 * same; a ticket in it opens as whoever has the key sealed it, or not at all.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_ticket(const uint8_t *given)
{
	static const uint8_t key[RD_TICKET_KEY] = {1, 2, 3};
	uint8_t ticket[RD_TICKET], again[RD_TICKET];
	struct rd_ticket t;

	memcpy(ticket, given, sizeof(ticket));
	if (rd_ticket_open(&t, key, ticket) == 0)
		abort();
	/* A relay of the cluster may say what it likes. */
	crypto_generichash(ticket + RD_TICKET_BODY, 16, ticket, RD_TICKET_BODY, key, sizeof(key));
	if (rd_ticket_open(&t, key, ticket) != 0)
		return;
	rd_ticket_seal(&t, key, again);
	if (memcmp(again, ticket, sizeof(again)) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd_relay_packet p;
	struct rd_buf b = {0};

	if (rd_relay_packet_parse(&p, data, size))
		return 0;
	if (!rd_relay_packet_is(data, size))
		abort();
	rd_relay_packet_pack(&b, &p);
	if (b.len + p.payload_len != size || memcmp(b.data, data, b.len) != 0)
		abort();
	if (p.ticket)
		try_ticket(p.ticket);
	rd_buf_finish(&b);
	return 0;
}

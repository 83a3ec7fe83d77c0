#include "base/clock.h"
#include "base/log.h"
#include "net/cookie.h"
#include "rd-send/misled.h"

#define WORDS_NS (10 * RD_NS_PER_S)	/* between two lines */

static bool
may_say(struct serve *sv)
{
	uint64_t now = rd_clock_ns();
	if (sv->misled_ns && now < sv->misled_ns + WORDS_NS)
		return false;
	sv->misled_ns = now;
	return true;
}

static bool
of_another_host(const struct serve *sv, const uint8_t *data, size_t len)
{
	struct rd_packet p;
	return rd_packet_parse(&p, data, len) == 0 && p.type == RD_PACKET_INIT &&
		!rd_mac1_check(data, len, &sv->key->public);
}

void
misled_leg(struct serve *sv, const struct rd_relay_leg *leg, const uint8_t *data, size_t len)
{
	/* Who comes by the code of a moment ago only comes too late. */
	bool slot = leg->slot && leg->slot != sv->slot && leg->slot != sv->slot_before;
	if (slot && may_say(sv))
		rd_warn("the relay %s leads somebody here who has the code of another host (%u); perhaps "
			"it swaps hosts", sv->relay->name, leg->slot);
	else if (!slot && of_another_host(sv, data, len) && may_say(sv))
		rd_warn("the relay %s leads somebody here who looks for a host with another key; perhaps "
			"it swaps hosts", sv->relay->name);
}

bool
misled_peer(struct serve *sv, uint32_t number, const struct rd_key *peer)
{
	struct rd_agent *agent = rd_host_agent(sv->host);
	char said[RD_FINGERPRINT_TEXT], is[RD_FINGERPRINT_TEXT];
	const struct rd_relay_leg *leg =
		agent && number ? rd_relay_client_leg(rd_agent_client(agent), number) : NULL;
	if (!leg || rd_key_equal(&leg->peer, peer))
		return false;
	if (may_say(sv))
		rd_warn("the relay %s announced a viewer with the key %s, and one with %s came: refused; "
			"perhaps somebody is in between", sv->relay->name,
			rd_key_fingerprint(&leg->peer, said), rd_key_fingerprint(peer, is));
	return true;
}

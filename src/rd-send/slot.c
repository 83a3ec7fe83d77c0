#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "net/code.h"
#include "rd-send/serve.h"

void
slot_want(struct serve *sv)
{
	sv->want_code = true;
	if (!sv->relay_up || !relay_client(sv))
		return;
	rd_relay_client_want_slot(relay_client(sv), rd_clock_ns());
	rd_agent_poke(rd_host_agent(sv->host));
}

void
slot_drop(struct serve *sv, enum rd_slot_over why)
{
	if (!sv->slot)
		return;
	rd_server_code_drop(rd_host_server(sv->host), sv->slot);
	if (relay_client(sv)) {
		rd_relay_client_unslot(relay_client(sv), sv->slot, why, rd_clock_ns());
		rd_agent_poke(rd_host_agent(sv->host));
	}
	sv->slot_before = sv->slot;
	sv->slot = 0;
}

/* The words are made here and go to the person by the monitor; nowhere else. */
void
slot_ready(void *ctx, uint32_t slot, uint32_t lifetime_s)
{
	struct serve *sv = ctx;
	uint64_t now = rd_clock_ns(), life = lifetime_s * RD_NS_PER_S;
	struct said said = {.type = SAID_CODE};
	struct rd_code code;
	uint8_t prs[RD_CONN_PRF_SIZE];
	if (!sv->want_code)
		return;
	/* A relay may end a code early, but not keep it alive. */
	if (life > RD_SLOT_LIFE_NS)
		life = RD_SLOT_LIFE_NS;
	if (sv->opt->code_life_ns && sv->opt->code_life_ns < life)
		life = sv->opt->code_life_ns;
	rd_code_new(&code, slot);
	rd_code_prs(&code, prs);
	if (rd_server_code(rd_host_server(sv->host), slot, &sv->relay->key, prs, now + life) == 0) {
		sv->slot = slot;
		sv->want_code = false;
		rd_code_text(&code, said.text);
		said.number = (uint32_t)((life + RD_NS_PER_S / 2) / RD_NS_PER_S);
		serve_say(sv, &said);
	}
	rd_code_wipe(&code);
	sodium_memzero(prs, sizeof(prs));
	sodium_memzero(&said, sizeof(said));
}

/* A relay that was started anew knows of no code: another one is made. */
void
slot_gone(void *ctx, uint32_t slot)
{
	struct serve *sv = ctx;
	if (slot != sv->slot)
		return;
	rd_server_code_drop(rd_host_server(sv->host), slot);
	sv->slot_before = slot;
	sv->slot = 0;
	sv->want_code = true;
	rd_warn("the relay %s was started anew and knows the code no more; here is another",
		sv->relay->name);
}

static bool
anybody(const struct serve *sv)
{
	return rd_server_count(rd_host_server(sv->host)) > 0;
}

void
slot_over(struct serve *sv, uint32_t slot, enum rd_code_end end)
{
	static const enum rd_slot_over why[] = {
		[RD_CODE_USED] = RD_SLOT_USED,
		[RD_CODE_BURNT] = RD_SLOT_BURNT,
		[RD_CODE_EXPIRED] = RD_SLOT_WITHDRAWN,
	};
	struct said said = {.type = SAID_CODE_OVER, .number = end};
	if (slot != sv->slot)
		return;
	slot_drop(sv, why[end]);
	serve_say(sv, &said);
	if (sv->opt->once && end == RD_CODE_BURNT)
		serve_stop(sv, RD_EXIT_CODE_BURNT, RD_CLOSE_GOING, "");
	else if (sv->opt->once && end == RD_CODE_EXPIRED && !anybody(sv))
		serve_stop(sv, RD_EXIT_CODE_EXPIRED, RD_CLOSE_GOING, "");
}

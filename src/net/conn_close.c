#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "net/conn_priv.h"

#define CLOSES 3	/* CLOSE packets by ourselves, a probe timeout apart */
#define CLOSES_MAX 12	/* with those that answer a peer that goes on */

static const struct {
	uint64_t code;
	const char *name;
} names[] = {
	{RD_CLOSE_DONE, "done"},
	{RD_CLOSE_PROTOCOL, "protocol"},
	{RD_CLOSE_REFUSED, "refused"},
	{RD_CLOSE_RIGHT, "right"},
	{RD_CLOSE_EXPIRED, "expired"},
	{RD_CLOSE_TOTP, "totp"},
	{RD_CLOSE_BUSY, "busy"},
	{RD_CLOSE_SOURCE, "source"},
	{RD_CLOSE_GOING, "going"},
	{RD_CLOSE_NO_ANSWER, "no-answer"},
	{RD_CLOSE_SILENT, "silent"},
	{RD_CLOSE_PASSWORD, "password"},
	{RD_CLOSE_HOST_KEY, "host-key"},
	{RD_CLOSE_NO_PASSWORD, "no-password"},
	{RD_CLOSE_KEYS_OLD, "keys-old"},
	{RD_CLOSE_NO_DIRECT, "no-direct"},
	{RD_CLOSE_CODE, "code"},
	{RD_CLOSE_RELAY_KEY, "relay-key"},
	{RD_CLOSE_RELAY_NO, "relay-no"},
	{RD_CLOSE_RELAY, "relay"},
};

const char *
rd_close_name(uint64_t code)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == code)
			return names[i].name;
	return "?";
}

static void
set_reason(struct rd_conn *c, uint64_t code, const char *text)
{
	c->closing.code = code;
	snprintf(c->closing.text, sizeof(c->closing.text), "%s", text ? text : "");
}

void
rd_conn_end(struct rd_conn *c, uint64_t code, const char *text)
{
	if (c->state == RD_CONN_CLOSED)
		return;
	/* Who began to close has said why. */
	if (c->state != RD_CONN_CLOSING)
		set_reason(c, code, text);
	c->state = RD_CONN_CLOSED;
	c->closing.say_ns = UINT64_MAX;
}

void
rd_conn_close(struct rd_conn *c, uint64_t code, const char *text, uint64_t now_ns)
{
	if (c->state >= RD_CONN_CLOSING)
		return;
	if (rd_conn_half_open(c)) {
		rd_conn_end(c, code, text);
		return;
	}
	set_reason(c, code, text);
	c->state = RD_CONN_CLOSING;
	/* An answer that took half a minute must not make the end take minutes. */
	c->closing.pto_ns = rd_recovery_pto_ns(c->recovery);
	if (c->closing.pto_ns > RD_RECOVERY_PTO_MAX_NS)
		c->closing.pto_ns = RD_RECOVERY_PTO_MAX_NS;
	c->closing.say_ns = now_ns;
	c->closing.end_ns = now_ns + CLOSES * c->closing.pto_ns;
}

void
rd_conn_close_again(struct rd_conn *c, uint64_t now_ns)
{
	if (c->closing.said < CLOSES_MAX)
		c->closing.say_ns = now_ns;
}

struct rd_frame
rd_conn_close_frame(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_conn_closing *k = &c->closing;
	size_t len = strlen(k->text);
	k->said++;
	k->say_ns = c->state == RD_CONN_CLOSING && k->said < CLOSES ? now_ns + k->pto_ns : UINT64_MAX;
	return (struct rd_frame){.type = RD_FRAME_CLOSE,
		/* What we found out ourselves says nothing to the peer. */
		.code = k->code < RD_CLOSE_NO_ANSWER ? k->code : RD_CLOSE_DONE,
		.data = (const uint8_t *)k->text,
		.len = len < RD_FRAME_TEXT_MAX ? len : RD_FRAME_TEXT_MAX};
}

void
rd_conn_peer_closed(struct rd_conn *c, const struct rd_frame *f, uint64_t now_ns)
{
	bool open = c->state == RD_CONN_OPEN;
	char *text = rd_log_escape(f->data, f->len, RD_FRAME_TEXT_MAX);
	rd_conn_end(c, f->code < RD_CLOSE_NO_ANSWER ? f->code : RD_CLOSE_PROTOCOL, text);
	free(text);
	/* One CLOSE back, so that the peer need not wait. */
	if (open)
		c->closing.say_ns = now_ns;
}

void
rd_conn_tell(struct rd_conn *c)
{
	if (c->state != RD_CONN_CLOSED || c->closing.told)
		return;
	c->closing.told = true;
	if (c->ops.closed)
		c->ops.closed(c->ctx, c->closing.code, c->closing.text);
}

bool
rd_conn_over(const struct rd_conn *c)
{
	return c->state == RD_CONN_CLOSED && c->closing.told && c->closing.say_ns == UINT64_MAX;
}

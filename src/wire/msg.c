#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "wire/msg.h"

static const struct {
	uint16_t type;
	const char *name;
} names[] = {
	{RD_MSG_HELLO, "HELLO"},
	{RD_MSG_END, "END"},
	{RD_MSG_BUFFER, "BUFFER"},
	{RD_MSG_RELEASE, "RELEASE"},
	{RD_MSG_ACK, "ACK"},
	{RD_MSG_REFRESH, "REFRESH"},
	{RD_MSG_RATE, "RATE"},
	{RD_MSG_LOSS, "LOSS"},
	{RD_MSG_PING, "PING"},
	{RD_MSG_PONG, "PONG"},
	{RD_MSG_NOTICE, "NOTICE"},
	{RD_MSG_PATH, "PATH"},
	{RD_MSG_TAKEN, "TAKEN"},
	{RD_MSG_MONITORS, "MONITORS"},
	{RD_MSG_LAYOUT, "LAYOUT"},
	{RD_MSG_LOCKED, "LOCKED"},
	{RD_MSG_FRESH, "FRESH"},
	{RD_MSG_LISTEN, "LISTEN"},
	{RD_MSG_WATCH_ONLY, "WATCH_ONLY"},
	{RD_MSG_BEGIN, "BEGIN"},
	{RD_MSG_RAW, "RAW"},
	{RD_MSG_COPY, "COPY"},
	{RD_MSG_EXACT, "EXACT"},
	{RD_MSG_VIDEO, "VIDEO"},
	{RD_MSG_SHOW, "SHOW"},
	{RD_MSG_PCM, "PCM"},
	{RD_MSG_OPUS, "OPUS"},
	{RD_MSG_SHAPE, "SHAPE"},
	{RD_MSG_POINTER_AT, "POINTER_AT"},
	{RD_MSG_KEY, "KEY"},
	{RD_MSG_TEXT, "TEXT"},
	{RD_MSG_POINTER, "POINTER"},
	{RD_MSG_MOTION, "MOTION"},
	{RD_MSG_BUTTON, "BUTTON"},
	{RD_MSG_WHEEL, "WHEEL"},
	{RD_MSG_HELD, "HELD"},
	{RD_MSG_TAKE, "TAKE"},
	{RD_MSG_LOCKS, "LOCKS"},
	{RD_MSG_OFFER, "OFFER"},
	{RD_MSG_DATA, "DATA"},
	{RD_MSG_REFUSE, "REFUSE"},
	{RD_MSG_WATCH, "WATCH"},
	{RD_MSG_WANT, "WANT"},
	{RD_MSG_GOT, "GOT"},
	{RD_MSG_CANCEL, "CANCEL"},
	{RD_MSG_TOOK, "TOOK"},
};

const char *
rd_msg_name(uint16_t type)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return NULL;
}

size_t
rd_msg_limit(uint16_t type)
{
	if (rd_msg_class(type) == RD_CLASS_LINK)
		return RD_MSG_MAX_LINK;
	if (rd_msg_class(type) == RD_CLASS_CLIPBOARD)
		return RD_MSG_MAX_UPDATE;
	switch (type) {
	case RD_MSG_RAW:
		return RD_MSG_MAX_RAW;
	case RD_MSG_PCM:
	case RD_MSG_OPUS:
		return RD_MSG_MAX_SOUND;
	case RD_MSG_COPY:
	case RD_MSG_EXACT:
	case RD_MSG_VIDEO:
		return RD_MSG_MAX_UPDATE;
	default:
		return RD_MSG_MAX;
	}
}

static void
put_le(uint8_t *out, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		out[i] = (uint8_t)(v >> (8 * i));
}

void
rd_msg_pack_header(const struct rd_msg *m, uint8_t out[static RD_MSG_HEADER_SIZE])
{
	put_le(out, m->len, 4);
	put_le(out + 4, m->type, 2);
	out[6] = m->flags;
	out[7] = m->channel;
	put_le(out + 8, m->time_ns, 8);
}

int
rd_msg_parse_header(struct rd_msg *m, const uint8_t in[static RD_MSG_HEADER_SIZE])
{
	struct rd_reader r;

	rd_reader_init(&r, in, RD_MSG_HEADER_SIZE);
	m->len = rd_reader_u32(&r);
	m->type = rd_reader_u16(&r);
	m->flags = rd_reader_u8(&r);
	m->channel = rd_reader_u8(&r);
	m->time_ns = rd_reader_u64(&r);
	m->data = NULL;
	m->blob = NULL;
	return m->len > rd_msg_limit(m->type) ? -EMSGSIZE : 0;
}

void
rd_msg_text(char *out, size_t cap, const uint8_t *text, size_t len)
{
	char *s = rd_log_escape(text, len, cap);
	size_t n = strlen(s);

	if (n >= cap) {
		n = cap - 1;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, s, n);
	out[n] = '\0';
	free(s);
}

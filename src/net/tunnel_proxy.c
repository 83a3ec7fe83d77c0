#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/http.h"
#include "base/log.h"
#include "net/tunnel_proxy.h"

#define REASON_MAX 60		/* bytes of a proxy's own words */

static size_t refuse(struct rd_proxy_talk *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static size_t
refuse(struct rd_proxy_talk *t, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(t->why, sizeof(t->why), fmt, args);
	va_end(args);
	t->state = RD_PROXY_REFUSED;
	return 0;
}

static bool
has_login(const struct rd_proxy *p)
{
	return p->user[0] || p->password[0];
}

static void
put_text(struct rd_buf *out, const char *text)
{
	rd_buf_bytes(out, text, strlen(text));
}

/* --- HTTP --- */

/* "relay.example.org:443", "[2001:db8::1]:443" */
static void
authority(const struct rd_tunnel *t, char out[static 300])
{
	char text[RD_ADDR_TEXT];
	struct rd_addr to = t->to;
	to.port = t->port;
	to.stream = false;
	to.scope = 0;
	if (to.family)
		snprintf(out, 300, "%s", rd_addr_text(&to, text));
	else
		snprintf(out, 300, strchr(t->name, ':') ? "[%s]:%u" : "%s:%u", t->name, (unsigned)t->port);
}

static void
put_basic(struct rd_buf *out, const struct rd_proxy *p)
{
	char login[sizeof(p->user) + sizeof(p->password)];
	char text[sodium_base64_ENCODED_LEN(sizeof(login), sodium_base64_VARIANT_ORIGINAL)];
	int n = snprintf(login, sizeof(login), "%s:%s", p->user, p->password);
	sodium_bin2base64(text, sizeof(text), (const unsigned char *)login, (size_t)n,
		sodium_base64_VARIANT_ORIGINAL);
	put_text(out, "Proxy-Authorization: Basic ");
	put_text(out, text);
	put_text(out, "\r\n");
	sodium_memzero(login, sizeof(login));
	sodium_memzero(text, sizeof(text));
}

static void
begin_http(struct rd_proxy_talk *t, struct rd_buf *out)
{
	char to[300];
	authority(t->tunnel, to);
	put_text(out, "CONNECT ");
	put_text(out, to);
	put_text(out, " HTTP/1.1\r\nHost: ");
	put_text(out, to);
	put_text(out, "\r\n");
	if (has_login(t->proxy))
		put_basic(out, t->proxy);
	put_text(out, "\r\n");
	t->state = RD_PROXY_CONNECT;
}

static size_t
take_http(struct rd_proxy_talk *t, const uint8_t *data, size_t len)
{
	static const char start[] = "HTTP/1.";
	struct rd_http_head h;
	struct rd_http_text words;
	if (len > 0 && memcmp(data, start, len < sizeof(start) - 1 ? len : sizeof(start) - 1) != 0)
		return refuse(t, "the proxy does not speak HTTP");
	ssize_t n = rd_http_head(&h, data, len);
	if (n == -EAGAIN)
		return 0;
	int status = n < 0 ? (int)n : rd_http_status(h.first, &words);
	if (status < 0)
		return refuse(t, "the proxy does not speak HTTP");
	if (status / 100 != 2) {
		char *said = rd_log_escape(words.p, words.len, REASON_MAX);
		refuse(t, "the proxy says %d%s%s", status, *said ? " " : "", said);
		free(said);
		return 0;
	}
	t->state = RD_PROXY_THROUGH;
	return (size_t)n;
}

/* --- SOCKS5 --- */

enum { SOCKS_VERSION = 5, METHOD_NONE = 0, METHOD_LOGIN = 2, METHOD_NO = 0xff, LOGIN_VERSION = 1,
	SOCKS_CONNECT = 1, SOCKS_V4 = 1, SOCKS_NAME = 3, SOCKS_V6 = 4 };

static void
begin_socks(struct rd_proxy_talk *t, struct rd_buf *out)
{
	bool login = has_login(t->proxy);
	rd_buf_u8(out, SOCKS_VERSION);
	rd_buf_u8(out, login ? 2 : 1);
	rd_buf_u8(out, METHOD_NONE);
	if (login)
		rd_buf_u8(out, METHOD_LOGIN);
	t->state = RD_PROXY_METHOD;
}

static void
put_counted(struct rd_buf *out, const char *text)
{
	rd_buf_u8(out, (uint8_t)strlen(text));
	put_text(out, text);
}

static void
put_login(struct rd_proxy_talk *t, struct rd_buf *out)
{
	rd_buf_u8(out, LOGIN_VERSION);
	put_counted(out, t->proxy->user);
	put_counted(out, t->proxy->password);
	t->state = RD_PROXY_LOGIN;
}

static void
put_request(struct rd_proxy_talk *t, struct rd_buf *out)
{
	const struct rd_addr *to = &t->tunnel->to;
	rd_buf_u8(out, SOCKS_VERSION);
	rd_buf_u8(out, SOCKS_CONNECT);
	rd_buf_u8(out, 0);
	rd_buf_u8(out, to->family == 4 ? SOCKS_V4 : to->family == 6 ? SOCKS_V6 : SOCKS_NAME);
	if (to->family)
		rd_buf_bytes(out, to->ip, to->family == 4 ? 4 : 16);
	else
		put_counted(out, t->tunnel->name);
	rd_buf_u8(out, (uint8_t)(t->tunnel->port >> 8));
	rd_buf_u8(out, (uint8_t)t->tunnel->port);
	t->state = RD_PROXY_REPLY;
}

static size_t
take_method(struct rd_proxy_talk *t, struct rd_reader *r, struct rd_buf *out)
{
	uint8_t version = rd_reader_u8(r), method = rd_reader_u8(r);
	/* One byte is enough to know somebody else. */
	if (version != SOCKS_VERSION)
		return refuse(t, "the proxy does not speak SOCKS5");
	if (r->bad)
		return 0;
	if (method == METHOD_NONE)
		put_request(t, out);
	else if (method == METHOD_LOGIN && has_login(t->proxy))
		put_login(t, out);
	else if (method == METHOD_NO)
		return refuse(t, has_login(t->proxy) ? "the proxy takes no password"
			: "the proxy wants a user and a password");
	else
		return refuse(t, "the proxy does not speak SOCKS5");
	return 2;
}

static size_t
take_login(struct rd_proxy_talk *t, struct rd_reader *r, struct rd_buf *out)
{
	uint8_t version = rd_reader_u8(r), status = rd_reader_u8(r);
	if (r->bad)
		return 0;
	/* Some answer with the version of SOCKS here. */
	if (version != LOGIN_VERSION && version != SOCKS_VERSION)
		return refuse(t, "the proxy does not speak SOCKS5");
	if (status != 0)
		return refuse(t, "the proxy does not take that user and password");
	put_request(t, out);
	return 2;
}

static const char *
reply_text(uint8_t reply)
{
	static const char *const texts[] = {
		NULL, "it failed", "its rules do not allow that", "the network is unreachable",
		"the relay is unreachable", "the connection was refused", "it took too long",
		"it makes no connections", "it does not know that kind of address",
	};
	return reply < sizeof(texts) / sizeof(*texts) ? texts[reply] : "it does not say why";
}

/* {u8 5, u8 reply, u8 0, u8 kind, address, u16 port}: the address is of no use to us. */
static size_t
take_reply(struct rd_proxy_talk *t, struct rd_reader *r)
{
	const uint8_t *start = r->p;
	uint8_t version = rd_reader_u8(r), reply = rd_reader_u8(r);
	if (!r->bad && version != SOCKS_VERSION)
		return refuse(t, "the proxy does not speak SOCKS5");
	/* Some close without saying the rest. */
	if (!r->bad && reply != 0)
		return refuse(t, "the proxy cannot reach the relay: %s", reply_text(reply));
	rd_reader_u8(r);
	uint8_t kind = rd_reader_u8(r);
	if (r->bad)
		return 0;
	if (kind != SOCKS_V4 && kind != SOCKS_V6 && kind != SOCKS_NAME)
		return refuse(t, "the proxy does not speak SOCKS5");
	rd_reader_bytes(r, kind == SOCKS_V4 ? 4 : kind == SOCKS_V6 ? 16 : rd_reader_u8(r));
	rd_reader_bytes(r, 2);
	if (r->bad)
		return 0;
	t->state = RD_PROXY_THROUGH;
	return (size_t)(r->p - start);
}

/* --- both --- */

void
rd_proxy_talk_begin(struct rd_proxy_talk *t, const struct rd_tunnel *tunnel, struct rd_buf *out)
{
	*t = (struct rd_proxy_talk){.proxy = &tunnel->proxy, .tunnel = tunnel};
	if (t->proxy->kind == RD_PROXY_HTTP)
		begin_http(t, out);
	else if (t->proxy->kind == RD_PROXY_SOCKS5)
		begin_socks(t, out);
	else
		t->state = RD_PROXY_THROUGH;
}

static size_t
take_once(struct rd_proxy_talk *t, const uint8_t *data, size_t len, struct rd_buf *out)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	switch (t->state) {
	case RD_PROXY_CONNECT:
		return take_http(t, data, len);
	case RD_PROXY_METHOD:
		return take_method(t, &r, out);
	case RD_PROXY_LOGIN:
		return take_login(t, &r, out);
	case RD_PROXY_REPLY:
		return take_reply(t, &r);
	default:
		return 0;
	}
}

size_t
rd_proxy_talk_take(struct rd_proxy_talk *t, const uint8_t *data, size_t len, struct rd_buf *out)
{
	size_t used = 0, n;
	while (used < len && (n = take_once(t, data + used, len - used, out)) > 0)
		used += n;
	return used;
}

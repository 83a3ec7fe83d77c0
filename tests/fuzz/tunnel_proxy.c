#include <stdlib.h>
#include <string.h>

#include "net/tunnel_proxy.h"

/*
 * {u8 which, bytes}: what a proxy says, whole and a byte at a time: both come to
 * the same end, with the same answers of ours. Or the name of a proxy.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
name(const uint8_t *data, size_t size)
{
	struct rd_proxy p;
	char *text = malloc(size + 1);
	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = 0;
	if (rd_proxy_parse(&p, text) == 0 && (p.kind == RD_PROXY_NONE || p.port == 0 || !p.host[0]))
		abort();
	free(text);
}

static void
talk(const struct rd_tunnel *tunnel, const uint8_t *data, size_t size)
{
	struct rd_proxy_talk whole, slow;
	struct rd_buf out = {0}, slow_out = {0};
	rd_proxy_talk_begin(&whole, tunnel, &out);
	rd_proxy_talk_begin(&slow, tunnel, &slow_out);
	size_t used = rd_proxy_talk_take(&whole, data, size, &out), slow_used = 0;
	if (used > size || (whole.state == RD_PROXY_REFUSED) != (whole.why[0] != 0))
		abort();
	for (size_t n = 1; n <= size; n++)
		slow_used += rd_proxy_talk_take(&slow, data + slow_used, n - slow_used, &slow_out);
	if (whole.state != slow.state || out.len != slow_out.len ||
			(whole.state == RD_PROXY_THROUGH && used != slow_used) ||
			memcmp(out.data, slow_out.data, out.len) != 0)
		abort();
	rd_buf_finish(&out);
	rd_buf_finish(&slow_out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd_tunnel tunnel = {.name = "relay", .port = 443};
	if (size == 0)
		return 0;
	tunnel.proxy.kind = data[0] & 1 ? RD_PROXY_HTTP : RD_PROXY_SOCKS5;
	if (data[0] & 2) {
		memcpy(tunnel.proxy.user, "me", 3);
		memcpy(tunnel.proxy.password, "pw", 3);
	}
	if (data[0] & 4)
		name(data + 1, size - 1);
	else
		talk(&tunnel, data + 1, size - 1);
	return 0;
}

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/lan_priv.h"

static void
on_state(AvahiClient *client, AvahiClientState state, void *ctx)
{
	struct rd_lan *l = ctx;
	(void)client;
	/* Whatever it was: with another connection one can begin again. */
	if (state == AVAHI_CLIENT_FAILURE)
		l->gone = true;
	/* Not before rd_lan_open has returned. */
	if (l->changed)
		l->changed(l->ctx, state);
}

struct rd_lan *
rd_lan_open(bool wait, const char **why)
{
	struct rd_lan *l = xcalloc(1, sizeof(*l));
	int err = AVAHI_ERR_NO_MEMORY;
	*why = lan_lib_load(&l->lib);
	if (*why) {
		free(l);
		return NULL;
	}
	l->poll = l->lib.avahi_simple_poll_new();
	if (l->poll)
		l->client = l->lib.avahi_client_new(l->lib.avahi_simple_poll_get(l->poll),
			wait ? AVAHI_CLIENT_NO_FAIL : 0, on_state, l, &err);
	if (l->client)
		return l;
	/* libavahi tells one from the other only sometimes. */
	bool nobody = err == AVAHI_ERR_NO_DAEMON || err == AVAHI_ERR_DBUS_ERROR;
	*why = nobody ? "Avahi does not run, see avahi-daemon(8), or there is no system bus"
		: l->lib.avahi_strerror(err);
	rd_lan_close(l);
	return NULL;
}

void
rd_lan_close(struct rd_lan *l)
{
	if (!l)
		return;
	if (l->client)
		l->lib.avahi_client_free(l->client);
	if (l->poll)
		l->lib.avahi_simple_poll_free(l->poll);
	free(l);
}

bool
lan_turn(struct rd_lan *l, int64_t limit_ns)
{
	int ms = limit_ns < 0 ? -1 : (int)((limit_ns + (int64_t)RD_NS_PER_MS - 1) / (int64_t)RD_NS_PER_MS);
	return !l->gone && l->lib.avahi_simple_poll_iterate(l->poll, ms) == 0 && !l->gone;
}

struct rd_addr
lan_addr(const AvahiAddress *a, AvahiIfIndex interface)
{
	struct rd_addr out = {0};
	if (a->proto == AVAHI_PROTO_INET) {
		out.family = 4;
		memcpy(out.ip, &a->data.ipv4.address, 4);
	} else if (a->proto == AVAHI_PROTO_INET6) {
		out.family = 6;
		memcpy(out.ip, a->data.ipv6.address, 16);
		/* fe80::/10 (RFC 4291, section 2.5.6) is of one link. */
		if (out.ip[0] == 0xfe && (out.ip[1] & 0xc0) == 0x80 && interface > 0)
			out.scope = (uint32_t)interface;
	}
	return out;
}

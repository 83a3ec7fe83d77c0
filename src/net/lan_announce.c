#include <string.h>

#include "net/lan_priv.h"

/* So often another name is tried: as many hosts of one name there are not. */
#define NAMES_MAX 100

struct announcer {
	struct rd_lan *lan;
	const struct lan_lib *lib;
	const struct rd_lan_announcement *a;
	AvahiEntryGroup *group;
	char name[RD_LAN_NAME_MAX + 1];
	unsigned names;
	bool over;
	void (*tell)(void *ctx, enum rd_lan_news news, const char *text);
	void *ctx;
};

static void
fail(struct announcer *n, const char *why)
{
	n->over = true;
	n->tell(n->ctx, RD_LAN_FAILED, why);
}

/* "build1" becomes "build1 #2". */
static bool
take_another_name(struct announcer *n)
{
	char *other = n->lib->avahi_alternative_service_name(n->name);
	if (++n->names > NAMES_MAX || !other || strlen(other) > RD_LAN_NAME_MAX) {
		n->lib->avahi_free(other);
		fail(n, "every name like it is taken");
		return false;
	}
	memcpy(n->name, other, strlen(other) + 1);
	n->lib->avahi_free(other);
	return true;
}

static AvahiStringList *
make_txt(const struct announcer *n)
{
	char item[RD_LAN_TXT_ROOM];
	AvahiStringList *list = NULL;
	for (unsigned i = 0; rd_lan_txt_item(&n->a->txt, i, item); i++)
		list = n->lib->avahi_string_list_add(list, item);
	/* It is built from the end. */
	return n->lib->avahi_string_list_reverse(list);
}

static int
put_service(struct announcer *n)
{
	AvahiStringList *txt = make_txt(n);
	int err = n->lib->avahi_entry_group_add_service_strlst(n->group, AVAHI_IF_UNSPEC,
		AVAHI_PROTO_UNSPEC, 0, n->name, RD_LAN_TYPE, NULL, NULL, n->a->port, txt);
	n->lib->avahi_string_list_free(txt);
	return err;
}

static void
register_it(struct announcer *n)
{
	int err;
	/* A name may be taken on this very machine, too. */
	while ((err = put_service(n)) == AVAHI_ERR_COLLISION)
		if (!take_another_name(n))
			return;
	if (!err)
		err = n->lib->avahi_entry_group_commit(n->group);
	if (err)
		fail(n, n->lib->avahi_strerror(err));
}

static void
on_group(AvahiEntryGroup *group, AvahiEntryGroupState state, void *ctx)
{
	struct announcer *n = ctx;
	if (state == AVAHI_ENTRY_GROUP_ESTABLISHED) {
		n->tell(n->ctx, RD_LAN_ANNOUNCED, n->name);
	} else if (state == AVAHI_ENTRY_GROUP_COLLISION) {
		if (!take_another_name(n))
			return;
		n->lib->avahi_entry_group_reset(group);
		register_it(n);
	} else if (state == AVAHI_ENTRY_GROUP_FAILURE) {
		fail(n, n->lib->avahi_strerror(n->lib->avahi_client_errno(n->lan->client)));
	}
}

static void
on_state(void *ctx, AvahiClientState state)
{
	struct announcer *n = ctx;
	if (state == AVAHI_CLIENT_CONNECTING)
		n->tell(n->ctx, RD_LAN_WAITS, "");
	if (n->group && (state == AVAHI_CLIENT_S_COLLISION || state == AVAHI_CLIENT_S_REGISTERING))
		/* This machine gets another name: then it is RUNNING again. */
		n->lib->avahi_entry_group_reset(n->group);
	if (state != AVAHI_CLIENT_S_RUNNING)
		return;
	if (!n->group)
		n->group = n->lib->avahi_entry_group_new(n->lan->client, on_group, n);
	if (!n->group)
		fail(n, n->lib->avahi_strerror(n->lib->avahi_client_errno(n->lan->client)));
	else if (n->lib->avahi_entry_group_is_empty(n->group))
		register_it(n);
}

void
rd_lan_announce(struct rd_lan *l, const struct rd_lan_announcement *a,
	void (*tell)(void *ctx, enum rd_lan_news news, const char *text), void *ctx)
{
	struct announcer n = {.lan = l, .lib = &l->lib, .a = a, .tell = tell, .ctx = ctx};
	memcpy(n.name, a->name, sizeof(n.name));
	l->changed = on_state;
	l->ctx = &n;
	on_state(&n, l->lib.avahi_client_get_state(l->client));
	while (!n.over && lan_turn(l, -1))
		;
	l->changed = NULL;
}

#ifndef RD_NET_LAN_LIB_H
#define RD_NET_LAN_LIB_H

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <avahi-common/strlst.h>

/*
 * libavahi-client, as the process loads it that talks to Avahi, and no other: with
 * it come D-Bus, systemd's library and what these stand on, and who holds a key is
 * to have none of that in its memory, nor wait for it at each start. So a machine
 * without it has all of rd but this, too. Its names are its own.
 */
#define LAN_CALLS(CALL) \
	CALL(avahi_simple_poll_new) CALL(avahi_simple_poll_get) CALL(avahi_simple_poll_iterate) \
	CALL(avahi_simple_poll_free) \
	CALL(avahi_client_new) CALL(avahi_client_free) CALL(avahi_client_errno) \
	CALL(avahi_client_get_state) \
	CALL(avahi_entry_group_new) CALL(avahi_entry_group_reset) CALL(avahi_entry_group_commit) \
	CALL(avahi_entry_group_is_empty) CALL(avahi_entry_group_add_service_strlst) \
	CALL(avahi_service_browser_new) CALL(avahi_service_browser_free) \
	CALL(avahi_service_resolver_new) CALL(avahi_service_resolver_free) \
	CALL(avahi_host_name_resolver_new) CALL(avahi_host_name_resolver_free) \
	CALL(avahi_string_list_add) CALL(avahi_string_list_reverse) CALL(avahi_string_list_free) \
	CALL(avahi_string_list_get_next) CALL(avahi_string_list_get_text) \
	CALL(avahi_string_list_get_size) \
	CALL(avahi_alternative_service_name) CALL(avahi_strerror) CALL(avahi_free)

struct lan_lib {
#define LAN_CALL(name) __typeof__(&(name)) (name);
	LAN_CALLS(LAN_CALL)
#undef LAN_CALL
};

/* NULL, or why not (static). It stays loaded until the process ends. */
const char *lan_lib_load(struct lan_lib *l);

#endif

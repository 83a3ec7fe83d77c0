#ifndef RD_NET_KEYFILE_H
#define RD_NET_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/key.h"

/*
 * Files of other people's keys. A line is a key with what goes with it; '#'
 * begins a comment line. Lines that are not understood are told with their
 * number, and grant nothing; they survive every change of the file.
 *
 * authorized_keys, who may see this host:
 *	[option[,option…]] rd:KEY [name]
 *	view-only  no-sound  no-clipboard  no-clipboard-in  no-clipboard-out
 *	microphone  services=a[:b…]  expires=2027-01-31[T12:00[:00]][Z]  from=CIDR
 *	no-desktop (only the services named)
 *
 * Options have no blanks. view-only takes away input, and the clipboard on its
 * way in. services= and from= may stand more than once and add up. A date is
 * UTC, and its first second is no longer allowed. CIDR is an address, or one
 * with /BITS; bits past those are not looked at. A line with an option that is
 * not one of these grants nothing, for the option may be meant to forbid.
 * Of lines with the same key the first counts, the others are told.
 *
 * known_hosts, whom this viewer knows:
 *	NAME rd:KEY [how [first-seen]] [via=RELAY]
 *
 * NAME: host[:port], as rd_known_host writes it. how: given, asked, accepted,
 * password, code. first-seen: a date as above. via: the relay that it is met
 * through, as rd_relay_name writes it (net/relayfile.h); NAME need not be one
 * that can be looked up then. Of lines with the same name the first counts.
 */
struct rd_key_options {
	bool desktop, input, sound, clipboard_in, clipboard_out, microphone;
	int64_t expires;		/* Unix seconds; 0: never */
	char *services;			/* "files:shell", or NULL */
	char *from;			/* "192.0.2.0/24,2001:db8::/32", or NULL: from anywhere */
};

struct rd_key_entry {
	struct rd_key key;
	struct rd_key_options opt;	/* authorized_keys */
	char *name;			/* for people; escaped; "" if none; of a known host: its name */
	char *how;			/* known_hosts */
	int64_t first_seen;		/* known_hosts, Unix seconds; 0 unknown */
	char *via;			/* known_hosts: a relay's name; NULL: none */
	unsigned line;
};

enum rd_keyfile_kind { RD_KEYFILE_AUTHORIZED, RD_KEYFILE_KNOWN };

struct rd_keyfile {
	enum rd_keyfile_kind kind;
	struct rd_key_entry *entries;
	size_t count;
	struct rd_keyfile_error { unsigned line; char *why; } *errors;
	size_t error_count;
};

#define RD_KEY_NAME_MAX 255	/* bytes of a name; longer ones are shown cut */
#define RD_KEY_OPTIONS_MAX 4096	/* characters */

/* All that a key without options may: everything but the microphone and services. */
void rd_key_options_default(struct rd_key_options *o);
/*
 * "view-only,expires=2027-01-31", "" for the default: 0, or -EINVAL with a
 * sentence in *why to free; then *o is zeroed, which grants nothing.
 */
int rd_key_options_parse(struct rd_key_options *o, const char *text, char **why);
/* The shortest text for it; "" for the default. Caller frees. Parsing it gives the same. */
char *rd_key_options_text(const struct rd_key_options *o);
void rd_key_options_finish(struct rd_key_options *o);
bool rd_key_options_expired(const struct rd_key_options *o, int64_t now_s);
/* Whether that address is within `from` (true where there is none); one through a relay never is. */
bool rd_key_options_from(const struct rd_key_options *o, const struct rd_addr *a);

/* Dates of the files: 0 or -EINVAL; and the shortest text for one, "2027-01-31T12:00Z". */
#define RD_KEY_DATE_TEXT 24
int rd_key_date_parse(const char *text, int64_t *s);
const char *rd_key_date_text(int64_t s, char out[static RD_KEY_DATE_TEXT]);
/*
 * The one way to write a host's name: small letters, no port where it is
 * RD_PORT, "[v6]:port". NULL: it is none. Caller frees.
 */
char *rd_known_host(const char *text);

int rd_keyfile_parse(struct rd_keyfile *f, enum rd_keyfile_kind kind, const char *text, size_t len);
/* A missing file is an empty one. -EPERM: others may write it; see base/private.h. */
int rd_keyfile_load(struct rd_keyfile *f, enum rd_keyfile_kind kind, const char *path);
void rd_keyfile_finish(struct rd_keyfile *f);
const struct rd_key_entry *rd_keyfile_by_key(const struct rd_keyfile *f, const struct rd_key *k);
/* Of hosts in any form that rd_known_host takes. */
const struct rd_key_entry *rd_keyfile_by_name(const struct rd_keyfile *f, const char *name);

/*
 * Changes the file under a lock, whole or not at all, other lines as they were.
 * add: -EEXIST when the key (known: the name) is there already, unless replace;
 * -EINVAL: what is to be written could not be read back the same (a name of two
 * lines, …). Of *e the line is not looked at.
 * remove: by "rd:…", by name or by fingerprint (or its first 8 characters or
 * more, with or without dashes); authorized: takes away every line that has the
 * key, also those not understood; -ENOENT; -ENOTUNIQ when several fit.
 */
int rd_keyfile_add(const char *path, enum rd_keyfile_kind kind, const struct rd_key_entry *e,
	bool replace);
int rd_keyfile_remove(const char *path, enum rd_keyfile_kind kind, const char *which);

#endif

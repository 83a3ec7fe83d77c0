#ifndef RD_KEY_VERBS_H
#define RD_KEY_VERBS_H

#include "net/key.h"
#include "rd-key/options.h"

/* What rd-key can do. Each returns an exit code, and has told what was wrong. */

/* own.c: the identity */
int own_show(const struct options *o);
int own_new(const struct options *o);
int own_passphrase(const struct options *o);
/* Its public key; it is made, and told, where there is none. */
int own_have(const struct options *o, struct rd_key *k, bool *made);

/* fingerprint.c: of any key */
int fingerprint(const struct options *o);

/* allowed.c: authorized_keys */
int allowed_add(const struct options *o);
int allowed_list(const struct options *o);
int allowed_remove(const struct options *o);

/* hosts.c: known_hosts */
int hosts_list(const struct options *o);
int hosts_trust(const struct options *o);
int hosts_forget(const struct options *o);

/* wake.c: by which network card a host is woken */
int wake(const struct options *o);
/* No longer, where it was known. */
void wake_forget(const struct options *o, const char *host);

/* secrets.c: what a viewer without a key must know */
int password_set(const struct options *o);
int totp_set(const struct options *o);

/* relays.c: relays */
int relays(const struct options *o);

#endif

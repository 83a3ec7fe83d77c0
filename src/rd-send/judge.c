#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "chan/rights.h"
#include "net/keyfile.h"
#include "rd-send/judge.h"

/* Rights that change something here, which --view-only takes from everybody. */
#define DOING (RD_RIGHT_INPUT | RD_RIGHT_CLIP_IN | RD_RIGHT_MIC)

static void
refuse(struct verdict *v, enum rd_close code, const char *why)
{
	v->admit = false;
	v->code = code;
	snprintf(v->why, sizeof(v->why), "%s", why);
}

static void
judge_entry(struct verdict *v, const struct rd_key_entry *e, const struct rd_addr *from,
	int64_t now_s)
{
	v->listed = true;
	v->rights = rd_rights_of(&e->opt);
	v->expires = e->opt.expires;
	snprintf(v->name, sizeof(v->name), "%s", e->name ? e->name : "");
	v->admit = true;
	if (rd_key_options_expired(&e->opt, now_s))
		refuse(v, RD_CLOSE_EXPIRED, "the permission of your key has expired");
	else if (!rd_key_options_from(&e->opt, from))
		refuse(v, RD_CLOSE_REFUSED, "your key is not allowed from this address");
	else if (!(v->rights & RD_RIGHT_VIEW))
		refuse(v, RD_CLOSE_RIGHT, "your key may not see the desktop");
}

static void
judge_stranger(struct verdict *v, const struct rd_key *key, bool by_secret)
{
	struct rd_key_options defaults;
	char text[RD_KEY_TEXT], why[sizeof(v->why)];
	rd_key_options_default(&defaults);
	v->rights = rd_rights_of(&defaults);
	rd_key_options_finish(&defaults);
	v->admit = by_secret;
	v->unknown = !by_secret;
	snprintf(why, sizeof(why), "this host does not know your key; there: rd-key allow %s",
		rd_key_text(key, text));
	if (!by_secret)
		refuse(v, RD_CLOSE_REFUSED, why);
}

void
judge_peer(struct verdict *v, const struct options *o, const struct rd_key *key,
	const struct rd_addr *from, bool by_secret, int64_t now_s)
{
	struct rd_keyfile file = {0};
	*v = (struct verdict){0};
	int err = rd_keyfile_load(&file, RD_KEYFILE_AUTHORIZED, o->authorized);
	const struct rd_key_entry *e = err ? NULL : rd_keyfile_by_key(&file, key);
	if (err)
		refuse(v, RD_CLOSE_REFUSED, "this host's list of keys cannot be used");
	else if (e)
		judge_entry(v, e, from, now_s);
	else
		judge_stranger(v, key, by_secret);
	if (o->view_only)
		v->rights &= ~(unsigned)DOING;
	rd_keyfile_finish(&file);
}

void
judge_complain(const struct options *o)
{
	struct rd_keyfile file = {0};
	int err = rd_keyfile_load(&file, RD_KEYFILE_AUTHORIZED, o->authorized);
	if (err)
		rd_error("%s: %s; nobody on it is let in", o->authorized,
			err == -EPERM ? "others may write it (chmod 600 it)" : strerror(-err));
	for (size_t i = 0; i < file.error_count; i++)
		rd_warn("%s:%u: %s", o->authorized, file.errors[i].line, file.errors[i].why);
	rd_keyfile_finish(&file);
}

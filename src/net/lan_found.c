#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/lan.h"

/* One host by several interfaces and both families is one. */
static bool
is_same(const struct rd_lan_host *a, const struct rd_lan_host *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->target, b->target) == 0 &&
		a->addr.port == b->addr.port && strcmp(a->txt.fingerprint, b->txt.fingerprint) == 0;
}

/* Which one to tell people: those of one link are the least use. */
static int
rank(const struct rd_addr *a)
{
	if (a->family == 4)
		return a->ip[0] == 169 && a->ip[1] == 254 ? 1 : 3;
	return a->family == 6 ? (a->scope ? 0 : 2) : -1;
}

void
rd_lan_found_add(struct rd_lan_found *f, const struct rd_lan_host *h)
{
	for (size_t i = 0; i < f->count; i++) {
		if (!is_same(&f->hosts[i], h))
			continue;
		if (rank(&h->addr) > rank(&f->hosts[i].addr))
			f->hosts[i].addr = h->addr;
		return;
	}
	if (f->count == RD_LAN_HOSTS) {
		f->more = true;
		return;
	}
	if ((f->count & (f->count + 1)) == 0)
		f->hosts = xreallocarray(f->hosts, 2 * f->count + 1, sizeof(*f->hosts));
	f->hosts[f->count++] = *h;
}

static int
compare(const void *a, const void *b)
{
	char one[RD_LAN_DIAL_TEXT], two[RD_LAN_DIAL_TEXT];
	const struct rd_lan_host *x = a, *y = b;
	int n = strcmp(rd_lan_dial(x, one), rd_lan_dial(y, two));
	return n ? n : strcmp(x->name, y->name);
}

void
rd_lan_found_sort(struct rd_lan_found *f)
{
	if (f->count)
		qsort(f->hosts, f->count, sizeof(*f->hosts), compare);
}

void
rd_lan_found_finish(struct rd_lan_found *f)
{
	free(f->hosts);
	*f = (struct rd_lan_found){0};
}

/*
 * A name that a person may copy into a command line: letters, digits, dots and
 * dashes, and neither an option nor, by its end, a recording.
 */
static bool
is_plain(const char *target)
{
	size_t len = strlen(target);
	if (len < 2 || !isalnum((unsigned char)target[0]) || !strchr(target, '.'))
		return false;
	for (const char *c = target; *c; c++)
		if ((unsigned char)*c >= 0x80 || (!isalnum((unsigned char)*c) && *c != '.' && *c != '-'))
			return false;
	return target[len - 1] != '.' && (len < 3 || strcmp(target + len - 3, ".rd") != 0);
}

const char *
rd_lan_dial(const struct rd_lan_host *h, char out[static RD_LAN_DIAL_TEXT])
{
	char address[RD_ADDR_TEXT];
	if (!is_plain(h->target))
		snprintf(out, RD_LAN_DIAL_TEXT, "%s", rd_addr_text(&h->addr, address));
	else if (h->addr.port == RD_PORT)
		snprintf(out, RD_LAN_DIAL_TEXT, "%s", h->target);
	else
		snprintf(out, RD_LAN_DIAL_TEXT, "%s:%u", h->target, (unsigned)h->addr.port);
	for (char *c = out; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return out;
}

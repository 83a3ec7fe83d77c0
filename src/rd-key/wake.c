#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "net/keyfile.h"
#include "net/wakefile.h"
#include "rd-key/json.h"
#include "rd-key/say.h"
#include "rd-key/verbs.h"

static void
put_host(void *ctx, const struct rd_wake_entry *e)
{
	const struct options *o = ctx;
	char mac[RD_MAC_TEXT];
	rd_mac_text(&e->mac, mac);
	if (!o->json) {
		put_padded(e->name, 24);
		printf("  %s\n", mac);
		return;
	}
	struct json j;
	json_begin(&j);
	json_text(&j, "host", e->name);
	json_text(&j, "mac", mac);
	json_end(&j);
}

static int
list(const struct options *o, const char *path)
{
	int err = rd_wakefile_each(path, put_host, (void *)o);
	return err ? cannot_read(path, err) : printed();
}

static int
mistake(const char *given, const char *what)
{
	char *shown = rd_log_escape(given, strlen(given), 64);
	rd_error("\"%s\" is %s", shown, what);
	free(shown);
	return RD_EXIT_USAGE;
}

static int
set(const struct options *o, const char *path)
{
	struct rd_mac mac;
	char *host = rd_known_host(o->argv[0]);
	int code = 0;
	if (!host)
		code = mistake(o->argv[0], "not a host; one is a name or an address, with :PORT behind it or not");
	else if (rd_mac_parse(&mac, o->argv[1]) != 0)
		code = mistake(o->argv[1], "no network card's address; one is 52:54:00:12:ab:cd, as ip link shows it");
	if (!code)
		code = make_folder(o);
	int err = code ? 0 : rd_wakefile_put(path, host, &mac);
	free(host);
	return err ? cannot_write(path, err) : code;
}

static int
remove_host(const struct options *o, const char *path)
{
	int err = rd_wakefile_remove(path, o->argv[0]);
	if (err != -ENOENT)
		return err ? cannot_write(path, err) : 0;
	char *shown = rd_log_escape(o->argv[0], strlen(o->argv[0]), 64);
	rd_error("there is no \"%s\"; rd-key wake names those there are", shown);
	free(shown);
	return RD_EXIT_INPUT;
}

void
wake_forget(const struct options *o, const char *host)
{
	char *path = path_of(o, "wake");
	rd_wakefile_remove(path, host);
	free(path);
}

int
wake(const struct options *o)
{
	char *path = path_of(o, "wake");
	int code = RD_EXIT_USAGE;
	if (o->remove && o->argc != 1)
		rd_error("--remove takes one host; it is: rd-key wake HOST --remove");
	else if (o->remove)
		code = remove_host(o, path);
	else if (o->argc == 1)
		rd_error("the address of its network card is missing; it is: rd-key wake HOST MAC");
	else
		code = o->argc ? set(o, path) : list(o, path);
	free(path);
	return code;
}

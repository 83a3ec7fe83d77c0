#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/exit.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/opt.h"
#include "config/config.h"
#include "rd-key/options.h"

/* What the table fills before it is judged as a whole. */
struct given {
	const char *config;
	struct rd_buf grant;	/* options with a value, each with a comma behind it */
	bool view_only, sound, clipboard, clipboard_in, clipboard_out, microphone, desktop;
	bool json, json_said, replace, remove;
	int64_t password_fd, passphrase_fd, join_fd;
	bool join, own;
	const char *forget, *via;
};

static void
put(struct rd_buf *b, const char *text, size_t len)
{
	rd_buf_bytes(b, text, len);
}

static void
put_option(struct rd_buf *b, const char *option)
{
	put(b, option, strlen(option));
	put(b, ",", 1);
}

/* "a,b" as "name=a,name=b,": a comma cannot begin another option. */
static int
put_each(struct rd_buf *b, const char *name, const char *text)
{
	for (;; text++) {
		size_t len = strcspn(text, ",");
		put(b, name, strlen(name));
		put(b, text, len);
		put(b, ",", 1);
		text += len;
		if (!*text)
			return 0;
	}
}

static int
set_from(void *target, const char *text, const char **error)
{
	(void)error;
	return put_each(target, "from=", text);
}

static int
set_service(void *target, const char *text, const char **error)
{
	(void)error;
	return put_each(target, "services=", text);
}

static int
set_expires(void *target, const char *text, const char **error)
{
	(void)error;
	return put_each(target, "expires=", text);
}

static int
set_options(void *target, const char *text, const char **error)
{
	if (!*text) {
		*error = "as in authorized_keys, such as view-only,expires=2027-01-31";
		return -EINVAL;
	}
	put_option(target, text);
	return 0;
}

/* All that was said of what a key may, as authorized_keys has it. */
static char *
join_grant(struct given *g)
{
	const struct { bool said; const char *option; } flags[] = {
		{g->view_only, "view-only"}, {!g->sound, "no-sound"}, {!g->clipboard, "no-clipboard"},
		{!g->clipboard_in, "no-clipboard-in"}, {!g->clipboard_out, "no-clipboard-out"},
		{g->microphone, "microphone"}, {!g->desktop, "no-desktop"},
	};
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].said)
			put_option(&g->grant, flags[i].option);
	if (g->grant.len > 0)
		g->grant.len--;
	rd_buf_u8(&g->grant, 0);
	return (char *)g->grant.data;
}

static const struct verb *
find_verb(const struct verb *verbs, const char *name)
{
	for (const struct verb *v = verbs; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static int
mistake_no_verb(const struct verb *verbs, const char *given)
{
	struct rd_buf b = {0};
	char *word = rd_log_escape(given, strlen(given), 64);
	for (const struct verb *v = verbs; v->name; v++) {
		if (!*v->name)
			continue;
		if (b.len > 0)
			put(&b, ", ", 2);
		put(&b, v->name, strlen(v->name));
	}
	rd_buf_u8(&b, 0);
	rd_error("there is no \"%s\" to do; there is %s", word, (const char *)b.data);
	rd_buf_finish(&b);
	free(word);
	return RD_EXIT_USAGE;
}

static int
judge_operands(const struct options *o)
{
	const struct verb *v = o->verb;
	if (o->argc >= v->min && o->argc <= v->max)
		return 0;
	rd_error("too %s after \"%s\"; it is: rd-key %s%s%s", o->argc < v->min ? "little" : "much", v->name,
		v->name, *v->operands ? " " : "", v->operands);
	return RD_EXIT_USAGE;
}

/* Each option belongs to the verbs that take it. */
static int
judge_taken(const struct options *o)
{
	const struct { bool said; unsigned bit; const char *name; } all[] = {
		{o->json, TAKES_JSON, "--json"},
		{o->replace, TAKES_REPLACE, "--replace"},
		{o->remove, TAKES_REMOVE, "--remove"},
		{o->grant[0], TAKES_GRANT, "what a key may"},
		{o->password_fd >= 0, TAKES_PASSWORD_FD, "--password-fd"},
		{o->passphrase_fd >= 0, TAKES_PASSPHRASE_FD, "--passphrase-fd"},
		{o->join_fd >= 0, TAKES_RELAY, "--join-fd"},
		{!o->join, TAKES_RELAY, "--no-join"},
		{!o->own, TAKES_RELAY, "--no-own"},
		{o->forget, TAKES_RELAY, "--forget"},
		{o->via, TAKES_VIA, "--via"},
	};
	const char *verb = *o->verb->name ? o->verb->name : "rd-key alone";
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (!all[i].said || (o->verb->takes & all[i].bit))
			continue;
		rd_error("%s does not go with %s", all[i].name, verb);
		return RD_EXIT_USAGE;
	}
	if (o->remove && (o->replace || o->password_fd >= 0)) {
		rd_error("--remove goes with neither --replace nor --password-fd");
		return RD_EXIT_USAGE;
	}
	return 0;
}

static int
judge(struct options *o, const struct verb *verbs, struct given *g, const struct rd_opt_rest *rest)
{
	o->grant = join_grant(g);
	o->replace = g->replace;
	o->remove = g->remove;
	o->password_fd = (int)g->password_fd;
	o->passphrase_fd = (int)g->passphrase_fd;
	o->join_fd = (int)g->join_fd;
	o->join = g->join;
	o->own = g->own;
	o->forget = g->forget;
	o->via = g->via;
	if (rest->command) {
		rd_error("rd-key runs no command: nothing may stand after --");
		return RD_EXIT_USAGE;
	}
	o->verb = find_verb(verbs, rest->argc > 0 ? rest->argv[0] : "");
	if (!o->verb || (rest->argc > 0 && !rest->argv[0][0]))
		return mistake_no_verb(verbs, rest->argv[0]);
	/* What is configured counts where it fits. */
	o->json = g->json && (g->json_said || (o->verb->takes & TAKES_JSON));
	o->argc = rest->argc > 0 ? rest->argc - 1 : 0;
	o->argv = rest->argv + (rest->argc > 0);
	int code = judge_operands(o);
	if (!code)
		code = judge_taken(o);
	if (code)
		return code;
	o->dir = g->config ? xstrdup(g->config) : rd_folder_own(false);
	if (o->dir && *o->dir)
		return 0;
	rd_error("no home directory, so no place for keys; name one: --config DIR");
	return RD_EXIT_USAGE;
}

bool
options_read(struct options *o, const struct verb *verbs, int argc, char **argv, int *code)
{
	struct given g = {.sound = true, .clipboard = true, .clipboard_in = true, .clipboard_out = true,
		.desktop = true, .join = true, .own = true,
		.password_fd = -1, .passphrase_fd = -1, .join_fd = -1};
	*o = (struct options){.password_fd = -1, .passphrase_fd = -1, .join_fd = -1};
	const struct rd_opt opts[] = {
		{"config", 'c', RD_OPT_STRING, &g.config, .metavar = "DIR",
			.help = "where the keys and config.yaml are; otherwise $XDG_CONFIG_HOME/rd or ~/.config/rd"},
		{"json", 'j', RD_OPT_FLAG, &g.json,
			.help = "an object of JSON a line", .said = &g.json_said},
		{"replace", 'r', RD_OPT_FLAG, &g.replace,
			.help = "allow, trust, relay, new, totp: in place of what is there",
			.command_only = true},
		{"remove", 0, RD_OPT_FLAG, &g.remove,
			.help = "password, totp, wake: take it away", .command_only = true},
		{"view-only", 'v', RD_OPT_FLAG, &g.view_only,
			.help = "allow: may watch, and do nothing", .command_only = true},
		{"sound", 0, RD_OPT_FLAG, &g.sound,
			.help = "allow: hears what sounds here", .command_only = true},
		{"clipboard", 0, RD_OPT_FLAG, &g.clipboard,
			.help = "allow: shares the clipboard, both ways", .command_only = true},
		{"clipboard-in", 0, RD_OPT_FLAG, &g.clipboard_in,
			.help = "allow: what is copied there can be pasted here", .command_only = true},
		{"clipboard-out", 0, RD_OPT_FLAG, &g.clipboard_out,
			.help = "allow: what is copied here can be pasted there", .command_only = true},
		{"microphone", 0, RD_OPT_FLAG, &g.microphone,
			.help = "allow: may speak here", .command_only = true},
		{"desktop", 0, RD_OPT_FLAG, &g.desktop,
			.help = "allow: sees the desktop at all; without, only services",
			.command_only = true},
		{"service", 's', RD_OPT_CALL, &g.grant, .metavar = "NAME", .set = set_service,
			.help = "allow: may use this service, too; may be given again", .command_only = true},
		{"expires", 'e', RD_OPT_CALL, &g.grant, .metavar = "DATE", .set = set_expires,
			.help = "allow: until then, such as 2027-01-31 or 2027-01-31T18:30, in UTC",
			.command_only = true},
		{"from", 'f', RD_OPT_CALL, &g.grant, .metavar = "CIDR", .set = set_from,
			.help = "allow: only from there, such as 192.0.2.0/24; may be given again",
			.command_only = true},
		{"options", 'o', RD_OPT_CALL, &g.grant, .metavar = "TEXT", .set = set_options,
			.help = "allow: all that as a line of authorized_keys has it", .command_only = true},
		{"join", 0, RD_OPT_FLAG, &g.join,
			.help = "relay: it takes hosts by a join key, which is asked for",
			.command_only = true},
		{"join-fd", 0, RD_OPT_INT, &g.join_fd, .metavar = "N", .min = 0, .max = 65535,
			.help = "relay: read the join key from that descriptor, a line, instead of asking",
			.command_only = true},
		{"own", 0, RD_OPT_FLAG, &g.own,
			.help = "relay: it is the one used where none is named; --no-own: only know its key",
			.command_only = true},
		{"via", 0, RD_OPT_STRING, &g.via, .metavar = "RELAY",
			.help = "trust: the host is met through that relay", .command_only = true},
		{"forget", 0, RD_OPT_STRING, &g.forget, .metavar = "NAME",
			.help = "relay: know it no longer", .command_only = true},
		{"password-fd", 0, RD_OPT_INT, &g.password_fd, .metavar = "N", .min = 0, .max = 65535,
			.help = "password: read it from that descriptor, a line, instead of asking",
			.command_only = true},
		{"passphrase-fd", 0, RD_OPT_INT, &g.passphrase_fd, .metavar = "N", .min = 0, .max = 65535,
			.help = "passphrase, new: read it from that descriptor; the old one, if any, a line before",
			.command_only = true},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-key",
		.usage = "rd-key [--json]\n"
			"rd-key fingerprint [KEY|NAME|FILE]\n"
			"rd-key allow KEY [NAME] [--view-only] [--expires DATE] [--from CIDR] …\n"
			"rd-key list | remove WHICH\n"
			"rd-key hosts | trust HOST KEY | forget HOST\n"
			"rd-key wake [HOST MAC | HOST --remove]\n"
			"rd-key relay [NAME KEY [--join-fd N | --no-join] | --forget NAME]\n"
			"rd-key password | totp | passphrase | new",
		.summary = "shows your key, and keeps those of others",
		.examples =
			"  rd-key\n"
			"  rd-key allow rd:KEY 'Ann, laptop' --view-only --expires 2027-01-31\n"
			"  ssh ann rd-key | rd-key allow - Ann\n"
			"  rd-key trust build1 \"$(ssh build1 rd-key)\"\n"
			"  rd-key list --json\n",
		.opts = opts,
		.operand = "file",
	};
	struct rd_opt_rest rest;
	bool go_on = rd_config_parse(&tool, argc, argv, &rest, code);
	if (!go_on) {
		rd_buf_finish(&g.grant);
		return false;
	}
	*code = judge(o, verbs, &g, &rest);
	return *code == 0;
}

void
options_finish(struct options *o)
{
	free(o->dir);
	free(o->grant);
	*o = (struct options){0};
}

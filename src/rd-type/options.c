#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "rd-type/options.h"
#include "wire/msg_input.h"

size_t
text_piece(const char *text, size_t len, size_t max)
{
	struct rd_input in;
	size_t n = len < max ? len : max;
	/* Not within a character. */
	while (n > 0 && n < len && ((uint8_t)text[n] & 0xc0) == 0x80)
		n--;
	return n && rd_input_parse(&in, RD_MSG_TEXT, (const uint8_t *)text, n) == 0 ? n : 0;
}

static struct piece *
add(struct options *o)
{
	o->piece = xreallocarray(o->piece, (size_t)o->pieces + 1, sizeof(*o->piece));
	o->piece[o->pieces] = (struct piece){0};
	return &o->piece[o->pieces++];
}

static bool
add_text(struct options *o, const char *text)
{
	size_t len = strlen(text);
	for (size_t at = 0, n; at < len; at += n) {
		n = text_piece(text + at, len - at, RD_INPUT_TEXT_MAX);
		if (n == 0)
			return false;
	}
	if (len)
		*add(o) = (struct piece){.kind = PIECE_TEXT, .text = text};
	return true;
}

static int
set_text(void *target, const char *text, const char **error)
{
	*error = "a text is UTF-8";
	return add_text(target, text) ? 0 : -EINVAL;
}

static int
set_key(void *target, const char *text, const char **error)
{
	static char words[160];
	char *bad = NULL;
	const char *nearest = NULL;
	struct rd_chord chord;
	if (rd_chord_parse(&chord, text, &bad, &nearest) == 0) {
		*add(target) = (struct piece){.kind = PIECE_KEY, .chord = chord};
		return 0;
	}
	char *shown = rd_log_escape(bad, strlen(bad), 40);
	snprintf(words, sizeof(words), "there is no key \"%s\"%s%s%s", shown,
		nearest ? "; did you mean " : ", as in ctrl+shift+t, Return, F5", nearest ? nearest : "",
		nearest ? "?" : "");
	free(shown);
	free(bad);
	*error = words;
	return -EINVAL;
}

/* What no option names comes first. */
static bool
take_operands(struct options *o, const struct rd_opt_rest *rest)
{
	struct options first = {0};
	for (int i = 0; i < rest->argc; i++) {
		if ((i > 0 && !add_text(&first, " ")) || !add_text(&first, rest->argv[i])) {
			rd_error("that is no UTF-8: what is to be typed");
			free(first.piece);
			return false;
		}
	}
	for (int i = 0; i < o->pieces; i++)
		*add(&first) = o->piece[i];
	free(o->piece);
	o->piece = first.piece;
	o->pieces = first.pieces;
	return true;
}

static bool
judge(struct options *o, const char *on, bool from_stdin, const struct rd_opt_rest *rest)
{
	char *source[] = {(char *)on, NULL};
	if (!take_operands(o, rest))
		return false;
	if (from_stdin)
		*add(o) = (struct piece){.kind = PIECE_STDIN};
	if (from_stdin && isatty(STDIN_FILENO)) {
		rd_error("standard input is a terminal: --stdin types what comes from a file or pipe");
		return false;
	}
	if (from_stdin && on && strcmp(on, "-") == 0) {
		rd_error("standard input is either the text (--stdin) or the stream (--on -)");
		return false;
	}
	if (o->pieces == 0) {
		rd_error("what is to be typed? TEXT, --text, --key or --stdin (see --help)");
		return false;
	}
	o->ask.input_only = true;
	return rd_ask_judge(&o->ask, on != NULL, source, rest, true);
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	const char *on = NULL;
	bool from_stdin = false;
	*o = (struct options){.ask = RD_ASK_INIT, .confine = true, .timeout_ns = 30 * RD_NS_PER_S};
	const struct rd_opt opts[] = {
		{.name = "key", .letter = 'k', .kind = RD_OPT_CALL, .target = o, .set = set_key,
			.metavar = "KEY", .help = "press this: Return, F5, ctrl+shift+t; in its place among --text",
			.command_only = true},
		{.name = "text", .letter = 't', .kind = RD_OPT_CALL, .target = o, .set = set_text,
			.metavar = "TEXT", .help = "type this, in its place among --key",
			.command_only = true},
		{.name = "stdin", .kind = RD_OPT_FLAG, .target = &from_stdin,
			.help = "type what is on standard input, last", .command_only = true},
		{.name = "on", .letter = 'o', .kind = RD_OPT_STRING, .target = (void *)&on,
			.metavar = "HOST", .help = "where: ssh://HOST, a host or a code, as for rd-view; "
				"else this desktop", .command_only = true},
		{.name = "delay", .kind = RD_OPT_TIME, .target = &o->delay_ns, .metavar = "TIME",
			.help = "pause after each character"},
		{.name = "timeout", .kind = RD_OPT_TIME, .target = &o->timeout_ns, .metavar = "TIME",
			.help = "give up when nothing is taken for this long, with status 13"},
		RD_ASK_DISPLAY_OPT(&o->ask),
		RD_ASK_OPTS(&o->ask),
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "do it without network and files; --no-confine is for debugging"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-type",
		.usage = "rd-type [OPTIONS] [TEXT...]\n"
			"rd-type [OPTIONS] [TEXT...] -- COMMAND [ARGUMENT...]",
		.summary = "types text in any script, and keys by name, and waits until they are taken",
		.examples =
			"  rd-type 'Grüße, 漢字'                        at this desktop ($DISPLAY)\n"
			"  rd-type --key ctrl+shift+t\n"
			"  rd-type -t ann -k tab --on ssh://kiosk\n"
			"  rd-type --stdin <password\n",
		.opts = opts,
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	*code = RD_EXIT_USAGE;
	return judge(o, on, from_stdin, &rest);
}

void
options_finish(struct options *o)
{
	free(o->piece);
	rd_ask_finish(&o->ask);
}

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "config/config.h"
#include "rd-clip/options.h"
#include "wire/clip.h"
#include "wire/clip_options.h"

static const char *const type_names[] = {"text", "html", "png", "files", NULL};
static const char *const kinds[] = {RD_CLIP_TEXT, RD_CLIP_HTML, RD_CLIP_PNG, RD_CLIP_FILES};
static const char *const verbs[] = {
	[VERB_GET] = "get", [VERB_PUT] = "put", [VERB_TYPES] = "types",
};

/* "html", or the whole name of it; text has more than one. */
static int
set_type(void *target, const char *text, const char **error)
{
	const char **type = target;
	*type = strcmp(text, "text/plain") == 0 || strcmp(text, "UTF8_STRING") == 0 ? RD_CLIP_TEXT : NULL;
	for (int i = 0; type_names[i]; i++)
		if (strcmp(text, type_names[i]) == 0 || strcmp(text, kinds[i]) == 0)
			*type = kinds[i];
	*error = "a type is text, html, png or files; or text/plain, text/html, image/png, text/uri-list";
	return *type ? 0 : -EINVAL;
}

static bool
take_verb(struct options *o, const char *word)
{
	for (size_t i = 0; word && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(word, verbs[i]) == 0) {
			o->verb = (enum verb)i;
			return true;
		}
	char *shown = rd_log_escape(word ? word : "", word ? strlen(word) : 0, 40);
	if (word)
		rd_error("\"%s\"? there are rd-clip get, put and types", shown);
	else
		rd_error("what is to be done? rd-clip get, put or types (see --help)");
	free(shown);
	return false;
}

static bool
judge(struct options *o, const struct rd_opt_rest *rest, bool timeout_said)
{
	if (!take_verb(o, rest->argc ? rest->argv[0] : NULL))
		return false;
	if (o->verb != VERB_PUT && (o->wait || o->secret)) {
		rd_error("--wait and --secret belong to rd-clip put");
		return false;
	}
	if (o->verb == VERB_TYPES && o->type) {
		rd_error("rd-clip types names all types: --type belongs to get and put");
		return false;
	}
	if (o->wait && !timeout_said)
		o->timeout_ns = 0;
	if (!o->max)
		o->max = RD_CLIP_MAX_DEFAULT;
	snprintf(o->max_text, sizeof(o->max_text), "%" PRIu64, o->max);
	o->ask.input_only = true;
	o->ask.clipboard = rd_clip_way_names[o->verb == VERB_PUT ? RD_CLIP_TO_HOST : RD_CLIP_TO_VIEWER];
	o->ask.clipboard_max = o->max_text;
	o->ask.primary = o->primary;
	return rd_ask_judge(&o->ask, rest->argc - 1, rest->argv + 1, rest, true);
}

bool
options_parse(struct options *o, int argc, char **argv, int *code)
{
	bool timeout_said = false;
	struct rd_clip_options clip = {0};
	*o = (struct options){.ask = RD_ASK_INIT, .confine = true, .timeout_ns = 30 * RD_NS_PER_S};
	const struct rd_opt opts[] = {
		{.name = "type", .letter = 't', .kind = RD_OPT_CALL, .target = &o->type, .set = set_type,
			.metavar = "TYPE", .choices = type_names,
			.help = "text, html, png or files (a list of their names); text where nothing is said"},
		{.name = "wait", .letter = 'w', .kind = RD_OPT_FLAG, .target = &o->wait,
			.help = "put: give it only when it is pasted, and end when something else is copied there",
			.command_only = true},
		{.name = "secret", .kind = RD_OPT_FLAG, .target = &o->secret,
			.help = "put: a password, which managers of clipboards are not to remember",
			.command_only = true},
		{.name = "primary", .kind = RD_OPT_FLAG, .target = &o->primary,
			.help = "what is selected there, for the middle button, instead of what is copied"},
		{.name = "json", .letter = 'j', .kind = RD_OPT_FLAG, .target = &o->json,
			.help = "an object of JSON instead"},
		RD_CLIP_MAX_OPT(&clip),
		{.name = "timeout", .kind = RD_OPT_TIME, .target = &o->timeout_ns, .metavar = "TIME",
			.said = &timeout_said, .help = "give up after this time, with status 13"},
		RD_ASK_DISPLAY_OPT(&o->ask),
		RD_ASK_OPTS(&o->ask),
		{.name = "confine", .kind = RD_OPT_FLAG, .target = &o->confine,
			.help = "do it without network and files; --no-confine is for debugging"},
		{0},
	};
	const struct rd_opt_tool tool = {
		.name = "rd-clip",
		.usage = "rd-clip get [OPTIONS] [SOURCE]\n"
			"rd-clip put [OPTIONS] [SOURCE] < CONTENT\n"
			"rd-clip types [OPTIONS] [SOURCE]\n"
			"rd-clip get|put|types [OPTIONS] -- COMMAND [ARGUMENT...]",
		.summary = "prints and fills the clipboard of a desktop, here or elsewhere",
		.examples =
			"  rd-clip get                                 of this display\n"
			"  rd-clip get ssh://build1 >text\n"
			"  rd-clip put --type png office <shot.png\n"
			"  rd-clip get kiosk | rd-clip put             from there to here\n",
		.opts = opts,
		.operand = "source",
	};
	struct rd_opt_rest rest;
	if (!rd_config_parse(&tool, argc, argv, &rest, code))
		return false;
	o->max = clip.max;
	*code = RD_EXIT_USAGE;
	return judge(o, &rest, timeout_said);
}

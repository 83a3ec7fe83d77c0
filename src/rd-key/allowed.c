#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-key/json.h"
#include "rd-key/lines.h"
#include "rd-key/say.h"
#include "rd-key/verbs.h"

static int64_t
now_s(void)
{
	return (int64_t)(rd_clock_wall_ns() / RD_NS_PER_S);
}

/* The options of the line to be; warns of what is surely not meant. */
static int
take_options(struct rd_key_options *opt, const char *text)
{
	char *why;
	if (rd_key_options_parse(opt, text, &why) != 0) {
		rd_error("%s", why);
		free(why);
		return RD_EXIT_USAGE;
	}
	if (!opt->desktop && !opt->services) {
		rd_error("without the desktop and without a --service there is nothing to allow");
		rd_key_options_finish(opt);
		return RD_EXIT_USAGE;
	}
	if (rd_key_options_expired(opt, now_s()))
		rd_warn("that date has passed already");
	return 0;
}

/* The key is there already: nothing to do where the line would say the same. */
static int
told_already(const char *path, const struct rd_key_entry *e)
{
	struct rd_keyfile f;
	int code = load_keys(&f, RD_KEYFILE_AUTHORIZED, path);
	if (code)
		return code;
	const struct rd_key_entry *old = rd_keyfile_by_key(&f, &e->key);
	if (old) {
		char *was = rd_key_options_text(&old->opt), *is = rd_key_options_text(&e->opt);
		if (strcmp(was, is) != 0 || strcmp(old->name, e->name) != 0) {
			rd_error("that key is there already%s%s%s%s%s; --replace changes its line",
				*old->name ? ", as " : "", old->name, *was ? " (" : "", was, *was ? ")" : "");
			code = RD_EXIT_FAILURE;
		}
		free(was);
		free(is);
	}
	rd_keyfile_finish(&f);
	return code;
}

static int
add(const char *path, const struct rd_key_entry *e, bool replace)
{
	int err = rd_keyfile_add(path, RD_KEYFILE_AUTHORIZED, e, replace);
	if (err == -EEXIST)
		return told_already(path, e);
	return err ? cannot_write(path, err) : 0;
}

/* Names that the file could not give back the same. */
static int
judge_name(const char *name)
{
	char *shown = rd_log_escape(name, strlen(name), RD_KEY_NAME_MAX);
	bool good = strcmp(shown, name) == 0 && name[0] != ' ' && (!*name || name[strlen(name) - 1] != ' ')
		&& strncmp(name, "rd:", 3) != 0;
	if (!good)
		rd_error("a name is a line of at most %d bytes, not a key, no blanks around it: \"%s\"",
			RD_KEY_NAME_MAX, shown);
	free(shown);
	return good ? 0 : RD_EXIT_USAGE;
}

int
allowed_add(const struct options *o)
{
	struct rd_key_entry e = {.name = o->argc > 1 ? o->argv[1] : (char[]){""}};
	int code = take_key(&e.key, o->argv[0]);
	if (!code)
		code = judge_name(e.name);
	if (!code)
		code = take_options(&e.opt, o->grant);
	if (!code)
		code = make_folder(o);
	if (!code) {
		char *path = path_of(o, "authorized_keys");
		code = add(path, &e, o->replace);
		free(path);
	}
	rd_key_options_finish(&e.opt);
	return code;
}

static void
put_json_line(const struct rd_key_entry *e, const char *key, const char *print, const char *options)
{
	char date[RD_KEY_DATE_TEXT];
	struct json j;
	json_begin(&j);
	json_text(&j, "name", e->name);
	json_text(&j, "key", key);
	json_text(&j, "fingerprint", print);
	json_text(&j, "options", options);
	json_bool(&j, "desktop", e->opt.desktop);
	json_bool(&j, "input", e->opt.input);
	json_bool(&j, "sound", e->opt.sound);
	json_bool(&j, "clipboard_in", e->opt.clipboard_in);
	json_bool(&j, "clipboard_out", e->opt.clipboard_out);
	json_bool(&j, "microphone", e->opt.microphone);
	json_list(&j, "services", e->opt.services, ':');
	json_list(&j, "from", e->opt.from, ',');
	json_text(&j, "expires", e->opt.expires ? rd_key_date_text(e->opt.expires, date) : NULL);
	json_bool(&j, "expired", rd_key_options_expired(&e->opt, now_s()));
	json_number(&j, "line", e->line);
	json_end(&j);
}

static void
put_line(const struct rd_key_entry *e, bool as_json, size_t width)
{
	char key[RD_KEY_TEXT], print[RD_FINGERPRINT_TEXT];
	char *options = rd_key_options_text(&e->opt);
	rd_key_text(&e->key, key);
	rd_key_fingerprint(&e->key, print);
	if (as_json) {
		put_json_line(e, key, print, options);
	} else {
		put_padded(*e->name ? e->name : "-", width);
		printf("  %s%s%s%s\n", print, *options ? "  " : "", options,
			rd_key_options_expired(&e->opt, now_s()) ? "  (expired)" : "");
	}
	free(options);
}

int
allowed_list(const struct options *o)
{
	struct rd_keyfile f;
	char *path = path_of(o, "authorized_keys");
	int code = load_keys(&f, RD_KEYFILE_AUTHORIZED, path);
	free(path);
	if (code)
		return code;
	size_t width = name_width(&f);
	for (size_t i = 0; i < f.count; i++)
		put_line(&f.entries[i], o->json, width);
	rd_keyfile_finish(&f);
	return printed();
}

int
allowed_remove(const struct options *o)
{
	char *path = path_of(o, "authorized_keys");
	int code = remove_key(o, path, RD_KEYFILE_AUTHORIZED, "rd-key list names those there are");
	free(path);
	return code;
}

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "net/prompt.h"
#include "rd-key/lines.h"
#include "rd-key/say.h"

int
load_keys(struct rd_keyfile *f, enum rd_keyfile_kind kind, const char *path)
{
	int err = rd_keyfile_load(f, kind, path);
	if (err)
		return cannot_read(path, err);
	char *shown = f->error_count > 0 ? rd_log_escape(path, strlen(path), 512) : NULL;
	for (size_t i = 0; i < f->error_count; i++)
		rd_warn("%s:%u: %s; the line counts for nothing", shown, f->errors[i].line, f->errors[i].why);
	free(shown);
	return 0;
}

size_t
name_width(const struct rd_keyfile *f)
{
	size_t width = 1;
	for (size_t i = 0; i < f->count; i++)
		if (characters(f->entries[i].name) > width)
			width = characters(f->entries[i].name);
	return width;
}

int
take_key(struct rd_key *k, const char *text)
{
	char line[256];
	if (strcmp(text, "-") == 0) {
		int err = rd_prompt_fd(STDIN_FILENO, line, sizeof(line));
		if (err && err != -EMSGSIZE && err != -EINVAL) {
			rd_error("no key on stdin: %s", err == -ENODATA ? "it is empty" : strerror(-err));
			return RD_EXIT_INPUT;
		}
		if (err)
			line[0] = '\0';
		text = line;
	}
	if (rd_key_parse(k, text) == 0)
		return 0;
	char *shown = rd_log_escape(text, strlen(text), 64);
	rd_error("\"%s\" is not a key; one is rd: and 43 letters, digits, - or _", shown);
	free(shown);
	return text == line ? RD_EXIT_INPUT : RD_EXIT_USAGE;
}

int
remove_key(const struct options *o, const char *path, enum rd_keyfile_kind kind, const char *hint)
{
	const char *which = o->argv[0];
	/* Without the folder there is no file, and no place for its lock. */
	int err = access(o->dir, F_OK) < 0 ? -ENOENT : rd_keyfile_remove(path, kind, which);
	if (err != -ENOENT && err != -ENOTUNIQ)
		return err ? cannot_write(path, err) : 0;
	char *shown = rd_log_escape(which, strlen(which), 64);
	if (err == -ENOENT)
		rd_error("there is no \"%s\"; %s", shown, hint);
	else
		rd_error("\"%s\" could be several; name one by its key or fingerprint: %s", shown, hint);
	free(shown);
	return err == -ENOENT ? RD_EXIT_INPUT : RD_EXIT_CHOOSE;
}

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "look/ask.h"

#define CODE_WORDS 4

const char *const rd_ask_paths[] = {"auto", "direct", "relay", NULL};
const char *const rd_ask_ways[] = {"auto", "udp", "tls", NULL};

/*
 * [relay/]digits-word-word-word-word, blanks and capitals included: what
 * net/code.h takes for a code, which we do not link. Or relay/, to be asked.
 */
static bool
is_code(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *slash = strchr(text, '/'), *at = slash ? slash + 1 : text;
	/* A file is "./…", "/…", or has a second slash. */
	if (slash && (slash == text || strchr(".~", text[0]) || strchr(at, '/')))
		return false;
	if (slash && !*at)
		return true;
	size_t digits = strspn(at, "0123456789"), words = 0;
	for (at += digits; *at; words++) {
		size_t gap = strspn(at, " -."), word = strspn(at + gap, letters);
		if (gap == 0 || word == 0)
			return false;
		at += gap + word;
	}
	return digits > 0 && words == CODE_WORDS;
}

/* The one secret that may stand on the command line is gone from there at once. */
static void
take_code(struct rd_ask *a, char *text)
{
	a->code = xstrdup(text);
	explicit_bzero(text, strlen(text));
}

int
rd_ask_set_code(void *ask, const char *text, const char **error)
{
	struct rd_ask *a = ask;
	if (a->code) {
		*error = "one code at a time";
		return -EINVAL;
	}
	/* It is of argv. */
	take_code(a, (char *)text);
	return 0;
}

static bool
one_source(struct rd_ask *a, int argc, char **argv, bool local)
{
	int given = argc + (a->file != NULL) + (a->host != NULL) + (a->command != NULL) +
		(a->code != NULL) + (a->code_fd >= 0);
	if (argc == 5 && strspn(argv[0], "0123456789") == strlen(argv[0])) {
		rd_error("a code with blanks in it stands in quotes");
		return false;
	}
	if (a->code_fd >= 0 && fcntl((int)a->code_fd, F_GETFD) < 0) {
		rd_error("--code-fd %d: no such descriptor is open", (int)a->code_fd);
		return false;
	}
	a->local = given == 0 && local;
	if (given == 1 || a->local)
		return true;
	if (given == 0)
		rd_error("what is to be shown? a HOST, ssh://HOST, a file, '-' for standard input, "
			"or -- and a command (see --help)");
	else
		rd_error("one source at a time: a SOURCE, --file, --host, --code or a command after --");
	return false;
}

bool
rd_ask_judge(struct rd_ask *a, int argc, char **argv, const struct rd_opt_rest *rest, bool local)
{
	a->command = rest->command;
	a->configured = rest->host != NULL;
	if (!one_source(a, argc, argv, local))
		return false;
	if (argc && is_code(argv[0]))
		take_code(a, argv[0]);
	a->source = argc && !a->code ? argv[0] : NULL;
	if (!a->command || a->command[0])
		return true;
	rd_error("no command after --");
	return false;
}

void
rd_ask_finish(struct rd_ask *a)
{
	if (a->code)
		explicit_bzero(a->code, strlen(a->code));
	free(a->code);
	a->code = NULL;
}

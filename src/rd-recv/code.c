#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/code_edit.h"
#include "net/prompt.h"
#include "net/relayfile.h"
#include "rd-recv/code.h"

#define TRIES 3		/* at the terminal, of what is no code at all */

/* "[relay/]code" into its parts. 0, or -EINVAL with a sentence. */
static int
split(struct rd_code *c, char **relay, const char *text, const char **why)
{
	const char *slash = strrchr(text, '/');
	*relay = NULL;
	if (slash) {
		char *name = xasprintf("%.*s", (int)(slash - text), text);
		*relay = rd_relay_name(name);
		free(name);
		*why = "what stands before the '/' is no relay's name";
		if (!*relay)
			return -EINVAL;
	}
	int err = rd_code_parse(c, slash ? slash + 1 : text, why);
	if (err) {
		free(*relay);
		*relay = NULL;
	}
	return err;
}

static int
cannot_ask(int err, char *why, size_t cap)
{
	if (err == -ECANCELED) {
		snprintf(why, cap, "no code given");
		return RD_EXIT_CODE;
	}
	snprintf(why, cap, "there is no terminal to ask for the code at; give it as RELAY/CODE "
		"or with --code-fd");
	return RD_EXIT_USAGE;
}

/* Asks until it is one; `given` is the relay, with its '/', or "". */
static int
ask(struct rd_code *c, char **relay, const char *given, char *why, size_t cap)
{
	char line[RD_CODE_LINE], text[2 * RD_CODE_LINE];
	const char *wrong = NULL;
	int err = -EINVAL, no = 0;
	for (int i = 0; i < TRIES && err == -EINVAL; i++) {
		char *prompt = xasprintf("%s%sCode: ", wrong ? wrong : "", wrong ? "\n" : "");
		no = rd_prompt_code(prompt, line, sizeof(line));
		free(prompt);
		if (no)
			break;
		/* One may type or paste the relay, too. */
		snprintf(text, sizeof(text), "%s%s", strchr(line, '/') ? "" : given, line);
		err = split(c, relay, text, &wrong);
	}
	sodium_memzero(line, sizeof(line));
	sodium_memzero(text, sizeof(text));
	if (no)
		return cannot_ask(no, why, cap);
	snprintf(why, cap, "%s", wrong ? wrong : "");
	return err ? RD_EXIT_CODE : 0;
}

static int
from_fd(struct rd_code *c, char **relay, int fd, char *why, size_t cap)
{
	char line[RD_CODE_LINE];
	const char *wrong = "it cannot be read";
	int err = rd_prompt_fd(fd, line, sizeof(line));
	if (err)
		snprintf(why, cap, "--code-fd %d: %s", fd, err == -ENODATA ? "it is empty" : wrong);
	else if ((err = split(c, relay, line, &wrong)))
		snprintf(why, cap, "that is no code: %s", wrong);
	sodium_memzero(line, sizeof(line));
	return err ? RD_EXIT_CODE : 0;
}

int
code_take(struct rd_code *c, char **relay, const struct options *o, char *why, size_t cap)
{
	const char *wrong;
	size_t len = strlen(o->code);
	*relay = NULL;
	if (o->code_fd >= 0)
		return from_fd(c, relay, (int)o->code_fd, why, cap);
	if (len == 0 || o->code[len - 1] == '/')
		return ask(c, relay, o->code, why, cap);
	if (split(c, relay, o->code, &wrong) == 0)
		return 0;
	snprintf(why, cap, "that is no code: %s", wrong);
	return RD_EXIT_CODE;
}

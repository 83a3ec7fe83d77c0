#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/spawn.h"
#include "rd-run/desktop.h"
#include "rd-run/words.h"

static char *
own_session(void)
{
	const char *home = getenv("HOME");
	char *path = home && home[0] == '/' ? xasprintf("%s/.xsession", home) : NULL;
	char *command = path && access(path, X_OK) == 0 ? xstrdup("exec \"$HOME/.xsession\"") : NULL;
	free(path);
	return command;
}

static char *
first_of(const char *const *names)
{
	for (; *names; names++)
		if (rd_command_exists(*names))
			return xasprintf("exec %s", *names);
	return NULL;
}

char *
desktop_command(const char *wanted, bool *manager)
{
	static const char *const sessions[] = {"x-session-manager", NULL};
	static const char *const terminals[] = {"x-terminal-emulator", "xterm", NULL};
	*manager = true;
	if (strcmp(wanted, "auto") != 0)
		return xstrdup(wanted);
	*manager = false;
	char *command = own_session();
	if (!command)
		command = first_of(sessions);
	if (command)
		return command;
	*manager = true;
	return first_of(terminals);
}

int
desktop_start(struct desktop *d, const char *command, char *const *env,
	const struct start_before *before)
{
	struct words w = {0};
	words_add(&w, "sh", "-c", command, NULL);
	struct start s = {
		.argv = w.word, .env = env, .before = before, .death = SIGKILL, .session = true,
		.bare = true, .fd = {-1, STDERR_FILENO, STDERR_FILENO, -1},
	};
	int err = start(&d->pid, &s);
	words_finish(&w);
	return err;
}

void
desktop_ended(struct desktop *d, int status)
{
	d->pid = 0;
	d->over = true;
	d->status = status;
}

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "rd-capture/lock.h"

/* Within that a locker has locked; the heir has ten seconds for all it does. */
#define PATIENCE_NS (5 * RD_NS_PER_S)
#define WORDS_MAX 64

/*
 * Of the session that logind has for this user's screen, not of the shell that came by
 * ssh; who listens there says when it is locked. Then what desktops bring along.
 */
static const char automatic[] =
	"s=$(loginctl show-user \"$(id -u)\" -p Display --value 2>/dev/null)\n"
	"if [ -n \"$s\" ] && loginctl lock-session \"$s\" 2>/dev/null; then\n"
	"	for n in 1 2 3 4 5 6; do\n"
	"		[ \"$(loginctl show-session \"$s\" -p LockedHint --value 2>/dev/null)\" != yes ] || exit 0\n"
	"		sleep 0.3\n"
	"	done\n"
	"fi\n"
	"xscreensaver-command -lock >/dev/null 2>&1 && exit 0\n"
	"light-locker-command -l >/dev/null 2>&1 && exit 0\n"
	"xdg-screensaver lock >/dev/null 2>&1 && exit 0\n"
	"echo 'rd-capture: nothing here is known to lock this desktop; name a command' >&2\n"
	"exit 1\n";

/* The words of it, in a copy to free with the list; NULL-ended. */
static char **
split(const char *command, char **copy)
{
	char **words = xcalloc(WORDS_MAX + 1, sizeof(*words)), *rest, *word;
	int n = 0;
	*copy = xstrdup(command);
	for (rest = *copy; n < WORDS_MAX && (word = strsep(&rest, " \t"));)
		if (*word)
			words[n++] = word;
	return words;
}

bool
lock_exists(const char *command)
{
	char *copy, **words = split(command, &copy);
	bool is = words[0] && rd_command_exists(words[0]);
	free(words);
	free(copy);
	return is;
}

/* In the child. Standard output is the stream's; this has nothing to say there. */
static _Noreturn void
become(char *const words[], const char *display)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		signal(numbers[i], SIG_DFL);
	setsid();
	dup2(null, STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	if (display)
		setenv("DISPLAY", display, 1);
	unsetenv("RD_LINK");
	execvp(words[0], words);
	rd_error("--lock-on-end: cannot run %s: %s", words[0], strerror(errno));
	_exit(127);
}

/* Its wait status, or -1: it still runs. */
static int
await(pid_t pid)
{
	const struct timespec nap = {.tv_nsec = 20 * RD_NS_PER_MS};
	uint64_t end = rd_clock_ns() + PATIENCE_NS;
	int status = -1;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (rd_clock_ns() >= end)
			return -1;
		nanosleep(&nap, NULL);
	}
	return status;
}

bool
lock_run(const char *command, const char *display)
{
	static const char *const shell[] = {"sh", "-c", automatic, NULL};
	bool is_auto = strcmp(command, LOCK_AUTO) == 0;
	char *copy = NULL, **words = is_auto ? NULL : split(command, &copy);
	pid_t pid = fork();
	if (pid == 0)
		become(is_auto ? (char *const *)shell : words, display);
	int status = pid < 0 ? 0 : await(pid);
	bool ended_badly = pid < 0 || (status >= 0 && (!WIFEXITED(status) || WEXITSTATUS(status)));
	if (ended_badly)
		rd_error("the desktop is not locked: %s", pid < 0 ? strerror(errno) : is_auto ?
			"no way to lock it has worked" : "the command of --lock-on-end has failed");
	free(words);
	free(copy);
	return !ended_badly;
}

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <xcb/xcb.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "desktop/sessions.h"
#include "rd-capture/lock.h"

/* Within that a locker has locked; the heir has ten seconds for all it does. */
#define PATIENCE_NS (5 * RD_NS_PER_S)
#define WORDS_MAX 64

/*
 * The session that logind has for this very display: by its name or, where a display
 * manager has not told it, by the terminal that the X server is on. Who listens there
 * says when it is locked. Then what desktops bring along; what is reached by a bus only
 * where no other desktop of ours could hear it in place of this one.
 */
static const char automatic[] =
	"of() { loginctl show-session \"$1\" -p \"$2\" --value 2>/dev/null; }\n"
	"name() { d=${1#unix}; echo \"${d%.[0-9]*}\"; }\n"
	"here=$(name \"$DISPLAY\") others=\n"
	"server=$(tr -d ' ' <\"/tmp/.X${here#:}-lock\" 2>/dev/null)\n"
	"on_vt() {\n"
	"	[ \"${1:-0}\" != 0 ] && tr '\\0' '\\n' <\"/proc/$server/cmdline\" 2>/dev/null | grep -qx \"vt$1\"\n"
	"}\n"
	"for s in $(loginctl show-user \"$(id -u)\" -p Sessions --value 2>/dev/null); do\n"
	"	there=$(name \"$(of \"$s\" Display)\")\n"
	"	if [ \"$there\" != \"$here\" ] && { [ -n \"$there\" ] || ! on_vt \"$(of \"$s\" VTNr)\"; }; then\n"
	"		[ -z \"$there\" ] || others=yes\n"
	"		continue\n"
	"	fi\n"
	"	loginctl lock-session \"$s\" 2>/dev/null || continue\n"
	"	for n in 1 2 3 4 5 6; do\n"
	"		[ \"$(of \"$s\" LockedHint)\" != yes ] || exit 0\n"
	"		sleep 0.3\n"
	"	done\n"
	"done\n"
	"xscreensaver-command -lock >/dev/null 2>&1 && exit 0\n"
	"if [ -z \"$others\" ]; then\n"
	"	light-locker-command -l >/dev/null 2>&1 && exit 0\n"
	"	xdg-screensaver lock >/dev/null 2>&1 && exit 0\n"
	"fi\n"
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

/* A desktop that was found without them has them nowhere in our environment. */
static void
tell_way(const char *display)
{
	struct rd_session_places places;
	struct rd_session s;
	char *host = NULL;
	int number, screen;
	setenv("DISPLAY", display, 1);
	if (!xcb_parse_display(display, &host, &number, &screen))
		return;
	rd_session_places_init(&places);
	bool local = !host[0] || strcmp(host, "unix") == 0;
	if (local && rd_session_open(&s, &places, number) == 0 && s.file[0])
		setenv("XAUTHORITY", s.file, 1);
	free(host);
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
		tell_way(display);
	unsetenv("RD_LINK");
	execvp(words[0], words);
	rd_error("--lock-on-end: cannot run %s: %s", words[0], strerror(errno));
	_exit(127);
}

/* 0: it has ended, with that wait status; 1: it still runs; or a negative errno. */
static int
await(pid_t pid, int *status)
{
	const struct timespec nap = {.tv_nsec = 20 * RD_NS_PER_MS};
	uint64_t end = rd_clock_ns() + PATIENCE_NS;
	pid_t ended;
	while ((ended = waitpid(pid, status, WNOHANG)) == 0) {
		if (rd_clock_ns() >= end)
			return 1;
		nanosleep(&nap, NULL);
	}
	return ended < 0 ? -errno : 0;
}

/* NULL: it has locked. A locker may stay; who only asks others to lock has failed then. */
static const char *
judge(pid_t pid, bool is_auto)
{
	int status = 0, got = await(pid, &status);
	if (got < 0)
		return strerror(-got);
	if (got > 0 && !is_auto)
		return NULL;
	if (got > 0)
		kill(-pid, SIGKILL);
	if (got == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	return is_auto ? "no way to lock it has worked" : "the command of --lock-on-end has failed";
}

bool
lock_run(const char *command, const char *display)
{
	static const char *const shell[] = {"sh", "-c", automatic, NULL};
	bool is_auto = strcmp(command, LOCK_AUTO) == 0;
	char *copy = NULL, **words = is_auto ? NULL : split(command, &copy);
	/* Ignored, as it may be inherited, nobody's end could be asked for. */
	signal(SIGCHLD, SIG_DFL);
	pid_t pid = fork();
	if (pid == 0)
		become(is_auto ? (char *const *)shell : words, display);
	const char *why = pid < 0 ? strerror(errno) : judge(pid, is_auto);
	if (why)
		rd_error("the desktop is not locked: %s", why);
	free(words);
	free(copy);
	return !why;
}

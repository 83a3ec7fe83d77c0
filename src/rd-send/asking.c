#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/spawn.h"
#include "net/prompt.h"
#include "rd-send/asking.h"

/* What a program needs of its surroundings, to run and to reach the person who sits here. */
static const char *const kept[] = {
	"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR",
	"XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY",
	"DBUS_SESSION_BUS_ADDRESS",
};
#define KEPT (sizeof(kept) / sizeof(kept[0]))
#define OURS 5
/* A terminal that was stopped (^S) keeps whoever asks there from ending: not us. */
#define GRACE_MS 250

struct words {
	char *text;
	char **argv;
};

static void
split(struct words *w, const char *command)
{
	size_t n = 0;
	char *rest, *word;
	w->text = rest = xstrdup(command);
	w->argv = xcalloc(strlen(command) / 2 + 2, sizeof(*w->argv));
	while ((word = strsep(&rest, " \t")))
		if (*word)
			w->argv[n++] = word;
}

static char **
environment(const struct asked *who)
{
	char fingerprint[RD_FINGERPRINT_TEXT], address[RD_ADDR_TEXT];
	char **env = xcalloc(KEPT + OURS + 1, sizeof(*env));
	size_t n = 0;
	for (size_t i = 0; i < KEPT; i++)
		if (getenv(kept[i]))
			env[n++] = xasprintf("%s=%s", kept[i], getenv(kept[i]));
	env[n++] = xasprintf("RD_FINGERPRINT=%s", rd_key_fingerprint(who->key, fingerprint));
	env[n++] = xasprintf("RD_NAME=%s", who->name);
	env[n++] = xasprintf("RD_ADDRESS=%s", rd_addr_text(who->from, address));
	env[n++] = xasprintf("RD_SERVICE=%s", who->service);
	env[n++] = xasprintf("RD_BY=%s", who->by);
	return env;
}

static int
start(pid_t *pid, char *const argv[], char *const env[])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t all, none;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr,
		POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	int err = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	if (!err)
		err = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (!err)
		err = posix_spawnp(pid, argv[0], &actions, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

pid_t
asking_command(const char *command, const struct asked *who)
{
	struct words words;
	pid_t pid = 0;
	split(&words, command);
	char **env = environment(who);
	int err = start(&pid, words.argv, env);
	for (size_t i = 0; env[i]; i++)
		free(env[i]);
	free(env);
	free(words.argv);
	free(words.text);
	return err ? err : pid;
}

/* The person's process: nothing of ours but the terminal. */
static int
ask(const struct asked *who)
{
	char fingerprint[RD_FINGERPRINT_TEXT], address[RD_ADDR_TEXT], question[256];
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	/* Asking from the background stops the whole job: all of us, and every session. */
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	if (!rd_prompt_in_front())
		return 1;
	snprintf(question, sizeof(question),
		"%s wants to see%s this desktop.\nIts key: %s\nLet it in, this once? [yes/no] ",
		who->from->relayed ? "Somebody, through the relay," : rd_addr_text(who->from, address),
		who->control ? " and control" : "",
		rd_key_fingerprint(who->key, fingerprint));
	return rd_prompt_yes(question) == 1 ? 0 : 1;
}

pid_t
asking_person(const struct asked *who, int fd)
{
	pid_t parent = getpid(), pid = fork();
	if (pid < 0)
		return -errno;
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	close(fd);
	_exit(ask(who));
}

void
asking_end(pid_t pid, bool group)
{
	struct rd_child child = {.pid = pid, .fd = -1};
	/* One who was asked at the terminal puts it right before it ends. */
	kill(group ? -pid : pid, group ? SIGKILL : SIGTERM);
	rd_child_reap(&child, GRACE_MS);
}

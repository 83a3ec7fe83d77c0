#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "rd-run/command.h"

/*
 * What we set, and what would lead a program to another display than ours: many
 * prefer Wayland where that is named.
 */
static const char *const not_passed[] = {"DISPLAY", "XAUTHORITY", "RD_MARK", "RD_RECORDING",
	"RD_RUN_NAME", "RD_CONFIG", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XDG_SESSION_TYPE", "SESSION_MANAGER",
	NULL};
static const char bus_name[] = "DBUS_SESSION_BUS_ADDRESS";

static bool
is_of(const char *line, const char *name)
{
	size_t len = strlen(name);
	return strncmp(line, name, len) == 0 && line[len] == '=';
}

static bool
passed(const char *line, bool bus)
{
	for (size_t i = 0; not_passed[i]; i++)
		if (is_of(line, not_passed[i]))
			return false;
	return !bus || !is_of(line, bus_name);
}

char **
command_environment(int display, const struct place *p, const char *film,
	const struct door *door, const char *bus, bool sounds, const struct start_before *before)
{
	size_t n = 0, out = 0;
	while (environ && environ[n])
		n++;
	char **env = xcalloc(n + 10, sizeof(*env));
	env[out++] = xasprintf("DISPLAY=:%d", display);
	env[out++] = xasprintf("XAUTHORITY=%s", p->authority);
	env[out++] = xasprintf("RD_MARK=%s", p->mark);
	env[out++] = xstrdup("XDG_SESSION_TYPE=x11");
	if (before->config)
		env[out++] = xstrdup(before->config);
	if (film)
		env[out++] = xasprintf("RD_RECORDING=%s", film);
	if (bus)
		env[out++] = xasprintf("%s=%s", bus_name, bus);
	if (door->wanted)
		env[out++] = xasprintf("RD_RUN_NAME=%s", door->name);
	if (sounds)
		env[out++] = xasprintf("PULSE_SINK=%s", p->sink);
	for (size_t i = 0; i < n; i++)
		if (passed(environ[i], bus) && !(sounds && strncmp(environ[i], "PULSE_SINK=", 11) == 0))
			env[out++] = xstrdup(environ[i]);
	return env;
}

void
command_environment_free(char **env)
{
	for (size_t i = 0; env && env[i]; i++)
		free(env[i]);
	free(env);
}

int
command_start(struct command *c, char **argv, char **env, pid_t group,
	const struct start_before *before)
{
	size_t n = 0;
	while (env[n])
		n++;
	char **own = xcalloc(n + 2, sizeof(*own));
	memcpy(own, env, n * sizeof(*own));
	own[n] = before->notify;
	struct start s = {
		.argv = argv, .env = own, .before = before, .death = SIGKILL, .group = group,
	};
	*c = (struct command){.began_ns = rd_clock_ns(), .next_ns = UINT64_MAX};
	int err = start(&c->pid, &s);
	free(own);
	return err;
}

void
command_ended(struct command *c, int wait_status)
{
	c->pid = 0;
	c->over = true;
	c->next_ns = UINT64_MAX;
	c->killed = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
	c->status = c->killed ? 128 + c->killed : WEXITSTATUS(wait_status);
}

int
command_missing(int err)
{
	/* As env(1), nohup(1) and every shell have it. */
	return err == -ENOENT || err == -ENOTDIR ? 127 : 126;
}

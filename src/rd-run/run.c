#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "rd-run/left.h"
#include "rd-run/run.h"
#include "rd-run/stage.h"

/* Loaded machines take their time; what takes longer than this has gone wrong. */
#define FILM_NS (60 * RD_NS_PER_S)
#define FILM_END_NS (20 * RD_NS_PER_S)
#define DISPLAY_END_NS (5 * RD_NS_PER_S)

static uint64_t
in(uint64_t ns)
{
	return rd_clock_ns() + ns;
}

/* --- the film --- */

static bool
film_settled(struct keeper *k)
{
	return k->film.begun || (k->film.over && k->film.fd < 0) || keeper_stopped(k);
}

static int
make_film(struct keeper *k, char **env)
{
	if (!k->film.path)
		return 0;
	int err = film_start(&k->film, k->o, &k->place, k->door, env, k->before);
	if (err) {
		tell_error(&k->tell, "rd-record: %s", strerror(-err));
		return RD_EXIT_RECORDING;
	}
	keeper_tell_front(k);
	bool settled = keeper_wait(k, film_settled, in(FILM_NS));
	if (k->film.begun || keeper_stopped(k))
		return keeper_stopped_code(k);
	/* rd-record has said why, and its status is one of ours. */
	if (!settled)
		tell_error(&k->tell, "%s: no picture came", k->film.path);
	return settled && k->film.status > 0 && k->film.status < 128 ? k->film.status
								     : RD_EXIT_RECORDING;
}

static bool
film_over(struct keeper *k)
{
	return k->film.over && k->film.fd < 0;
}

/* Told to end, rd-record takes a last picture: what the command showed last is in it. */
static void
end_film(struct keeper *k)
{
	k->film_ending = true;
	if (k->film.pid)
		kill(k->film.pid, SIGTERM);
	if (k->film.path && k->film.begun && !keeper_wait(k, film_over, in(FILM_END_NS)) && k->film.pid)
		kill(k->film.pid, SIGKILL);
	if (k->film.pid && !k->film.begun)
		kill(k->film.pid, SIGKILL);
	k->film.broken = k->film.broken || (k->film.begun && k->film.status != 0);
}

/* --- the command --- */

static bool
command_over(struct keeper *k)
{
	return k->command.over;
}

static double
seconds(uint64_t ns)
{
	return (double)ns / (double)RD_NS_PER_S;
}

/* Whether it had to be ended because of --timeout. */
static bool
wait_command(struct keeper *k)
{
	struct command *c = &k->command;
	uint64_t limit = k->o->timeout_ns ? c->began_ns + k->o->timeout_ns : UINT64_MAX;
	bool late = !keeper_wait(k, command_over, limit);
	if (late) {
		tell_timeout(&k->tell, seconds(k->o->timeout_ns));
		keeper_end_command(k, SIGTERM);
		keeper_wait(k, command_over, UINT64_MAX);
	}
	tell_ended(&k->tell, c->status, c->killed, seconds(rd_clock_ns() - c->began_ns));
	return late;
}

/* Beside the command, which ends with it. */
static int
run_desktop(struct keeper *k, char **env)
{
	if (!k->desktop_command)
		return 0;
	int err = desktop_start(&k->desktop, k->desktop_command, env, k->before);
	if (!err)
		return 0;
	tell_error(&k->tell, "--desktop: sh: %s", strerror(-err));
	return RD_EXIT_DESKTOP;
}

/* Nothing went wrong: the desktop is over, and the command died of being told so. */
static bool
ended_with_desktop(const struct keeper *k)
{
	return k->desktop.told && k->desktop.status == 0 && k->command.killed == SIGTERM &&
		!keeper_stopped(k) && !k->display_gone;
}

static int
run_command(struct keeper *k, char **env, bool *ours)
{
	int err = command_start(&k->command, k->o->command, env, k->group, k->before);
	if (err) {
		tell_error(&k->tell, "%s: %s", k->o->command[0],
			err == -ENOENT ? "there is no such command" : strerror(-err));
		return command_missing(err);
	}
	tell_started(&k->tell, k->command.pid);
	bool late = wait_command(k);
	bool failed = k->desktop.over && k->desktop.status != 0;
	*ours = late || k->display_gone || failed || ended_with_desktop(k);
	return late ? RD_EXIT_TIMEOUT : k->display_gone ? RD_EXIT_DISPLAY :
		failed ? RD_EXIT_DESKTOP : ended_with_desktop(k) ? RD_EXIT_OK : k->command.status;
}

/* --- the end --- */

static bool
display_over(struct keeper *k)
{
	return !k->display.pid && !k->manager.pid && !k->film.pid && !k->bus.pid;
}

/* Who has been reaped has number 0, and is nobody's. */
static void
tell_each(const pid_t *pids, size_t n, int signal)
{
	for (size_t i = 0; i < n; i++)
		if (pids[i])
			kill(pids[i], signal);
}

static void
end_display(struct keeper *k)
{
	tell_each((pid_t[]){k->manager.pid, k->bus.pid, k->display.pid, k->film.pid}, 4, SIGTERM);
	if (!keeper_wait(k, display_over, in(DISPLAY_END_NS))) {
		/* A film is only ever asked. */
		tell_each((pid_t[]){k->manager.pid, k->bus.pid, k->display.pid}, 3, SIGKILL);
		keeper_wait(k, display_over, in(RD_NS_PER_S));
	}
	display_sweep(&k->display.trace);
}

/* Returns the exit status, which a recording that failed may change. */
static int
judge_film(struct keeper *k, int code, bool *ours)
{
	enum keep keep = k->o->keep;
	struct film *f = &k->film;
	bool unwanted = keep == KEEP_NEVER || (keep == KEEP_ON_FAILURE && code == 0);
	if (!f->path)
		return code;
	if (unwanted || !f->begun) {
		if (film_drop(f))
			tell_dropped(&k->tell, f->path);
		return code;
	}
	if (film_is_there(f)) {
		tell_kept(&k->tell, f->path, f->seconds, (double)f->bytes);
	} else {
		f->broken = true;
		tell_error(&k->tell, "%s: somebody has removed the recording", f->path);
	}
	*ours = *ours || (code == 0 && f->broken);
	return code == 0 && f->broken ? RD_EXIT_RECORDING : code;
}

int
run(struct keeper *k)
{
	char **env = NULL;
	bool ours = true;
	int code = stage_make(k, &env);
	if (!code)
		code = make_film(k, env);
	if (!code)
		code = run_desktop(k, env);
	if (!code)
		code = run_command(k, env, &ours);
	end_film(k);
	left_end(k);
	end_display(k);
	code = judge_film(k, code, &ours);
	tell_end(&k->tell, code, ours);
	command_environment_free(env);
	return code;
}

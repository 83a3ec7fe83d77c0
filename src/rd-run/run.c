#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "rd-run/left.h"
#include "rd-run/run.h"

/* Loaded machines take their time; what takes longer than this has gone wrong. */
#define DISPLAY_NS (60 * RD_NS_PER_S)
#define MANAGER_NS (30 * RD_NS_PER_S)
#define MANAGER_LOOK_NS (10 * RD_NS_PER_MS)
#define FILM_NS (60 * RD_NS_PER_S)
#define FILM_END_NS (20 * RD_NS_PER_S)
#define DISPLAY_END_NS (5 * RD_NS_PER_S)
/* Two servers that start at once may want one number: the one that lost tries again. */
#define DISPLAY_TRIES 30
/* With fewer descriptors a server that ends without a word may have lacked one. */
#define DESCRIPTORS_MIN 64

static uint64_t
in(uint64_t ns)
{
	return rd_clock_ns() + ns;
}

/* The status of a command that a signal has kept from being run, or 0. */
static int
stopped_code(const struct keeper *k)
{
	if (k->asked)
		return 128 + k->asked;
	return k->front_gone ? RD_EXIT_KEEPER : 0;
}

/* --- the display --- */

static bool
display_settled(struct keeper *k)
{
	return k->display.number >= 0 || !k->display.pid || keeper_stopped(k);
}

static bool
few_descriptors(unsigned *allowed)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= DESCRIPTORS_MIN)
		return false;
	*allowed = (unsigned)limit.rlim_cur;
	return true;
}

/* Returns the exit status. */
static int
say_no_display(struct keeper *k, int err)
{
	unsigned allowed;
	if (err == -ENOENT) {
		tell_error(&k->tell, "there is no Xvfb, which makes the display: install it "
			"(Debian, Ubuntu: apt install xvfb)");
		return RD_EXIT_DISPLAY;
	}
	char *said = display_words(&k->display);
	bool few = !err && !said && !k->display.pid && few_descriptors(&allowed);
	/* Of descriptors or processes. */
	bool none = err == -EMFILE || err == -ENFILE || err == -EAGAIN;
	if (few)
		tell_error(&k->tell, "no display: Xvfb ended at once; %u descriptors are too few "
			"(ulimit -n)", allowed);
	else
		tell_error(&k->tell, "no display: %s", err ? strerror(-err) : said ? said :
			k->display.pid ? "Xvfb takes too long" : "Xvfb ended at once");
	free(said);
	return few || none ? RD_EXIT_FAILURE : RD_EXIT_DISPLAY;
}

/* 0, an exit status, or -EAGAIN: this server lost a race. */
static int
try_display(struct keeper *k, bool last)
{
	int err = display_start(&k->display, k->o, &k->place, k->before);
	if (!err)
		keeper_wait(k, display_settled, in(DISPLAY_NS));
	if (!err && k->display.number >= 0 && k->display.pid)
		err = display_admit(&k->display, &k->place);
	else if (!err && !last && !k->display.pid && !keeper_stopped(k))
		return -EAGAIN;
	else if (!err)
		err = 1;
	if (!err || keeper_stopped(k))
		return stopped_code(k);
	return say_no_display(k, err < 0 ? err : 0);
}

static int
make_display(struct keeper *k)
{
	int code = -EAGAIN;
	for (int i = 0; i < DISPLAY_TRIES && code == -EAGAIN; i++) {
		char *said = i ? display_words(&k->display) : NULL;
		/* What is no race does not get better. */
		bool raced = !said || strstr(said, "already") || strstr(said, "lock") ||
			strstr(said, "listen");
		free(said);
		display_close(&k->display);
		code = try_display(k, !raced || i == DISPLAY_TRIES - 1);
	}
	if (code)
		return code;
	struct keeper_word w = {k->display.number, k->display.pid};
	send(k->front, &w, sizeof(w), MSG_NOSIGNAL);
	tell_display(&k->tell, k->display.number, k->o->size.width, k->o->size.height);
	return 0;
}

/* --- the window manager --- */

static bool
manager_gone(struct keeper *k)
{
	return !k->manager.pid || keeper_stopped(k);
}

static int
make_manager(struct keeper *k, char **env)
{
	const char *wanted = k->o->manager;
	if (!wanted)
		return 0;
	int err = manager_start(&k->manager, wanted, &k->place, env, k->before);
	if (err) {
		if (strcmp(wanted, "auto") == 0 && err == -ENOENT)
			tell_error(&k->tell, "--wm: no window manager is installed that is known here "
				"(openbox, icewm, twm, …): install one, or name one: --wm=COMMAND");
		else
			tell_error(&k->tell, "--wm=%s: %s", wanted, strerror(-err));
		return RD_EXIT_MANAGER;
	}
	uint64_t until = in(MANAGER_NS);
	bool up = false;
	while (!up && rd_clock_ns() < until && !keeper_wait(k, manager_gone, in(MANAGER_LOOK_NS)))
		up = manager_manages(&k->manager, k->display.number, &k->display.cookie);
	if (up || keeper_stopped(k))
		return stopped_code(k);
	tell_error(&k->tell, "--wm: %s %s", k->manager.name, k->manager.pid
		? "does not manage windows: is it a window manager?" : "ended at once");
	return RD_EXIT_MANAGER;
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
	int err = film_start(&k->film, k->o, &k->place, env, k->before);
	if (err) {
		tell_error(&k->tell, "rd-record: %s", strerror(-err));
		return RD_EXIT_RECORDING;
	}
	bool settled = keeper_wait(k, film_settled, in(FILM_NS));
	if (k->film.begun || keeper_stopped(k))
		return stopped_code(k);
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
	bool early = k->film.over;
	k->film_ending = true;
	if (k->film.pid)
		kill(k->film.pid, SIGTERM);
	if (k->film.path && k->film.begun && !keeper_wait(k, film_over, in(FILM_END_NS)) && k->film.pid)
		kill(k->film.pid, SIGKILL);
	if (k->film.pid && !k->film.begun)
		kill(k->film.pid, SIGKILL);
	k->film.broken = k->film.broken || (k->film.begun && (early || k->film.status != 0));
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
	*ours = late || k->display_gone;
	return late ? RD_EXIT_TIMEOUT : k->display_gone ? RD_EXIT_DISPLAY : k->command.status;
}

/* --- the end --- */

static bool
display_over(struct keeper *k)
{
	return !k->display.pid && !k->manager.pid && !k->film.pid;
}

static void
end_display(struct keeper *k)
{
	pid_t pids[] = {k->manager.pid, k->display.pid, k->film.pid};
	for (size_t i = 0; i < sizeof(pids) / sizeof(pids[0]); i++)
		if (pids[i])
			kill(pids[i], SIGTERM);
	if (!keeper_wait(k, display_over, in(DISPLAY_END_NS))) {
		if (k->manager.pid)
			kill(k->manager.pid, SIGKILL);
		if (k->display.pid)
			kill(k->display.pid, SIGKILL);
		keeper_wait(k, display_over, in(RD_NS_PER_S));
	}
	display_sweep(k->display.number, k->display.was);
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
	int code = make_display(k);
	if (!code) {
		env = command_environment(k->display.number, &k->place, k->film.path,
			k->o->sound);
		code = make_manager(k, env);
	}
	if (!code)
		code = make_film(k, env);
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

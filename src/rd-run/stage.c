#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/exit.h"
#include "rd-run/stage.h"

/* Loaded machines take their time; what takes longer than this has gone wrong. */
#define DISPLAY_NS (60 * RD_NS_PER_S)
#define BUS_NS (30 * RD_NS_PER_S)
#define MANAGER_NS (30 * RD_NS_PER_S)
#define MANAGER_LOOK_NS (10 * RD_NS_PER_MS)
/* Two servers that start at once may want one number: the one that lost tries again. */
#define DISPLAY_TRIES 30
/* With fewer descriptors a server that ends without a word may have lacked one. */
#define DESCRIPTORS_MIN 64

static uint64_t
in(uint64_t ns)
{
	return rd_clock_ns() + ns;
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
	const char *server = k->display.server;
	if (err == -ENOENT) {
		tell_error(&k->tell, "there is no %s, which makes the display: install it "
			"(Debian, Ubuntu: apt install %s)", server,
			strcmp(server, "Xvfb") == 0 ? "xvfb" : "tigervnc-standalone-server");
		return RD_EXIT_DISPLAY;
	}
	char *said = display_words(&k->display);
	bool few = !err && !said && !k->display.pid && few_descriptors(&allowed);
	/* Of descriptors or processes. */
	bool none = err == -EMFILE || err == -ENFILE || err == -EAGAIN;
	if (few)
		tell_error(&k->tell, "no display: %s ended at once; %u descriptors are too few "
			"(ulimit -n)", server, allowed);
	else if (err || said)
		tell_error(&k->tell, "no display: %s", err ? strerror(-err) : said);
	else
		tell_error(&k->tell, "no display: %s %s", server,
			k->display.pid ? "takes too long" : "ended at once");
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
		return keeper_stopped_code(k);
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
	keeper_tell_front(k);
	tell_display(&k->tell, k->display.number, k->o->size.width, k->o->size.height);
	return 0;
}

/* --- the session bus --- */

static bool
bus_settled(struct keeper *k)
{
	return k->bus.address || !k->bus.pid || keeper_stopped(k);
}

static int
make_bus(struct keeper *k, char **env)
{
	if (!k->o->bus && !k->desktop_command)
		return 0;
	int err = bus_start(&k->bus, &k->place, env, k->before);
	/* A desktop has one where it can. */
	if (err == -ENOENT && !k->o->bus)
		return 0;
	if (!err)
		keeper_wait(k, bus_settled, in(BUS_NS));
	if (k->bus.address || keeper_stopped(k))
		return keeper_stopped_code(k);
	if (err == -ENOENT)
		tell_error(&k->tell, "--bus: there is no dbus-daemon: install it "
			"(Debian, Ubuntu: apt install dbus-daemon)");
	else
		tell_error(&k->tell, "no session bus: dbus-daemon: %s", err ? strerror(-err) :
			k->bus.pid ? "it takes too long" : "it ended at once");
	return RD_EXIT_BUS;
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
	const char *wanted = k->o->manager ? k->o->manager : k->wants_manager ? "auto" : NULL;
	if (!wanted || strcmp(wanted, "none") == 0)
		return 0;
	int err = manager_start(&k->manager, wanted, &k->place, env, k->before);
	/* A program alone does without. */
	if (err == -ENOENT && !k->o->manager)
		return 0;
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
		return keeper_stopped_code(k);
	tell_error(&k->tell, "--wm: %s %s", k->manager.name, k->manager.pid
		? "does not manage windows: is it a window manager?" : "ended at once");
	return RD_EXIT_MANAGER;
}

/* What the desktop is; first, since it may be none. */
static int
choose_desktop(struct keeper *k)
{
	if (!k->o->desktop)
		return 0;
	k->desktop_command = desktop_command(k->o->desktop, &k->wants_manager);
	if (k->desktop_command)
		return 0;
	tell_error(&k->tell, "--desktop: there is neither a session (~/.xsession, x-session-manager) "
		"nor a terminal: name a command, --desktop=COMMAND");
	return RD_EXIT_DESKTOP;
}

int
stage_make(struct keeper *k, char ***env)
{
	int code = choose_desktop(k);
	if (!code)
		code = make_display(k);
	if (code)
		return code;
	/* What the bus starts is to find the display, too. */
	*env = command_environment(k->display.number, &k->place, k->film.path, k->door, NULL,
		k->o->sound, k->before);
	code = make_bus(k, *env);
	if (k->bus.address) {
		command_environment_free(*env);
		*env = command_environment(k->display.number, &k->place, k->film.path, k->door,
			k->bus.address, k->o->sound, k->before);
	}
	return code ? code : make_manager(k, *env);
}

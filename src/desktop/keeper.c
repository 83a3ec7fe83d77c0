#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <xcb/xcb.h>
#include <xcb/xtest.h>

#include "base/log.h"
#include "desktop/keeper.h"
#include "desktop/spare.h"
#include "desktop/x11.h"

#define PATIENCE_S 10

static bool
holds(const struct rd_keeper_book *book, enum rd_keeper_kind kind)
{
	return memchr(book->held[kind], true, sizeof(book->held[kind])) != NULL;
}

static void
let_go(const struct rd_x11 *x, const bool held[static 256], uint8_t event)
{
	for (unsigned i = 0; i < 256; i++) {
		if (held[i])
			xcb_test_fake_input(x->conn, event, (uint8_t)i, XCB_CURRENT_TIME, XCB_NONE,
				0, 0, 0);
	}
}

static void
unbind(const struct rd_x11 *x, const bool bound[static 256])
{
	const xcb_keysym_t none[2] = {0};
	for (unsigned i = 0; i < 256; i++) {
		if (bound[i])
			xcb_change_keyboard_mapping(x->conn, 1, (uint8_t)i, 2, none);
	}
}

/* Programs look a character up when they read its key, see spare.h. */
static void
let_programs_read(void)
{
	struct timespec t = {.tv_nsec = RD_SPARE_KEEP_NS};
	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

static void
sync_with(const struct rd_x11 *x)
{
	free(xcb_get_input_focus_reply(x->conn, xcb_get_input_focus(x->conn), NULL));
}

static void
tidy_up(const struct rd_keeper_book *book, const char *display)
{
	struct rd_x11 x;
	char *why = NULL;
	/* A server that hangs is not waited for. */
	alarm(PATIENCE_S);
	if (rd_x11_open(&x, display, &why) != 0) {
		rd_warn("nobody lets go of the keys that are held: %s", why);
		free(why);
		return;
	}
	let_go(&x, book->held[RD_KEEPER_KEY], XCB_KEY_RELEASE);
	let_go(&x, book->held[RD_KEEPER_BUTTON], XCB_BUTTON_RELEASE);
	sync_with(&x);
	if (holds(book, RD_KEEPER_BOUND)) {
		let_programs_read();
		unbind(&x, book->held[RD_KEEPER_BOUND]);
		sync_with(&x);
	}
	rd_x11_close(&x);
}

/* What ends a whole pipeline, SIGKILL to its group too, leaves the one who tidies up. */
static void
be_patient(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
	setsid();
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		signal(numbers[i], SIG_IGN);
}

/* Without a descriptor of the stream: its other end must see it close with us. */
static void
keep(int fd, const struct rd_keeper_book *book, const char *display)
{
	char byte;
	be_patient();
	prctl(PR_SET_NAME, "rd-keeper");
	dup2(fd, STDIN_FILENO);
	close(STDOUT_FILENO);
	closefrom(STDERR_FILENO + 1);
	while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
		;
	if (holds(book, RD_KEEPER_KEY) || holds(book, RD_KEEPER_BUTTON)
			|| holds(book, RD_KEEPER_BOUND))
		tidy_up(book, display);
}

int
rd_keeper_open(struct rd_keeper *k, const char *display)
{
	int ends[2], err = 0;
	*k = (struct rd_keeper){.fd = -1};
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	void *book = mmap(NULL, sizeof(*k->book), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (book == MAP_FAILED)
		err = -errno;
	if (!err && (k->pid = fork()) < 0)
		err = -errno;
	if (!err && k->pid == 0) {
		close(ends[1]);
		keep(ends[0], book, display);
		_exit(0);
	}
	close(ends[0]);
	if (err) {
		if (book != MAP_FAILED)
			munmap(book, sizeof(*k->book));
		close(ends[1]);
		*k = (struct rd_keeper){0};
		return err;
	}
	k->book = book;
	k->fd = ends[1];
	return 0;
}

void
rd_keeper_note(struct rd_keeper *k, enum rd_keeper_kind kind, uint8_t detail, bool held)
{
	k->now.held[kind][detail] = held;
	if (!held)
		k->behind = true;
	else if (k->book)
		k->book->held[kind][detail] = true;
}

void
rd_keeper_settle(struct rd_keeper *k)
{
	if (k->behind && k->book)
		*k->book = k->now;
	k->behind = false;
}

void
rd_keeper_close(struct rd_keeper *k)
{
	if (!k->book)
		return;
	memset(k->book, 0, sizeof(*k->book));
	munmap(k->book, sizeof(*k->book));
	close(k->fd);
	while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*k = (struct rd_keeper){0};
}

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-view/terminal_input.h"
#include "rd-view/tty.h"

/* How long a terminal may take for the last words, and to answer them. */
#define LAST_WORDS_NS (2 * RD_NS_PER_S)
#define LAST_ANSWER_NS RD_NS_PER_S
/* … and a shell to notice that its job is dead, in steps of 10 ms. */
#define SHELL_MOMENTS 50

int
tty_open(struct tty *t)
{
	*t = (struct tty){.fd = -1, .group = getpgrp(), .guard = -1};
	if (!isatty(STDOUT_FILENO)) {
		rd_error("--to terminal: standard output is not a terminal; over ssh: ssh -t");
		return RD_EXIT_USAGE;
	}
	/* What it is is asked of the terminal itself; but of one that says so it is believed. */
	const char *term = getenv("TERM");
	if (term && strcmp(term, "dumb") == 0) {
		rd_error("--to terminal: this one (TERM=dumb) cannot place its cursor");
		return RD_EXIT_UNSUPPORTED;
	}
	t->fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (t->fd < 0 || tcgetattr(t->fd, &t->before) < 0) {
		rd_error("--to terminal: /dev/tty: %s", strerror(errno));
		tty_close(t);
		return RD_EXIT_USAGE;
	}
	t->state = mmap(NULL, sizeof(*t->state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		-1, 0);
	if (t->state == MAP_FAILED) {
		t->state = NULL;
		rd_error("--to terminal: %s", strerror(errno));
		tty_close(t);
		return RD_EXIT_FAILURE;
	}
	return 0;
}

void
tty_close(struct tty *t)
{
	if (t->fd >= 0)
		close(t->fd);
	if (t->state)
		munmap((void *)t->state, sizeof(*t->state));
	t->fd = -1;
	t->state = NULL;
}

int
tty_raw(const struct tty *t)
{
	struct termios now = t->before;
	now.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | INPCK | ISTRIP | INLCR | IGNCR | ICRNL |
		IXON | IXOFF);
	now.c_oflag &= ~(tcflag_t)OPOST;
	now.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	now.c_cflag = (now.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	tty_mark(t, TTY_RAW);
	/* In the background this stops us, as it should. */
	return tcsetattr(t->fd, TCSANOW, &now) < 0 ? -errno : 0;
}

void
tty_mark(const struct tty *t, unsigned what)
{
	*t->state |= what;
}

bool
tty_is(const struct tty *t, unsigned what)
{
	return (*t->state & what) == what;
}

/* Ready for `events` before the deadline. */
static bool
wait_until(const struct tty *t, short events, uint64_t deadline_ns)
{
	for (;;) {
		uint64_t now = rd_clock_ns();
		struct pollfd p = {.fd = t->fd, .events = events};
		if (now >= deadline_ns)
			return false;
		int n = poll(&p, 1, (int)((deadline_ns - now) / RD_NS_PER_MS) + 1);
		if (n > 0)
			return !(p.revents & (POLLERR | POLLHUP | POLLNVAL));
		if (n < 0 && errno != EINTR)
			return false;
	}
}

static bool
put(const struct tty *t, const char *text, uint64_t deadline_ns)
{
	size_t len = strlen(text);
	while (len > 0) {
		ssize_t n = write(t->fd, text, len);
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		} else if (errno != EINTR && (errno != EAGAIN || !wait_until(t, POLLOUT, deadline_ns))) {
			return false;
		}
	}
	return true;
}

static void
on_answer(void *ctx, const struct terminal_event *e)
{
	bool *answered = ctx;
	*answered |= e->kind == TERMINAL_ANSWER && e->answer == TERMINAL_IS_A;
}

/* Answers that are still on their way would be typed into the shell. */
static void
drain(const struct tty *t)
{
	uint64_t deadline = rd_clock_ns() + LAST_ANSWER_NS;
	struct terminal_input in = {0};
	bool answered = false;
	uint8_t b[512];
	while (!answered && wait_until(t, POLLIN, deadline)) {
		ssize_t n = read(t->fd, b, sizeof(b));
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return;
		if (n > 0)
			terminal_input_feed(&in, b, (size_t)n, on_answer, &answered);
	}
}

/* In the order in which they were switched on, backwards. */
static void
put_back(const struct tty *t, unsigned state, bool front)
{
	uint64_t deadline = rd_clock_ns() + LAST_WORDS_NS;
	/* What was cut off in the middle of a string ends here. */
	bool ok = put(t, "\033\\\033[?2026l\033[m", deadline);
	if (state & TTY_IMAGES)
		ok = ok && put(t, "\033_Ga=d,d=A,q=2;\033\\", deadline);
	if (state & TTY_KEYS)
		ok = ok && put(t, "\033[<u", deadline);
	ok = ok && put(t, "\033[?1016l\033[?1006l\033[?1003l\033[?1004l\033[?2004l\033[2J"
		"\033[?25h\033[?1049l", deadline);
	/* Behind the shell there is nothing for us to read. */
	if (ok && front && (state & TTY_ANSWERS) && put(t, "\033[c", deadline))
		drain(t);
}

static bool
in_front(const struct tty *t)
{
	pid_t front = tcgetpgrp(t->fd);
	return front == t->group || front < 0;
}

/*
 * The guard was killed: it was the shell's job, and the shell is about to take
 * the terminal and to set it as it likes. A script's shell does not.
 */
static void
let_shell_go_first(const struct tty *t)
{
	const struct timespec moment = {.tv_nsec = 10 * (long)RD_NS_PER_MS};
	struct pollfd p = {.fd = t->guard, .events = POLLIN};
	bool orphan = t->guard >= 0 && poll(&p, 1, 0) > 0 && p.revents & POLLHUP;
	for (int i = 0; orphan && i < SHELL_MOMENTS && in_front(t); i++)
		nanosleep(&moment, NULL);
}

void
tty_restore(const struct tty *t)
{
	unsigned state = t->state ? *t->state : 0;
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	if (t->fd < 0 || !state)
		return;
	let_shell_go_first(t);
	/* Once another group is in front, the settings are its own. */
	bool front = in_front(t);
	sigaction(SIGTTOU, &ignore, &before);
	if (state & TTY_SCREEN)
		put_back(t, state, front);
	if (front) {
		tcflush(t->fd, TCIFLUSH);
		tcsetattr(t->fd, TCSANOW, &t->before);
	}
	sigaction(SIGTTOU, &before, NULL);
	*t->state = 0;
}

void
tty_size(const struct tty *t, int *cols, int *rows, int *width, int *height)
{
	struct winsize w = {0};
	ioctl(t->fd, TIOCGWINSZ, &w);
	*cols = w.ws_col ? w.ws_col : 80;
	*rows = w.ws_row ? w.ws_row : 24;
	*width = w.ws_xpixel;
	*height = w.ws_ypixel;
}

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "net/prompt.h"
#include "net/prompt_priv.h"

#define TTY "/dev/tty"
#define CTRL_C 3
#define LINE_MAX_BYTES 4096	/* what a terminal gathers into a line, at most */

int
prompt_tty_put(const struct prompt_tty *t, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(t->fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A line at a time with the terminal's own editing; ^C ends a line, too. Or key by key. */
static int
tty_begin(struct prompt_tty *t, enum prompt_how how)
{
	if (tcgetattr(t->fd, &t->before) < 0)
		return -errno;
	/* Key by key already: another program draws on it, as rd-view --to terminal does. */
	if (!(t->before.c_lflag & ICANON))
		return -ENXIO;
	struct termios now = t->before;
	bool echo = how != PROMPT_SECRET && how != PROMPT_KEYS;
	now.c_iflag |= ICRNL;
	now.c_iflag &= ~(tcflag_t)(INLCR | IGNCR);
	now.c_lflag |= ICANON | ECHONL | (echo ? ECHO | ECHOE | ECHOK : 0);
	now.c_lflag &= ~(tcflag_t)(ISIG | (echo ? 0 : ECHO));
	now.c_cc[VEOL] = CTRL_C;
	if (how == PROMPT_KEYS) {
		now.c_lflag &= ~(tcflag_t)(ICANON | ECHONL | IEXTEN);
		now.c_cc[VMIN] = 1;
		now.c_cc[VTIME] = 0;
	}
	/*
	 * What was typed before it was asked for is not taken: a secret has been on
	 * the screen, and a yes was meant for another question.
	 */
	bool flush = how == PROMPT_SECRET || how == PROMPT_CONSENT;
	return tcsetattr(t->fd, flush ? TCSAFLUSH : TCSADRAIN, &now) < 0 ? -errno : 0;
}

int
prompt_tty_open(struct prompt_tty *t, enum prompt_how how)
{
	sigset_t ends;
	t->fd = open(TTY, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (t->fd < 0)
		return -ENXIO;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGQUIT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, &t->mask);
	t->signals = signalfd(-1, &ends, SFD_CLOEXEC);
	int err = t->signals < 0 ? -errno : tty_begin(t, how);
	if (!err)
		return 0;
	if (t->signals >= 0)
		close(t->signals);
	sigprocmask(SIG_SETMASK, &t->mask, NULL);
	close(t->fd);
	return err;
}

void
prompt_tty_close(struct prompt_tty *t)
{
	tcsetattr(t->fd, TCSADRAIN, &t->before);
	close(t->signals);
	close(t->fd);
	sigprocmask(SIG_SETMASK, &t->mask, NULL);
}

ssize_t
prompt_tty_read(const struct prompt_tty *t, char *out, size_t cap)
{
	struct pollfd wait[] = {{.fd = t->fd, .events = POLLIN}, {.fd = t->signals, .events = POLLIN}};
	for (;;) {
		if (poll(wait, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (wait[1].revents)
			return -ECANCELED;
		if (!wait[0].revents)
			continue;
		ssize_t n = read(t->fd, out, cap);
		if (n >= 0 || errno != EINTR)
			return n < 0 ? -errno : n;
	}
}

static int
ask(const char *prompt, enum prompt_how how, char *out, size_t cap)
{
	struct prompt_tty t;
	char line[LINE_MAX_BYTES];
	int err = prompt_tty_open(&t, how);
	if (err)
		return err;
	err = prompt_tty_put(&t, prompt, strlen(prompt));
	ssize_t n = err ? err : prompt_tty_read(&t, line, sizeof(line));
	if (n < 0)
		err = (int)n;
	else if (n == 0 || line[n - 1] != '\n')
		err = -ECANCELED; /* ^D, ^C, or a hang-up */
	else if ((size_t)n > cap)
		err = -EMSGSIZE;
	if (err == -ECANCELED)
		(void)prompt_tty_put(&t, "\n", 1);
	prompt_tty_close(&t);
	if (!err) {
		memcpy(out, line, (size_t)n - 1);
		out[n - 1] = '\0';
		if (strlen(out) != (size_t)n - 1)
			err = -EINVAL;
	}
	sodium_memzero(line, sizeof(line));
	return err;
}

int
rd_prompt_secret(const char *prompt, char *out, size_t cap)
{
	return ask(prompt, PROMPT_SECRET, out, cap);
}

int
rd_prompt_line(const char *prompt, char *out, size_t cap)
{
	return ask(prompt, PROMPT_LINE, out, cap);
}

int
rd_prompt_yes(const char *question)
{
	char answer[16];
	const char *prompt = question;
	for (;;) {
		int err = ask(prompt, PROMPT_CONSENT, answer, sizeof(answer));
		if (err && err != -EMSGSIZE && err != -EINVAL)
			return err;
		if (!err && strcmp(answer, "yes") == 0)
			return 1;
		if (!err && strcmp(answer, "no") == 0)
			return 0;
		prompt = "Please type yes or no: ";
	}
}

bool
rd_prompt_possible(void)
{
	int fd = open(TTY, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool
rd_prompt_in_front(void)
{
	int fd = open(TTY, O_RDWR | O_NOCTTY | O_CLOEXEC);
	bool front = fd >= 0 && tcgetpgrp(fd) == getpgrp();
	if (fd >= 0)
		close(fd);
	return front;
}

int
rd_prompt_fd(int fd, char *out, size_t cap)
{
	size_t n = 0;
	/* One byte at a time: what follows the line is for somebody else. */
	for (;;) {
		char c;
		ssize_t got = read(fd, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0 && n == 0)
			return -ENODATA;
		if (got == 0 || c == '\n')
			break;
		if (n + 1 >= cap)
			return -EMSGSIZE;
		out[n++] = c;
		if (c == '\0')
			return -EINVAL;
	}
	if (n > 0 && out[n - 1] == '\r')
		n--;
	out[n] = '\0';
	return 0;
}

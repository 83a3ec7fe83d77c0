#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "base/confine.h"
#include "base/exit.h"
#include "base/ipc.h"
#include "base/log.h"
#include "rd-recv/monitor_priv.h"
#include "rd-recv/say.h"

int
monitor_split(struct split *s)
{
	int pair[2];
	int err = rd_ipc_pair(pair);
	if (err)
		return err;
	s->child = fork();
	if (s->child < 0) {
		err = -errno;
		close(pair[0]);
		close(pair[1]);
		return err;
	}
	bool child = s->child == 0;
	close(pair[child ? 0 : 1]);
	s->fd = pair[child ? 1 : 0];
	return 0;
}

static bool
reads_stdin(const struct options *o)
{
	return o->password_fd == STDIN_FILENO || o->totp_fd == STDIN_FILENO ||
		o->code_fd == STDIN_FILENO;
}

void
monitor_forget(const struct options *o, const int *keep, unsigned count)
{
	char *env = getenv("RD_PASSWORD");
	if (env) {
		sodium_memzero(env, strlen(env));
		unsetenv("RD_PASSWORD");
	}
	rd_confine_stdio(reads_stdin(o), false, false);
	rd_confine_descriptors_keep(keep, count);
}

/* --- the child --- */

static int
exit_status(struct monitor *m, int raw)
{
	struct say say = {.json = m->o->json, .host = m->o->name};
	if (WIFEXITED(raw)) {
		int status = WEXITSTATUS(raw);
		/* Whatever ended us was passed on to it as SIGTERM. */
		return status == 128 + SIGTERM && m->signal ? 128 + m->signal : status;
	}
	char text[96];
	snprintf(text, sizeof(text), "the process on the network was ended by signal %d (%s)",
		WTERMSIG(raw), strsignal(WTERMSIG(raw)));
	say_closed(&say, RD_EXIT_FAILURE, text);
	return RD_EXIT_FAILURE;
}

/* What it wanted kept before it ended: that is read after the signal, at the latest. */
static void
keep_last(struct monitor *m)
{
	uint8_t bytes[RD_IPC_MAX];
	struct ask q;
	int fd, n;
	while ((n = rd_ipc_recv(m->fd, bytes, sizeof(bytes), &fd, 0)) > 0) {
		if (fd >= 0)
			close(fd);
		if (ask_parse(&q, bytes, (size_t)n) == 0 && (q.type == ASK_PIN || q.type == ASK_CARD))
			monitor_answer(m, &q);
	}
}

static void
on_ended(void *ctx, int number)
{
	struct monitor *m = ctx;
	int raw;
	(void)number;
	if (waitpid(m->child, &raw, WNOHANG) != m->child)
		return;
	keep_last(m);
	rd_loop_stop(m->loop, exit_status(m, raw));
}

static void
on_child(void *ctx, unsigned events)
{
	struct monitor *m = ctx;
	uint8_t bytes[RD_IPC_MAX];
	struct ask q;
	(void)events;
	int fd, n = rd_ipc_recv(m->fd, bytes, sizeof(bytes), &fd, 0);
	if (n == -EAGAIN)
		return;
	if (fd >= 0)
		close(fd);
	if (n > 0 && ask_parse(&q, bytes, (size_t)n) == 0) {
		monitor_answer(m, &q);
		return;
	}
	/* It is about to end; or it is not what it was. */
	rd_fd_want(&m->watch, 0);
	if (n != 0) {
		rd_error("the process on the network asks what makes no sense");
		kill(m->child, SIGKILL);
	}
}

static void
on_signal(void *ctx, int number)
{
	struct monitor *m = ctx;
	m->signal = number;
	kill(m->child, SIGTERM);
}

int
monitor_run(const struct split *s, const struct options *o, const struct trust *t,
	const struct known *known)
{
	static const int numbers[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	struct monitor m = {.o = o, .trust = t, .known = known, .child = s->child, .fd = s->fd,
		.work = {.fd = -1}, .is_known = t->known};
	/* The stream's descriptors are the child's alone: its reader sees it end. */
	rd_confine_stdio(!reads_stdin(o), true, false);
	m.loop = rd_loop_new();
	m.password = sodium_malloc(RD_PASSWORD_MAX + 1);
	fcntl(m.fd, F_SETFL, fcntl(m.fd, F_GETFL) | O_NONBLOCK);
	int status = RD_EXIT_MEMORY;
	if (m.password && rd_fd_open(&m.watch, m.loop, m.fd, on_child, &m) == 0) {
		for (int i = 0; i < SIGNALS; i++)
			rd_signal_open(&m.signals[i], m.loop, numbers[i], on_signal, &m);
		rd_signal_open(&m.ended, m.loop, SIGCHLD, on_ended, &m);
		rd_fd_want(&m.watch, RD_READ);
		/* It may have ended before anybody listened. */
		on_ended(&m, SIGCHLD);
		status = rd_loop_run(m.loop);
		for (int i = 0; i < SIGNALS; i++)
			rd_signal_close(&m.signals[i]);
		rd_signal_close(&m.ended);
	}
	rd_fd_close(&m.work_watch);
	work_end(&m.work);
	rd_fd_close(&m.watch);
	close(m.fd);
	sodium_free(m.password);
	rd_loop_free(m.loop);
	return status;
}

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
#include "base/loop.h"
#include "net/prompt.h"
#include "rd-recv/monitor.h"
#include "rd-recv/say.h"
#include "rd-recv/work.h"

#define SIGNALS 3

struct monitor {
	const struct options *o;
	const struct trust *trust;
	const struct known *known;
	struct rd_loop *loop;
	pid_t child;
	int fd;
	struct rd_fd watch;
	struct work work;
	struct rd_fd work_watch;
	struct rd_signal signals[SIGNALS], ended;
	enum ask_type asked;		/* of `work` */
	int signal;			/* the last one we were sent; 0: none */
	bool given_used;		/* --password-fd, $RD_PASSWORD: it has been read */
	bool code_used;			/* --totp-fd */
	bool pinned, relay_pinned;
	char remember[64];		/* the host's name, if it is to be known from now on */
	bool has_password;
	char *password;			/* RD_PASSWORD_MAX + 1 bytes, locked in memory */
};

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
monitor_forget(const struct options *o, int keep, int also)
{
	char *env = getenv("RD_PASSWORD");
	if (env) {
		sodium_memzero(env, strlen(env));
		unsetenv("RD_PASSWORD");
	}
	int null = reads_stdin(o) ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	rd_confine_descriptors_but(keep, also);
}

/* --- answers --- */

static void
reply(struct monitor *m, const struct answer *a)
{
	struct rd_buf b = {0};
	answer_pack(&b, a);
	/* A child that is gone is noticed by its end; one that does not listen is not ours. */
	if (rd_ipc_send(m->fd, b.data, b.len, -1) == -EAGAIN)
		kill(m->child, SIGKILL);
	sodium_memzero(b.data, b.len);
	rd_buf_finish(&b);
}

static void
reply_kind(struct monitor *m, enum ask_type type, enum answer_kind kind, const char *text)
{
	struct answer a = {.type = type, .kind = kind};
	snprintf(a.text, sizeof(a.text), "%s", text);
	reply(m, &a);
}

static void
on_work(void *ctx, unsigned events)
{
	struct monitor *m = ctx;
	struct work_result r;
	(void)events;
	int fd, n = rd_ipc_recv(m->work.fd, &r, sizeof(r), &fd, 0);
	if (n == -EAGAIN)
		return;
	if (n != sizeof(r)) {
		r = (struct work_result){.answer = {.type = m->asked, .kind = ANSWER_FAILED}};
		snprintf(r.answer.text, sizeof(r.answer.text), "the process that asks has failed");
	}
	if (r.answer.type == ASK_REMEMBER && r.answer.kind == ANSWER_OK)
		snprintf(m->remember, sizeof(m->remember), "%.63s", r.answer.text);
	if (r.answer.type == ASK_PASSWORD && r.answer.kind == ANSWER_OK) {
		memcpy(m->password, r.secret, sizeof(r.secret));
		m->has_password = true;
	}
	rd_fd_close(&m->work_watch);
	work_end(&m->work);
	reply(m, &r.answer);
	sodium_memzero(&r, sizeof(r));
}

/* Whether to remember the host is asked beside all else: it gives way. */
static void
drop_remember(struct monitor *m)
{
	if (!m->work.pid || m->asked != ASK_REMEMBER)
		return;
	rd_fd_close(&m->work_watch);
	work_end(&m->work);
	reply_kind(m, ASK_REMEMBER, ANSWER_NO, "");
}

static void
work(struct monitor *m, const struct ask *q)
{
	drop_remember(m);
	int err = m->work.pid ? -EBUSY : work_start(&m->work, m->o, m->trust, m->known, q);
	if (!err)
		err = rd_fd_open(&m->work_watch, m->loop, m->work.fd, on_work, m);
	if (err) {
		reply_kind(m, q->type, ANSWER_FAILED, strerror(-err));
		return;
	}
	m->asked = q->type;
	rd_fd_want(&m->work_watch, RD_READ);
}

static void
password(struct monitor *m, const struct ask *q)
{
	const char *env = getenv("RD_PASSWORD");
	bool given = m->o->password_fd >= 0 || env;
	if (!given) {
		work(m, q);
		return;
	}
	if (m->given_used) {
		reply_kind(m, q->type, m->has_password ? ANSWER_OK : ANSWER_NO, "");
		return;
	}
	m->given_used = true;
	int err = 0;
	if (m->o->password_fd >= 0)
		err = rd_prompt_fd((int)m->o->password_fd, m->password, RD_PASSWORD_MAX + 1);
	else if (strlen(env) > RD_PASSWORD_MAX)
		err = -EMSGSIZE;
	else
		memcpy(m->password, env, strlen(env) + 1);
	m->has_password = !err;
	reply_kind(m, q->type, err ? ANSWER_NO : ANSWER_OK,
		err ? "the password given cannot be read" : "");
}

static void
stretch(struct monitor *m, const struct ask *q)
{
	struct answer a = {.type = q->type, .kind = ANSWER_NO};
	if (m->o->by_code) {
		rd_code_prs(&m->trust->code, a.prs);
		a.kind = ANSWER_OK;
	} else if (m->has_password && rd_password_stretch(m->password, strlen(m->password), q->salt,
			a.prs) == 0) {
		a.kind = ANSWER_OK;
	}
	reply(m, &a);
	sodium_memzero(&a, sizeof(a));
}

static void
code(struct monitor *m, const struct ask *q)
{
	struct answer a = {.type = q->type};
	if (m->o->totp_fd < 0) {
		work(m, q);
		return;
	}
	if (m->code_used || rd_prompt_fd((int)m->o->totp_fd, a.text, 64) != 0)
		a.kind = ANSWER_NO;
	m->code_used = true;
	reply(m, &a);
	sodium_memzero(&a, sizeof(a));
}

static void
trust(struct monitor *m, const struct ask *q)
{
	if (m->o->accept_new)
		reply_kind(m, q->type, ANSWER_OK, "");
	else
		work(m, q);
}

/*
 * Once, for this host, and only where none is known: more no child can have. One
 * that was met by a code, only by the name that the person chose.
 */
static void
pin(struct monitor *m, const struct ask *q)
{
	bool code = q->how == PIN_CODE;
	int err = m->pinned ? -EALREADY : code != m->o->by_code || (code && !m->remember[0]) ? -EPERM
		: trust_pin(m->trust, code ? m->remember : m->o->name, &q->key, q->how);
	m->pinned = true;
	if (!err && code)
		rd_info("from now on: rd-view %s", m->remember);
	reply_kind(m, q->type, err ? ANSWER_FAILED : ANSWER_OK, err ? strerror(-err) : "");
}

static void
relay_key(struct monitor *m, const struct ask *q)
{
	int err = m->relay_pinned || m->known->relay.has_key ? -EALREADY
		: trust_relay(m->trust, &q->key);
	m->relay_pinned = true;
	reply_kind(m, q->type, err ? ANSWER_FAILED : ANSWER_OK, err ? strerror(-err) : "");
}

static void
remember(struct monitor *m, const struct ask *q)
{
	struct answer a = {.type = q->type, .kind = ANSWER_OK};
	if (!m->o->by_code || m->work.pid) {
		reply_kind(m, q->type, ANSWER_NO, "");
		return;
	}
	if (!m->o->remember) {
		work(m, q);
		return;
	}
	int err = trust_may_name(m->trust, m->o->remember);
	if (err) {
		rd_warn("--remember %s: %s", m->o->remember, err == -EEXIST
			? "another host is known by that name; rd-key forget takes it away" : strerror(-err));
		a.kind = ANSWER_NO;
	}
	snprintf(a.text, sizeof(a.text), "%s", m->o->remember);
	if (!err)
		snprintf(m->remember, sizeof(m->remember), "%.63s", m->o->remember);
	reply(m, &a);
}

static void
answer(struct monitor *m, const struct ask *q)
{
	switch (q->type) {
	case ASK_ADDRESSES:
		work(m, q);
		break;
	case ASK_PASSWORD:
		password(m, q);
		break;
	case ASK_STRETCH:
		stretch(m, q);
		break;
	case ASK_TRUST:
		trust(m, q);
		break;
	case ASK_TOTP:
		code(m, q);
		break;
	case ASK_PIN:
		pin(m, q);
		break;
	case ASK_RELAY_KEY:
		relay_key(m, q);
		break;
	case ASK_REMEMBER:
		remember(m, q);
		break;
	}
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

static void
on_ended(void *ctx, int number)
{
	struct monitor *m = ctx;
	int raw;
	(void)number;
	if (waitpid(m->child, &raw, WNOHANG) == m->child)
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
		answer(m, &q);
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

/* The stream's descriptors are the child's alone: its reader sees it end. */
static void
leave_stdio(const struct options *o)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return;
	if (!reads_stdin(o))
		dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
}

int
monitor_run(const struct split *s, const struct options *o, const struct trust *t,
	const struct known *known)
{
	static const int numbers[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	struct monitor m = {.o = o, .trust = t, .known = known, .child = s->child, .fd = s->fd,
		.work = {.fd = -1}};
	leave_stdio(o);
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

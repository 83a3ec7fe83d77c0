#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/ipc.h"
#include "base/log.h"
#include "net/prompt.h"
#include "rd-recv/monitor_priv.h"

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
	m->is_known |= !err;
	/* Who has typed a name wants to know that it holds. */
	if (!err && code)
		rd_log_put(isatty(STDERR_FILENO) && !m->o->json ? RD_LOG_WARN : RD_LOG_INFO,
			"from now on: rd-view %s", m->remember);
	reply_kind(m, q->type, err ? ANSWER_FAILED : ANSWER_OK, err ? strerror(-err) : "");
}

/*
 * Once, of the host that was dialled: what the other process says of where it is can
 * at worst wake another machine of this network.
 */
static void
card(struct monitor *m, const struct ask *q)
{
	struct rd_mac mac;
	bool may = !m->o->by_code && m->is_known && !m->has_card;
	int err = may ? rd_mac_of(&mac, &q->addr) : -EPERM;
	m->has_card = true;
	if (!err)
		err = trust_card(m->trust, m->o->name, &mac);
	if (err && err != -ENOENT && may)
		rd_debug("%s: its network card is not remembered: %s", m->o->name, strerror(-err));
	reply_kind(m, q->type, err ? ANSWER_NO : ANSWER_OK, "");
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
	bool silent = !m->o->remember && !m->o->ask_remember;
	if (!m->o->by_code || m->work.pid || silent) {
		reply_kind(m, q->type, ANSWER_NO, "");
		return;
	}
	if (!m->o->remember) {
		work(m, q);
		return;
	}
	int err = trust_may_name(m->trust, m->o->remember, &q->key);
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

void
monitor_answer(struct monitor *m, const struct ask *q)
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
	case ASK_CARD:
		card(m, q);
		break;
	case ASK_RELAY_KEY:
		relay_key(m, q);
		break;
	case ASK_REMEMBER:
		remember(m, q);
		break;
	}
}

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/ipc.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "net/lan.h"
#include "net/prompt.h"
#include "net/relay_choose.h"
#include "net/wake.h"
#include "rd-recv/work.h"

/* A terminal that was stopped (^S) keeps whoever asks there from ending: not us. */
#define GRACE_MS 250

_Static_assert(sizeof(struct work_result) <= RD_IPC_MAX, "a result is one message");

static void
look_up_relay(struct answer *a, const struct known *known)
{
	struct rd_agent_relay r = known->relay;
	const char *why = rd_relay_look_up(&r);
	if (why) {
		a->kind = ANSWER_FAILED;
		snprintf(a->text, sizeof(a->text), "%s", why);
	}
	a->relay_count = r.count;
	memcpy(a->relay, r.addrs, sizeof(a->relay));
	a->has_proxy = r.proxy.addr.family != 0;
	a->proxy = r.proxy.addr;
	rd_agent_relay_wipe(&r);
}

/* Of the names of multicast DNS; where Avahi knows none, the resolver may. */
static bool
look_up_local(struct answer *a, const struct options *o)
{
	if (!rd_lan_is_name(o->host.host))
		return false;
	a->count = rd_lan_look_up(o->host.host, a->addrs, RD_DIAL_ADDRS);
	for (unsigned i = 0; i < a->count; i++)
		a->addrs[i].port = o->host.port;
	return a->count > 0;
}

static void
wake(const struct known *known)
{
	int sent = rd_wake_send(&known->mac);
	if (sent < 0)
		rd_warn("no packet that wakes can be sent: %s", strerror(-sent));
}

static void
look_up(struct answer *a, const struct options *o)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV}, *found, *i;
	char port[8];
	snprintf(port, sizeof(port), "%u", (unsigned)o->host.port);
	int err = getaddrinfo(o->host.host, port, &hints, &found);
	if (err) {
		a->kind = ANSWER_FAILED;
		snprintf(a->text, sizeof(a->text), "%s",
			err == EAI_SYSTEM ? strerror(errno) : gai_strerror(err));
		return;
	}
	for (i = found; i && a->count < RD_DIAL_ADDRS; i = i->ai_next)
		if (rd_addr_from_sockaddr(&a->addrs[a->count], i->ai_addr, i->ai_addrlen) == 0)
			a->count++;
	freeaddrinfo(found);
}

static enum answer_kind
kind_of(int err)
{
	return err == 0 ? ANSWER_OK : err == -ENXIO ? ANSWER_NOBODY : ANSWER_NO;
}

static void
ask_password(struct work_result *r, const struct options *o, const struct ask *q)
{
	char *prompt = xasprintf("%sPassword of %s%s: ", q->attempt ? "That was wrong. " : "", o->name,
		q->may_skip ? " (none: just Enter)" : "");
	r->answer.kind = kind_of(rd_prompt_secret(prompt, r->secret, sizeof(r->secret)));
	if (r->answer.kind == ANSWER_OK && !r->secret[0])
		r->answer.kind = q->may_skip ? ANSWER_SKIP : ANSWER_NO;
	free(prompt);
}

static void
ask_code(struct answer *a, const struct options *o, const struct ask *q)
{
	char *prompt = xasprintf("%sCode of the authenticator for %s: ",
		q->attempt ? "That was wrong. " : "", o->name);
	a->kind = kind_of(rd_prompt_line(prompt, a->text, 64));
	free(prompt);
}

static void
ask_trust(struct answer *a, const struct options *o, const struct ask *q)
{
	char fingerprint[RD_FINGERPRINT_TEXT];
	rd_key_fingerprint(&q->key, fingerprint);
	char *question = xasprintf("The host %s is not known yet. It says that its key is\n\n\t%s\n\n"
		"Compare that with what its owner sees there (rd-key fingerprint).\n"
		"Is it the same? (yes/no) ", o->name, fingerprint);
	int yes = rd_prompt_yes(question);
	a->kind = yes > 0 ? ANSWER_OK : yes == 0 ? ANSWER_NO : kind_of(yes);
	free(question);
}

/* It stands in the terminal as long as the session does, and may be left there. */
static void
ask_remember(struct answer *a, const struct trust *t, const struct ask *q)
{
	char fingerprint[RD_FINGERPRINT_TEXT], name[64];
	const char *wrong = "";
	rd_key_fingerprint(&q->key, fingerprint);
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	a->kind = ANSWER_NOBODY;
	while (rd_prompt_in_front()) {
		char *prompt = xasprintf("%sTo see this host again without a code, give it a name "
			"(its key: %s; just Enter: no): ", wrong, fingerprint);
		a->kind = kind_of(rd_prompt_line(prompt, name, sizeof(name)));
		free(prompt);
		if (a->kind == ANSWER_OK && !name[0])
			a->kind = ANSWER_NO;
		int err = a->kind == ANSWER_OK ? trust_may_name(t, name, &q->key) : 0;
		if (!err)
			break;
		wrong = err == -EEXIST ? "Another host is known by that name. "
			: "A name has no blanks and no slash in it. ";
	}
	if (a->kind == ANSWER_OK)
		snprintf(a->text, sizeof(a->text), "%s", name);
}

/* Everything that is to be looked up; that one of both fails is no mistake. */
static void
look_up_all(struct answer *a, const struct options *o, const struct known *known)
{
	if (known->named && !look_up_local(a, o))
		look_up(a, o);
	if (known->has_relay)
		look_up_relay(a, known);
	if (a->count || a->relay_count || a->has_proxy)
		a->kind = ANSWER_OK;
}

static void
run(struct work_result *r, const struct options *o, const struct trust *t,
	const struct known *known, const struct ask *q)
{
	r->answer.type = q->type;
	switch (q->type) {
	case ASK_ADDRESSES:
		if (q->attempt && o->wake)
			wake(known);
		look_up_all(&r->answer, o, known);
		break;
	case ASK_REMEMBER:
		ask_remember(&r->answer, t, q);
		break;
	case ASK_PASSWORD:
		ask_password(r, o, q);
		break;
	case ASK_TOTP:
		ask_code(&r->answer, o, q);
		break;
	default:
		ask_trust(&r->answer, o, q);
	}
}

/* What the monitor does on a signal is not for this process. */
static void
default_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		signal(numbers[i], SIG_DFL);
}

int
work_start(struct work *w, const struct options *o, const struct trust *t,
	const struct known *known, const struct ask *q)
{
	int pair[2];
	int err = rd_ipc_pair(pair);
	if (err)
		return err;
	w->pid = fork();
	if (w->pid < 0) {
		err = -errno;
		close(pair[0]);
		close(pair[1]);
		w->pid = 0;
		return err;
	}
	if (w->pid == 0) {
		struct work_result r = {0};
		default_signals();
		close(pair[0]);
		run(&r, o, t, known, q);
		err = rd_ipc_send(pair[1], &r, sizeof(r), -1);
		sodium_memzero(&r, sizeof(r));
		_exit(err != 0);
	}
	close(pair[1]);
	w->fd = pair[0];
	return 0;
}

void
work_end(struct work *w)
{
	if (!w->pid)
		return;
	struct rd_child child = {.pid = w->pid, .fd = w->fd};
	kill(w->pid, SIGTERM);
	rd_child_reap(&child, GRACE_MS);
	*w = (struct work){.fd = -1};
}

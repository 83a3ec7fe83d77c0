#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "chan/msg_session.h"
#include "chan/rights.h"
#include "rd-send/asking.h"
#include "rd-send/judge.h"
#include "rd-send/monitor.h"
#include "rd-send/tell.h"

#define SERVICE "desktop"
/* More than that at once are not kept, whatever the other half says. */
#define PEERS_MAX 512
#define COMMAND_NS (30 * RD_NS_PER_S)
#define PERSON_NS (60 * RD_NS_PER_S)
/* Strangers about whom a command is asked at once; and a person, who has one keyboard. */
#define COMMANDS_MAX 8
#define PERSONS_MAX 1
/*
 * While somebody is in the files are looked at this often at least: the clock
 * may be set, and not every change in them is told (a symbolic link's target).
 */
#define RECHECK_NS (30 * RD_NS_PER_S)

static int64_t
now_s(void)
{
	return (int64_t)(rd_clock_wall_ns() / RD_NS_PER_S);
}

static struct peer *
find(struct monitor *m, uint32_t id)
{
	for (struct peer *p = m->peers; p; p = p->next)
		if (p->id == id)
			return p;
	return NULL;
}

struct peer *
peers_granted(struct monitor *m, uint32_t id)
{
	struct peer *p = find(m, id);
	return p && p->stage == PEER_GRANTED ? p : NULL;
}

static void
drop(struct peer *p)
{
	struct peer **at = &p->monitor->peers;
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	if (p->asking)
		asking_end(p->asking, p->group);
	remember_gone(p->monitor, p);
	rd_timer_close(&p->limit);
	free(p);
}

/* --- ways to end --- */

/* The peer is told why, and forgotten; `event` is "refused" or "revoked". */
static void
send_off(struct peer *p, uint64_t code, const char *why, const char *event)
{
	struct said s = {.type = SAID_REFUSE, .id = p->id, .code = code};
	said_set_text(&s, why);
	tell_refused(p, code, why, event);
	monitor_say(p->monitor, &s, -1);
	drop(p);
}

static void
refuse(struct peer *p, uint64_t code, const char *why)
{
	send_off(p, code, why, "refused");
}

/* --- coming in --- */

unsigned
peers_in(const struct monitor *m)
{
	unsigned n = 0;
	for (const struct peer *p = m->peers; p; p = p->next)
		n += p->stage == PEER_GRANTED;
	return n;
}

static void
set_expiry(struct monitor *m)
{
	int64_t now = now_s(), next = now + (int64_t)(RECHECK_NS / RD_NS_PER_S);
	if (peers_in(m) == 0) {
		rd_timer_clear(&m->expiry);
		return;
	}
	for (const struct peer *p = m->peers; p; p = p->next)
		if (p->stage == PEER_GRANTED && p->expires && p->expires < next)
			next = p->expires;
	rd_timer_set(&m->expiry, next > now ? (uint64_t)(next - now) * RD_NS_PER_S : RD_NS_PER_S / 10);
}

/* Everybody who had to be asked has said yes; the file may have changed meanwhile. */
static void
grant(struct peer *p)
{
	struct monitor *m = p->monitor;
	struct said s = {.type = SAID_GRANT, .id = p->id};
	struct verdict v;
	judge_peer(&v, m->opt, &p->key, &p->addr, p->by != SAID_BY_KEY, now_s());
	p->rights = v.rights & p->wanted;
	p->expires = v.expires;
	/* Nobody was asked about a stranger where a known key came, and was removed meanwhile. */
	if (!v.admit && (!v.unknown || p->listed)) {
		refuse(p, v.code, v.why);
	} else if (!(p->rights & RD_RIGHT_VIEW)) {
		refuse(p, RD_CLOSE_RIGHT, "nothing was asked for that your key may have");
	} else if (peers_in(m) >= m->opt->max_viewers) {
		refuse(p, RD_CLOSE_BUSY, "this host has as many viewers as it takes");
	} else {
		p->stage = PEER_GRANTED;
		p->listed = v.listed;
		p->since_ns = rd_clock_ns();
		s.number = p->rights;
		said_set_text(&s, p->name);
		tell_granted(p);
		set_expiry(m);
		monitor_say(m, &s, -1);
		terminal_came(m);
	}
}

/* Whether about one more of those whom the file does not know somebody may be asked. */
static bool
may_ask(const struct monitor *m)
{
	unsigned n = 0;
	for (const struct peer *p = m->peers; p; p = p->next)
		n += p->asking && !p->listed && p->by == SAID_BY_KEY;
	return n < (m->opt->on_connect ? COMMANDS_MAX : PERSONS_MAX);
}

static void
on_limit(void *ctx)
{
	refuse(ctx, RD_CLOSE_REFUSED, "nobody at this host has answered in time");
}

/* A command decides about everybody, a person about those whom the file does not know. */
static void
ask(struct peer *p, bool unknown)
{
	const struct options *o = p->monitor->opt;
	static const char *const bys[] = {"key", "password", "code"};
	struct asked who = {&p->key, &p->addr, p->name, SERVICE, bys[p->by],
		.control = !o->view_only && (p->wanted & RD_RIGHT_INPUT)};
	pid_t pid;
	if (unknown && !may_ask(p->monitor)) {
		refuse(p, RD_CLOSE_REFUSED, "this host is asking about somebody else; try again later");
		return;
	}
	if (unknown && !o->on_connect)
		remember_drop(p->monitor);
	if (o->on_connect)
		pid = asking_command(o->on_connect, &who);
	else if (unknown)
		pid = asking_person(&who, p->monitor->sock);
	else
		pid = 0;
	if (pid == 0) {
		grant(p);
	} else if (pid < 0) {
		if (o->on_connect)
			tell_no_command(p, (int)-pid);
		refuse(p, RD_CLOSE_REFUSED, "this host could not ask anybody");
	} else {
		p->stage = PEER_ASKED;
		p->asking = pid;
		p->group = o->on_connect;
		rd_timer_set(&p->limit, o->on_connect ? COMMAND_NS : PERSON_NS);
	}
}

static void
challenge(struct peer *p)
{
	struct said s = {.type = SAID_CHALLENGE, .id = p->id, .number = RD_CHALLENGE_TOTP};
	p->stage = PEER_CHALLENGED;
	monitor_say(p->monitor, &s, -1);
}

void
peers_answer(struct monitor *m, const struct said *s)
{
	struct peer *p = find(m, s->id);
	if (!p || p->stage != PEER_CHALLENGED)
		return;
	int err = codes_check(p, s->text);
	if (!err)
		ask(p, false);
	else if (err == -EAGAIN)
		challenge(p);
	else if (err == -EBUSY)
		refuse(p, RD_CLOSE_TOTP, "this host takes no codes for now");
	else
		refuse(p, RD_CLOSE_TOTP, "wrong code");
}

static void
refuse_service(struct peer *p, const char *service)
{
	char why[160];
	snprintf(why, sizeof(why), "this host has no service \"%.63s\" for your key", service);
	refuse(p, RD_CLOSE_RIGHT, why);
}

static void
judge(struct peer *p, const char *service)
{
	struct monitor *m = p->monitor;
	struct verdict v;
	/* A code serves once; but a network that was lost is nobody's fault. */
	bool again = p->by == SAID_BY_KEY && remember_met(m, &p->key);
	if (again)
		p->by = SAID_BY_CODE;
	judge_peer(&v, m->opt, &p->key, &p->addr, p->by != SAID_BY_KEY, now_s());
	snprintf(p->name, sizeof(p->name), "%s", v.name);
	p->listed = v.listed;
	tell_connected(p);
	int totp = p->by != SAID_BY_KEY && !again ? codes_wanted(m) : 0;
	bool can_ask = v.unknown && (m->opt->on_connect || m->opt->ask);
	if (!v.admit && !can_ask)
		refuse(p, v.code, v.why);
	else if (strcmp(service, SERVICE) != 0)
		refuse_service(p, service);
	else if (totp < 0)
		refuse(p, RD_CLOSE_TOTP, "this host cannot check codes");
	else if (totp > 0)
		challenge(p);
	else
		ask(p, v.unknown);
}

void
peers_new(struct monitor *m, const struct said *s)
{
	unsigned n = 0;
	for (const struct peer *p = m->peers; p; p = p->next)
		n++;
	if (n >= PEERS_MAX || s->id == 0 || find(m, s->id) || m->stopping)
		return;
	struct peer *p = xcalloc(1, sizeof(*p));
	p->monitor = m;
	p->id = s->id;
	p->key = s->key;
	p->addr = said_address(s);
	p->by = (enum said_by)s->by;
	p->how = s->how;
	p->rtt_us = s->rtt_us;
	memcpy(p->session, s->session, sizeof(p->session));
	p->wanted = s->number;
	p->stage = PEER_ASKED;
	p->next = m->peers;
	m->peers = p;
	rd_timer_open(&p->limit, m->loop, on_limit, p);
	judge(p, s->text);
}

/* --- later --- */

/* Its process has ended: what did it say? */
static void
answered(struct peer *p, int status)
{
	bool yes = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	p->asking = 0;
	rd_timer_clear(&p->limit);
	if (yes)
		grant(p);
	else
		refuse(p, RD_CLOSE_REFUSED, "this host has turned you away");
}

void
peers_reap(struct monitor *m)
{
	for (struct peer *p = m->peers, *next; p; p = next) {
		int status;
		next = p->next;
		if (p->asking && waitpid(p->asking, &status, WNOHANG) == p->asking)
			answered(p, status);
	}
}

/*
 * One that somebody let in though the file does not know it stays in; but what
 * the file says of it now, it says of it too.
 */
static void
recheck(struct peer *p)
{
	struct verdict v;
	judge_peer(&v, p->monitor->opt, &p->key, &p->addr, p->by != SAID_BY_KEY, now_s());
	p->expires = v.expires;
	if (v.unknown && !p->listed)
		return;
	/* Known since, it is not let in by somebody's word any more. */
	p->listed |= v.listed;
	if (v.unknown)
		send_off(p, RD_CLOSE_EXPIRED, "your key was removed", "revoked");
	else if (!v.admit)
		send_off(p, v.code, v.why, "revoked");
	else if (p->rights & ~v.rights)
		send_off(p, RD_CLOSE_RIGHT, "the rights of your key were changed", "revoked");
}

void
peers_recheck(struct monitor *m)
{
	for (struct peer *p = m->peers, *next; p; p = next) {
		next = p->next;
		if (p->stage == PEER_GRANTED)
			recheck(p);
	}
	set_expiry(m);
}

static bool
is_called(const struct peer *p, const char *who)
{
	char number[16], fingerprint[RD_FINGERPRINT_TEXT];
	snprintf(number, sizeof(number), "%u", p->id);
	return p->stage == PEER_GRANTED && (strcmp(number, who) == 0 || strcmp(p->name, who) == 0 ||
		strcmp(rd_key_fingerprint(&p->key, fingerprint), who) == 0);
}

bool
peers_end(struct monitor *m, const char *who)
{
	bool any = false;
	for (struct peer *p = m->peers, *next; p; p = next) {
		next = p->next;
		if (!is_called(p, who))
			continue;
		any = true;
		send_off(p, RD_CLOSE_REFUSED, "this host's owner has ended the session", "revoked");
	}
	return any;
}

void
peers_gone(struct monitor *m, const struct said *s)
{
	struct peer *p = find(m, s->id);
	if (!p)
		return;
	if (p->stage == PEER_CHALLENGED && p->tries)
		tell_refused(p, RD_CLOSE_TOTP, "wrong code", "refused");
	bool lost = s->code == RD_CLOSE_SILENT || s->code == RD_CLOSE_KEYS_OLD;
	if (p->by == SAID_BY_CODE && p->stage == PEER_GRANTED && lost)
		remember_lost(m, &p->key);
	tell_closed(p, s->code, s->text);
	drop(p);
	set_expiry(m);
}

void
peers_close(struct monitor *m)
{
	for (struct peer *p = m->peers, *next; p; p = next) {
		next = p->next;
		drop(p);
	}
}

void
peers_remember(struct monitor *m, const struct said *s)
{
	struct peer *p = peers_granted(m, s->id);
	if (p && p->by == SAID_BY_CODE && !m->stopping)
		remember_wanted(m, p, s->text);
}

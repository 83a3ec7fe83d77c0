#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-send/control.h"
#include "rd-send/pause.h"
#include "rd-send/serve.h"
#include "rd-send/session.h"
#include "rd-send/source.h"

/* How long sessions may take to hear that they are over. */
#define GOODBYE_NS (500 * RD_NS_PER_MS)
/* Sound that viewers may send, a unit: a microphone's, not a picture. */
#define UNIT_MAX ((uint64_t)64 << 10)

void
serve_say(struct serve *sv, const struct said *s)
{
	/* Without a monitor the end is near already: see on_said. */
	int err = said_send(sv->sock, s, -1);
	if (err)
		rd_debug("the monitor does not listen: %s", strerror(-err));
}

/* --- the end --- */

void
serve_stop(struct serve *sv, int code, uint64_t close_code, const char *text)
{
	if (sv->closing)
		return;
	sv->closing = true;
	sv->code = code;
	rd_timer_clear(&sv->limit);
	for (struct session *s = sv->sessions; s; s = s->next)
		session_close(s, close_code, text);
	for (struct source *src = sv->sources; src; src = src->next)
		source_end(src);
	rd_timer_set(&sv->limit, GOODBYE_NS);
}

/* Everybody has heard it. */
static bool
all_quiet(const struct serve *sv)
{
	for (const struct source *src = sv->sources; src; src = src->next)
		if (src->up)
			return false;
	return !sv->sessions;
}

static void
on_limit(void *ctx)
{
	struct serve *sv = ctx;
	if (sv->closing) {
		rd_loop_stop(sv->loop, sv->code);
		return;
	}
	rd_error("no viewer has come within the time given");
	serve_stop(sv, RD_EXIT_TIMEOUT, RD_CLOSE_GOING, "");
}

void
serve_came(struct serve *sv)
{
	if (!sv->closing)
		rd_timer_clear(&sv->limit);
}

static bool
stdin_is_over(const struct serve *sv)
{
	return !sv->opt->producer && sv->shared && sv->shared->over;
}

static bool
anybody(const struct serve *sv)
{
	for (const struct session *s = sv->sessions; s; s = s->next)
		if (s->state != SESSION_OVER)
			return true;
	return false;
}

void
serve_left(struct serve *sv, int code)
{
	if (sv->closing)
		return;
	if (sv->opt->once)
		serve_stop(sv, code, RD_CLOSE_GOING, "");
	else if (stdin_is_over(sv) && !anybody(sv))
		serve_stop(sv, sv->shared->end.code, RD_CLOSE_GOING, "");
}

void
serve_source_over(struct serve *sv, int code)
{
	/* Who is still deciding or on the way has nothing to come for. */
	for (struct session *s = sv->sessions; s; s = s->next)
		if (s->state < SESSION_WATCHING)
			session_close(s, RD_CLOSE_GOING, "the stream is over");
	if (!anybody(sv))
		serve_stop(sv, code, RD_CLOSE_GOING, "");
}

/* --- the monitor --- */

static void
obey_session(struct serve *sv, const struct said *said)
{
	struct session *s = session_find(sv, said->id);
	if (!s)
		return;
	if (said->type == SAID_GRANT)
		session_grant(s, said->number, said->text);
	else if (said->type == SAID_CHALLENGE)
		session_challenge(s, (uint8_t)said->number);
	else if (said->type == SAID_REMEMBERED)
		session_remembered(s, said->flag);
	else
		session_close(s, said->code, said->text);
}

static void
obey(struct serve *sv, const struct said *said, int fd)
{
	if (relay_obey(sv, said))
		return;
	switch (said->type) {
	case SAID_PRODUCER:
		source_produced(sv, said, fd);
		break;
	case SAID_STATUS:
		source_status(sv, said);
		break;
	case SAID_PASSWORD:
		rd_server_password(rd_host_server(sv->host), said->flag, said->secret,
			said->secret + RD_CONN_PRF_SIZE);
		break;
	case SAID_PAUSE:
		pause_set(sv, said->flag);
		break;
	case SAID_STOP:
		serve_stop(sv, RD_EXIT_OK, RD_CLOSE_GOING, "");
		break;
	default:
		obey_session(sv, said);
	}
}

static void
on_said(void *ctx, unsigned events)
{
	struct serve *sv = ctx;
	struct said said;
	int fd, got;
	(void)events;
	while ((got = said_recv(sv->sock, &said, &fd)) > 0) {
		obey(sv, &said, fd);
		sodium_memzero(&said, sizeof(said));
	}
	if (got == 0)
		return;
	rd_fd_want(&sv->heard, 0);
	if (!sv->closing)
		rd_error("the monitor process is gone");
	serve_stop(sv, RD_EXIT_FAILURE, RD_CLOSE_GOING, "");
}

static void
on_term(void *ctx, int number)
{
	(void)number;
	serve_stop(ctx, RD_EXIT_OK, RD_CLOSE_GOING, "");
}

/* --- the network --- */

static bool
on_accept(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx)
{
	return session_accept(ctx, conn, ops, conn_ctx);
}

static void
on_gone(void *ctx, struct rd_conn *conn, void *conn_ctx)
{
	(void)ctx, (void)conn;
	session_free(rd_chan_ctx(conn_ctx));
}

static void
on_note(void *ctx, const struct rd_addr *from, const char *what)
{
	char address[RD_ADDR_TEXT];
	(void)ctx;
	rd_info("%s: %s", rd_addr_text(from, address), what);
}

static void
on_code_over(void *ctx, uint32_t slot, enum rd_code_end end)
{
	slot_over(ctx, slot, end);
}

static const struct rd_server_ops server_ops = {
	.accept = on_accept,
	.gone = on_gone,
	.note = on_note,
	.code_over = on_code_over,
};

/*
 * Who comes by a code finds us by the relay: where another program has the usual
 * port, and none was asked for, any will do.
 */
static int
listen_one(struct serve *sv, const struct rd_addr *where)
{
	const struct options *o = sv->opt;
	struct rd_endpoint *e = rd_host_endpoint(sv->host);
	struct rd_addr any = *where;
	int err = rd_endpoint_listen(e, where, o->udp, o->tcp);
	if (err != -EADDRINUSE || !o->code || o->listen_given)
		return err;
	any.port = 0;
	return rd_endpoint_listen(e, &any, o->udp, o->tcp);
}

static int
listen_on(struct serve *sv)
{
	const struct options *o = sv->opt;
	for (unsigned i = 0; i < o->listen_count; i++) {
		char address[RD_ADDR_TEXT];
		int err = listen_one(sv, &o->listen[i]);
		if (!err)
			continue;
		if (o->listen[i].family)
			rd_error("cannot listen on %s: %s", rd_addr_text(&o->listen[i], address),
				strerror(-err));
		else
			rd_error("cannot listen on port %u: %s", o->listen[i].port, strerror(-err));
		return err == -EADDRNOTAVAIL ? RD_EXIT_USAGE : RD_EXIT_FAILURE;
	}
	return 0;
}

static int
open_host(struct serve *sv, struct secrets *secrets)
{
	struct rd_server_config cfg = {
		.conn = {
			.own = &secrets->key,
			.cc = sv->opt->cc,
			.cc_bps = sv->opt->cc_bps,
			.unit_max = UNIT_MAX,
		},
		.introduce = sv->opt->introduce,
		.has_password = secrets->has_password,
	};
	memcpy(cfg.prs, secrets->prs, sizeof(cfg.prs));
	memcpy(cfg.salt, secrets->salt, sizeof(cfg.salt));
	int err = rd_host_open(&sv->host, sv->loop, &cfg, &server_ops, sv);
	sodium_memzero(&cfg, sizeof(cfg));
	if (!err)
		return listen_on(sv);
	rd_error("no network: %s", strerror(-err));
	return RD_EXIT_FAILURE;
}

/* --- opening and closing --- */

/* What the last turn has made possible; asks for no further turn. */
static bool
check_sessions(void *ctx)
{
	struct serve *sv = ctx;
	for (struct session *s = sv->sessions; s; s = s->next)
		session_check(s);
	if (sv->closing && all_quiet(sv))
		rd_loop_stop(sv->loop, sv->code);
	return false;
}

static void
confine(const struct options *o)
{
	if (o->confine)
		rd_confine(&(struct rd_confine_rules){.kind = RD_CONFINE_NETWORK});
	else
		rd_warn("not confined, as --no-confine asks");
}

static int
serve_open(struct serve *sv, struct secrets *secrets, const struct door *door)
{
	/* ^C reaches the monitor, which tells us what to do. */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	rd_signal_open(&sv->term, sv->loop, SIGTERM, on_term, sv);
	rd_timer_open(&sv->limit, sv->loop, on_limit, sv);
	rd_fd_open(&sv->heard, sv->loop, sv->sock, on_said, sv);
	rd_fd_want(&sv->heard, RD_READ);
	int code = open_host(sv, secrets);
	if (!code && !sv->opt->producer)
		code = source_stdin(sv);
	if (code)
		return code;
	relay_open(sv, secrets);
	sv->control = rd_control_open(sv->loop, &door->place, &control_table, sv);
	rd_control_feed_to(sv->control, door->feed);
	sv->metrics = rd_metrics_open(sv->loop, &door->place, &control_table, sv, sv->control);
	if (sv->opt->timeout_ns)
		rd_timer_set(&sv->limit, sv->opt->timeout_ns);
	rd_loop_prepare(sv->loop, check_sessions, sv);
	serve_say(sv, &(struct said){
		.type = SAID_LISTENING,
		.number = rd_endpoint_port(rd_host_endpoint(sv->host)),
	});
	confine(sv->opt);
	return 0;
}

static void
serve_close(struct serve *sv)
{
	for (struct session *s = sv->sessions; s; s = s->next)
		session_close(s, RD_CLOSE_GOING, "");
	rd_metrics_close(sv->metrics);
	rd_control_close(sv->control);
	relay_close(sv);
	rd_host_close(sv->host);
	rd_portmap_close(sv->portmap);
	while (sv->sessions)
		session_free(sv->sessions);
	while (sv->sources)
		source_free(sv->sources);
	rd_timer_close(&sv->limit);
	rd_fd_close(&sv->heard);
	rd_signal_close(&sv->term);
}

int
serve_run(const struct options *opt, struct secrets *secrets, int sock, const struct door *door)
{
	struct serve sv = {
		.opt = opt, .loop = rd_loop_new(), .sock = sock, .key = &secrets->key, .policy = opt->path,
	};
	int code = serve_open(&sv, secrets, door);
	if (!code && opt->confine_test)
		code = rd_confine_try(RD_CONFINE_NETWORK) ? RD_EXIT_OK : RD_EXIT_FAILURE;
	else if (!code)
		code = rd_loop_run(sv.loop);
	serve_close(&sv);
	rd_loop_free(sv.loop);
	sodium_memzero(secrets, sizeof(*secrets));
	return code;
}

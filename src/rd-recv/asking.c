#include <errno.h>

#include <sodium.h>

#include "base/exit.h"
#include "base/ipc.h"
#include "base/log.h"
#include "rd-recv/session_priv.h"

static void
on_answer(struct session *s, const struct answer *a)
{
	switch (a->type) {
	case ASK_PIN:
		if (a->kind != ANSWER_OK)
			rd_warn("%s: its key is not remembered: %s", s->o->name, a->text);
		break;
	case ASK_TOTP:
		talk_code(s, a);
		break;
	case ASK_REMEMBER:
		talk_remember(s, a);
		break;
	case ASK_STRETCH:
	case ASK_CARD:
		break;
	default:
		meet_answer(s, a);
	}
}

/* 1: an answer; 0: none waits; negative: there is no monitor any more. */
static int
receive(struct session *s, struct answer *a, int wait)
{
	uint8_t bytes[RD_IPC_MAX];
	int fd, n = rd_ipc_recv(s->monitor, bytes, sizeof(bytes), &fd, wait);
	if (n == -EAGAIN)
		return 0;
	int err = n > 0 ? answer_parse(a, bytes, (size_t)n) : n < 0 ? n : -EPIPE;
	sodium_memzero(bytes, sizeof(bytes));
	return err ? err : 1;
}

static void
monitor_gone(struct session *s)
{
	rd_fd_want(&s->monitor_watch, 0);
	leave(s, RD_EXIT_FAILURE, "the process above this one is gone");
}

static void
on_ready(void *ctx, unsigned events)
{
	struct session *s = ctx;
	struct answer a;
	(void)events;
	int got = receive(s, &a, 0);
	if (got < 0)
		monitor_gone(s);
	else if (got > 0 && s->phase != PHASE_ENDING)
		on_answer(s, &a);
	sodium_memzero(&a, sizeof(a));
}

int
asking_open(struct session *s)
{
	int err = rd_fd_open(&s->monitor_watch, s->loop, s->monitor, on_ready, s);
	if (!err)
		rd_fd_want(&s->monitor_watch, RD_READ);
	return err;
}

void
asking_close(struct session *s)
{
	rd_fd_close(&s->monitor_watch);
}

void
ask(struct session *s, const struct ask *a)
{
	struct rd_buf b = {0};
	ask_pack(&b, a);
	int err = rd_ipc_send(s->monitor, b.data, b.len, -1);
	rd_buf_finish(&b);
	if (err)
		monitor_gone(s);
}

bool
ask_now(struct session *s, const struct ask *a, struct answer *out)
{
	struct rd_buf b = {0};
	ask_pack(&b, a);
	int err = rd_ipc_send(s->monitor, b.data, b.len, -1);
	rd_buf_finish(&b);
	while (!err) {
		err = receive(s, out, 1);
		if (err == 1 && out->type == a->type)
			return true;
		if (err == 1) {
			on_answer(s, out);
			err = 0;
		}
	}
	return false;
}

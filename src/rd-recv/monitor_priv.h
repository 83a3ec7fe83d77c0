#ifndef RD_RECV_MONITOR_PRIV_H
#define RD_RECV_MONITOR_PRIV_H

#include "base/loop.h"
#include "rd-recv/ask.h"
#include "rd-recv/monitor.h"
#include "rd-recv/work.h"

/*
 * Inside the monitor, for monitor*.c only:
 *
 *	monitor.c		two processes, and the monitor's life beside the other
 *	monitor_answer.c	what it answers, and what it asks the person for that
 */
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
	bool is_known;			/* the host stands in known_hosts, at last */
	bool has_card;			/* its card was asked for */
	char remember[64];		/* the host's name, if it is to be known from now on */
	bool has_password;
	char *password;			/* RD_PASSWORD_MAX + 1 bytes, locked in memory */
};

/* monitor_answer.c */
void monitor_answer(struct monitor *m, const struct ask *q);

#endif

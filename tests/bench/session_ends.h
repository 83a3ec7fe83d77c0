#ifndef BENCH_SESSION_ENDS_H
#define BENCH_SESSION_ENDS_H

#include <sys/types.h>

#include "base/loop.h"
#include "net/dial.h"

/*
 * The two ends of a session in two processes, over loopback, each in its loop as
 * rd-send and rd-recv have it, and nothing else: what net alone can do.
 *
 * The host is a child of ours. It serves one session: pours so many bytes into a
 * stream of bulk and ends it, sends every event back as it came, and ends with
 * the session, when it says how that went.
 */
struct ends_host {
	pid_t pid;
	int report;	/* struct ends_report comes here */
	uint16_t port;
	struct rd_key key;
};

struct ends_report { struct rd_recovery_count packets; uint64_t bytes_sent, size; };

void ends_host_start(struct ends_host *h, uint64_t pour);
/* Whoever wants its processor time waits for it then. */
struct ends_report ends_host_report(struct ends_host *h);
/* way: "udp" or "tcp". The viewer's key is a new one. */
struct rd_dial *ends_dial(struct rd_loop *loop, const struct ends_host *h, const char *way,
	const struct rd_dial_ops *ops, void *ctx);

/* Two processes and TCP: the same without a session. The child calls `serve` and ends. */
pid_t ends_plain(int *fd, void (*serve)(int fd, uint64_t pour), uint64_t pour);
/* Starts it; we write to its stdin (NULL: it has ours) and read from its stdout. */
pid_t ends_command(char **command, int *in, int *out);

#endif

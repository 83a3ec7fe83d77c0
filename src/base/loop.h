#ifndef RD_BASE_LOOP_H
#define RD_BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The event loop: libevent, seen through descriptors, timers and signals.
 * One loop a thread; the tool owns it. A watch is memory of the object that
 * uses it; zeroed memory is a watch that is off. SIGPIPE is ignored as soon as
 * a loop exists.
 */
struct rd_loop;
struct event;
struct event_base;

/*
 * RD_HANGUP: the other side has closed. On the write end of a pipe its last
 * reader is gone; on a socket the peer has shut down its sending direction or
 * closed; bytes it sent before may still be unread. It is told without reading
 * or writing and whether or not anything else is wanted, once for each
 * rd_fd_want that asked anew.
 */
enum { RD_READ = 1, RD_WRITE = 2, RD_HANGUP = 4 };

struct rd_loop *rd_loop_new(void);
void rd_loop_free(struct rd_loop *loop);
/* Runs until rd_loop_stop, and returns what that was given. */
int rd_loop_run(struct rd_loop *loop);
/* Ends the run after the current callback. The first call's code stands. */
void rd_loop_stop(struct rd_loop *loop, int code);
bool rd_loop_stopped(const struct rd_loop *loop);
/* Time of this turn of the loop, ns (rd_clock_ns read afresh). */
uint64_t rd_loop_now(struct rd_loop *loop);
/*
 * Called before every sleep, for libraries that queue events of their own (X,
 * SDL): returns true when it did something, and is then called once more.
 */
void rd_loop_prepare(struct rd_loop *loop, bool (*prepare)(void *ctx), void *ctx);
/* What libevent's own protocols (evhttp) are opened with. */
struct event_base *rd_loop_base(struct rd_loop *loop);

/* A descriptor. epoll refuses regular files; so does this, with -EPERM. */
struct rd_fd {
	struct event *ev;
	struct rd_loop *loop;
	int fd;
	unsigned want;
	void (*ready)(void *ctx, unsigned events);
	void *ctx;
};

int rd_fd_open(struct rd_fd *w, struct rd_loop *loop, int fd,
	void (*ready)(void *ctx, unsigned events), void *ctx);
/*
 * Which events are wanted; 0 is none. With RD_READ or RD_WRITE a hang-up or an
 * error also arrives as these, and the next read or write says which. Of
 * several watches on one descriptor only one may want RD_HANGUP.
 */
void rd_fd_want(struct rd_fd *w, unsigned want);
/* Stops watching; the descriptor stays the caller's. */
void rd_fd_close(struct rd_fd *w);

struct rd_timer {
	struct event *ev;
	void (*fire)(void *ctx);
	void *ctx;
	bool set;
};

void rd_timer_open(struct rd_timer *t, struct rd_loop *loop, void (*fire)(void *ctx), void *ctx);
/* Fires once, `in_ns` from now; an earlier setting is forgotten. */
void rd_timer_set(struct rd_timer *t, uint64_t in_ns);
void rd_timer_clear(struct rd_timer *t);
void rd_timer_close(struct rd_timer *t);

/*
 * A signal that has come is told before anything that came after it: Ctrl-C also
 * ends the command at the other end of a pipe, and that is no fault to speak of.
 */
struct rd_signal {
	struct rd_loop *loop;	/* NULL: closed */
	int number;
	void (*fire)(void *ctx, int signal);
	void *ctx;
	bool due;		/* caught, and to be told now */
	struct rd_signal *next;	/* of the same loop */
};

void rd_signal_open(struct rd_signal *s, struct rd_loop *loop, int signal,
	void (*fire)(void *ctx, int signal), void *ctx);
void rd_signal_close(struct rd_signal *s);
/*
 * Whether it has ever come while it was watched, told or not: for who waits
 * elsewhere than in the loop.
 */
bool rd_signal_came(int number);

#endif

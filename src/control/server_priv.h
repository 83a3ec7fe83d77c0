#ifndef RD_CONTROL_SERVER_PRIV_H
#define RD_CONTROL_SERVER_PRIV_H

#include "base/pause.h"
#include "control/answer.h"
#include "control/request.h"
#include "control/server.h"

/*
 * Inside the server, for these only:
 *
 *	server.c	the door, those who watch, the end
 *	server_client.c	one client: its lines, and what waits for it
 *	server_feed.c	events of another process
 */
struct client {
	struct client *next;
	struct rd_control *control;
	int fd;
	struct rd_fd watch;
	char in[RD_CONTROL_LINE];
	size_t have;
	struct rd_buf out;
	bool watches, stats;	/* events; and the values, too */
	bool deaf;		/* it says nothing more, or nothing that makes sense */
	bool gone;		/* freed when nobody looks at it any more */
};

struct rd_control {
	struct rd_loop *loop;
	struct rd_control_subject subject;
	struct rd_fd door, feed;
	int feed_fd;
	struct client *clients;	/* the newest first */
	unsigned count;
	void (*join)(void *ctx, int fd, const char *tool); /* NULL: nobody can */
	void *join_ctx;
	struct rd_timer stats;	/* runs while somebody watches */
	struct rd_timer sweep;
	struct rd_pause pause;	/* there was no descriptor for one who waits at the door */
	struct rd_timer again;	/* looks whether it is over */
};

/* server.c: it watches from now on. */
void control_watch(struct client *k, enum rd_control_watch what);

/* server_client.c */
struct client *client_new(struct rd_control *c, int fd);
/* Queues a line; one that leaves too much unread is dropped. */
void client_tell(struct client *k, const void *line, size_t len);
void client_flush(struct client *k);
void client_drop(struct client *k);
bool client_has_gone(const struct client *k);

#endif

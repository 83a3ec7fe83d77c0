#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/link_priv.h"

/* Pieces of one system call. */
#define BATCH 64
/* A body in a blob is copied below this: cheaper than holding the blob. */
#define COPY_BELOW ((size_t)4 << 10)
/* A cork holds back no more than this, bytes. */
#define CORK_MAX ((size_t)64 << 10)

static void
watch(struct rd_link *l)
{
	struct link_out *o = &l->out;

	rd_fd_want(&o->port.watch, RD_HANGUP | (o->head ? RD_WRITE : 0));
}

static void
free_item(struct link_item *item)
{
	rd_blob_unref(item->blob);
	free(item);
}

static void
drop_queue(struct link_out *o)
{
	while (o->head) {
		struct link_item *item = o->head;
		o->head = item->next;
		free_item(item);
	}
	o->tail = &o->head;
	o->queued = 0;
}

/* Queues len bytes of p; in `blob` if that is not NULL and holds them. */
static void
enqueue(struct link_out *o, const void *p, size_t len, struct rd_blob *blob, bool in_blob, int fd)
{
	struct link_item *item = xmalloc(sizeof(*item) + (in_blob ? 0 : len));

	item->next = NULL;
	item->blob = blob ? rd_blob_ref(blob) : NULL;
	item->p = p;
	item->len = len;
	item->fd = fd;
	if (!in_blob) {
		memcpy(item->copy, p, len);
		item->p = item->copy;
	}
	*o->tail = item;
	o->tail = &item->next;
	o->queued += len;
	if (o->queued > RD_LINK_HIGH)
		o->full = true;
}

/* Takes n written bytes off the queue. */
static void
written(struct rd_link *l, size_t n)
{
	struct link_out *o = &l->out;

	l->count.out += n;
	o->queued -= n;
	while (o->head && n >= o->head->len) {
		struct link_item *item = o->head;
		n -= item->len;
		o->head = item->next;
		free_item(item);
	}
	if (!o->head) {
		o->tail = &o->head;
	} else if (n > 0) {
		o->head->p += n;
		o->head->len -= n;
		o->head->fd = -1;
	}
}

/* A piece with a descriptor begins a batch: the kernel hands it over with the first byte. */
static int
gather(const struct link_out *o, struct iovec iov[static BATCH])
{
	int n = 0;

	for (struct link_item *i = o->head; i && n < BATCH; i = i->next) {
		if (n > 0 && i->fd >= 0)
			break;
		iov[n++] = (struct iovec){(void *)i->p, i->len};
	}
	return n;
}

static void
all_written(struct rd_link *l)
{
	link_port_shut(&l->out.port);
	l->out.over = true;
	link_later(l);
}

void
link_out_flush(struct rd_link *l)
{
	struct link_out *o = &l->out;
	struct iovec iov[BATCH];

	while (o->head && !o->over) {
		int n = gather(o, iov);
		ssize_t put = link_port_write(&o->port, iov, n, o->head->fd);
		if (put == -EAGAIN)
			break;
		if (put < 0) {
			link_out_fail(l, (int)put);
			return;
		}
		written(l, (size_t)put);
	}
	if (o->over)
		return;
	if (o->full && o->queued < RD_LINK_LOW) {
		o->full = false;
		o->room = true;
		link_later(l);
	}
	if (o->finishing && !o->head)
		all_written(l);
	else
		watch(l);
}

/* What can be written at once without the queue; the rest is for the queue. */
static size_t
put_now(struct rd_link *l, struct iovec iov[static 2], int fd)
{
	struct link_out *o = &l->out;

	if (o->head || o->corked)
		return 0;
	ssize_t put = link_port_write(&o->port, iov, iov[1].iov_len ? 2 : 1, fd);
	if (put < 0) {
		if (put != -EAGAIN)
			link_out_fail(l, (int)put);
		return 0;
	}
	l->count.out += (size_t)put;
	return (size_t)put;
}

void
link_out_put(struct rd_link *l, const struct rd_msg *head, const void *body, size_t len,
	struct rd_blob *blob, int fd)
{
	struct link_out *o = &l->out;
	uint8_t header[RD_MSG_HEADER_SIZE];

	if (o->over || o->finishing)
		return;
	rd_msg_pack_header(head, header);
	struct iovec iov[2] = {{header, sizeof(header)}, {(void *)body, len}};
	size_t done = put_now(l, iov, fd);
	if (o->over || done == sizeof(header) + len)
		return;

	size_t skip = done > sizeof(header) ? done - sizeof(header) : 0;
	bool hold = blob && fd < 0 && len - skip >= COPY_BELOW;
	if (done < sizeof(header))
		enqueue(o, header + done, sizeof(header) - done, fd < 0 ? NULL : blob, false,
			done ? -1 : fd);
	if (len > skip)
		enqueue(o, (const uint8_t *)body + skip, len - skip, hold ? blob : NULL, hold, -1);
	if (o->corked ? o->queued > CORK_MAX : o->port.kind == LINK_FILE)
		link_out_flush(l);
	else if (!o->corked)
		watch(l);
}

void
rd_link_cork(struct rd_link *l, bool cork)
{
	l->out.corked = cork;
	if (!cork && l->out.head)
		link_out_flush(l);
}

static void
out_ready(void *ctx, unsigned events)
{
	struct rd_link *l = ctx;

	link_enter(l);
	if (events & RD_WRITE)
		link_out_flush(l);
	if (events & RD_HANGUP && !l->out.over && link_port_gone(&l->out.port))
		link_out_fail(l, -EPIPE);
	link_leave(l);
}

int
link_out_open(struct rd_link *l, int fd)
{
	struct link_out *o = &l->out;

	o->tail = &o->head;
	int err = link_port_open_out(&o->port, fd);
	if (!err)
		err = link_port_watch(&o->port, l->loop, out_ready, l);
	if (err)
		return err;
	if (fd < 0)
		o->over = o->told = true;
	watch(l);
	return 0;
}

void
link_out_fail(struct rd_link *l, int error)
{
	struct link_out *o = &l->out;

	if (o->over)
		return;
	o->over = true;
	o->error = error;
	o->read = error == -EPIPE && link_port_read_of(&o->port, l->count.out);
	drop_queue(o);
	link_port_close(&o->port);
	link_later(l);
}

void
link_out_finish(struct rd_link *l)
{
	drop_queue(&l->out);
	link_port_close(&l->out.port);
}

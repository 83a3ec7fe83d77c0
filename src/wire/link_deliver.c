#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "wire/link_priv.h"

const char *
link_type_name(uint16_t type, char buf[static 16])
{
	const char *name = rd_msg_name(type);

	if (name)
		return name;
	snprintf(buf, 16, "0x%04x", type);
	return buf;
}

static void
on_hello(struct rd_link *l, const struct rd_msg *m)
{
	struct rd_hello h;
	int err = l->greeted ? -EALREADY : rd_hello_parse(&h, m->data, m->len);

	if (err == -EALREADY) {
		link_in_fail(l, RD_EXIT_FOREIGN, "the stream is broken: a second HELLO");
		return;
	}
	if (err == -EPROTONOSUPPORT) {
		link_in_fail(l, RD_EXIT_VERSION,
			"the stream has version %u.%u, this program reads %u.%u: update it here",
			h.major, h.minor, RD_STREAM_MAJOR, RD_STREAM_MINOR);
		return;
	}
	if (err) {
		link_in_fail(l, RD_EXIT_FOREIGN, "the stream is broken: a HELLO that makes no sense");
		return;
	}
	int proof = link_in_take_fd(l);
	if (proof >= 0)
		close(proof);
	l->share.proven = l->share.able && proof >= 0;
	if (!l->share.proven)
		h.caps &= ~(uint32_t)RD_CAP_BUFFERS;
	l->peer = h;
	l->greeted = true;
	if (l->ops->hello)
		l->ops->hello(l->ctx, &l->peer);
}

static int
on_end(struct rd_link *l, const struct rd_msg *m)
{
	struct rd_end_msg end;

	if (rd_end_parse(&end, m->data, m->len))
		return -EPROTO;
	link_in_end(l, &end);
	return 0;
}

static int
on_buffer(struct rd_link *l, const struct rd_msg *m)
{
	struct rd_buffer_msg b;

	if (rd_buffer_parse(&b, m->data, m->len))
		return -EPROTO;
	return link_share_buffer(l, &b);
}

static int
on_release(struct rd_link *l, const struct rd_msg *m)
{
	uint32_t id;

	if (rd_release_parse(&id, m->data, m->len))
		return -EPROTO;
	return link_share_release(l, id);
}

/* What neighbours say to each other. A number we do not know is of a later version. */
static int
on_link_message(struct rd_link *l, const struct rd_msg *m)
{
	switch (m->type) {
	case RD_MSG_HELLO:
		on_hello(l, m);
		return 0;
	case RD_MSG_END:
		return on_end(l, m);
	case RD_MSG_BUFFER:
		return on_buffer(l, m);
	case RD_MSG_RELEASE:
		return on_release(l, m);
	default:
		return 0;
	}
}

static int
on_shared(struct rd_link *l, const struct rd_msg *name)
{
	struct rd_msg m;
	int err = link_share_resolve(l, name, &m);

	if (err)
		return err;
	err = l->ops->message ? l->ops->message(l->ctx, &m) : 0;
	rd_blob_unref(m.blob);
	return err;
}

void
link_deliver(struct rd_link *l, const struct rd_msg *m)
{
	char buf[16];
	int err;

	if (rd_msg_class(m->type) == RD_CLASS_LINK)
		err = on_link_message(l, m);
	else if (m->flags & RD_MSG_F_SHARED)
		err = on_shared(l, m);
	else
		err = l->ops->message ? l->ops->message(l->ctx, m) : 0;
	if (err == 0 || l->closed)
		return;
	const char *name = link_type_name(m->type, buf);
	if (err == -ENOMEM)
		link_in_fail(l, RD_EXIT_MEMORY, "no memory for a message (%s)", name);
	else if (err == -ENOTSUP)
		link_in_fail(l, RD_EXIT_UNSUPPORTED,
			"the stream holds a kind of %s that this program does not know", name);
	else
		link_in_fail(l, RD_EXIT_FOREIGN,
			"the stream is broken: a message that makes no sense (%s)", name);
}

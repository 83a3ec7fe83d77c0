#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/clipboard_priv.h"

/*
 * X keeps no content: what was copied is gone with who copied it. So what a
 * giver leaves here that will not stay gets a process of its own, as with
 * xclip(1). It reads, from a memfd as its stdin:
 *
 *	u32 length, OFFER's body with the size of each kind, then each kind's bytes
 *
 * owns the selection, writes a byte to stdout, and lets go of both.
 */
#define STARTS_NS (10 * RD_NS_PER_S)
#define KEEPINGS_MAX 8	/* that have not said their word yet */

static int
write_all(int fd, const void *data, size_t len)
{
	const uint8_t *p = data;
	while (len > 0) {
		ssize_t n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
write_content(int fd, const struct rd_clip_offer *o, const struct rd_buf *bodies)
{
	struct rd_clip_offer own = *o;
	struct rd_buf b = {0}, head = {0};
	for (int i = 0; i < own.count; i++)
		own.kind[i].size = bodies[i].len;
	rd_clip_offer_pack(&b, &own);
	rd_buf_u32(&head, (uint32_t)b.len);
	rd_buf_bytes(&head, b.data, b.len);
	int err = write_all(fd, head.data, head.len);
	for (int i = 0; i < own.count && !err; i++)
		err = write_all(fd, bodies[i].data, bodies[i].len);
	rd_buf_finish(&b);
	rd_buf_finish(&head);
	if (!err && lseek(fd, 0, SEEK_SET) != 0)
		err = -errno;
	return err;
}

/* In the child: it is nobody's child, and of ours it has only those two. */
static void
become_holder(int content, int word, const char *display)
{
	char name[] = "rd-capture", hold[] = RD_CLIPBOARD_HOLD;
	char *const argv[] = {name, hold, (char *)display, NULL};
	if (setsid() < 0 || fork() != 0)
		_exit(0);
	if (chdir("/") < 0)
		_exit(1);
	if (dup2(content, STDIN_FILENO) < 0 || dup2(word, STDOUT_FILENO) < 0)
		_exit(1);
	execv("/proc/self/exe", argv);
	_exit(1);
}

/* One that has been started: it says its word when it owns the selection. */
struct keeping {
	struct keeping *next;
	struct rd_clipboard *cb;
	uint32_t job;
	int fd;
	struct rd_fd watch;
	struct rd_timer limit;
};

static void
finish(struct keeping *k)
{
	rd_fd_close(&k->watch);
	rd_timer_close(&k->limit);
	close(k->fd);
	free(k);
}

static void
over(struct keeping *k, int err)
{
	struct rd_clipboard *cb = k->cb;
	struct keeping **at = &cb->keepings;
	uint32_t job = k->job;
	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	finish(k);
	if (err)
		rd_warn("the clipboard cannot be kept: %s", strerror(-err));
	rd_clip_kept(cb->clip, job, err);
}

static void
on_word(void *ctx, unsigned events)
{
	struct keeping *k = ctx;
	char c;
	(void)events;
	over(k, read(k->fd, &c, 1) == 1 ? 0 : -EIO);
}

static void
on_limit(void *ctx)
{
	over(ctx, -ETIMEDOUT);
}

static void
wait_for_word(struct rd_clipboard *cb, uint32_t job, int fd)
{
	struct keeping *k = xcalloc(1, sizeof(*k));
	*k = (struct keeping){.next = cb->keepings, .cb = cb, .job = job, .fd = fd};
	cb->keepings = k;
	rd_timer_open(&k->limit, cb->loop, on_limit, k);
	rd_timer_set(&k->limit, STARTS_NS);
	if (rd_fd_open(&k->watch, cb->loop, fd, on_word, k) == 0)
		rd_fd_want(&k->watch, RD_READ);
}

static int
start(struct rd_clipboard *cb, uint32_t job, int content)
{
	int word[2];
	if (pipe2(word, O_CLOEXEC) < 0)
		return -errno;
	pid_t pid = fork();
	if (pid == 0)
		become_holder(content, word[1], cb->x.display);
	int err = pid < 0 ? -errno : -EINPROGRESS;
	close(word[1]);
	if (pid < 0) {
		close(word[0]);
		return err;
	}
	/* It has forked, and ended, at once. */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	wait_for_word(cb, job, word[0]);
	return err;
}

int
keep_start(void *ctx, uint32_t job, const struct rd_clip_offer *o, const struct rd_buf *bodies)
{
	struct rd_clipboard *cb = ctx;
	unsigned n = 0;
	for (const struct keeping *k = cb->keepings; k; k = k->next)
		n++;
	int content = n < KEEPINGS_MAX ? memfd_create("rd-clipboard", MFD_CLOEXEC) : -1;
	if (content < 0)
		return n < KEEPINGS_MAX ? -errno : -EBUSY;
	int err = write_content(content, o, bodies);
	if (!err)
		err = start(cb, job, content);
	close(content);
	if (err != -EINPROGRESS)
		rd_warn("the clipboard cannot be kept: %s", strerror(-err));
	return err;
}

void
keep_close(struct rd_clipboard *cb)
{
	for (struct keeping *k = cb->keepings, *next; k; k = next) {
		next = k->next;
		finish(k);
	}
	cb->keepings = NULL;
}

/* --- the holder --- */

struct held {
	struct rd_clip_offer offer;
	struct rd_buf bodies[RD_CLIP_KINDS];	/* in the mapped memory */
};

static int
parse(struct held *h, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	rd_reader_init(&r, data, len);
	size_t n = rd_reader_u32(&r);
	const uint8_t *offer = rd_reader_bytes(&r, n);
	if (!offer || rd_clip_offer_parse(&h->offer, offer, n) || h->offer.count == 0)
		return -EPROTO;
	for (int i = 0; i < h->offer.count; i++) {
		size_t size = (size_t)h->offer.kind[i].size;
		h->bodies[i] = (struct rd_buf){(uint8_t *)rd_reader_bytes(&r, size), size, size};
	}
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

static int
read_content(struct held *h)
{
	struct stat st;
	if (fstat(STDIN_FILENO, &st) < 0 || st.st_size <= 0)
		return -EPROTO;
	const uint8_t *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
	return p == MAP_FAILED ? -errno : parse(h, p, (size_t)st.st_size);
}

static void
on_lost(void *ctx)
{
	struct rd_clipboard *cb = ctx;
	rd_loop_stop(cb->loop, RD_EXIT_OK);
}

int
rd_clipboard_hold(const char *display)
{
	struct held h = {0};
	struct rd_clipboard cb = {.bodies = h.bodies};
	char *why = NULL;
	int err = read_content(&h);
	if (!err)
		err = clipboard_connect(&cb, display, &why);
	struct rd_loop *loop = rd_loop_new();
	if (!err)
		err = clipboard_listen(&cb, loop);
	if (err) {
		rd_error("the clipboard cannot be kept: %s", why ? why : strerror(-err));
		return RD_EXIT_FAILURE;
	}
	cb.cfg.ended = on_lost;
	cb.cfg.clip.ctx = &cb;
	cb.held = true;
	xcb_xfixes_select_selection_input(cb.x.conn, cb.sel[h.offer.selection].window,
		cb.selection[h.offer.selection], XCB_XFIXES_SELECTION_EVENT_MASK_SET_SELECTION_OWNER);
	clipboard_own(&cb, &h.offer);
	free(xcb_get_input_focus_reply(cb.x.conn, xcb_get_input_focus(cb.x.conn), NULL));
	err = write_all(STDOUT_FILENO, "1", 1);
	/* Whoever waits for the end of what we were started with waits for nothing of ours. */
	rd_confine_stdio(true, true, true);
	if (!err)
		rd_loop_run(loop);
	clipboard_disconnect(&cb);
	rd_loop_free(loop);
	return RD_EXIT_OK;
}

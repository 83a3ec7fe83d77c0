/*
 * Gives an Xtigervnc monitors, as a viewer of VNC with several screens does: each an
 * output of RandR, VNC-0 and so on. What was made once stays, and can be turned off and
 * on by xrandr.
 *
 *	vncscreens SOCKET WxH+X+Y…
 *
 * It speaks as little of RFB (RFC 6143) as that takes: no authentication, the encoding
 * ExtendedDesktopSize, and SetDesktopSize, whose answer is waited for.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bytes.h"
#include "media/rect.h"

#define EXTENDED_DESKTOP_SIZE (-308)
#define ASKED_HERE 1	/* the reason of an answer to our own SetDesktopSize */

static int fd;

static void
fail(const char *what)
{
	fprintf(stderr, "vncscreens: %s\n", what);
	exit(1);
}

static void
get(void *to, size_t len)
{
	if (recv(fd, to, len, MSG_WAITALL) != (ssize_t)len)
		fail("the server is gone");
}

static void
put(const void *from, size_t len)
{
	if (send(fd, from, len, MSG_NOSIGNAL) != (ssize_t)len)
		fail("the server takes nothing");
}

/* Big endian, into a message: Xtigervnc 1.12 stumbles over one that comes in pieces. */
static void
add(struct rd_buf *b, unsigned v, int bytes)
{
	while (bytes-- > 0)
		rd_buf_u8(b, (uint8_t)(v >> (8 * bytes)));
}

static unsigned
get16(void)
{
	uint16_t v;
	get(&v, 2);
	return ntohs(v);
}

static unsigned
get32(void)
{
	uint32_t v;
	get(&v, 4);
	return ntohl(v);
}

static void
skip(size_t len)
{
	char byte;
	while (len-- > 0)
		get(&byte, 1);
}

static void
connect_to(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		fail(path);
}

static void
greet(void)
{
	uint8_t kinds;
	skip(12);
	put("RFB 003.008\n", 12);
	get(&kinds, 1);
	skip(kinds);
	put("\1", 1);	/* security: none */
	if (get32() != 0)
		fail("it does not let us in");
	put("\1", 1);	/* others may stay */
	skip(4 + 16);
	skip(get32());
	struct rd_buf b = {0};
	/* SetEncodings, and a pixel of the picture, so that it answers. */
	rd_buf_bytes(&b, "\2\0\0\1", 4);
	add(&b, (unsigned)EXTENDED_DESKTOP_SIZE, 4);
	rd_buf_bytes(&b, "\3\0\0\0\0\0\0\1\0\1", 10);
	put(b.data, b.len);
	rd_buf_finish(&b);
}

static void
ask(const struct rd_rect *v, int n)
{
	struct rd_rect all = {0};
	struct rd_buf b = {0};
	for (int i = 0; i < n; i++)
		all = rd_rect_bound(all, v[i]);
	rd_buf_bytes(&b, "\373\0", 2);
	add(&b, (unsigned)(all.x + all.w), 2);
	add(&b, (unsigned)(all.y + all.h), 2);
	add(&b, (unsigned)n << 8, 2);
	for (int i = 0; i < n; i++) {
		add(&b, (unsigned)i, 4);
		add(&b, (unsigned)v[i].x, 2);
		add(&b, (unsigned)v[i].y, 2);
		add(&b, (unsigned)v[i].w, 2);
		add(&b, (unsigned)v[i].h, 2);
		add(&b, 0, 4);
	}
	put(b.data, b.len);
	rd_buf_finish(&b);
}

/* A rectangle of an update; true: it is the answer. The status stands where y does. */
static bool
take_rect(void)
{
	unsigned reason = get16(), status = get16();
	unsigned w = get16(), h = get16();
	int encoding = (int)get32();
	if (encoding != EXTENDED_DESKTOP_SIZE) {
		skip((size_t)w * h * 4);
		return false;
	}
	uint8_t screens;
	get(&screens, 1);
	skip(3 + (size_t)screens * 16);
	if (reason == ASKED_HERE && status != 0)
		fail("it does not take that");
	return reason == ASKED_HERE;
}

static void
wait_answer(void)
{
	bool done = false;
	while (!done) {
		uint8_t type;
		get(&type, 1);
		if (type == 0) {	/* FramebufferUpdate */
			skip(1);
			for (unsigned n = get16(); n > 0; n--)
				done |= take_rect();
			put("\3\1\0\0\0\0\0\1\0\1", 10);
		} else if (type == 3) {	/* ServerCutText */
			skip(3);
			skip(get32());
		} else if (type != 2) {	/* Bell */
			fail("a message that is not known");
		}
	}
}

int
main(int argc, char **argv)
{
	struct rd_rect v[16];
	int n = 0;
	if (argc < 3 || argc - 2 > 16)
		return 2;
	for (; n < argc - 2; n++)
		if (!rd_rect_parse(&v[n], argv[n + 2]))
			fail(argv[n + 2]);
	connect_to(argv[1]);
	greet();
	ask(v, n);
	wait_answer();
	close(fd);
	return 0;
}

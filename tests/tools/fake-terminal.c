#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <zlib.h>

#include "base/bytes.h"
#include "media/image.h"

/*
 * A terminal for tests, on a pty: answers what it is asked as its kind would,
 * decodes what is painted into a picture, and does what lines of a FIFO say.
 *
 *	fake-terminal KIND COLSxROWS CELLWxCELLH FIFO LOG COMMAND [ARGUMENT...]
 *
 * KIND is "sixel", "kitty" (also its keyboard), "plain" (answers, no pixels) or
 * "dumb" (answers nothing). It ends with the command's status.
 *
 * Lines of the FIFO, of which TEXT may have \033 and the like in it:
 *
 *	type TEXT		the person types
 *	size COLS ROWS		the window is resized
 *	shot FILE		what is painted, as PNG; then a line "shot FILE" in the log
 *	hold, go		what DSR 5 asks is not answered; it is, and was owed
 *
 * The log has a line for each: seen BYTES (DSR 5: a frame was painted), set and
 * reset MODE, keys pushed, keys popped, image NUMBER, raw and cooked (at "tty").
 */
struct term {
	const char *kind;
	int cols, rows, cell_w, cell_h;
	int master;
	FILE *log;
	struct rd_image im;
	int col, row;
	struct rd_buf seq;	/* ESC and what followed */
	struct rd_buf packed;	/* of kitty's image, so far */
	int id, im_w, im_h;
	size_t bytes;		/* since the last frame */
	bool hold;
	int owed;
};

static void
fatal(const char *what)
{
	fprintf(stderr, "fake-terminal: %s: %s\n", what, strerror(errno));
	exit(99);
}

static bool
is(const struct term *t, const char *kind)
{
	return strcmp(t->kind, kind) == 0;
}

static void
answer(struct term *t, const char *text)
{
	if (!is(t, "dumb") && write(t->master, text, strlen(text)) < 0)
		fatal("the pty");
}

static void
set_size(struct term *t, int cols, int rows)
{
	struct winsize w = {
		.ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows,
		.ws_xpixel = (unsigned short)(cols * t->cell_w),
		.ws_ypixel = (unsigned short)(rows * t->cell_h),
	};
	t->cols = cols;
	t->rows = rows;
	rd_image_finish(&t->im);
	if (rd_image_init(&t->im, cols * t->cell_w, rows * t->cell_h) != 0)
		fatal("a picture");
	ioctl(t->master, TIOCSWINSZ, &w);
}

static void
pixel(struct term *t, int x, int y, const uint8_t *rgb)
{
	if (x < 0 || y < 0 || x >= t->im.width || y >= t->im.height)
		return;
	uint8_t *p = rd_image_at(&t->im, x, y);
	p[0] = rgb[2];
	p[1] = rgb[1];
	p[2] = rgb[0];
}

/* --- kitty's graphics ---------------------------------------------------- */

static int
digit64(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26
		: c >= '0' && c <= '9' ? c - '0' + 52 : c == '+' ? 62 : c == '/' ? 63 : -1;
}

static void
unbase64(struct rd_buf *out, const char *p)
{
	uint32_t v = 0;
	int bits = 0;
	for (; *p && *p != '='; p++) {
		v = v << 6 | (uint32_t)digit64(*p);
		if ((bits += 6) >= 8)
			rd_buf_u8(out, (uint8_t)(v >> (bits -= 8)));
	}
}

static void
place_image(struct term *t)
{
	uLongf len = (uLongf)t->im_w * (uLongf)t->im_h * 3;
	uint8_t *rgb = malloc(len + 1);
	uLongf got = len + 1;
	if (!rgb || uncompress(rgb, &got, t->packed.data, t->packed.len) != Z_OK || got != len)
		fatal("an image that is none");
	for (int y = 0; y < t->im_h; y++)
		for (int x = 0; x < t->im_w; x++)
			pixel(t, t->col * t->cell_w + x, t->row * t->cell_h + y,
				rgb + ((size_t)y * (size_t)t->im_w + (size_t)x) * 3);
	fprintf(t->log, "image %d\n", t->id);
	free(rgb);
	rd_buf_reset(&t->packed);
}

/* A key's value in "Ga=T,i=5;…", or `none`. */
static int
value(const char *s, const char *key, int none)
{
	size_t n = strlen(key);
	for (; *s && *s != ';'; s++)
		if ((s[-1] == 'G' || s[-1] == ',') && strncmp(s, key, n) == 0 && s[n] == '=')
			return s[n + 1] >= '0' && s[n + 1] <= '9' ? atoi(s + n + 1) : s[n + 1];
	return none;
}

static void
on_apc(struct term *t, const char *s)
{
	const char *data = strchr(s, ';');
	if (s[0] != 'G' || !is(t, "kitty"))
		return;
	int what = value(s + 1, "a", 0);
	if (what == 'q') {
		answer(t, "\033_Gi=31;OK\033\\");
		return;
	}
	if (what == 'd') {
		rd_image_fill(&t->im, (struct rd_rect){0, 0, t->im.width, t->im.height}, 0);
		fprintf(t->log, "images deleted\n");
		return;
	}
	if (what == 'T') {
		t->id = value(s + 1, "i", 0);
		t->im_w = value(s + 1, "s", 0);
		t->im_h = value(s + 1, "v", 0);
	}
	unbase64(&t->packed, data + 1);
	if (strlen(data + 1) > 4096)
		fatal("a piece that is too long");
	if (!value(s + 1, "m", 0))
		place_image(t);
}

/* --- sixel ----------------------------------------------------------------- */

static int
number(const char **s)
{
	int v = 0;
	while (**s >= '0' && **s <= '9')
		v = v * 10 + *(*s)++ - '0';
	return v;
}

static void
sixel(struct term *t, const char *s)
{
	static uint8_t palette[256][3];
	int x = 0, y = 0, reg = 0;
	while (*s) {
		int c = *s++, n = 1;
		if (c == '"') {
			while (*s == ';' || (*s >= '0' && *s <= '9'))
				s++;
		} else if (c == '#') {
			reg = number(&s) & 255;
			for (int i = -1; *s == ';'; i++) {
				s++;
				int v = number(&s);
				if (i >= 0)
					palette[reg][i] = (uint8_t)((v * 255 + 50) / 100);
			}
		} else if (c == '$') {
			x = 0;
		} else if (c == '-') {
			x = 0;
			y += 6;
		} else {
			if (c == '!') {
				n = number(&s);
				c = *s++;
			}
			if (c < '?' || c > '~')
				fatal("sixel that is none");
			for (; n > 0; n--, x++)
				for (int b = 0; b < 6; b++)
					if ((c - '?') >> b & 1)
						pixel(t, t->col * t->cell_w + x, t->row * t->cell_h + y + b,
							palette[reg]);
		}
	}
}

static void
on_dcs(struct term *t, const char *s)
{
	const char *q = strchr(s, 'q');
	if (strcmp(s, "$qm") == 0)
		answer(t, "\033P1$r0;48:2:1:2:3m\033\\");
	else if (q && is(t, "sixel"))
		sixel(t, q + 1);
}

/* --- the rest ---------------------------------------------------------------- */

static void
fence(struct term *t)
{
	fprintf(t->log, "seen %zu\n", t->bytes);
	t->bytes = 0;
	if (t->hold)
		t->owed++;
	else
		answer(t, "\033[0n");
}

static void
on_csi(struct term *t, const char *s)
{
	char text[64];
	int a = 1, b = 1;
	size_t n = strlen(s);
	switch (s[n - 1]) {
	case 'H':
		sscanf(s, "%d;%d", &a, &b);
		t->row = a - 1;
		t->col = b - 1;
		break;
	case 'J':
		rd_image_fill(&t->im, (struct rd_rect){0, 0, t->im.width, t->im.height}, 0);
		break;
	case 'n':
		if (s[0] == '5')
			fence(t);
		snprintf(text, sizeof(text), "\033[%d;%dR", t->row + 1, t->col + 1);
		if (s[0] == '6')
			answer(t, text);
		break;
	case 'c':
		answer(t, is(t, "sixel") ? "\033[?62;4;22c" : "\033[?62;22c");
		break;
	case 'q':
		answer(t, "\033P>|fake(1)\033\\");
		break;
	case 't':
		snprintf(text, sizeof(text), "\033[6;%d;%dt", t->cell_h, t->cell_w);
		answer(t, text);
		break;
	case 'u':
		if (s[0] == '?' && is(t, "kitty"))
			answer(t, "\033[?0u");
		else if (s[0] == '>' || s[0] == '<')
			fprintf(t->log, "keys %s\n", s[0] == '>' ? "pushed" : "popped");
		break;
	case 'S':
		if (is(t, "sixel"))
			answer(t, s[1] == '1' ? "\033[?1;0;256S" : "\033[?2;0;4000;4000S");
		break;
	case 'p':
		snprintf(text, sizeof(text), "\033[?%d;2$y", atoi(s + 1));
		answer(t, text);
		break;
	case 'h': case 'l':
		if (strcmp(s, "?2026h") != 0 && strcmp(s, "?2026l") != 0)
			fprintf(t->log, "%s %.*s\n", s[n - 1] == 'h' ? "set" : "reset", (int)n - 2, s + 1);
		break;
	default:
		break;
	}
}

/* Whether what begins with ESC is whole; if so it is done. */
static bool
sequence(struct term *t)
{
	char *s = (char *)t->seq.data;
	size_t n = t->seq.len;
	bool st = n >= 4 && s[n - 2] == 27 && s[n - 1] == '\\';
	if (n < 2)
		return false;
	if (s[1] == '[' && (n < 3 || s[n - 1] < 0x40 || s[n - 1] > 0x7e))
		return false;
	if ((s[1] == 'P' || s[1] == '_') && !st)
		return false;
	s[n - (st ? 2 : 0)] = '\0';
	if (s[1] == '[')
		on_csi(t, s + 2);
	else if (s[1] == 'P')
		on_dcs(t, s + 2);
	else if (s[1] == '_')
		on_apc(t, s + 2);
	return true;
}

static void
on_output(struct term *t, const uint8_t *p, size_t n)
{
	t->bytes += n;
	for (; n > 0; n--, p++) {
		if (t->seq.len == 0 && *p != 27) {
			t->col = *p == '\r' ? 0 : (*p & 0xc0) != 0x80 && *p >= 32 ? t->col + 1 : t->col;
			continue;
		}
		rd_buf_u8(&t->seq, *p);
		rd_buf_room(&t->seq, 1);
		if (sequence(t))
			rd_buf_reset(&t->seq);
	}
}

/* \033 and the like. */
static size_t
unescape(char *s)
{
	char *o = s, *at = s;
	while (*at) {
		if (at[0] != '\\' || !at[1]) {
			*o++ = *at++;
		} else if (at[1] == '0') {
			char *end = at + 2;
			int v = 0;
			while (end < at + 4 && *end >= '0' && *end < '8')
				v = v * 8 + *end++ - '0';
			*o++ = (char)v;
			at = end;
		} else {
			*o++ = at[1] == 'r' ? '\r' : at[1] == 'n' ? '\n' : at[1];
			at += 2;
		}
	}
	return (size_t)(o - s);
}

static void
shot(struct term *t, const char *path)
{
	FILE *f = fopen(path, "w");
	if (!f || rd_image_png(&t->im, f) != 0 || fclose(f) != 0)
		fatal(path);
	fprintf(t->log, "shot %s\n", path);
}

static void
say_tty(struct term *t)
{
	struct termios now;
	tcgetattr(t->master, &now);
	fprintf(t->log, "%s\n", now.c_lflag & ICANON && now.c_lflag & ECHO && now.c_oflag & OPOST
		? "cooked" : "raw");
}

static void
on_line(struct term *t, char *line)
{
	int cols, rows;
	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, "type ", 5) == 0) {
		size_t n = unescape(line + 5);
		if (write(t->master, line + 5, n) < 0)
			fatal("the pty");
	} else if (sscanf(line, "size %d %d", &cols, &rows) == 2) {
		set_size(t, cols, rows);
	} else if (strncmp(line, "shot ", 5) == 0) {
		shot(t, line + 5);
	} else if (strcmp(line, "hold") == 0) {
		t->hold = true;
	} else if (strcmp(line, "tty") == 0) {
		say_tty(t);
	} else if (strcmp(line, "go") == 0) {
		t->hold = false;
		for (; t->owed > 0; t->owed--)
			answer(t, "\033[0n");
	}
}

static pid_t
run(struct term *t, char **argv)
{
	t->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (t->master < 0 || grantpt(t->master) < 0 || unlockpt(t->master) < 0)
		fatal("a pty");
	int slave = open(ptsname(t->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		fatal("a pty");
	set_size(t, t->cols, t->rows);
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	execvp(argv[0], argv);
	fatal(argv[0]);
	return -1;
}

static int
serve(struct term *t, int lines, pid_t pid)
{
	FILE *in = fdopen(lines, "r");
	char line[8192];
	uint8_t b[65536];
	int status;
	for (;;) {
		struct pollfd p[] = {{.fd = t->master, .events = POLLIN}, {.fd = lines, .events = POLLIN}};
		poll(p, 2, 100);
		if (p[1].revents & POLLIN)
			while (fgets(line, sizeof(line), in))
				on_line(t, line);
		clearerr(in);
		ssize_t n = p[0].revents & POLLIN ? read(t->master, b, sizeof(b)) : 0;
		if (n > 0)
			on_output(t, b, (size_t)n);
		else if (waitpid(pid, &status, WNOHANG) == pid)
			break;
	}
	say_tty(t);
	fclose(in);
	fclose(t->log);
	rd_image_finish(&t->im);
	rd_buf_finish(&t->seq);
	rd_buf_finish(&t->packed);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char **argv)
{
	struct term t = {.kind = argv[1]};
	if (argc < 7 || sscanf(argv[2], "%dx%d", &t.cols, &t.rows) != 2 ||
		sscanf(argv[3], "%dx%d", &t.cell_w, &t.cell_h) != 2) {
		fprintf(stderr, "usage: fake-terminal KIND COLSxROWS CELLWxCELLH FIFO LOG COMMAND...\n");
		return 2;
	}
	/* Kept open by our own writing end. */
	int lines = open(argv[4], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	t.log = fopen(argv[5], "we");
	if (lines < 0 || !t.log)
		fatal(argv[4]);
	setvbuf(t.log, NULL, _IOLBF, 0);
	return serve(&t, lines, run(&t, argv + 6));
}

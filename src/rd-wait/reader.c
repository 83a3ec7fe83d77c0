#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "rd-wait/reader.h"

/* More words than any screen has. */
#define ANSWER_MAX ((size_t)4 << 20)
/* Letters of a screen are small to tesseract: small pictures are made three times as large. */
#define LARGE_AREA 1000000

struct reader {
	int page;		/* a memory file that both sides have */
	int talk;		/* a byte asks; a length (uint32_t, 0: failed) and text answer */
	pid_t helper;
	bool busy;
	struct rd_fd watch;
	struct rd_buf answer;
	void (*read)(void *ctx, const char *tsv, size_t len);
	void *ctx;
};

/* ---- the helper ---- */

/* Becomes tesseract, on the page, with its words into `out`. */
static void
become_tesseract(int page, int out, const char *language)
{
	const struct rd_confine_rules rules = {.kind = RD_CONFINE_PROGRAM};
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", page);
	int in = open(path, O_RDONLY);
	if (in < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(127);
	/* It talks of resolutions, and of what went wrong it leaves a status. */
	int null = open("/dev/null", O_WRONLY);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null >= 0)
		dup2(null, STDERR_FILENO);
	close_range(3, ~0u, 0);
	/* Threads of it would fight over the processor that decodes. */
	setenv("OMP_THREAD_LIMIT", "1", 1);
	rd_confine(&rules);
	execlp("tesseract", "tesseract", "-", "-", "--dpi", "70", "--psm", "11", "-l",
		language ? language : "eng", "tsv", NULL);
	_exit(127);
}

static bool
send_all(int fd, const void *data, size_t len)
{
	for (const uint8_t *p = data; len > 0;) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return true;
}

/* Everything that a descriptor gives, at most ANSWER_MAX. */
static void
slurp(int fd, struct rd_buf *b)
{
	ssize_t n;
	do {
		n = read(fd, rd_buf_room(b, 65536), 65536);
		if (n > 0)
			b->len += (size_t)n;
	} while ((n > 0 && b->len < ANSWER_MAX) || (n < 0 && errno == EINTR));
}

/* One reading. False: nobody listens any more. */
static bool
help_once(int page, int talk, const char *language)
{
	struct rd_buf text = {0};
	int pipe_fds[2], status = 1;
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return false;
	pid_t pid = fork();
	if (pid == 0)
		become_tesseract(page, pipe_fds[1], language);
	close(pipe_fds[1]);
	if (pid > 0)
		slurp(pipe_fds[0], &text);
	close(pipe_fds[0]);
	if (pid > 0)
		waitpid(pid, &status, 0);
	uint32_t len = status == 0 ? (uint32_t)text.len : 0;
	bool sent = send_all(talk, &len, sizeof(len)) && send_all(talk, text.data, len);
	rd_buf_finish(&text);
	return sent;
}

/* It ends with us: our end of the talk is closed then. */
static void
help(int page, int talk, const char *language)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	uint8_t ask;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		signal(numbers[i], SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	rd_confine_stdio(true, true, false);
	rd_confine_descriptors_but(page, talk);
	while (recv(talk, &ask, 1, 0) == 1 && help_once(page, talk, language))
		;
	_exit(0);
}

/* ---- our side ---- */

/* An answer, as far as it has come: it is whole when its length is reached. */
static void
take(struct reader *r)
{
	uint32_t len;
	if (r->answer.len < sizeof(len))
		return;
	memcpy(&len, r->answer.data, sizeof(len));
	if (r->answer.len < sizeof(len) + len)
		return;
	r->busy = false;
	struct rd_buf done = r->answer;
	r->answer = (struct rd_buf){0};
	r->read(r->ctx, len ? (const char *)done.data + sizeof(len) : NULL, len);
	rd_buf_finish(&done);
}

static void
on_answer(void *ctx, unsigned events)
{
	struct reader *r = ctx;
	(void)events;
	ssize_t n = recv(r->talk, rd_buf_room(&r->answer, 65536), 65536, MSG_DONTWAIT);
	if (n > 0) {
		r->answer.len += (size_t)n;
		take(r);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		rd_fd_close(&r->watch);
		r->read(r->ctx, NULL, 0);
	}
}

static int
start_helper(struct reader *r, const char *language)
{
	int pair[2];
	r->page = memfd_create("page", MFD_CLOEXEC);
	if (r->page < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	r->helper = fork();
	if (r->helper < 0) {
		int err = -errno;
		close(pair[0]);
		close(pair[1]);
		return err;
	}
	if (r->helper == 0) {
		close(pair[0]);
		help(r->page, pair[1], language);
	}
	close(pair[1]);
	r->talk = pair[0];
	return 0;
}

int
reader_open(struct reader **out, struct rd_loop *loop, const char *language,
	void (*read)(void *ctx, const char *tsv, size_t len), void *ctx)
{
	if (!rd_command_exists("tesseract")) {
		rd_error("--text needs tesseract, which is not installed here: "
			"apt-get install tesseract-ocr");
		return RD_EXIT_NO_TESSERACT;
	}
	struct reader *r = xcalloc(1, sizeof(*r));
	*out = r;
	r->page = r->talk = -1;
	r->read = read;
	r->ctx = ctx;
	int err = start_helper(r, language);
	if (!err)
		err = rd_fd_open(&r->watch, loop, r->talk, on_answer, r);
	if (err) {
		rd_error("no process to read text: %s", strerror(-err));
		return RD_EXIT_FAILURE;
	}
	rd_fd_want(&r->watch, RD_READ);
	return 0;
}

void
reader_close(struct reader *r)
{
	if (!r)
		return;
	rd_fd_close(&r->watch);
	if (r->talk >= 0)
		close(r->talk);
	if (r->page >= 0)
		close(r->page);
	rd_buf_finish(&r->answer);
	free(r);
}

bool
reader_busy(const struct reader *r)
{
	return r->busy;
}

static bool
write_all(int fd, const void *data, size_t len)
{
	for (const uint8_t *p = data; len > 0;) {
		ssize_t n = write(fd, p, len);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return true;
}

/* As PGM, netpbm's grey: what it is made of cannot be wrong. */
static bool
write_page(int fd, const struct rd_image *im)
{
	char head[64];
	int n = snprintf(head, sizeof(head), "P5\n%d %d\n255\n", im->width, im->height);
	uint8_t *row = xmalloc((size_t)im->width);
	bool ok = lseek(fd, 0, SEEK_SET) == 0 && write_all(fd, head, (size_t)n);
	for (int y = 0; y < im->height && ok; y++) {
		for (int x = 0; x < im->width; x++) {
			const uint8_t *p = rd_image_at(im, x, y);
			/* ITU-R BT.601's luma */
			row[x] = (uint8_t)((p[0] * 29 + p[1] * 150 + p[2] * 77) >> 8);
		}
		ok = write_all(fd, row, (size_t)im->width);
	}
	free(row);
	return ok;
}

int
reader_begin(struct reader *r, const struct rd_image *im, struct rd_rect part, int *scale)
{
	struct rd_image large;
	uint8_t ask = 1;
	const struct rd_image src = rd_image_part(im, part);
	*scale = rd_rect_area(part) > LARGE_AREA ? 2 : 3;
	int err = rd_image_init(&large, part.w * *scale, part.h * *scale);
	if (err && *scale > 1) {
		*scale = 1;
		err = rd_image_init(&large, part.w, part.h);
	}
	if (err)
		return err;
	rd_image_scale(&large, &src);
	bool ok = write_page(r->page, &large) && send_all(r->talk, &ask, 1);
	rd_image_finish(&large);
	r->busy = ok;
	return ok ? 0 : -EPIPE;
}

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "rd-run/display.h"
#include "rd-run/words.h"

#define COOKIE_BYTES 16
#define LOG_SHOWN 2000
#define LOG_READ 65536

/* For the server: whatever its number will be. */
static int
make_cookie(struct display *d, const struct place *p)
{
	struct rd_buf b = {0};
	d->cookie = (struct rd_xauth_cookie){.display = -1, .len = COOKIE_BYTES};
	if (getrandom(d->cookie.data, COOKIE_BYTES, 0) != COOKIE_BYTES)
		return -EIO;
	rd_xauth_put(&b, NULL, &d->cookie);
	int err = place_write(p->server, b.data, b.len);
	rd_buf_finish(&b);
	return err;
}

/* TigerVNC's has other names elsewhere; of other VNC servers that name is, too. */
static const char *
choose_server(enum server wanted)
{
	static const char *const tigervnc[] = {"Xtigervnc", "Xvnc"};
	if (wanted == SERVER_XVFB)
		return "Xvfb";
	for (size_t i = 0; i < sizeof(tigervnc) / sizeof(tigervnc[0]); i++)
		if (rd_command_exists(tigervnc[i]))
			return tigervnc[i];
	return wanted == SERVER_AUTO ? "Xvfb" : tigervnc[0];
}

/* Nobody is to come by VNC: then it has neither a port nor a socket for it. */
static void
add_screen(struct words *w, const char *server, struct rd_opt_size size)
{
	bool xvfb = strcmp(server, "Xvfb") == 0;
	char *text = xasprintf(xvfb ? "%ux%ux24" : "%ux%u", size.width, size.height);
	if (xvfb)
		words_add(w, "-screen", "0", text, NULL);
	else
		words_add(w, "-geometry", text, "-depth", "24", "-rfbport", "-1",
			"-SecurityTypes", "None", NULL);
	free(text);
}

static int
run_server(struct display *d, const struct options *o, const struct place *p,
	const struct start_before *before, int number_fd)
{
	struct words w = {0};
	words_add(&w, d->server, "-displayfd", "3", "-auth", p->server, "-nolisten", "tcp",
		"-noreset", NULL);
	add_screen(&w, d->server, o->size);
	words_split(&w, o->server_args);
	struct start s = {
		.argv = w.word, .env = environ, .before = before,
		/* Then it takes its lock and socket away itself. */
		.death = SIGTERM,
		.bare = true, .fd = {-1, d->log, d->log, number_fd},
	};
	int err = start(&d->pid, &s);
	d->trace.server = d->pid;
	words_finish(&w);
	return err;
}

int
display_start(struct display *d, const struct options *o, const struct place *p,
	const struct start_before *before)
{
	int number[2];
	*d = (struct display){.server = choose_server(o->server), .fd = -1, .number = -1,
		.trace = {.number = -1}};
	d->log = memfd_create("display", MFD_CLOEXEC);
	if (d->log < 0)
		return -errno;
	fcntl(d->log, F_SETFL, O_APPEND);
	int err = make_cookie(d, p);
	if (err)
		return err;
	if (pipe2(number, O_CLOEXEC) < 0)
		return -errno;
	d->fd = number[0];
	err = run_server(d, o, p, before, number[1]);
	close(number[1]);
	return err;
}

void
display_read(struct display *d)
{
	ssize_t n = read(d->fd, d->text + d->len, sizeof(d->text) - 1 - d->len);
	if (n < 0 && errno == EINTR)
		return;
	if (n > 0)
		d->len += (unsigned)n;
	d->text[d->len] = '\0';
	int digits = (int)strspn(d->text, "0123456789");
	/* The number and its newline are two writes. */
	if (digits > 0 && digits < 6 && d->text[digits] == '\n')
		d->number = atoi(d->text);
	if (n <= 0 || d->number >= 0 || d->len == sizeof(d->text) - 1) {
		close(d->fd);
		d->fd = -1;
	}
}

static void
socket_name(char name[static 64], int number)
{
	snprintf(name, 64, "/tmp/.X11-unix/X%d", number);
}

static void
note_trace(struct display *d)
{
	char name[64];
	struct stat st;
	d->trace.number = d->number;
	socket_name(name, d->number);
	if (lstat(name, &st) == 0) {
		d->trace.socket = st.st_ino;
		d->trace.made = st.st_ctim;
	}
}

/* By the machine's name and without: some clients look for the one, some for the other. */
int
display_admit(struct display *d, const struct place *p)
{
	char host[256] = "";
	struct rd_buf b = {0};
	note_trace(d);
	d->cookie.display = d->number;
	gethostname(host, sizeof(host) - 1);
	rd_xauth_put(&b, host, &d->cookie);
	rd_xauth_put(&b, NULL, &d->cookie);
	int err = place_write(p->authority, b.data, b.len);
	rd_buf_finish(&b);
	return err;
}

static bool
is_noise(const char *line)
{
	static const char *const noise[] = {"_XSERVTransmkdir", "The XKEYBOARD keymap compiler",
		"> Warning", "Errors from xkbcomp are not fatal", "(EE) \n"};
	for (size_t i = 0; i < sizeof(noise) / sizeof(noise[0]); i++)
		if (strstr(line, noise[i]) == line)
			return true;
	return strncmp(line, "(EE)", 4) == 0 && line[4 + strspn(line + 4, " ")] == '\0';
}

/* All that it has said, if that is not too much; the end of it. */
static char *
read_log(const struct display *d)
{
	off_t end = d->log < 0 ? 0 : lseek(d->log, 0, SEEK_END);
	char *text = xmalloc(LOG_READ + 1);
	ssize_t n = end <= 0 ? 0 : pread(d->log, text, LOG_READ, end > LOG_READ ? end - LOG_READ : 0);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* How it is used: it says that after a word which it does not know, in a hundred lines. */
static bool
is_usage(const char *line)
{
	return strncmp(line, "use: X", 6) == 0;
}

char *
display_words(const struct display *d)
{
	char *text = read_log(d), *rest = text;
	char *said = NULL, *line;
	while ((line = strsep(&rest, "\n")) && !is_usage(line)) {
		if (!*line || is_noise(line))
			continue;
		line += strncmp(line, "(EE) ", 5) == 0 ? 5 : 0;
		char *more = said ? xasprintf("%s; %s", said, line) : xstrdup(line);
		free(said);
		said = more;
	}
	free(text);
	size_t len = said ? strlen(said) : 0;
	if (len > LOG_SHOWN)
		memmove(said, said + len - LOG_SHOWN, LOG_SHOWN + 1);
	return said;
}

static bool
is_its_lock(const char *lock, pid_t server)
{
	char text[32] = "";
	int fd = open(lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	return n > 0 && atoi(text) == server;
}

/* One that came after it has made its socket anew. */
static bool
is_its_socket(const char *name, const struct display_trace *t)
{
	struct stat st;
	return lstat(name, &st) == 0 && st.st_ino == t->socket &&
		st.st_ctim.tv_sec == t->made.tv_sec && st.st_ctim.tv_nsec == t->made.tv_nsec;
}

/* A server that chose its number itself has no lock. */
void
display_sweep(const struct display_trace *t)
{
	char lock[64], name[64];
	if (t->number < 0 || t->server <= 0)
		return;
	snprintf(lock, sizeof(lock), "/tmp/.X%d-lock", t->number);
	socket_name(name, t->number);
	if (is_its_socket(name, t))
		unlink(name);
	if (is_its_lock(lock, t->server))
		unlink(lock);
}

void
display_close(struct display *d)
{
	if (d->fd >= 0)
		close(d->fd);
	if (d->log >= 0)
		close(d->log);
	d->fd = d->log = -1;
}

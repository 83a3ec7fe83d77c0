#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "rd-run/film.h"
#include "rd-run/words.h"

/*
 * Coding is nearly all that a film costs. A scroll is seen with so many pictures
 * a second; one whole page of 1080p takes 20 ms, and the test beside it is what the
 * machine is for. One thread needs less than two, and there is time.
 */
#define FPS_DEFAULT 15.0
#define THREADS "1"
#define MAX_CPU "6"

void
film_init(struct film *f, const struct options *o)
{
	char here[PATH_MAX];
	*f = (struct film){.fd = -1};
	if (!o->record)
		return;
	if (o->record[0] == '/' || !getcwd(here, sizeof(here)))
		f->path = xstrdup(o->record);
	else
		f->path = xasprintf("%s/%s", strcmp(here, "/") == 0 ? "" : here, o->record);
}

int
film_start(struct film *f, const struct options *o, const struct place *p,
	const struct door *door, char *const *env, const struct start_before *before)
{
	int pipe_fd[2];
	struct words w = {0};
	/* Ours, while the command has its own. */
	const char *config = getenv("RD_CONFIG");
	if (pipe2(pipe_fd, O_CLOEXEC) < 0)
		return -errno;
	struct stat st;
	f->was_there = lstat(f->path, &st) == 0;
	f->door = door;
	words_add(&w, "rd-record", "--json", "--quiet", "--chapters", p->mark, NULL);
	if (config)
		words_add(&w, *config ? "--config" : "--no-config", *config ? config : NULL, NULL);
	if (door->wanted)
		words_add(&w, "--name", door->name, NULL);
	else
		words_add(&w, "--no-control", NULL);
	if (o->overwrite)
		words_add(&w, "--overwrite", NULL);
	if (!o->pointer)
		words_add(&w, "--no-pointer", NULL);
	if (o->fps == 0)
		words_add(&w, "--threads", THREADS, "--max-cpu", MAX_CPU, NULL);
	char *fps = xasprintf("%g", o->fps > 0 ? o->fps : FPS_DEFAULT);
	/* Whatever else sounds on this machine is none of the command's. */
	char *sound = o->sound ? xasprintf("new:%s", p->sink) : xstrdup("off");
	words_add(&w, f->path, "--", "rd-capture", "--view-only", "--fps", fps, "--sound", sound, NULL);
	free(sound);
	free(fps);
	struct start s = {
		.argv = w.word, .env = env, .before = before,
		/* An ordinary end: the film is whole then. */
		.death = SIGTERM,
		.bare = true, .fd = {-1, -1, pipe_fd[1], -1},
	};
	int err = start(&f->pid, &s);
	close(pipe_fd[1]);
	f->fd = pipe_fd[0];
	fcntl(f->fd, F_SETFL, O_NONBLOCK);
	words_finish(&w);
	return err;
}

static bool
is_event(const char *line, const char *name)
{
	char head[64];
	int n = snprintf(head, sizeof(head), "{\"event\":\"%s\",", name);
	return strncmp(line, head, (size_t)n) == 0;
}

static double
number_of(const char *line, const char *key)
{
	char want[32];
	snprintf(want, sizeof(want), "\"%s\":", key);
	const char *at = strstr(line, want);
	return at ? strtod(at + strlen(want), NULL) : 0;
}

/* rd-record's events become ours, but for its end, which is not ours. */
static void
take_line(struct film *f, const struct tell *t, const char *line)
{
	if (line[0] != '{') {
		tell_words(t, line);
		return;
	}
	if (is_event(line, "end"))
		return;
	/* Its first picture is in the file: a disk that is full is no beginning. */
	if (is_event(line, "recording"))
		f->made = f->begun = true;
	if (is_event(line, "saved")) {
		f->seconds = number_of(line, "seconds");
		f->bytes = (uint64_t)number_of(line, "bytes");
	}
	tell_event_line(t, line);
}

void
film_read(struct film *f, const struct tell *t)
{
	ssize_t n = read(f->fd, f->line + f->len, sizeof(f->line) - 1 - f->len);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		close(f->fd);
		f->fd = -1;
		return;
	}
	f->len += (size_t)n;
	f->line[f->len] = '\0';
	char *line = f->line, *end;
	while ((end = strchr(line, '\n'))) {
		*end = '\0';
		take_line(f, t, line);
		line = end + 1;
	}
	f->len -= (size_t)(line - f->line);
	memmove(f->line, line, f->len);
	/* No line of ours is so long. */
	if (f->len == sizeof(f->line) - 1)
		f->len = 0;
}

void
film_ended(struct film *f, int status)
{
	/* One that was killed has left its socket. */
	door_sweep(f->door, f->pid);
	f->pid = 0;
	f->over = true;
	f->status = status;
}

/* rd-record makes an empty file first, and cannot remove it itself. */
static bool
is_husk(const struct film *f)
{
	struct stat st;
	return !f->was_there && lstat(f->path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

bool
film_is_there(const struct film *f)
{
	struct stat st;
	return lstat(f->path, &st) == 0;
}

bool
film_drop(struct film *f)
{
	bool ours = f->path && (f->made || is_husk(f));
	f->made = false;
	return ours && unlink(f->path) == 0;
}

void
film_close(struct film *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	free(f->path);
	f->path = NULL;
}

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "rd-view/words.h"

void
words_open(struct words *w, const struct tty *tty)
{
	int fds[2];
	*w = (struct words){.in = -1, .out = -1, .tty = tty};
	if (!isatty(STDERR_FILENO) || pipe2(fds, O_CLOEXEC) < 0)
		return;
	w->out = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	w->in = fds[0];
	fcntl(w->in, F_SETFL, O_NONBLOCK);
	/* Who says too much at once loses it, and does not wait for us. */
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	w->kept = xmalloc(WORDS_KEPT);
}

/* Text and ends of lines; what could make the terminal do something is a '?'. */
static void
clean(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		if ((c < 0x20 && !strchr("\t\r\n", c)) || c == 0x7f)
			text[i] = '?';
	}
}

static void
show(const struct words *w, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(w->out, text, len);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

static void
show_kept(struct words *w)
{
	static const char more[] = "rd-view: (more was said)\n";
	show(w, w->kept, w->len);
	if (w->lost)
		show(w, more, sizeof(more) - 1);
	w->len = 0;
	w->lost = false;
}

void
words_turn(struct words *w)
{
	char text[4096];
	ssize_t n;
	if (w->in < 0)
		return;
	while ((n = read(w->in, text, sizeof(text))) > 0 || (n < 0 && errno == EINTR)) {
		size_t got = n > 0 ? (size_t)n : 0, room = WORDS_KEPT - w->len;
		clean(text, got);
		w->lost |= got > room;
		memcpy(w->kept + w->len, text, got < room ? got : room);
		w->len += got < room ? got : room;
	}
	if (!tty_is(w->tty, TTY_RAW))
		show_kept(w);
}

void
words_close(struct words *w)
{
	if (w->in < 0)
		return;
	words_turn(w);
	show_kept(w);
	dup2(w->out, STDERR_FILENO);
	words_leave(w);
}

void
words_leave(struct words *w)
{
	if (w->in < 0)
		return;
	close(w->in);
	close(w->out);
	free(w->kept);
	w->in = w->out = -1;
	w->kept = NULL;
}

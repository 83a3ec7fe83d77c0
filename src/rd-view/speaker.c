#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/ipc.h"
#include "base/log.h"
#include "base/loop.h"
#include "rd-view/speaker.h"
#include "sound/play.h"
#include "sound/tap.h"

/* So much the device keeps, at first: the piece that plays and the next. */
#define AHEAD_MS 20
/* One that does not go by itself is not waited for. */
#define GOING_MS 1000

int
speaker_send(int fd, const struct speaker_msg *m)
{
	size_t len = m->word == SPEAKER_PIECE ? sizeof(*m) : offsetof(struct speaker_msg, pcm);
	return rd_ipc_send(fd, m, len, -1);
}

int
speaker_recv(int fd, struct speaker_msg *m)
{
	int extra;
	int n = rd_ipc_recv(fd, m, sizeof(*m), &extra, 0);
	if (extra >= 0)
		close(extra);
	if (n <= 0)
		return n;
	size_t want = n > 0 && m->word == SPEAKER_PIECE ? sizeof(*m) : offsetof(struct speaker_msg, pcm);
	return (size_t)n == want ? 1 : -EPROTO;
}

/* --- in the other process --- */

struct work {
	struct rd_loop *loop;
	const struct options *o;
	int fd;
	struct rd_fd watch;
	struct rd_play *play;	/* NULL until there is sound */
	struct rd_tap *microphone;
};

static void
say(struct work *w, const struct speaker_msg *m)
{
	if (speaker_send(w->fd, m) != 0)
		rd_loop_stop(w->loop, 0);
}

static void
on_want(void *ctx, uint64_t heard_ns)
{
	say(ctx, &(struct speaker_msg){.word = SPEAKER_WANT, .time_ns = heard_ns});
}

static void
on_play_ready(void *ctx, bool there)
{
	say(ctx, &(struct speaker_msg){.word = SPEAKER_READY, .yes = there});
}

static const struct rd_play_ops play_ops = {.want = on_want, .ready = on_play_ready};

static void
on_heard(void *ctx, const int16_t *pcm, uint64_t at_ns, bool first)
{
	struct speaker_msg m = {.word = SPEAKER_PIECE, .time_ns = at_ns};
	(void)first;
	memcpy(m.pcm, pcm, RD_SOUND_PIECE * sizeof(*pcm));
	say(ctx, &m);
}

static void
on_unheard(void *ctx)
{
	say(ctx, &(struct speaker_msg){.word = SPEAKER_QUIET});
}

static const struct rd_tap_ops tap_ops = {.piece = on_heard, .quiet = on_unheard};

static void
open_devices(struct work *w)
{
	if (!rd_sound_server_likely())
		say(w, &(struct speaker_msg){.word = SPEAKER_READY});
	if (w->o->sound && !w->play)
		rd_play_open(&w->play, w->loop, "rd-view", w->o->sink, AHEAD_MS, &play_ops, w);
}

/* Whatever the viewer has become: without the word of the command line nobody listens. */
static void
listen_to(struct work *w, bool on)
{
	if (!w->o->microphone)
		return;
	if (!w->microphone)
		rd_tap_open(&w->microphone, w->loop, "rd-view", RD_TAP_MICROPHONE,
			w->o->microphone_source, 1, &tap_ops, w);
	rd_tap_want(w->microphone, on);
}

static void
obey(struct work *w, const struct speaker_msg *m)
{
	if (m->word == SPEAKER_OPEN)
		open_devices(w);
	else if (m->word == SPEAKER_LISTEN)
		listen_to(w, m->yes);
	else if (m->word == SPEAKER_START && w->play)
		rd_play_start(w->play);
	else if (m->word == SPEAKER_PIECE && w->play)
		rd_play_piece(w->play, m->pcm);
	else if (m->word == SPEAKER_REST && w->play)
		rd_play_rest(w->play);
}

static void
on_told(void *ctx, unsigned events)
{
	struct work *w = ctx;
	struct speaker_msg m;
	int got;
	(void)events;
	while ((got = speaker_recv(w->fd, &m)) == 1)
		obey(w, &m);
	if (got != -EAGAIN)
		rd_loop_stop(w->loop, 0);
}

static void
work(int fd, const struct options *o)
{
	struct work w = {.loop = rd_loop_new(), .o = o, .fd = fd};
	if (rd_fd_open(&w.watch, w.loop, fd, on_told, &w) == 0) {
		rd_fd_want(&w.watch, RD_READ);
		rd_loop_run(w.loop);
	}
	rd_tap_close(w.microphone);
	rd_play_close(w.play);
	rd_fd_close(&w.watch);
	rd_loop_free(w.loop);
}

/* Ctrl-C is the viewer's: it says when this is over. */
static void
become(int fd, const struct options *o, pid_t viewer)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_NAME, "rd-view sound");
	rd_confine_descriptors(fd);
	rd_confine_stdio(true, true, false);
	if (getppid() == viewer)
		work(fd, o);
	_exit(0);
}

void
speaker_start(struct speaker *s, const struct options *o)
{
	int pair[2];
	pid_t viewer = getpid();
	*s = (struct speaker){.fd = -1};
	if (!o->sound && !o->microphone)
		return;
	if (rd_ipc_pair(pair) != 0)
		return;
	s->pid = fork();
	if (s->pid == 0)
		become(pair[1], o, viewer);
	close(pair[1]);
	s->fd = pair[0];
	if (s->pid > 0)
		return;
	rd_warn("no sound: %s", strerror(errno));
	close(s->fd);
	*s = (struct speaker){.fd = -1};
}

/* A confined viewer may wait for nobody; it sees the other end go. */
void
speaker_stop(struct speaker *s)
{
	struct pollfd gone = {.fd = s->fd, .events = POLLRDHUP};
	if (s->fd < 0)
		return;
	shutdown(s->fd, SHUT_WR);
	poll(&gone, 1, GOING_MS);
	close(s->fd);
	waitpid(s->pid, NULL, WNOHANG);
	*s = (struct speaker){.fd = -1};
}

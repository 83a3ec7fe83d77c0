/*
 * Claps: a window turns white in the same moment in which a sink plays a click, as
 * in a film. Tells when both were seen and heard there, and at a viewer.
 *
 *	clap SINK HEARD VIEW X Y COUNT
 *
 * SINK plays the clicks, HEARD is where the viewer plays to; VIEW is the display on
 * which the viewer has a window, whose pixel X, Y shows our window ("-": none, only sound
 * counts). One line for each clap:
 *
 *	sound_ms=… picture_ms=… apart_ms=… here_ms=…
 *
 * sound and picture: from here to there; apart: so much longer the sound takes; here: by so
 * much it is later than the flash already here. All times are those of the sound server at its sinks,
 * devices' own delays included, and of XGetImage. "lost" instead of a line: it did not arrive.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <X11/Xlib.h>
#include <X11/Xutil.h>

#include "base/clock.h"
#include "base/loop.h"
#include "sound/play.h"
#include "sound/tap.h"

#define CLICK_PIECES 3	/* 30 ms of noise */
#define LOUD 4000
#define GAP_NS (900 * RD_NS_PER_MS)
#define LOOK_NS (2 * RD_NS_PER_MS)
#define SIDE 64

struct ear {
	struct rd_tap *tap;
	uint64_t heard_ns;	/* the first loud sample since the clap; 0: none yet */
};

struct clap {
	struct rd_loop *loop;
	struct rd_play *play;
	struct ear here, there;
	struct rd_timer next, look;
	Display *own, *view;
	Window window;
	int x, y, left;
	bool white, wants_white;
	int clicks;		/* pieces of the click still to be played */
	uint64_t white_ns, seen_ns;
};

static void
paint(struct clap *c, bool white)
{
	XSetWindowBackground(c->own, c->window, white ? WhitePixel(c->own, 0) : BlackPixel(c->own, 0));
	XClearWindow(c->own, c->window);
	XSync(c->own, False);
	c->white = white;
}

static bool
shines(struct clap *c)
{
	XImage *im = XGetImage(c->view, DefaultRootWindow(c->view), c->x, c->y, 1, 1, AllPlanes, ZPixmap);
	bool bright = im && (XGetPixel(im, 0, 0) & 0xff) > 128;
	if (im)
		XDestroyImage(im);
	return bright;
}

static void
on_piece(void *ctx, const int16_t *pcm, uint64_t at_ns, bool first)
{
	struct ear *e = ctx;
	(void)first;
	for (int i = 0; i < RD_SOUND_PIECE && !e->heard_ns; i++)
		if (abs(pcm[2 * i]) > LOUD)
			e->heard_ns = at_ns + (uint64_t)i * RD_SOUND_PIECE_NS / RD_SOUND_PIECE;
}

static const struct rd_tap_ops tap_ops = {.piece = on_piece};

/* The click is played when its first sample is written: white comes when that sounds. */
static void
on_want(void *ctx, uint64_t heard_ns)
{
	struct clap *c = ctx;
	int16_t pcm[RD_SOUND_SAMPLES] = {0};
	if (c->clicks == CLICK_PIECES) {
		c->wants_white = true;
		c->white_ns = rd_clock_ns() + heard_ns;
	}
	for (int i = 0; c->clicks > 0 && i < RD_SOUND_SAMPLES; i++)
		pcm[i] = (i / 24) % 2 ? 12000 : -12000;
	if (c->clicks > 0)
		c->clicks--;
	/* Not quite silence, so that nothing rests in between. */
	pcm[0] = pcm[0] ? pcm[0] : 1;
	rd_play_piece(c->play, pcm);
}

static void
on_ready(void *ctx, bool there)
{
	struct clap *c = ctx;
	if (there)
		rd_play_start(c->play);
}

static const struct rd_play_ops play_ops = {.want = on_want, .ready = on_ready};

static double
ms(uint64_t from, uint64_t to)
{
	return (double)(int64_t)(to - from) / (double)RD_NS_PER_MS;
}

static void
tell(struct clap *c)
{
	bool whole = c->here.heard_ns && c->there.heard_ns && (!c->view || c->seen_ns);
	if (!whole) {
		printf("lost\n");
	} else {
		double sound = ms(c->here.heard_ns, c->there.heard_ns);
		double picture = c->view ? ms(c->white_ns, c->seen_ns) : 0;
		double before = ms(c->white_ns, c->here.heard_ns);
		printf("sound_ms=%.1f picture_ms=%.1f apart_ms=%.1f here_ms=%.1f\n", sound, picture,
			c->view ? sound - picture : 0, before);
	}
	fflush(stdout);
}

static void
on_next(void *ctx)
{
	struct clap *c = ctx;
	if (c->white_ns)
		tell(c);
	if (c->left-- == 0) {
		rd_loop_stop(c->loop, 0);
		return;
	}
	paint(c, false);
	c->here.heard_ns = c->there.heard_ns = c->seen_ns = c->white_ns = 0;
	c->clicks = CLICK_PIECES;
	rd_timer_set(&c->next, GAP_NS);
}

static void
on_look(void *ctx)
{
	struct clap *c = ctx;
	uint64_t now = rd_clock_ns();
	if (c->wants_white && now + LOOK_NS / 2 >= c->white_ns) {
		c->wants_white = false;
		c->white_ns = rd_clock_ns();
		paint(c, true);
	}
	if (c->view && c->white && !c->seen_ns && shines(c))
		c->seen_ns = rd_clock_ns();
	rd_timer_set(&c->look, LOOK_NS);
}

static void
ear_open(struct clap *c, struct ear *e, const char *sink)
{
	rd_tap_open(&e->tap, c->loop, "clap", RD_TAP_DESKTOP, sink, RD_SOUND_CHANNELS, &tap_ops, e);
	rd_tap_want(e->tap, true);
}

int
main(int argc, char **argv)
{
	struct clap c = {.loop = rd_loop_new()};
	if (argc != 7 || !(c.own = XOpenDisplay(NULL))) {
		fprintf(stderr, "usage: clap SINK HEARD VIEW X Y COUNT\n");
		return 2;
	}
	c.view = strcmp(argv[3], "-") == 0 ? NULL : XOpenDisplay(argv[3]);
	c.x = atoi(argv[4]);
	c.y = atoi(argv[5]);
	c.left = atoi(argv[6]);
	XSetWindowAttributes attr = {.override_redirect = True};
	c.window = XCreateWindow(c.own, DefaultRootWindow(c.own), 0, 0, SIDE, SIDE, 0, CopyFromParent,
		InputOutput, CopyFromParent, CWOverrideRedirect, &attr);
	XMapRaised(c.own, c.window);
	paint(&c, false);
	ear_open(&c, &c.here, argv[1]);
	ear_open(&c, &c.there, argv[2]);
	rd_play_open(&c.play, c.loop, "clap", argv[1], 30, &play_ops, &c);
	rd_timer_open(&c.next, c.loop, on_next, &c);
	rd_timer_open(&c.look, c.loop, on_look, &c);
	/* The first second is for whoever has to connect, and begins to listen. */
	rd_timer_set(&c.next, 3 * RD_NS_PER_S);
	rd_timer_set(&c.look, LOOK_NS);
	rd_loop_run(c.loop);
	rd_play_close(c.play);
	rd_tap_close(c.here.tap);
	rd_tap_close(c.there.tap);
	rd_timer_close(&c.next);
	rd_timer_close(&c.look);
	XCloseDisplay(c.own);
	if (c.view)
		XCloseDisplay(c.view);
	rd_loop_free(c.loop);
	return 0;
}

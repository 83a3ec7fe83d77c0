#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xcb/shm.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/picture.h"
#include "bench/samples.h"
#include "bench/xclient.h"

/* A film is drawn on the host at an even pace, and its frames are seen to arrive. */

#define LEFT 640
#define TOP 300
/* Frames kept for a look at their quality, one in so many. */
#define KEPT 16
#define KEEP_EVERY 15
/* A frame is kept so long after its number was seen: then it is whole. */
#define WHOLE_NS (4 * RD_NS_PER_MS)
#define EXACT_NS (3 * RD_NS_PER_S)

struct film {
	struct framebuffer host_fb, viewer;
	struct xclient host;
	uint8_t *frames;
	xcb_shm_seg_t segment;

	unsigned drawn;			/* frames, the last is drawn - 1 */
	uint64_t drawn_ns[FILM_FRAMES];	/* of the newest with that number */
	unsigned seen;			/* the same count, at the viewer */
	uint64_t seen_ns;
	unsigned arrived;
	uint64_t gap_ns;
	struct samples latency;

	uint8_t *kept;
	unsigned kept_number[KEPT], n_kept;
};

static void
film_open(struct film *f)
{
	size_t size = FILM_FRAMES * FILM_BYTES;
	int fd = memfd_create("film", MFD_CLOEXEC);

	*f = (struct film){.host_fb = bench_host(), .viewer = bench_viewer()};
	if (fd < 0 || ftruncate(fd, (off_t)size) < 0)
		bench_die("no memory for the film: %s", strerror(errno));
	f->frames = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (f->frames == MAP_FAILED)
		bench_die("no memory for the film: %s", strerror(errno));
	f->kept = xcalloc(KEPT, FILM_BYTES);
	picture_make(f->frames);
	xclient_open(&f->host, bench_env("BENCH_HOST"));
	f->segment = xcb_generate_id(f->host.c);
	/* The descriptor is xcb's from here on. */
	xcb_shm_attach_fd(f->host.c, f->segment, fd, 1);
	xclient_window(&f->host, LEFT, TOP, FILM_WIDTH, FILM_HEIGHT);
}

static void
draw(struct film *f)
{
	unsigned n = f->drawn++ % FILM_FRAMES;
	xcb_shm_put_image(f->host.c, f->host.window, f->host.gc, FILM_WIDTH, FILM_HEIGHT, 0, 0,
		FILM_WIDTH, FILM_HEIGHT, 0, 0, 24, XCB_IMAGE_FORMAT_Z_PIXMAP, 0, f->segment,
		(uint32_t)(n * FILM_BYTES));
	f->drawn_ns[n] = rd_clock_ns();
	xcb_flush(f->host.c);
}

/* The number that stands on the viewer's screen. */
static unsigned
number(const struct film *f)
{
	unsigned cells = 0;
	for (int i = 0; i < FILM_CELLS; i++) {
		int32_t p = framebuffer_pixel(&f->viewer, LEFT + i * FILM_CELL + FILM_CELL / 2,
			TOP + FILM_CELL / 2);
		cells |= (unsigned)(p >= 0 && (p >> 8 & 0xff) > 128) << i;
	}
	return picture_number(cells);
}

/* Frames since the last seen; 0: none, or a number not drawn yet. */
static unsigned
advance(const struct film *f)
{
	unsigned last = f->seen - 1;
	unsigned on = (number(f) - last) % FILM_FRAMES;
	return f->seen + on <= f->drawn ? on : 0;
}

static void
look(struct film *f)
{
	unsigned on = advance(f);
	if (on == 0)
		return;
	uint64_t now = rd_clock_ns();
	f->seen += on;
	samples_add(&f->latency, now - f->drawn_ns[(f->seen - 1) % FILM_FRAMES]);
	if (now - f->seen_ns > f->gap_ns)
		f->gap_ns = now - f->seen_ns;
	f->seen_ns = now;
	f->arrived++;
}

static void
keep(struct film *f)
{
	if (f->n_kept == KEPT || f->arrived < KEEP_EVERY * (f->n_kept + 1) ||
		rd_clock_ns() - f->seen_ns < WHOLE_NS || advance(f) != 0)
		return;
	uint8_t *to = f->kept + f->n_kept * FILM_BYTES;
	for (int y = 0; y < FILM_HEIGHT; y++)
		for (int x = 0; x < FILM_WIDTH; x++) {
			int32_t p = framebuffer_pixel(&f->viewer, LEFT + x, TOP + y);
			memcpy(to + ((size_t)y * FILM_WIDTH + (size_t)x) * 4, &p, 4);
		}
	/* Painted over meanwhile: that would compare two frames with one. */
	if (advance(f) == 0)
		f->kept_number[f->n_kept++] = (f->seen - 1) % FILM_FRAMES;
}

static void
wait_first(struct film *f)
{
	uint64_t start = rd_clock_ns();
	draw(f);
	f->seen = 1;
	while (framebuffer_alike(&f->host_fb, &f->viewer, LEFT, TOP, FILM_WIDTH, FILM_HEIGHT) < 0.9) {
		if (rd_clock_ns() - start > EXACT_NS)
			bench_die("the film's first frame does not arrive");
		bench_sleep_ns(RD_NS_PER_MS);
	}
}

static void
play(struct film *f, const struct options *o)
{
	uint64_t start = rd_clock_ns(), frame_ns = (uint64_t)(1e9 / o->rate);
	uint64_t end = start + (uint64_t)(o->seconds * RD_NS_PER_S);

	f->seen_ns = start;
	while (rd_clock_ns() < end) {
		if (rd_clock_ns() >= start + f->drawn * frame_ns)
			draw(f);
		look(f);
		keep(f);
		bench_sleep_ns(2 * BENCH_LOOK_NS);
	}
	printf("drawn_fps %.2f\n", (double)(f->drawn - 1) / o->seconds);
	printf("fps %.2f\n", (double)f->arrived / o->seconds);
	printf("gap_ms %.1f\n", (double)f->gap_ns / 1e6);
}

/* The last frame stays: until it is exact. */
static void
rest(struct film *f)
{
	uint64_t last = f->drawn_ns[(f->drawn - 1) % FILM_FRAMES];
	size_t all = (size_t)FILM_WIDTH * FILM_HEIGHT, equal;
	while ((equal = framebuffer_equal(&f->host_fb, &f->viewer, LEFT, TOP, FILM_WIDTH,
			FILM_HEIGHT)) != all && rd_clock_ns() - last < EXACT_NS)
		bench_sleep_ns(RD_NS_PER_MS);
	if (equal == all)
		printf("exact_ms %.1f\n", (double)(rd_clock_ns() - last) / 1e6);
	printf("rest_equal_pct %.2f\n", 100.0 * (double)equal / (double)all);
}

static void
print_quality(const struct film *f)
{
	double psnr = 0, ssim = 0;
	for (unsigned i = 0; i < f->n_kept; i++) {
		struct likeness l = picture_compare(f->kept + i * FILM_BYTES,
			f->frames + f->kept_number[i] * FILM_BYTES);
		psnr += l.psnr_db;
		ssim += l.ssim;
	}
	if (f->n_kept)
		printf("psnr_db %.2f\nssim %.4f\n", psnr / f->n_kept, ssim / f->n_kept);
}

int
film_main(int argc, char **argv)
{
	struct options o = {.rate = 30, .seconds = 10};
	static struct film f;

	options_read(&o, argc, argv);
	film_open(&f);
	wait_first(&f);
	play(&f, &o);
	rest(&f);
	samples_print(&f.latency, "");
	print_quality(&f);
	free(f.kept);
	xclient_close(&f.host);
	return 0;
}

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "desktop/sink.h"
#include "media/picture.h"
#include "media/y4m.h"

#define PATH_SIZE 200

/* A film of our own: frame i is noise of its own seed, frames 3 and 4 are alike. */
#define FRAMES 6
#define STILL 4
#define FPS_NUM 30000
#define FPS_DEN 1001

struct film {
	struct rd_y4m_header header;
	uint8_t *bytes;
	size_t len;
	struct rd_image frame[FRAMES];	/* as they are after conversion */
};

static void
add(struct film *f, const void *p, size_t n)
{
	f->bytes = realloc(f->bytes, f->len + n);
	assert_non_null(f->bytes);
	memcpy(f->bytes + f->len, p, n);
	f->len += n;
}

static void
add_frame(struct film *f, int i, const struct rd_image *im)
{
	const size_t size = rd_y4m_frame_size(&f->header);
	uint8_t *planes = malloc(size);
	rd_y4m_from_image(&f->header, im, planes);
	assert_int_equal(rd_image_init(&f->frame[i], im->width, im->height), 0);
	rd_y4m_to_image(&f->header, planes, &f->frame[i]);
	add(f, "FRAME\n", 6);
	add(f, planes, size);
	free(planes);
}

static struct film
film_new(int width, int height, enum rd_chroma chroma)
{
	struct film f = {.header = {width, height, FPS_NUM, FPS_DEN, chroma, false}};
	char line[RD_Y4M_LINE_MAX];
	add(&f, line, rd_y4m_format(&f.header, line, sizeof(line)));
	struct rd_image im = noise(width, height);
	for (int i = 0; i < FRAMES; i++) {
		if (i > 0 && i != STILL)
			rd_image_fill(&im, random_rect(width, height), (uint32_t)random_below(1 << 24));
		add_frame(&f, i, &im);
	}
	rd_image_finish(&im);
	return f;
}

static void
film_free(struct film *f)
{
	for (int i = 0; i < FRAMES; i++)
		rd_image_finish(&f->frame[i]);
	free(f->bytes);
}

/* Writes bytes to a file of its own; its name goes to `path`. */
static void
to_file(char path[static PATH_SIZE], const void *bytes, size_t len)
{
	const char *dir = getenv("TMPDIR");
	snprintf(path, PATH_SIZE, "%s/rd-y4m.XXXXXX", dir ? dir : P_tmpdir);
	const int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void
check_frame(struct sink *s, const struct rd_grab *g)
{
	const struct film *f = s->data;
	assert_true(s->frames < FRAMES);
	assert_true(same(&s->picture, &f->frame[s->frames]));
	assert_int_equal(g->all, s->frames == 0);
	assert_int_equal(g->time_ns, (uint64_t)s->frames * FPS_DEN * 1000000000 / FPS_NUM);
	if (s->frames == STILL) {
		assert_int_equal(g->count, 0);
		assert_null(g->blob);
	}
}

static void
plays_a_file_to_its_end(void **state)
{
	(void)state;
	static const int sizes[][2] = {{1, 1}, {2, 2}, {17, 9}, {200, 133}};
	for (int i = 0; i < 8; i++) {
		struct film f = film_new(sizes[i / 2][0], sizes[i / 2][1],
			i % 2 ? RD_CHROMA_444 : RD_CHROMA_420);
		char path[PATH_SIZE];
		to_file(path, f.bytes, f.len);
		struct sink s = {.cfg.path = path, .frame = check_frame, .data = &f};
		assert_int_equal(sink_open(&s, "y4m", &sink_events), 0);
		rd_loop_run(s.loop);
		assert_int_equal(s.frames, FRAMES);
		assert_true(s.ended);
		assert_int_equal(s.error, 0);
		sink_close(&s);
		unlink(path);
		film_free(&f);
	}
}

/* Standard input becomes the reading end; the other is returned. */
static int
pipe_to_stdin(int *saved)
{
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	*saved = dup(STDIN_FILENO);
	assert_int_equal(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
	close(fds[0]);
	return fds[1];
}

static void
restore_stdin(int saved)
{
	if (saved < 0) {
		close(STDIN_FILENO);
		return;
	}
	dup2(saved, STDIN_FILENO);
	close(saved);
}

/* Someone who writes a film into a pipe, a little each turn of the loop. */
struct writer {
	struct rd_timer timer;
	int fd;
	const uint8_t *bytes;
	size_t len, piece;
};

static void
write_some(void *ctx)
{
	struct writer *w = ctx;
	const size_t n = w->len < w->piece ? w->len : w->piece;
	if (n == 0) {
		close(w->fd);
		return;
	}
	assert_int_equal(write(w->fd, w->bytes, n), (ssize_t)n);
	w->bytes += n;
	w->len -= n;
	rd_timer_set(&w->timer, 0);
}

/* Plays `len` bytes of a film through a pipe, in pieces. */
static void
play_pipe(struct sink *s, const struct film *f, size_t len, size_t piece)
{
	int saved;
	struct writer w = {.bytes = f->bytes, .len = len, .piece = piece};
	w.fd = pipe_to_stdin(&saved);
	s->cfg.path = "-";
	/* opening does not wait: nothing was written yet */
	assert_int_equal(sink_open(s, "y4m", &sink_events), 0);
	rd_timer_open(&w.timer, s->loop, write_some, &w);
	rd_timer_set(&w.timer, 0);
	rd_loop_run(s->loop);
	rd_timer_close(&w.timer);
	if (w.len > 0)
		close(w.fd);
	restore_stdin(saved);
}

static void
plays_a_pipe_in_pieces_of_any_size(void **state)
{
	(void)state;
	static const size_t pieces[] = {1, 7, 100, 4096};
	struct film f = film_new(16, 9, RD_CHROMA_420);
	for (int i = 0; i < 4; i++) {
		struct sink s = {.frame = check_frame, .data = &f};
		play_pipe(&s, &f, f.len, pieces[i]);
		assert_int_equal(s.frames, FRAMES);
		assert_true(s.ended);
		assert_int_equal(s.error, 0);
		sink_close(&s);
	}
	film_free(&f);
}

static void
says_that_a_pipe_was_cut_short(void **state)
{
	(void)state;
	struct film f = film_new(16, 9, RD_CHROMA_420);
	struct sink s = {.frame = check_frame, .data = &f};
	play_pipe(&s, &f, f.len - 1, 100);
	assert_int_equal(s.frames, FRAMES - 1);
	assert_int_equal(s.error, -EPROTO);
	assert_non_null(strstr(s.why, "standard input"));
	assert_non_null(strstr(s.why, "frame 5"));
	sink_close(&s);
	film_free(&f);
}

static void
says_that_a_pipe_is_something_else(void **state)
{
	(void)state;
	struct film f = film_new(16, 9, RD_CHROMA_420);
	f.bytes[0] = 'X';
	struct sink s = {.data = &f};
	play_pipe(&s, &f, f.len, 100);
	assert_int_equal(s.frames, 0);
	assert_int_equal(s.error, -EPROTO);
	assert_non_null(strstr(s.why, "YUV4MPEG2"));
	sink_close(&s);

	f.len = 0; /* ends before it began */
	struct sink empty = {.data = &f};
	play_pipe(&empty, &f, 0, 1);
	assert_int_equal(empty.error, -EPROTO);
	sink_close(&empty);
	film_free(&f);
}

/* Opens a file of these bytes; the error, with the words in `s`. */
static int
open_bytes(struct sink *s, const void *bytes, size_t len)
{
	char path[PATH_SIZE];
	to_file(path, bytes, len);
	s->cfg.path = path;
	const int err = sink_open(s, "y4m", &sink_events);
	unlink(path);
	if (err) {
		assert_null(s->source);
		assert_non_null(strstr(s->why, "rd-y4m."));
	}
	return err;
}

static void
refuses_files_of_another_kind_at_once(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		int error;
	} cases[] = {
		{"", -EPROTO},
		{"\xff\xd8\xff\xe0 JFIF", -EPROTO},
		{"\xff\xd8\xff\xe0 JFIF\n and more", -EPROTO},
		{"YUV4MPEG2 W16", -EPROTO},
		{"YUV4MPEG2 W16 H16 F25:1 C422\nFRAME\n", -ENOTSUP},
		{"YUV4MPEG2 W100000 H16 F25:1 C420\nFRAME\n", -EPROTO},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sink s = {0};
		assert_int_equal(open_bytes(&s, cases[i].bytes, strlen(cases[i].bytes)), cases[i].error);
		sink_close(&s);
	}
}

static void
takes_a_film_without_frames(void **state)
{
	(void)state;
	static const char film[] = "YUV4MPEG2 W16 H16 F25:1\n";
	struct sink s = {0};
	assert_int_equal(open_bytes(&s, film, sizeof(film) - 1), 0);
	rd_loop_run(s.loop);
	assert_int_equal(s.frames, 0);
	assert_int_equal(s.error, 0);
	sink_close(&s);
}

static void
names_what_cannot_be_opened(void **state)
{
	(void)state;
	struct sink s = {.cfg.path = "/nonexistent/\033[31mfilm.y4m"};
	assert_int_equal(sink_open(&s, "y4m", &sink_events), -ENOENT);
	assert_non_null(strstr(s.why, "film.y4m"));
	assert_null(strchr(s.why, '\033'));
	sink_close(&s);
	struct sink dir = {.cfg.path = "/"};
	assert_int_equal(sink_open(&dir, "y4m", &sink_events), -EISDIR);
	sink_close(&dir);
	struct sink none = {0};
	assert_int_equal(sink_open(&none, "y4m", &sink_events), -EINVAL);
	assert_non_null(none.why);
	sink_close(&none);
}

/* Told of a frame, it stops the loop instead of taking it. */
static void
stop_on_damaged(void *ctx)
{
	struct sink *s = ctx;
	s->damaged++;
	rd_loop_stop(s->loop, 0);
}

static const struct rd_capture_events stopping = {
	.damaged = stop_on_damaged,
	.ended = sink_on_ended,
};

/* The first frame waits until there is memory for it, and is then whole. */
static void
loses_nothing_when_memory_is_out(void **state)
{
	(void)state;
	struct film f = film_new(40, 30, RD_CHROMA_420);
	struct sink s = {.frame = check_frame, .data = &f};
	char path[PATH_SIZE];
	to_file(path, f.bytes, f.len);
	s.cfg.path = path;
	assert_int_equal(sink_open(&s, "y4m", &stopping), 0);
	assert_int_equal(sink_grab(&s), -EAGAIN); /* nothing was read yet */
	rd_loop_run(s.loop);
	assert_int_equal(s.damaged, 1);

	struct rd_blob *a = rd_blob_pool_get(s.pool, 100), *b = rd_blob_pool_get(s.pool, 100);
	assert_int_equal(sink_grab(&s), -EAGAIN);
	assert_int_equal(sink_grab(&s), -EAGAIN);
	rd_blob_unref(a);
	assert_int_equal(sink_grab(&s), 0);
	assert_int_equal(s.frames, 1);
	assert_int_equal(sink_grab(&s), -EAGAIN); /* the second is read in the loop */
	rd_blob_unref(b);
	sink_close(&s);
	unlink(path);
	film_free(&f);
}

static void
refresh_before_the_still(struct sink *s, const struct rd_grab *g)
{
	const struct film *f = s->data;
	assert_true(same(&s->picture, &f->frame[s->frames]));
	assert_int_equal(g->all, s->frames == 0 || s->frames == STILL);
	if (s->frames == STILL - 1)
		rd_capture_refresh(s->source);
}

static void
gives_all_when_refreshed(void **state)
{
	(void)state;
	struct film f = film_new(40, 30, RD_CHROMA_420);
	struct sink s = {.frame = refresh_before_the_still, .data = &f};
	assert_int_equal(open_bytes(&s, f.bytes, f.len), 0);
	rd_loop_run(s.loop);
	assert_int_equal(s.frames, FRAMES);
	sink_close(&s);
	film_free(&f);
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plays_a_file_to_its_end),
		cmocka_unit_test(plays_a_pipe_in_pieces_of_any_size),
		cmocka_unit_test(says_that_a_pipe_was_cut_short),
		cmocka_unit_test(says_that_a_pipe_is_something_else),
		cmocka_unit_test(refuses_files_of_another_kind_at_once),
		cmocka_unit_test(takes_a_film_without_frames),
		cmocka_unit_test(names_what_cannot_be_opened),
		cmocka_unit_test(loses_nothing_when_memory_is_out),
		cmocka_unit_test(gives_all_when_refreshed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

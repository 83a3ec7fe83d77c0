/* When a device that is missing is asked for again. The sound server is one of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pulse/stream.h>

#include "sound/play.h"

/* --- the server: streams are asked for, and refused or made when the test says so --- */

static struct {
	const struct rd_sound_server_ops *ops;
	void *ctx;
	pa_stream_notify_cb_t tell;
	void *told;
	pa_stream_state_t state;
	int asked;	/* streams, in all */
	int open;
} server;

/* Handles that nobody looks into. */
static char a_context, a_stream;

int
rd_sound_server_open(struct rd_sound_server **out, struct rd_loop *loop, const char *program,
	const struct rd_sound_server_ops *ops, void *ctx)
{
	(void)out, (void)loop, (void)program;
	server.ops = ops;
	server.ctx = ctx;
	return 0;
}

void
rd_sound_server_close(struct rd_sound_server *s)
{
	(void)s;
}

pa_context *
rd_sound_server_context(const struct rd_sound_server *s)
{
	(void)s;
	return (pa_context *)&a_context;
}

pa_stream *
pa_stream_new(pa_context *c, const char *name, const pa_sample_spec *spec, const pa_channel_map *map)
{
	(void)c, (void)name, (void)spec, (void)map;
	server.asked++;
	server.open++;
	server.state = PA_STREAM_CREATING;
	return (pa_stream *)&a_stream;
}

void
pa_stream_set_state_callback(pa_stream *s, pa_stream_notify_cb_t cb, void *ctx)
{
	(void)s;
	server.tell = cb;
	server.told = ctx;
}

int
pa_stream_connect_playback(pa_stream *s, const char *device, const pa_buffer_attr *attr,
	pa_stream_flags_t flags, const pa_cvolume *volume, pa_stream *sync)
{
	(void)s, (void)device, (void)attr, (void)flags, (void)volume, (void)sync;
	return 0;
}

pa_stream_state_t
pa_stream_get_state(const pa_stream *s)
{
	(void)s;
	return server.state;
}

const char *
pa_stream_get_device_name(const pa_stream *s)
{
	(void)s;
	return "voice";
}

void
pa_stream_set_write_callback(pa_stream *s, pa_stream_request_cb_t cb, void *ctx)
{
	(void)s, (void)cb, (void)ctx;
}

void
pa_stream_set_underflow_callback(pa_stream *s, pa_stream_notify_cb_t cb, void *ctx)
{
	(void)s, (void)cb, (void)ctx;
}

int
pa_stream_disconnect(pa_stream *s)
{
	(void)s;
	return 0;
}

void
pa_stream_unref(pa_stream *s)
{
	(void)s;
	server.open--;
}

static void
becomes(pa_stream_state_t state)
{
	server.state = state;
	server.tell((pa_stream *)&a_stream, server.told);
}

/* --- who plays --- */

static struct rd_loop *loop;
static struct rd_play *play;
static bool there;

static void
on_want(void *ctx, uint64_t heard_ns)
{
	(void)ctx, (void)heard_ns;
}

static void
on_ready(void *ctx, bool is)
{
	(void)ctx;
	there = is;
}

static void
on_over(void *ctx)
{
	(void)ctx;
	rd_loop_stop(loop, 0);
}

/* What is due now is done: once in a test. */
static void
settle(void)
{
	struct rd_timer over;
	rd_timer_open(&over, loop, on_over, NULL);
	rd_timer_set(&over, 20 * 1000 * 1000);
	rd_loop_run(loop);
	rd_timer_close(&over);
}

static int
begin(void **state)
{
	static const struct rd_play_ops ops = {.want = on_want, .ready = on_ready};
	(void)state;
	server.asked = server.open = 0;
	loop = rd_loop_new();
	rd_play_open(&play, loop, "test", "voice", 20, &ops, NULL);
	server.ops->up(server.ctx);
	assert_int_equal(server.asked, 1);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	rd_play_close(play);
	rd_loop_free(loop);
	return server.open;
}

static void
a_device_that_is_missing_is_asked_for_at_a_change(void **state)
{
	(void)state;
	becomes(PA_STREAM_FAILED);
	settle();
	assert_int_equal(server.asked, 1);
	assert_int_equal(server.open, 0);
	server.ops->changed(server.ctx);
	assert_int_equal(server.asked, 2);
	becomes(PA_STREAM_READY);
	assert_true(there);
}

static void
one_that_comes_as_it_is_refused_is_asked_for_too(void **state)
{
	(void)state;
	becomes(PA_STREAM_FAILED);
	server.ops->changed(server.ctx);
	settle();
	assert_int_equal(server.asked, 2);
	assert_int_equal(server.open, 1);
	becomes(PA_STREAM_READY);
	assert_true(there);
}

static void
one_that_goes_is_asked_for_once(void **state)
{
	(void)state;
	becomes(PA_STREAM_READY);
	becomes(PA_STREAM_FAILED);
	server.ops->changed(server.ctx);
	assert_false(there);
	assert_int_equal(server.asked, 2);
	becomes(PA_STREAM_FAILED);
	settle();
	assert_int_equal(server.asked, 2);
	assert_int_equal(server.open, 0);
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_device_that_is_missing_is_asked_for_at_a_change),
		TEST(one_that_comes_as_it_is_refused_is_asked_for_too),
		TEST(one_that_goes_is_asked_for_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

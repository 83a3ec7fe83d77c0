#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "rd-recv/splice.h"
#include "wire/msg_control.h"
#include "wire/msg_input.h"
#include "wire/msg_picture.h"

#define S UINT64_C(1000000000)

static struct rd_hello
hello(uint8_t boot, uint64_t mono_ns, uint64_t wall_ns)
{
	struct rd_hello h = {.major = 1, .caps = RD_CAP_LIVE, .mono_ns = mono_ns, .wall_ns = wall_ns};
	memset(h.boot_id, boot, sizeof(h.boot_id));
	return h;
}

static void
greet(struct splice *s, uint8_t boot, uint64_t mono_ns, uint64_t wall_ns, bool first)
{
	struct rd_hello h = hello(boot, mono_ns, wall_ns);
	splice_session(s);
	assert_int_equal(splice_hello(s, &h), first);
}

/* What becomes of BEGIN: 1 and the numbers in *b; 0: left out. */
static int
begin(struct splice *s, uint8_t channel, uint32_t number, uint32_t base, struct rd_begin *b)
{
	struct rd_buf body = {0};
	struct rd_msg out;
	rd_begin_pack(&body, &(struct rd_begin){number, base, 64, 48, base ? 0 : RD_BEGIN_SYNC});
	struct rd_msg m = {
		.type = RD_MSG_BEGIN, .channel = channel, .data = body.data, .len = body.len,
	};
	int got = splice_down(s, &m, &out);
	if (got == 1)
		assert_int_equal(rd_begin_parse(b, out.data, out.len), 0);
	rd_buf_finish(&body);
	return got;
}

/* The number of the ACK that goes up; 0: none does. */
static uint32_t
ack(struct splice *s, uint32_t number)
{
	struct rd_buf body = {0};
	struct rd_msg out;
	uint32_t up = 0;
	rd_ack_pack(&body, number);
	struct rd_msg m = {.type = RD_MSG_ACK, .data = body.data, .len = body.len};
	int got = splice_up(s, &m, &out);
	assert_true(got >= 0);
	if (got == 1)
		assert_int_equal(rd_ack_parse(&up, out.data, out.len), 0);
	rd_buf_finish(&body);
	return up;
}

static uint64_t
time_of(struct splice *s, uint64_t time_ns)
{
	struct rd_msg m = {.type = RD_MSG_SHAPE, .time_ns = time_ns}, out;
	assert_int_equal(splice_down(s, &m, &out), 1);
	return out.time_ns;
}

static void
test_first(void **state)
{
	(void)state;
	struct splice s = {0};
	struct rd_begin b;
	struct rd_msg m = {.type = RD_MSG_SHAPE}, out;
	splice_session(&s);
	assert_int_equal(splice_down(&s, &m, &out), -EPROTO);
	greet(&s, 1, 100 * S, 1000 * S, true);
	assert_int_equal(time_of(&s, 5 * S), 5 * S);
	assert_int_equal(begin(&s, 0, 7, 0, &b), 1);
	assert_int_equal(b.number, 7);
	assert_int_equal(b.base, 0);
	assert_int_equal(ack(&s, 7), 7);
	/* Not of this session: somebody joined when it was at 7. */
	assert_int_equal(ack(&s, 6), 0);
	/* Of neighbours, none is passed on. */
	m.type = RD_MSG_BUFFER;
	assert_int_equal(splice_down(&s, &m, &out), 0);
	/* What only goes up. */
	m.type = RD_MSG_POINTER;
	assert_int_equal(splice_down(&s, &m, &out), 0);
	m.type = 0x0799;
	assert_int_equal(splice_down(&s, &m, &out), 1);
	/* What we have said before is said again at each HELLO: a session has one. */
	struct rd_hello again = hello(1, 100 * S, 1000 * S);
	assert_int_equal(splice_hello(&s, &again), -EPROTO);
	greet(&s, 1, 100 * S, 1000 * S, false);
	splice_finish(&s);
}

static void
test_times(void **state)
{
	(void)state;
	struct splice s = {0};
	/* The same boot: the steady clock counts, whatever the other was set to. */
	greet(&s, 1, 100 * S, 1000 * S, true);
	greet(&s, 1, 130 * S, 5 * S, false);
	assert_int_equal(time_of(&s, 2 * S), 32 * S);
	/* Another boot: the wall clock. */
	greet(&s, 2, 3 * S, 1060 * S, false);
	assert_int_equal(time_of(&s, 2 * S), 62 * S);
	/* A clock that was set back: never before what there is. */
	greet(&s, 3, 3 * S, 995 * S, false);
	assert_int_equal(time_of(&s, 2 * S), 62 * S);
	assert_int_equal(time_of(&s, 69 * S), 64 * S);
	/* An older producer, with an earlier time zero. */
	greet(&s, 1, 90 * S, 0, false);
	assert_int_equal(time_of(&s, 75 * S), 65 * S);
	splice_finish(&s);
}

/* Times that count frames go on where the others ended. */
static void
test_times_of_no_clock(void **state)
{
	(void)state;
	struct splice s = {0};
	struct rd_hello h = hello(1, 100 * S, 1000 * S);
	h.caps = 0;
	splice_session(&s);
	assert_true(splice_hello(&s, &h));
	assert_int_equal(time_of(&s, 500 * S), 500 * S);
	splice_session(&s);
	assert_false(splice_hello(&s, &h));
	assert_int_equal(time_of(&s, 0), 500 * S);
	assert_int_equal(time_of(&s, 2 * S), 502 * S);
	splice_finish(&s);
}

static void
test_pong(void **state)
{
	(void)state;
	struct splice s = {0};
	struct rd_buf body = {0};
	struct rd_pong p;
	struct rd_msg out;
	greet(&s, 1, 100 * S, 1000 * S, true);
	greet(&s, 1, 130 * S, 1030 * S, false);
	rd_pong_pack(&body, &(struct rd_pong){77, 4 * S});
	struct rd_msg m = {.type = RD_MSG_PONG, .data = body.data, .len = body.len};
	assert_int_equal(splice_down(&s, &m, &out), 1);
	assert_int_equal(rd_pong_parse(&p, out.data, out.len), 0);
	assert_int_equal(p.asked_ns, 77);
	assert_int_equal(p.stream_ns, 34 * S);
	m.len--;
	assert_true(splice_down(&s, &m, &out) < 0);
	rd_buf_finish(&body);
	splice_finish(&s);
}

static void
test_numbers(void **state)
{
	(void)state;
	struct splice s = {0};
	struct rd_begin b;
	greet(&s, 1, 100 * S, 1000 * S, true);
	assert_int_equal(begin(&s, 0, 1, 0, &b), 1);
	assert_int_equal(begin(&s, 0, 2, 1, &b), 1);
	greet(&s, 1, 130 * S, 1030 * S, false);
	/* Nothing before a sync point, of each screen for itself. */
	assert_int_equal(begin(&s, 0, 10, 9, &b), 0);
	struct rd_msg m = {.type = RD_MSG_EXACT}, out;
	assert_int_equal(splice_down(&s, &m, &out), 0);
	assert_int_equal(begin(&s, 0, 1, 0, &b), 1);
	assert_int_equal(b.number, 3);
	assert_int_equal(b.base, 0);
	assert_int_equal(splice_down(&s, &m, &out), 1);
	m.channel = 1;
	assert_int_equal(splice_down(&s, &m, &out), 0);
	assert_int_equal(begin(&s, 0, 2, 1, &b), 1);
	assert_int_equal(b.number, 4);
	assert_int_equal(b.base, 3);
	/* What the earlier session showed is not acknowledged to this host. */
	assert_int_equal(ack(&s, 1), 0);
	assert_int_equal(ack(&s, 2), 0);
	assert_int_equal(ack(&s, 3), 1);
	assert_int_equal(ack(&s, 4), 2);
	/* A host that began long ago. */
	greet(&s, 1, 160 * S, 1060 * S, false);
	assert_int_equal(begin(&s, 0, 500, 0, &b), 1);
	assert_int_equal(b.number, 504);
	assert_int_equal(ack(&s, 4), 0);
	assert_int_equal(ack(&s, 503), 0);
	assert_int_equal(ack(&s, 504), 500);
	splice_finish(&s);
}

static int
loss(struct splice *s, uint32_t first, uint32_t last, struct rd_loss *l)
{
	struct rd_buf body = {0};
	struct rd_msg out;
	rd_loss_pack(&body, &(struct rd_loss){first, last});
	struct rd_msg m = {.type = RD_MSG_LOSS, .data = body.data, .len = body.len};
	int got = splice_up(s, &m, &out);
	if (got == 1)
		assert_int_equal(rd_loss_parse(l, out.data, out.len), 0);
	rd_buf_finish(&body);
	return got;
}

static void
test_loss(void **state)
{
	(void)state;
	struct splice s = {0};
	struct rd_begin b;
	struct rd_loss l;
	greet(&s, 1, 100 * S, 1000 * S, true);
	assert_int_equal(begin(&s, 0, 1, 0, &b), 1);
	assert_int_equal(begin(&s, 0, 2, 1, &b), 1);
	greet(&s, 1, 130 * S, 1030 * S, false);
	assert_int_equal(loss(&s, 1, 2, &l), 0);
	assert_int_equal(begin(&s, 0, 1, 0, &b), 1);
	assert_int_equal(begin(&s, 0, 2, 1, &b), 1);
	assert_int_equal(loss(&s, 2, 4, &l), 1);
	assert_int_equal(l.first, 1);
	assert_int_equal(l.last, 2);
	splice_finish(&s);
}

static void
test_broken(void **state)
{
	(void)state;
	struct splice s = {0};
	struct rd_msg out, m = {.data = (const uint8_t *)"abc", .len = 3};
	greet(&s, 1, 0, 0, true);
	m.type = RD_MSG_BEGIN;
	assert_true(splice_down(&s, &m, &out) < 0);
	m.type = RD_MSG_ACK;
	assert_true(splice_up(&s, &m, &out) < 0);
	m.type = RD_MSG_LOSS;
	assert_true(splice_up(&s, &m, &out) < 0);
	splice_finish(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_times_of_no_clock),
		cmocka_unit_test(test_pong),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_broken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

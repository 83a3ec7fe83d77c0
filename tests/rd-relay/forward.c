#include <errno.h>
#include <stdlib.h>

#include "rd-relay/forward.h"
#include "rd-relay/world.h"

/* What a thread does with what has come: two ends that have met, one of them by TLS. */
struct scene {
	struct world w;
	struct end host, viewer;
	struct met met;
	struct rd_addr tls;		/* where the viewer's leg is */
	struct options opt;
	struct udp udp;
	struct counters counters;
	struct outbox out;
	struct forward forward;
	unsigned to_tls;		/* datagrams */
	uint8_t last[FORWARD_MAX];	/* of these */
	size_t last_len;
};

static bool
to_stream(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len, uint64_t now_ns)
{
	struct scene *s = ctx;
	(void)now_ns;
	assert_true(rd_addr_equal(to, &s->tls));
	assert_true(len <= sizeof(s->last));
	memcpy(s->last, data, len);
	s->last_len = len;
	s->to_tls++;
	return true;
}

static int
open_scene(void **state)
{
	struct scene *s = xcalloc(1, sizeof(*s));
	*state = s;
	world_init(&s->w);
	end_host(&s->host, &s->w, 1);
	end_viewer(&s->viewer, &s->w, 2);
	s->met = ends_meet(&s->viewer, &s->host, connect_key(&s->host));
	s->tls = (struct rd_addr){.family = 4, .ip = {10, 0, 0, 9}, .port = 999, .stream = true,
		.carrier = 4097};
	struct session *session = &s->w.core->legs.session[s->w.core->legs.live[0]];
	struct where at = where_of(&s->tls);
	legs_bind(&s->w.core->legs, session, 0, &at, s->w.now_ns);
	s->opt.udp.count = 1;
	s->opt.udp.at[0] = (struct rd_addr){.family = 4, .ip = {127, 0, 0, 1}};
	assert_int_equal(udp_listen(&s->udp, &s->opt, 1), 0);
	s->out.udp = &s->udp;
	s->out.counters = &s->counters;
	s->forward = (struct forward){.core = s->w.core, .core_out = s->w.out, .out = &s->out,
		.counters = &s->counters, .to_stream = to_stream, .ctx = s};
	return 0;
}

static int
close_scene(void **state)
{
	struct scene *s = *state;
	udp_close(&s->udp);
	world_finish(&s->w);
	free(s);
	return 0;
}

/* A datagram of that leg, of `len` bytes; where it ends. */
static uint8_t *
put_relayed(uint8_t *p, const uint8_t *handle, uint8_t class, size_t len)
{
	memset(p, class, len);
	p[0] = (uint8_t)(RD_RELAY_RELAYED | class);
	p[1] = 0;
	memcpy(p + 2, handle, RD_HANDLE);
	return p + len;
}

static uint8_t *
put_record(uint8_t *p, const uint8_t *handle, size_t len)
{
	p[0] = (uint8_t)len;
	p[1] = (uint8_t)(len >> 8);
	return put_relayed(p + RECORD_HEADER, handle, 2, len);
}

static uint64_t
dropped(const struct scene *s)
{
	uint64_t n = 0;
	for (unsigned i = 0; i < DROPS; i++)
		n += s->counters.drops[i];
	return n;
}

/* By UDP to TLS: each of a train with the other leg's handle, and what is another's by itself. */
static void
a_train(void **state)
{
	struct scene *s = *state;
	uint8_t data[5 * 500], foreign[RD_HANDLE] = {1, 2, 3, 4, 5, 6}, *p = data;
	for (unsigned i = 0; i < 2; i++)
		p = put_relayed(p, s->met.host.handle, 2, 500);
	p = put_relayed(p, foreign, 2, 500);
	p = put_relayed(p, s->met.host.handle, 3, 500);
	p = put_relayed(p, s->met.host.handle, 1, 77);
	forward_train(&s->forward, &s->host.addr, data, (size_t)(p - data), 500, s->w.now_ns);
	assert_int_equal(s->to_tls, 4);
	assert_int_equal(s->last_len, 77);
	assert_memory_equal(s->last + 2, s->met.viewer.handle, RD_HANDLE);
	assert_int_equal(s->counters.packets[DIR_IN][2], 3);
	assert_int_equal(s->counters.packets[DIR_OUT][2], 2);
	assert_int_equal(s->counters.packets[DIR_OUT][1] + s->counters.packets[DIR_OUT][3], 2);
	assert_int_equal(s->counters.drops[DROP_UNKNOWN], 1);
}

/* While the core says so each is marked, and is of its class all the same. */
static void
a_marked_train(void **state)
{
	struct scene *s = *state;
	uint8_t data[2 * 500];
	for (unsigned i = 0; i < 2; i++) {
		put_relayed(put_relayed(data, s->met.host.handle, 2, 500), s->met.host.handle, 2, 500);
		s->w.core->legs.marks = i ? RD_RELAYED_CE : 0;
		forward_train(&s->forward, &s->host.addr, data, sizeof(data), 500, s->w.now_ns);
		assert_int_equal(s->last[0], RD_RELAY_RELAYED | 2 | (i ? RD_RELAYED_CE : 0));
		assert_int_equal(data[0], s->last[0]);
	}
	assert_int_equal(s->to_tls, 4);
	assert_int_equal(s->counters.packets[DIR_OUT][2], 4);
}

/* What is no RELAYED of the right size is the core's, or nobody's. */
static void
no_datagrams_of_legs(void **state)
{
	struct scene *s = *state;
	uint8_t data[RD_RELAYED_HEADER + 1];
	for (size_t len = 1; len <= sizeof(data); len++) {
		put_relayed(data, s->met.host.handle, 0, sizeof(data));
		forward_train(&s->forward, &s->host.addr, data, len, len, s->w.now_ns);
		assert_int_equal(s->to_tls, len == sizeof(data));
	}
	static uint8_t large[FORWARD_MAX + 1];
	put_relayed(large, s->met.host.handle, 0, sizeof(large));
	forward_train(&s->forward, &s->host.addr, large, sizeof(large), sizeof(large), s->w.now_ns);
	assert_int_equal(s->counters.drops[DROP_MALFORMED], 1);
	assert_int_equal(s->to_tls, 1);
}

/* Records come in whatever pieces; each is dealt with when it is whole. */
static void
records_in_pieces(void **state)
{
	struct scene *s = *state;
	uint8_t data[3 * 202], copy[sizeof(data)], *p = data;
	for (unsigned i = 0; i < 3; i++)
		p = put_record(p, s->met.viewer.handle, 200);
	for (size_t len = 0; len <= sizeof(data); len++) {
		uint64_t before = s->counters.packets[DIR_OUT][2];
		memcpy(copy, data, len);
		ssize_t n = forward_records(&s->forward, &s->tls, copy, len, s->w.now_ns);
		assert_int_equal(n, len / 202 * 202);
		assert_int_equal(s->counters.packets[DIR_OUT][2] - before, len / 202);
		assert_int_equal(s->out.count, 0);
	}
	assert_int_equal(dropped(s), 0);
}

/* Behind a datagram comes what is none: the memory is its owner's again, and is freed. */
static void
rubbish_behind_a_record(void **state)
{
	static const uint16_t lengths[] = {0, FORWARD_MAX + 1, 0xffff};
	struct scene *s = *state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint8_t *data = xmalloc(205), *p = put_record(data, s->met.viewer.handle, 200);
		p[0] = (uint8_t)lengths[i];
		p[1] = (uint8_t)(lengths[i] >> 8);
		p[2] = 0;
		assert_int_equal(forward_records(&s->forward, &s->tls, data, 205, s->w.now_ns), -EPROTO);
		assert_int_equal(s->counters.packets[DIR_OUT][2], i + 1);
		assert_int_equal(s->out.count, 0);
		free(data);
		outbox_flush(&s->out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_train, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(a_marked_train, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(no_datagrams_of_legs, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(records_in_pieces, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(rubbish_behind_a_record, open_scene, close_scene),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Every message, packed and parsed, against tests/vectors/rd-stream.hex, and
 * that file against the examples of man/rd-stream.5: the three cannot drift.
 * `msg --print` writes the file anew from what the packers make.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

static void
pack_sample(const struct sample *s, struct rd_buf *b)
{
	struct rd_buf body = {0};
	s->put(&body);
	struct rd_msg m = {
		.type = s->type,
		.flags = s->flags,
		.time_ns = s->time_ns,
		.len = body.len,
	};
	rd_msg_pack_header(&m, rd_buf_room(b, RD_MSG_HEADER_SIZE));
	b->len += RD_MSG_HEADER_SIZE;
	rd_buf_bytes(b, body.data, body.len);
	rd_buf_finish(&body);
}

/* ---- "NAME hex hex …" with indented lines of hex that go on ---- */

struct example {
	char name[32];
	struct rd_buf bytes;
};

struct examples {
	struct example v[64];
	int n;
};

static void
add_hex(struct rd_buf *b, const char *p)
{
	unsigned byte;
	int used;

	while (sscanf(p, " %2x%n", &byte, &used) == 1) {
		rd_buf_u8(b, (uint8_t)byte);
		p += used;
	}
	while (isspace((unsigned char)*p))
		p++;
	if (*p)
		fail_msg("not hexadecimal: %s", p);
}

/* Examples of a file; of a manual page, `literal`, what literal displays hold. */
static void
read_examples(struct examples *e, const char *path, bool literal)
{
	const char *root = getenv("RD_ROOT");
	struct example *now = NULL;
	char full[4096], line[512];
	bool inside = !literal;

	snprintf(full, sizeof(full), "%s/%s", root ? root : ".", path);
	FILE *f = fopen(full, "r");
	if (!f)
		fail_msg("%s: %s", full, strerror(errno));
	memset(e, 0, sizeof(*e));
	while (fgets(line, sizeof(line), f)) {
		struct example *x = &e->v[e->n];
		int used = 0;
		unsigned byte;

		if (literal && line[0] == '.') {
			inside = strncmp(line, ".Bd -literal", 12) == 0;
			now = NULL;
		} else if (inside && sscanf(line, "%31[A-Z_-]%n %2x %2x", x->name, &used, &byte, &byte) == 3) {
			assert_true(++e->n < 64);
			now = x;
			add_hex(&now->bytes, line + used);
		} else if (now && line[0] == ' ') {
			add_hex(&now->bytes, line);
		}
	}
	fclose(f);
}

static void
finish_examples(struct examples *e)
{
	for (int i = 0; i < e->n; i++)
		rd_buf_finish(&e->v[i].bytes);
}

static const struct example *
find_example(const struct examples *e, const char *name)
{
	const struct example *found = NULL;

	for (int i = 0; i < e->n; i++) {
		if (strcmp(e->v[i].name, name) != 0)
			continue;
		if (found)
			fail_msg("%s stands there twice", name);
		found = &e->v[i];
	}
	if (!found)
		fail_msg("%s is missing", name);
	return found;
}

static void
compare_examples(const struct examples *e)
{
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct example *x = find_example(e, samples[i].name);
		struct rd_buf b = {0};

		pack_sample(&samples[i], &b);
		if (x->bytes.len != b.len || memcmp(x->bytes.data, b.data, b.len) != 0)
			fail_msg("%s differs from what we write", samples[i].name);
		rd_buf_finish(&b);
	}
	assert_int_equal(e->n, SAMPLES);
}

static void
vectors_are_what_we_write(void **state)
{
	struct examples e;

	(void)state;
	read_examples(&e, "tests/vectors/rd-stream.hex", false);
	compare_examples(&e);
	finish_examples(&e);
}

static void
manual_shows_the_vectors(void **state)
{
	struct examples e;

	(void)state;
	read_examples(&e, "man/rd-stream.5", true);
	compare_examples(&e);
	finish_examples(&e);
}

static void
what_is_written_can_be_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];
		struct rd_buf b = {0};
		struct rd_msg m;

		pack_sample(s, &b);
		assert_int_equal(rd_msg_parse_header(&m, b.data), 0);
		assert_int_equal(m.type, s->type);
		assert_int_equal(m.flags, s->flags);
		assert_int_equal(m.channel, 0);
		assert_true(m.time_ns == s->time_ns);
		assert_int_equal(m.len, b.len - RD_MSG_HEADER_SIZE);
		if (s->get(b.data + RD_MSG_HEADER_SIZE, m.len) != 0)
			fail_msg("%s cannot be read", s->name);
		rd_buf_finish(&b);
	}
}

/* A copy of exactly that size, so that a sanitizer sees every step beyond it. */
static int
get_exactly(const struct sample *s, const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	memcpy(copy, p, n);
	int err = s->get(copy, n);
	free(copy);
	return err;
}

static void
another_length_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];
		struct rd_buf b = {0};

		if (s->open)
			continue;
		s->put(&b);
		size_t whole = b.len;
		for (size_t n = 0; n < whole; n++)
			if (get_exactly(s, b.data, n) == 0)
				fail_msg("%s with %zu of %zu bytes is read", s->name, n, whole);
		rd_buf_u8(&b, 0);
		if (s->get != get_exact && s->get != get_video && get_exactly(s, b.data, b.len) == 0)
			fail_msg("%s with a byte too many is read", s->name);
		rd_buf_finish(&b);
	}
}

static void
hello_is_judged(void **state)
{
	struct rd_buf b = {0};
	struct rd_hello h;

	(void)state;
	put_hello(&b);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(rd_hello_parse(&h, b.data, n), -EPROTO);
	/* What a later minor version appends is passed over. */
	rd_buf_u32(&b, 0xdeadbeef);
	b.data[10] = 7;
	assert_int_equal(rd_hello_parse(&h, b.data, b.len), 0);
	assert_int_equal(h.minor, 7);
	b.data[8] = 2;
	assert_int_equal(rd_hello_parse(&h, b.data, 12), -EPROTONOSUPPORT);
	assert_int_equal(h.major, 2);
	assert_int_equal(h.minor, 7);
	b.data[8] = 0;
	assert_int_equal(rd_hello_parse(&h, b.data, b.len), -EPROTO);
	b.data[8] = 1;
	b.data[0] ^= 0x80;
	assert_int_equal(rd_hello_parse(&h, b.data, b.len), -EPROTO);
	rd_buf_finish(&b);
}

static void
hello_names_this_machine_and_moment(void **state)
{
	struct rd_hello a, b;

	(void)state;
	rd_hello_init(&a, "rd-test", RD_CAP_ACK);
	rd_hello_init(&b, "a program whose name is longer than the sixty-three bytes there are for it", 0);
	assert_int_equal(a.major, RD_STREAM_MAJOR);
	assert_string_equal(a.program, "rd-test");
	assert_int_equal(strlen(b.program), sizeof(b.program) - 1);
	assert_true(rd_hello_same_boot(&a, &b));
	b.boot_id[3] ^= 1;
	assert_false(rd_hello_same_boot(&a, &b));
	memset(a.boot_id, 0, 16);
	memset(b.boot_id, 0, 16);
	assert_false(rd_hello_same_boot(&a, &b));
	assert_true(rd_hello_time(&a, a.mono_ns + 5) == 5);
	assert_true(rd_hello_time(&a, a.mono_ns - 5) == 0);
}

static void
words_of_a_peer_are_escaped(void **state)
{
	struct rd_end_msg e;
	struct rd_notice n;
	static const uint8_t evil[] = "\x63\x01\x1b[2Jboo\n";
	uint8_t longest[600] = {RD_LOG_INFO};

	(void)state;
	assert_int_equal(rd_end_parse(&e, evil, sizeof(evil) - 1), 0);
	assert_int_equal(e.reason, RD_END_FAILED); /* 0x63 is no reason we know */
	assert_string_equal(e.text, "\\x1b[2Jboo\\x0a");

	/* Three bytes a character, cut at 255: never inside one. */
	for (size_t i = 1; i + 2 < sizeof(longest); i += 3)
		memcpy(longest + i, "漢", 3);
	assert_int_equal(rd_notice_parse(&n, longest, sizeof(longest)), 0);
	assert_true(strlen(n.text) > 200 && strlen(n.text) < sizeof(n.text));
	assert_null(strstr(n.text, "\\x"));
	longest[0] = RD_LOG_TRACE + 1;
	assert_int_equal(rd_notice_parse(&n, longest, 10), -EPROTO);
}

static void
headers_are_bounded(void **state)
{
	static const struct {
		uint16_t type;
		size_t limit;
	} limits[] = {
		{RD_MSG_RAW, RD_MSG_MAX_RAW},
		{RD_MSG_EXACT, RD_MSG_MAX_UPDATE},
		{RD_MSG_COPY, RD_MSG_MAX_UPDATE},
		{RD_MSG_VIDEO, RD_MSG_MAX_UPDATE},
		{RD_MSG_HELLO, RD_MSG_MAX_LINK},
		{0x00ff, RD_MSG_MAX_LINK},
		{RD_MSG_KEY, RD_MSG_MAX},
		{0x7f01, RD_MSG_MAX},
	};
	uint8_t h[RD_MSG_HEADER_SIZE];
	struct rd_msg m;

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		m = (struct rd_msg){.type = limits[i].type, .len = limits[i].limit, .channel = 9};
		rd_msg_pack_header(&m, h);
		assert_int_equal(rd_msg_parse_header(&m, h), 0);
		assert_int_equal(m.len, limits[i].limit);
		assert_int_equal(m.channel, 9);
		m.len++;
		rd_msg_pack_header(&m, h);
		assert_int_equal(rd_msg_parse_header(&m, h), -EMSGSIZE);
	}
	assert_string_equal(rd_msg_name(RD_MSG_POINTER_AT), "POINTER_AT");
	assert_null(rd_msg_name(0x7f01));
}

/* ---- bodies of the right length that still make no sense ---- */

/* Sets one byte of a sample's body and expects the parser's answer. */
static void
expect(void (*put)(struct rd_buf *), int (*parse)(const uint8_t *, size_t), size_t at,
	uint8_t value, int want)
{
	struct rd_buf b = {0};

	put(&b);
	assert_true(at < b.len);
	b.data[at] = value;
	int got = parse(b.data, b.len);
	rd_buf_finish(&b);
	if (got != want)
		fail_msg("byte %zu set to %u: %d, not %d", at, value, got, want);
}

#define PARSES_AS(name, type, call)                                   \
	static int name(const uint8_t *p, size_t n)                   \
	{                                                             \
		type m;                                               \
		return call;                                          \
	}
PARSES_AS(begin, struct rd_begin, rd_begin_parse(&m, p, n))
PARSES_AS(raw, struct rd_raw, rd_raw_parse(&m, p, n))
PARSES_AS(copy, struct rd_copy, rd_copy_parse(&m, p, n, 1))
PARSES_AS(exact, struct rd_exact, rd_exact_parse(&m, p, n))
PARSES_AS(video, struct rd_video, rd_video_parse(&m, p, n))
PARSES_AS(shape, struct rd_cursor, rd_shape_parse(&m, p, n))
PARSES_AS(pointer_at, struct rd_pointer_at, rd_pointer_at_parse(&m, p, n))
PARSES_AS(buffer, struct rd_buffer_msg, rd_buffer_parse(&m, p, n))
PARSES_AS(release, uint32_t, rd_release_parse(&m, p, n))
PARSES_AS(shared, struct rd_shared_ref, rd_shared_parse(&m, p, n))
PARSES_AS(monitors, struct rd_monitors, rd_monitors_parse(&m, p, n))
PARSES_AS(watch_only, struct rd_monitor_names, rd_watch_only_parse(&m, p, n))
PARSES_AS(layout_of, struct rd_layout, rd_layout_parse(&m, p, n))
PARSES_AS(loss, struct rd_loss, rd_loss_parse(&m, p, n))
PARSES_AS(key, struct rd_input, rd_input_parse(&m, RD_MSG_KEY, p, n))
PARSES_AS(button, struct rd_input, rd_input_parse(&m, RD_MSG_BUTTON, p, n))
PARSES_AS(held, struct rd_input, rd_input_parse(&m, RD_MSG_HELD, p, n))

static void
nonsense_is_refused(void **state)
{
	(void)state;
	expect(put_begin, begin, 0, 43, 0);		/* another number is fine */
	expect(put_begin, begin, 0, 0, -EPROTO);	/* frame 0 */
	expect(put_begin, begin, 4, 0, -EPROTO);	/* no base, and no sync point */
	expect(put_begin, begin, 4, 42, -EPROTO);	/* based on itself */
	expect(put_begin, begin, 12, RD_BEGIN_SYNC, -EPROTO); /* a sync point with a base */
	expect(put_begin, begin, 9, 0xff, -EPROTO);	/* 65408 pixels wide */
	expect(put_raw, raw, 4, 3, -EPROTO);		/* 3x1 pixels need more bytes */
	expect(put_raw, raw, 6, 0, -EPROTO);		/* empty */
	expect(put_copy, copy, 20, 0, -EPROTO);		/* empty */
	expect(put_exact, exact, 0, RD_EXACT_PREDICT, 0);
	expect(put_exact, exact, 0, RD_EXACT_METHODS, -EPROTO);
	expect(put_exact, exact, 1, 0, -EPROTO);	/* strips of no rows */
	expect(put_exact, exact, 1, RD_EXACT_MAX_STRIP + 1, -EPROTO);
	expect(put_exact, exact, 2, 0, -EPROTO);	/* no rectangles */
	expect(put_exact, exact, 2, 200, -EPROTO);	/* more than there are bytes */
	expect(put_exact, exact, 9, 0xff, -EPROTO);	/* more pixels than could fit */
	expect(put_exact, exact, 8, 0, -EPROTO);	/* empty */
	expect(put_video, video, 8, 0, -EPROTO);	/* codec "none" */
	expect(put_video, video, 8, 9, -ENOTSUP);	/* a codec of later days */
	expect(put_video, video, 9, RD_VIDEO_DECODERS, -EPROTO);
	expect(put_video, video, 11, 1, -EPROTO);
	expect(put_shape, shape, 0, 0, -EPROTO);	/* 0x1 */
	expect(put_shape, shape, 4, 2, -EPROTO);	/* points beside itself */
	expect(put_shape, shape, 1, 2, -EPROTO);	/* 514 wide */
	expect(put_pointer_at, pointer_at, 8, 2, -EPROTO);
	expect(put_buffer, buffer, 0, RD_BUFFER_IDS, -EPROTO);
	expect(put_release, release, 0, RD_BUFFER_IDS, -EPROTO);
	expect(put_shared, shared, 0, RD_BUFFER_IDS, -EPROTO);
	expect(put_loss, loss, 4, 41, -EPROTO);		/* last before first */
	expect(put_monitors, monitors, 0, RD_MONITORS_MAX + 1, -EPROTO);
	expect(put_monitors, monitors, 17, 0xff, 0);	/* flags of later days */
	expect(put_monitors, monitors, 4, 1, -EPROTO);	/* x = 2^24 */
	expect(put_monitors, monitors, 10, 0, 0);	/* 176 wide */
	expect(put_monitors, monitors, 18, 0, -EPROTO);	/* no name */
	expect(put_monitors, monitors, 18, RD_MONITOR_NAME_MAX + 1, -EPROTO);
	expect(put_monitors, monitors, 19, 0x1b, -EPROTO); /* a name that clears the screen */
	expect(put_monitors, monitors, 19, 0xff, -EPROTO); /* … that is no text */
	expect(put_watch_only, watch_only, 0, RD_MONITORS_MAX + 1, -EPROTO);
	expect(put_watch_only, watch_only, 2, 0, -EPROTO);
	expect(put_layout_of, layout_of, 4, 0, -EPROTO);
	expect(put_layout_of, layout_of, 5, 0x7f, -EPROTO);
	expect(put_key, key, 2, 2, -EPROTO);		/* neither down nor up */
	expect(put_button, button, 0, RD_BUTTON_COUNT, -EPROTO);
	expect(put_held, held, 0, 1 << RD_BUTTON_COUNT, -EPROTO);
	expect(put_held, held, 1, RD_INPUT_HELD_MAX + 1, -EPROTO);
}

static void
text_is_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int want;
	} texts[] = {
		{"plain", 5, 0},
		{"\xc3\xa9", 2, 0},
		{"\xf0\x9f\x98\x80", 4, 0},
		{"", 0, -EPROTO},
		{"a\0b", 3, -EPROTO},
		{"\xc3", 1, -EPROTO},		/* cut */
		{"\xc0\xaf", 2, -EPROTO},	/* overlong */
		{"\xe0\x80\xaf", 3, -EPROTO},
		{"\xed\xa0\x80", 3, -EPROTO},	/* a surrogate */
		{"\xf4\x90\x80\x80", 4, -EPROTO}, /* beyond U+10FFFF */
		{"\xff", 1, -EPROTO},
		{"\x80", 1, -EPROTO},
	};
	char longest[RD_INPUT_TEXT_MAX + 1];
	struct rd_input in;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(rd_input_parse(&in, RD_MSG_TEXT, (const uint8_t *)texts[i].bytes,
			texts[i].len), texts[i].want);
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(rd_input_parse(&in, RD_MSG_TEXT, (uint8_t *)longest, RD_INPUT_TEXT_MAX), 0);
	assert_int_equal(rd_input_parse(&in, RD_MSG_TEXT, (uint8_t *)longest, sizeof(longest)), -EPROTO);
	assert_int_equal(rd_input_parse(&in, 0x05ff, (uint8_t *)longest, 1), -ENOTSUP);
}

static void
copies_and_columns_are_bounded(void **state)
{
	struct rd_buf b = {0};
	struct rd_copy c = {{0, 0, 1, 1}, 1, 1};
	struct rd_rect wide = {0, 0, 8192, 64 * 7};
	struct rd_exact m;

	(void)state;
	for (int i = 0; i < RD_COPY_MAX; i++)
		rd_copy_pack(&b, &c, 1);
	assert_int_equal(rd_copy_count(b.data, b.len), RD_COPY_MAX);
	assert_int_equal(rd_copy_parse(&c, b.data, b.len, RD_COPY_MAX - 1), 0);
	assert_int_equal(rd_copy_parse(&c, b.data, b.len, RD_COPY_MAX), -EPROTO);
	rd_copy_pack(&b, &c, 1);
	assert_int_equal(rd_copy_count(b.data, b.len), -EPROTO);
	assert_int_equal(rd_copy_count(b.data, 0), -EPROTO);

	/* 57344 columns are many pixels, yet fit; 65536 columns do not. */
	rd_buf_reset(&b);
	rd_exact_pack(&b, RD_EXACT_COLUMNS, 64, &wide, 1, zstd_bytes, sizeof(zstd_bytes));
	assert_int_equal(rd_exact_parse(&m, b.data, b.len), 0);
	assert_int_equal(m.pixels, 8192 * 64 * 7);
	wide.h++;
	rd_buf_reset(&b);
	rd_exact_pack(&b, RD_EXACT_COLUMNS, 64, &wide, 1, zstd_bytes, sizeof(zstd_bytes));
	assert_int_equal(rd_exact_parse(&m, b.data, b.len), -EPROTO);
	rd_buf_finish(&b);
}

/* Nothing is looked up by a name that two have; no size is nothing; and the most there can be. */
static void
monitors_are_told_apart(void **state)
{
	struct rd_monitors m = {.count = 2, .v = {
		{.rect = {0, 0, 1, 1}, .name = "a"}, {.rect = {0, 0, 1, 1}, .name = "b"},
	}}, got;
	struct rd_buf b = {0};

	(void)state;
	rd_monitors_pack(&b, &m);
	assert_int_equal(rd_monitors_parse(&got, b.data, b.len), 0);
	assert_true(rd_monitors_same(&got, &m));
	b.data[b.len - 1] = 'a';
	assert_int_equal(rd_monitors_parse(&got, b.data, b.len), -EPROTO);
	rd_buf_reset(&b);
	m.v[1].rect.h = 0;
	rd_monitors_pack(&b, &m);
	assert_int_equal(rd_monitors_parse(&got, b.data, b.len), -EPROTO);
	rd_buf_reset(&b);
	for (m.count = 0; m.count < RD_MONITORS_MAX; m.count++) {
		struct rd_monitor *one = &m.v[m.count];
		*one = (struct rd_monitor){.rect = {RD_MONITORS_PLACE_MAX, -RD_MONITORS_PLACE_MAX, 65535, 65535}};
		memset(one->name, 'A' + m.count, RD_MONITOR_NAME_MAX);
	}
	rd_monitors_pack(&b, &m);
	assert_int_equal(rd_monitors_parse(&got, b.data, b.len), 0);
	assert_true(rd_monitors_same(&got, &m));
	rd_buf_reset(&b);
	rd_monitors_pack(&b, &(struct rd_monitors){0});
	assert_int_equal(b.len, 1);
	assert_int_equal(rd_monitors_parse(&got, b.data, b.len), 0);
	assert_int_equal(got.count, 0);
	rd_buf_finish(&b);
}

static void
a_pointer_can_be_hidden(void **state)
{
	struct rd_cursor none = {0};
	struct rd_buf b = {0};

	(void)state;
	rd_shape_pack(&b, &none);
	assert_int_equal(b.len, 8);
	none.width = 5;
	assert_int_equal(rd_shape_parse(&none, b.data, b.len), 0);
	assert_int_equal(none.width, 0);
	rd_buf_finish(&b);
}

static void
print_samples(void)
{
	puts("# One example of every message of rd-stream(5), header and body, as the\n"
	     "# page shows it. Written by build/release/tests/wire/msg --print.");
	for (size_t i = 0; i < SAMPLES; i++) {
		struct rd_buf b = {0};

		pack_sample(&samples[i], &b);
		for (size_t j = 0; j < b.len; j++) {
			if (j % 16 == 0)
				printf("%s%-11s", j ? "\n" : "", j ? "" : samples[i].name);
			printf(" %02x", b.data[j]);
		}
		puts("");
		rd_buf_finish(&b);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_are_what_we_write),
		cmocka_unit_test(manual_shows_the_vectors),
		cmocka_unit_test(what_is_written_can_be_read),
		cmocka_unit_test(another_length_is_refused),
		cmocka_unit_test(hello_is_judged),
		cmocka_unit_test(hello_names_this_machine_and_moment),
		cmocka_unit_test(words_of_a_peer_are_escaped),
		cmocka_unit_test(headers_are_bounded),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(text_is_utf8),
		cmocka_unit_test(copies_and_columns_are_bounded),
		cmocka_unit_test(monitors_are_told_apart),
		cmocka_unit_test(a_pointer_can_be_hidden),
	};

	if (argc > 1 && strcmp(argv[1], "--print") == 0) {
		print_samples();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "net/packet.h"

/* What each type is made of; `min` is the shortest datagram. */
static const struct kind {
	enum rd_packet_type type;
	size_t min;
	bool open;		/* carries a Noise message of any length */
	bool sender, receiver;
	size_t macs;
} kinds[] = {
	{ RD_PACKET_INIT, 8 + 96 + 32, true, true, false, 32 },
	{ RD_PACKET_RESPONSE, 12 + 48 + 32, true, true, true, 32 },
	{ RD_PACKET_COOKIE, 64, false, false, true, 0 },
	{ RD_PACKET_DATA, 16 + 17, true, false, true, 0 },
	{ RD_PACKET_ASK, 96, false, true, false, 0 },
	{ RD_PACKET_TELL, 96, false, false, true, 0 },
	{ RD_PACKET_PAKE, 72, false, true, false, 0 },
	{ RD_PACKET_PAKE_REPLY, 44, false, true, true, 0 },
	{ RD_PACKET_XX1, 12 + 48, true, true, true, 0 },
	{ RD_PACKET_XX2, 12 + 96, true, true, true, 0 },
	{ RD_PACKET_XX3, 12 + 64, true, true, true, 0 },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static size_t
head_of(const struct kind *k)
{
	return 4 + 4 * k->sender + 4 * k->receiver + (k->type == RD_PACKET_DATA ? 8 : 0);
}

static size_t
max_of(const struct kind *k)
{
	if (!k->open)
		return k->min;
	return k->type == RD_PACKET_DATA ? RD_PACKET_MAX : RD_PACKET_HANDSHAKE_MAX;
}

/* A datagram of that kind and length, in memory of exactly that size. */
static uint8_t *
random_datagram(const struct kind *k, size_t len)
{
	uint8_t *data = malloc(len);

	dice_bytes(data, len);
	data[0] = (uint8_t)k->type;
	if (k->type != RD_PACKET_DATA)
		data[1] = 0;
	data[2] = data[3] = 0;
	if (k->type == RD_PACKET_DATA)
		data[15] &= 0x3f;
	if (k->type == RD_PACKET_ASK)
		memset(data + 24, 0, 72);
	if (k->type == RD_PACKET_TELL)
		memset(data + 89, 0, 7);
	return data;
}

/* Packing gives the bytes again, but for the macs and DATA's ciphertext. */
static void
packs_again(const struct kind *k, const struct rd_packet *p, const uint8_t *data, size_t len)
{
	static const uint8_t zeros[32];
	struct rd_buf b = {0};

	rd_packet_pack(&b, p);
	if (k->type == RD_PACKET_DATA) {
		assert_int_equal(b.len, RD_PACKET_DATA_HEADER);
	} else {
		assert_int_equal(b.len, len);
		assert_memory_equal(b.data + len - k->macs, zeros, k->macs);
	}
	assert_memory_equal(b.data, data, b.len - k->macs);
	rd_buf_finish(&b);
}

static void
every_kind_is_read_and_written(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < KINDS; i++) {
			const struct kind *k = &kinds[i];
			size_t len = k->min + dice_below(max_of(k) - k->min + 1);
			uint8_t *data = random_datagram(k, len);
			struct rd_packet p;
			assert_int_equal(rd_packet_parse(&p, data, len), 0);
			assert_int_equal(p.type, k->type);
			if (k->open) {
				assert_ptr_equal(p.noise, data + head_of(k));
				assert_int_equal(p.noise_len, len - head_of(k) - k->macs);
			}
			if (k->macs) {
				assert_ptr_equal(p.mac1, data + len - 32);
				assert_ptr_equal(p.mac2, data + len - 16);
			}
			packs_again(k, &p, data, len);
			free(data);
		}
	}
}

static void
other_lengths_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		const struct kind *k = &kinds[i];
		size_t max = max_of(k);
		struct rd_packet p;
		for (size_t len = 1; len <= max + 1; len++) {
			uint8_t *data = random_datagram(k, len < 96 ? 96 : len);
			uint8_t *exact = malloc(len);
			memcpy(exact, data, len);
			int want = len >= k->min && len <= max ? 0 : -EPROTO;
			if (rd_packet_parse(&p, exact, len) != want)
				fail_msg("type %d with %zu bytes", k->type, len);
			free(exact);
			free(data);
		}
	}
}

static void
reserved_bytes_are_looked_at(void **state)
{
	struct rd_packet p;

	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		const struct kind *k = &kinds[i];
		uint8_t *data = random_datagram(k, k->min);
		data[1] = 1;
		assert_int_equal(rd_packet_parse(&p, data, k->min), k->type == RD_PACKET_DATA ? 0 : -EPROTO);
		data[1] = 0;
		for (size_t at = 2; at < 4; at++) {
			data[at] = 1;
			assert_int_equal(rd_packet_parse(&p, data, k->min), -EPROTO);
			data[at] = 0;
		}
		size_t from = k->type == RD_PACKET_ASK ? 24 : k->type == RD_PACKET_TELL ? 89 : k->min;
		for (size_t at = from; at < k->min; at++) {
			data[at] = 0x80;
			assert_int_equal(rd_packet_parse(&p, data, k->min), -EPROTO);
			data[at] = 0;
		}
		assert_int_equal(rd_packet_parse(&p, data, k->min), 0);
		free(data);
	}
}

/* A genuine peer could name it, and no ACK of ours could. */
static void
numbers_are_such_as_an_ack_can_name(void **state)
{
	uint8_t data[33] = { RD_PACKET_DATA };
	struct rd_packet p;

	(void)state;
	memset(data + 8, 0xff, 7);
	for (unsigned top = 0; top < 256; top++) {
		data[15] = (uint8_t)top;
		assert_int_equal(rd_packet_parse(&p, data, sizeof(data)), top < 0x40 ? 0 : -EPROTO);
	}
}

static void
other_types_are_refused(void **state)
{
	uint8_t data[96] = {0};
	struct rd_packet p;

	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		if (type >= RD_PACKET_INIT && type <= RD_PACKET_XX3)
			continue;
		data[0] = (uint8_t)type;
		assert_int_equal(rd_packet_parse(&p, data, sizeof(data)), -EPROTO);
	}
	assert_int_equal(rd_packet_parse(&p, NULL, 0), -EPROTO);
}

/* A stranger gets no more bytes than it sent. */
static void
answers_are_no_larger_than_questions(void **state)
{
	(void)state;
	assert_true(RD_PACKET_TELL_SIZE <= RD_PACKET_ASK_SIZE);
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].type == RD_PACKET_COOKIE || kinds[i].type == RD_PACKET_RESPONSE)
			assert_true(kinds[i].min < kinds[0].min);
		if (kinds[i].type == RD_PACKET_PAKE_REPLY)
			assert_true(kinds[i].min < 72);
		if (kinds[i].type == RD_PACKET_ASK)
			assert_int_equal(kinds[i].min, RD_PACKET_ASK_SIZE);
		if (kinds[i].type == RD_PACKET_TELL)
			assert_int_equal(kinds[i].min, RD_PACKET_TELL_SIZE);
	}
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_read_and_written),
		cmocka_unit_test(other_lengths_are_refused),
		cmocka_unit_test(reserved_bytes_are_looked_at),
		cmocka_unit_test(numbers_are_such_as_an_ack_can_name),
		cmocka_unit_test(other_types_are_refused),
		cmocka_unit_test(answers_are_no_larger_than_questions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* X25519 keys: RFC 7748's vector, their one text, their fingerprint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/key.h"
#include "vector.h"

static void
derives_as_rfc7748(void **state)
{
	/* section 6.1: Alice's and Bob's pairs */
	static const char *const pairs[][2] = {
		{ "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
			"8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a" },
		{ "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
			"de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f" },
	};
	struct rd_keypair k;
	uint8_t public[RD_KEY_SIZE];

	(void)state;
	for (int i = 0; i < 2; i++) {
		vector_bytes(pairs[i][0], k.secret.bytes, RD_KEY_SIZE);
		vector_bytes(pairs[i][1], public, RD_KEY_SIZE);
		rd_keypair_derive(&k);
		assert_memory_equal(k.public.bytes, public, RD_KEY_SIZE);
	}
}

static void
new_pairs_differ_and_wipe(void **state)
{
	struct rd_keypair a, b, again;

	(void)state;
	rd_keypair_new(&a);
	rd_keypair_new(&b);
	assert_false(rd_key_equal(&a.secret, &b.secret));
	assert_false(rd_key_equal(&a.public, &b.public));
	again = a;
	memset(&again.public, 0, sizeof(again.public));
	assert_true(rd_key_is_zero(&again.public));
	rd_keypair_derive(&again);
	assert_true(rd_key_equal(&a.public, &again.public));
	again.public.bytes[31] ^= 0x40;
	assert_false(rd_key_equal(&a.public, &again.public));
	rd_keypair_wipe(&a);
	assert_true(rd_key_is_zero(&a.public));
	assert_true(rd_key_is_zero(&a.secret));
	rd_keypair_wipe(&b);
	rd_keypair_wipe(&again);
}

static void
text_is_what_it_says(void **state)
{
	struct rd_key k;
	char text[RD_KEY_TEXT];

	(void)state;
	for (unsigned i = 0; i < RD_KEY_SIZE; i++)
		k.bytes[i] = (uint8_t)i;
	assert_string_equal(rd_key_text(&k, text), "rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
	assert_int_equal(strlen(text), RD_KEY_TEXT - 1);
	memset(k.bytes, 0xff, RD_KEY_SIZE);
	/* the alphabet of URLs */
	assert_string_equal(rd_key_text(&k, text), "rd:__________________________________________8");
}

static void
text_and_back(void **state)
{
	struct rd_key k, back;
	char text[RD_KEY_TEXT];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		randombytes_buf(k.bytes, RD_KEY_SIZE);
		memset(&back, 0, sizeof(back));
		assert_int_equal(rd_key_parse(&back, rd_key_text(&k, text)), 0);
		assert_memory_equal(back.bytes, k.bytes, RD_KEY_SIZE);
	}
}

static void
other_texts_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "r", "rd", "rd:",
		"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
		"RD:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
		"rd;AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
		"rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
		"rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
		"rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",
		"rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 ",
		" rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
		"rd: AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
		"rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh\n",
		"rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh=",
		"rd://////////////////////////////////////////8",
		"rd:+++++++++++++++++++++++++++++++++++++++++++",
		/* bits beyond the last byte: would be a second text of a key */
		"rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9",
		"rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-",
		"rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_",
	};
	struct rd_key k, before;

	(void)state;
	memset(before.bytes, 0x5a, RD_KEY_SIZE);
	k = before;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (rd_key_parse(&k, bad[i]) != -EINVAL)
			fail_msg("taken: '%s'", bad[i]);
		assert_memory_equal(&k, &before, sizeof(k));
	}
}

/* Of all last letters exactly one in four is the end of a key. */
static void
a_key_has_one_text(void **state)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char text[RD_KEY_TEXT] = "rd:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", back[RD_KEY_TEXT];
	struct rd_key k;
	int taken = 0;

	(void)state;
	for (int i = 0; i < 64; i++) {
		text[RD_KEY_TEXT - 2] = letters[i];
		if (rd_key_parse(&k, text))
			continue;
		taken++;
		assert_string_equal(rd_key_text(&k, back), text);
	}
	assert_int_equal(taken, 16);
}

/* Against BLAKE2b and base32 of another implementation (Python's). */
static void
fingerprints(void **state)
{
	struct rd_key k;
	char out[RD_FINGERPRINT_TEXT];

	(void)state;
	for (unsigned i = 0; i < RD_KEY_SIZE; i++)
		k.bytes[i] = (uint8_t)i;
	assert_string_equal(rd_key_fingerprint(&k, out), "2oit-qvhv-ovby-z5fo-7ift-vm6t-nwki-ervh");
	memset(k.bytes, 0xff, RD_KEY_SIZE);
	assert_string_equal(rd_key_fingerprint(&k, out), "pxju-rxwq-kb67-qye6-3dft-mtnz-ucxl-hr5x");
	assert_int_equal(strlen(out), RD_FINGERPRINT_TEXT - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(derives_as_rfc7748),
		cmocka_unit_test(new_pairs_differ_and_wipe),
		cmocka_unit_test(text_is_what_it_says),
		cmocka_unit_test(text_and_back),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(a_key_has_one_text),
		cmocka_unit_test(fingerprints),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

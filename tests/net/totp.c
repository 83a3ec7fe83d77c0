/* One-time codes: the published vectors, and what is not taken twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/folder.h"
#include "net/totp.h"
#include "net/vector.h"

static const struct rd_totp rfc6238 = {.secret = "12345678901234567890"};

static void
hashes_as_rfc2202(void **state)
{
	static const struct {
		uint8_t key, key_len;	/* a byte, so often; 0: `text` */
		const char *text;
		uint8_t data, data_len;
		const char *words, *mac;
	} vectors[] = {
		{0x0b, 20, NULL, 0, 0, "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"},
		{0, 4, "Jefe", 0, 0, "what do ya want for nothing?",
			"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
		{0xaa, 20, NULL, 0xdd, 50, NULL, "125d7342b9ac11cd91a39af48aa17b4f63f175d3"},
		{0, 25, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26\27\30\31", 0xcd, 50,
			NULL, "4c9007f4026250c6bc8414f9bf50c86c2d7235da"},
		{0x0c, 20, NULL, 0, 0, "Test With Truncation", "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"},
		{0xaa, 80, NULL, 0, 0, "Test Using Larger Than Block-Size Key - Hash Key First",
			"aa4ae5e15272d00e95705637ce8a3b55ed402112"},
		{0xaa, 80, NULL, 0, 0,
			"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
			"e8e99d0f45237d786d6bbaa7965c7808bbff1a91"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint8_t key[80], data[80], mac[20], expected[20];
		size_t len = vectors[i].data_len;
		memset(key, vectors[i].key, sizeof(key));
		memset(data, vectors[i].data, sizeof(data));
		if (vectors[i].text)
			memcpy(key, vectors[i].text, vectors[i].key_len);
		if (vectors[i].words) {
			len = strlen(vectors[i].words);
			memcpy(data, vectors[i].words, len);
		}
		vector_bytes(vectors[i].mac, expected, sizeof(expected));
		rd_hmac_sha1(key, vectors[i].key_len, data, len, mac);
		assert_memory_equal(mac, expected, sizeof(mac));
	}
}

/* Every length around SHA-1's padding: each hash differs, and is the same again. */
static void
pads_at_every_length(void **state)
{
	uint8_t data[200] = {0}, macs[200][20], again[20];
	(void)state;
	for (size_t n = 0; n < 200; n++) {
		rd_hmac_sha1(data, n, data, n, macs[n]);
		rd_hmac_sha1(data, n, data, n, again);
		assert_memory_equal(macs[n], again, 20);
		/* A key is filled up with zeros to a block, so only the data makes them differ. */
		for (size_t i = 0; i < n; i++)
			assert_memory_not_equal(macs[i], macs[n], 20);
	}
}

static void
gives_the_codes_of_rfc6238(void **state)
{
	/* appendix B, the last six of its eight digits */
	static const struct { uint64_t time; uint32_t code; } vectors[] = {
		{59, 287082}, {1111111109, 81804}, {1111111111, 50471}, {1234567890, 5924},
		{2000000000, 279037}, {UINT64_C(20000000000), 353130},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		assert_int_equal(rd_totp_code(&rfc6238, vectors[i].time / 30), vectors[i].code);
}

static void
takes_a_code_once(void **state)
{
	struct rd_totp t = rfc6238;
	(void)state;
	assert_int_equal(rd_totp_check(&t, "287083", 59), -EACCES);
	assert_int_equal(rd_totp_check(&t, " 287 082 ", 59), 0);
	assert_int_equal(rd_totp_check(&t, "287082", 59), -EACCES);
	/* nor that of a step before it */
	char before[8];
	snprintf(before, sizeof(before), "%06u", (unsigned)rd_totp_code(&t, 0));
	assert_int_equal(rd_totp_check(&t, before, 29), -EACCES);
}

static void
allows_a_step_of_error(void **state)
{
	(void)state;
	/* 050471 is that of 1111111080 to 1111111109 + 30 */
	static const struct { uint64_t now; int expected; } times[] = {
		{1111111110 - 31, -EACCES}, {1111111110 - 30, 0}, {1111111110, 0},
		{1111111110 + 59, 0}, {1111111110 + 60, -EACCES},
	};
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct rd_totp t = rfc6238;
		assert_int_equal(rd_totp_check(&t, "050471", times[i].now), times[i].expected);
	}
}

static void
refuses_what_is_no_code(void **state)
{
	static const char *const bad[] = {"", "28708", "2870820", "28708a", "-87082", "287082x",
		"٢٨٧٠٨٢", "0x4616a"};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct rd_totp t = rfc6238;
		assert_int_equal(rd_totp_check(&t, bad[i], 59), -EACCES);
		assert_int_equal(t.last_step, 0);
	}
}

static void
is_kept_in_a_file(void **state)
{
	struct rd_totp t, back;
	(void)state;
	assert_int_equal(rd_totp_load(folder_path("totp"), &back), -ENOENT);
	assert_int_equal(rd_totp_save(folder_path("totp"), &rfc6238, false), 0);
	assert_string_equal(folder_read("totp"), "rd-totp-1 GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n");
	assert_int_equal(folder_mode("totp"), 0600);
	assert_int_equal(rd_totp_load(folder_path("totp"), &back), 0);
	assert_memory_equal(back.secret, rfc6238.secret, RD_TOTP_SECRET);
	rd_totp_new(&t);
	assert_int_equal(rd_totp_save(folder_path("totp"), &t, false), -EEXIST);
	assert_int_equal(rd_totp_save(folder_path("totp"), &t, true), 0);
	assert_int_equal(rd_totp_load(folder_path("totp"), &back), 0);
	assert_memory_equal(back.secret, t.secret, RD_TOTP_SECRET);
	assert_int_equal(chmod(folder_path("totp"), 0640), 0);
	assert_int_equal(rd_totp_load(folder_path("totp"), &back), -EPERM);
	folder_write("totp", 0600, "rd-totp-1 GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1\n");
	assert_int_equal(rd_totp_load(folder_path("totp"), &back), -EBADMSG);
	folder_write("totp", 0600, "rd-totp-2 GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n");
	assert_int_equal(rd_totp_load(folder_path("totp"), &back), -EBADMSG);
	folder_empty();
}

static void
tells_authenticators(void **state)
{
	(void)state;
	char *uri = rd_totp_uri(&rfc6238, "bo b@höst&x=1");
	assert_string_equal(uri, "otpauth://totp/rd:bo%20b%40h%C3%B6st%26x%3D1"
		"?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=rd&algorithm=SHA1&digits=6&period=30");
	free(uri);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_as_rfc2202),
		cmocka_unit_test(pads_at_every_length),
		cmocka_unit_test(gives_the_codes_of_rfc6238),
		cmocka_unit_test(takes_a_code_once),
		cmocka_unit_test(allows_a_step_of_error),
		cmocka_unit_test(refuses_what_is_no_code),
		cmocka_unit_test(is_kept_in_a_file),
		cmocka_unit_test(tells_authenticators),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, folder_setup, folder_teardown);
}

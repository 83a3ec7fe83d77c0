/* The permanent password: Argon2id of it in a file of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/folder.h"
#include "net/password.h"
#include "net/vector.h"

static const char password[] = "correct horse battery";
#define LEN (sizeof(password) - 1)

/* Computed by another implementation: OpenSSL's, t=3, m=65536, p=1. */
static void
stretches_as_argon2id(void **state)
{
	uint8_t salt[16], prs[RD_CONN_PRF_SIZE], expected[RD_CONN_PRF_SIZE];
	(void)state;
	for (uint8_t i = 0; i < 16; i++)
		salt[i] = i;
	vector_bytes("904b42492da04031a468a6d1d51689848c15e5c88d8587b0186dce574b8c4bcc", expected,
		sizeof(expected));
	assert_int_equal(rd_password_stretch(password, LEN, salt, prs), 0);
	assert_memory_equal(prs, expected, sizeof(prs));
}

static void
is_kept_stretched(void **state)
{
	uint8_t salt[16], prs[RD_CONN_PRF_SIZE], other_salt[16], again[RD_CONN_PRF_SIZE];
	(void)state;
	assert_int_equal(rd_password_load(folder_path("password"), prs, salt), -ENOENT);
	assert_int_equal(rd_password_save(folder_path("password"), password, LEN), 0);
	assert_int_equal(folder_mode("password"), 0600);
	assert_int_equal(folder_count(), 1);
	assert_null(strstr(folder_read("password"), "horse"));
	assert_int_equal(strlen(folder_read("password")), strlen("rd-password-1 ") + 64 + 1);
	assert_int_equal(rd_password_load(folder_path("password"), prs, salt), 0);
	assert_int_equal(rd_password_stretch(password, LEN, salt, again), 0);
	assert_memory_equal(prs, again, sizeof(prs));
	/* the same password again has another salt */
	assert_int_equal(rd_password_save(folder_path("password"), password, LEN), 0);
	assert_int_equal(rd_password_load(folder_path("password"), again, other_salt), 0);
	assert_memory_not_equal(salt, other_salt, sizeof(salt));
	assert_memory_not_equal(prs, again, sizeof(prs));
	assert_int_equal(chmod(folder_path("password"), 0604), 0);
	assert_int_equal(rd_password_load(folder_path("password"), prs, salt), -EPERM);
	folder_empty();
}

static void
has_a_least_and_a_most(void **state)
{
	char longest[RD_PASSWORD_MAX + 2];
	memset(longest, 'a', sizeof(longest));
	(void)state;
	assert_int_equal(rd_password_save(folder_path("password"), "", 0), -EINVAL);
	assert_int_equal(rd_password_save(folder_path("password"), "sieben7", 7), -EINVAL);
	/* characters, not bytes: seven of two bytes are too few */
	assert_int_equal(rd_password_characters("äöüäöüß", 14), 7);
	assert_int_equal(rd_password_save(folder_path("password"), "äöüäöüß", 14), -EINVAL);
	assert_int_equal(rd_password_save(folder_path("password"), longest, RD_PASSWORD_MAX + 1),
		-EMSGSIZE);
	assert_int_equal(folder_count(), 0);
	assert_int_equal(rd_password_save(folder_path("password"), "äöüäöüßß", 16), 0);
	folder_empty();
}

static void
refuses_other_texts(void **state)
{
	static const char good[] = "rd-password-1 "
		"AAECAwQFBgcICQoLDA0OD5BLQkktoEAxpGim0dUWiYSMFeXIjYWHsBhtzldLjEvM\n";
	uint8_t salt[16], prs[RD_CONN_PRF_SIZE];
	char text[sizeof(good)];
	(void)state;
	assert_int_equal(rd_password_parse(good, strlen(good), prs, salt), 0);
	assert_int_equal(salt[15], 15);
	assert_int_equal(rd_password_parse(good, strlen(good) - 1, prs, salt), 0);
	for (size_t n = 0; n < strlen(good) - 1; n++)
		assert_int_equal(rd_password_parse(good, n, prs, salt), -EBADMSG);
	/* A character that is none of the format's, anywhere. */
	for (size_t i = 0; i < strlen(good) - 1; i++) {
		memcpy(text, good, sizeof(text));
		text[i] = '*';
		assert_int_equal(rd_password_parse(text, strlen(text), prs, salt), -EBADMSG);
	}
	memcpy(text, good, sizeof(text));
	text[strlen("rd-password-")] = '2';
	assert_int_equal(rd_password_parse(text, strlen(text), prs, salt), -EBADMSG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stretches_as_argon2id),
		cmocka_unit_test(is_kept_stretched),
		cmocka_unit_test(has_a_least_and_a_most),
		cmocka_unit_test(refuses_other_texts),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, folder_setup, folder_teardown);
}

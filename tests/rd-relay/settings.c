#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/mem.h"
#include "rd-relay/certificate.h"
#include "rd-relay/settings.h"

static void
fill(struct settings *s)
{
	*s = (struct settings){
		.core = {.host_day_bytes = 5, .total_bps = 4, .node = 3, .has_join = true, .max_peers = 9, .listed_count = 2},
		.certificate = xstrdup("certificate"), .certificate_len = 11,
		.certificate_key = xstrdup("key"), .certificate_key_len = 3,
		.drain_ns = 77, .tls_connections = 12,
	};
	memset(s->core.join, 5, sizeof(s->core.join));
	memset(&s->core.key, 6, sizeof(s->core.key));
	s->core.listed = xcalloc(2, sizeof(*s->core.listed));
	s->core.listed[1].bytes[31] = 8;
}

static void
arrive_as_they_left(void **state)
{
	struct settings s, got;
	(void)state;
	fill(&s);
	int fd = settings_put(&s);
	assert_true(fd >= 0);
	assert_int_equal(settings_get(&got, fd), 0);
	assert_int_equal(got.core.node, 3);
	assert_true(got.core.has_join);
	assert_int_equal(got.core.max_peers, 9);
	assert_int_equal(got.core.host_day_bytes, 5);
	assert_int_equal(got.core.total_bps, 4);
	assert_memory_equal(got.core.join, s.core.join, sizeof(s.core.join));
	assert_int_equal(got.core.listed_count, 2);
	assert_memory_equal(got.core.listed, s.core.listed, 2 * sizeof(*s.core.listed));
	assert_string_equal(got.certificate, "certificate");
	assert_string_equal(got.certificate_key, "key");
	assert_int_equal(got.drain_ns, 77);
	assert_int_equal(got.tls_connections, 12);
	/* The relay's own key does not go along. */
	assert_true(rd_key_is_zero(&got.core.key.secret));
	settings_finish(&got);
	settings_finish(&s);
	close(fd);
}

static void
are_refused_when_cut_short(void **state)
{
	struct settings s, got;
	(void)state;
	fill(&s);
	int fd = settings_put(&s);
	off_t size = lseek(fd, 0, SEEK_END);
	while (size > 0) {
		size -= size > 40 ? 40 : size;
		assert_int_equal(ftruncate(fd, size), 0);
		assert_int_equal(settings_get(&got, fd), -EPROTO);
	}
	settings_finish(&s);
	close(fd);
}

static void
a_certificate_of_our_own_is_one(void **state)
{
	char *text, *key, *other, *other_key, *error = NULL;
	(void)state;
	assert_int_equal(certificate_make(&text, &key), 0);
	assert_int_equal(certificate_make(&other, &other_key), 0);
	SSL_CTX *ctx = certificate_context(text, strlen(text), key, strlen(key), &error);
	assert_non_null(ctx);
	SSL_CTX_free(ctx);
	assert_null(certificate_context(text, strlen(text), other_key, strlen(other_key), &error));
	assert_string_equal(error, "certificate-key is not the key of certificate");
	free(error);
	assert_null(certificate_context("x", 1, key, strlen(key), &error));
	assert_non_null(strstr(error, "no certificate"));
	free(error);
	free(text);
	free(key);
	free(other);
	free(other_key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arrive_as_they_left),
		cmocka_unit_test(are_refused_when_cut_short),
		cmocka_unit_test(a_certificate_of_our_own_is_one),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#ifndef TESTS_NET_VECTOR_H
#define TESTS_NET_VECTOR_H

/*
 * Files of published vectors under tests/vectors/: lines of a word and
 * hexadecimal values; '#' begins a comment. Include after cmocka.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

static inline FILE *
vector_open(const char *name)
{
	const char *root = getenv("RD_ROOT");
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/vectors/%s", root ? root : ".", name);
	FILE *f = fopen(path, "r");
	if (!f)
		fail_msg("%s: %s", path, strerror(errno));
	return f;
}

/* How many bytes `hex` says; fails the test when it is no hexadecimal. */
static inline size_t
vector_hex(const char *hex, uint8_t *out, size_t cap)
{
	size_t n = 0;

	if (sodium_hex2bin(out, cap, hex, strlen(hex), NULL, &n, NULL) != 0)
		fail_msg("not hexadecimal: %s", hex);
	return n;
}

/* Exactly `n` bytes. */
static inline void
vector_bytes(const char *hex, uint8_t *out, size_t n)
{
	assert_int_equal(vector_hex(hex, out, n), n);
}

#endif

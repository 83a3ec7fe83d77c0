#ifndef TESTS_NET_EXAMPLES_H
#define TESTS_NET_EXAMPLES_H

/*
 * Examples in hexadecimal, as tests/vectors/rd-session.hex, rd-relay.hex and the literal
 * displays of man/rd-session.5 hold them: "NAME hex hex …", and indented lines
 * of hex that go on. Those whose name begins with "M-" are messages of chan.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "net/key.h"

#define EXAMPLES_MAX 128

struct example {
	char name[32];
	struct rd_buf bytes;
};

struct examples {
	struct example v[EXAMPLES_MAX];
	int n;
};

static inline struct rd_buf *
example_new(struct examples *e, const char *name)
{
	assert_true(e->n < EXAMPLES_MAX);
	struct example *x = &e->v[e->n++];
	snprintf(x->name, sizeof(x->name), "%s", name);
	return &x->bytes;
}

static inline void
example_add(struct examples *e, const char *name, const void *data, size_t len)
{
	rd_buf_bytes(example_new(e, name), data, len);
}

static inline const struct rd_buf *
example_find(const struct examples *e, const char *name)
{
	const struct rd_buf *found = NULL;

	for (int i = 0; i < e->n; i++) {
		if (strcmp(e->v[i].name, name) != 0)
			continue;
		if (found)
			fail_msg("%s stands there twice", name);
		found = &e->v[i].bytes;
	}
	if (!found)
		fail_msg("%s is missing", name);
	return found;
}

static inline void
examples_finish(struct examples *e)
{
	for (int i = 0; i < e->n; i++)
		rd_buf_finish(&e->v[i].bytes);
	e->n = 0;
}

static inline void
example_add_hex(struct rd_buf *b, const char *p)
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

/* A name, and behind it at least one byte. */
static inline bool
example_begins(const char *line, char name[static 32], int *used)
{
	unsigned byte;

	return isupper((unsigned char)line[0]) &&
		sscanf(line, "%31[A-Z0-9_-]%n %2x", name, used, &byte) == 2 &&
		isspace((unsigned char)line[*used]);
}

/* Examples of a file of the tree; of a page, what its literal displays hold. */
static inline void
examples_read(struct examples *e, const char *path)
{
	const char *root = getenv("RD_ROOT");
	bool page = strncmp(path, "man/", 4) == 0, inside = !page;
	char full[4096], line[512], name[32];
	struct rd_buf *now = NULL;

	snprintf(full, sizeof(full), "%s/%s", root ? root : ".", path);
	FILE *f = fopen(full, "r");
	if (!f)
		fail_msg("%s: %s", full, strerror(errno));
	memset(e, 0, sizeof(*e));
	while (fgets(line, sizeof(line), f)) {
		int used = 0;

		if (page && line[0] == '.') {
			inside = strncmp(line, ".Bd -literal", 12) == 0;
			now = NULL;
		} else if (inside && example_begins(line, name, &used)) {
			now = example_new(e, name);
			example_add_hex(now, line + used);
		} else if (now && line[0] == ' ') {
			example_add_hex(now, line);
		}
	}
	fclose(f);
}

static inline void
examples_print(const struct examples *e)
{
	for (int i = 0; i < e->n; i++) {
		const struct rd_buf *b = &e->v[i].bytes;

		printf("%-12s", e->v[i].name);
		for (size_t k = 0; k < b->len; k++) {
			if (k && k % 16 == 0)
				printf("\n%12s", "");
			printf("%s%02x", k % 16 ? " " : "", b->data[k]);
		}
		putchar('\n');
	}
}

/*
 * What stands in `path` under names that are (or are not) messages of chan is
 * what `made` holds, no more and no less.
 */
static inline void
examples_compare(const struct examples *made, const char *path, bool messages)
{
	struct examples e;
	int n = 0;

	examples_read(&e, path);
	for (int i = 0; i < made->n; i++) {
		const struct rd_buf *want = &made->v[i].bytes;
		const struct rd_buf *is = example_find(&e, made->v[i].name);

		if (is->len != want->len || memcmp(is->data, want->data, want->len) != 0)
			fail_msg("%s: %s differs from what we make", path, made->v[i].name);
	}
	for (int i = 0; i < e.n; i++)
		n += (strncmp(e.v[i].name, "M-", 2) == 0) == messages;
	assert_int_equal(n, made->n);
	examples_finish(&e);
}

/* What examples are made of: bytes that count up, and a key of such. */
static inline void
count_up(uint8_t *out, size_t n, uint8_t first)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(first + i);
}

static inline struct rd_keypair
pair_from(uint8_t first)
{
	struct rd_keypair k;

	count_up(k.secret.bytes, RD_KEY_SIZE, first);
	rd_keypair_derive(&k);
	return k;
}

#endif

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/nearest.h"
#include "net/code.h"

#define SLOT_DIGITS 10
#define WORD_MAX 31	/* letters of what somebody typed; more is no word of ours */
#define PREFIX_LEAST 3	/* letters of a word that is cut */
#define NONE RD_CODE_LIST

void
rd_code_new(struct rd_code *c, uint32_t slot)
{
	c->slot = slot;
	for (unsigned i = 0; i < RD_CODE_WORDS; i++)
		c->word[i] = (uint16_t)randombytes_uniform(RD_CODE_LIST);
}

const char *
rd_code_text(const struct rd_code *c, char out[static RD_CODE_TEXT])
{
	const char *const *w = rd_code_list;

	snprintf(out, RD_CODE_TEXT, "%u-%s-%s-%s-%s", (unsigned)c->slot, w[c->word[0]],
		w[c->word[1]], w[c->word[2]], w[c->word[3]]);
	return out;
}

void
rd_code_wipe(struct rd_code *c)
{
	sodium_memzero(c, sizeof(*c));
}

void
rd_code_prs(const struct rd_code *c, uint8_t prs[static 32])
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, 32);
	crypto_generichash_update(&st, (const uint8_t *)"rd-code", 7);
	for (unsigned i = 0; i < RD_CODE_WORDS; i++) {
		const char *word = rd_code_list[c->word[i]];
		if (i)
			crypto_generichash_update(&st, (const uint8_t *)"-", 1);
		crypto_generichash_update(&st, (const uint8_t *)word, strlen(word));
	}
	crypto_generichash_final(&st, prs, 32);
	sodium_memzero(&st, sizeof(st));
}

/* --- words --- */

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* As strcmp of the first n letters, whatever the case of `typed`. */
static int
compare(const char *typed, const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int d = (unsigned char)small(typed[i]) - (unsigned char)word[i];
		if (d || !word[i])
			return d;
	}
	return 0;
}

/* The first word that is not before what was typed. */
static unsigned
lower_bound(const char *typed, size_t n)
{
	unsigned low = 0, high = RD_CODE_LIST;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (compare(typed, rd_code_list[middle], n) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static unsigned
complete(const char *typed, size_t n, unsigned *first)
{
	unsigned count = 0;

	*first = lower_bound(typed, n);
	while (*first + count < RD_CODE_LIST &&
		compare(typed, rd_code_list[*first + count], n) == 0)
		count++;
	return count;
}

unsigned
rd_code_complete(const char *prefix, unsigned *first)
{
	return complete(prefix, strlen(prefix), first);
}

/* The word that was typed, whole or cut; NONE. A whole word is the first that begins so. */
static unsigned
find_word(const char *typed, size_t n)
{
	unsigned first, count = complete(typed, n, &first);

	if (count > 0 && rd_code_list[first][n] == '\0')
		return first;
	return count == 1 && n >= PREFIX_LEAST ? first : NONE;
}

/* --- what people type --- */

static bool
is_between(char c)
{
	return c == '-' || c == ' ' || c == '\t' || c == '.' || c == '\n' || c == '\r';
}

static bool
is_letter(char c)
{
	return small(c) >= 'a' && small(c) <= 'z';
}

static const char *
skip(const char *at)
{
	while (is_between(*at))
		at++;
	return at;
}

/* The next piece, up to what stands between: its length. */
static size_t
piece(const char *at)
{
	size_t n = 0;

	while (at[n] && !is_between(at[n]))
		n++;
	return n;
}

static int
take_slot(uint32_t *slot, const char *at, size_t n)
{
	uint64_t value = 0;

	if (n == 0 || n > SLOT_DIGITS)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		if (at[i] < '0' || at[i] > '9')
			return -EINVAL;
		value = 10 * value + (unsigned)(at[i] - '0');
	}
	if (value == 0 || value > UINT32_MAX)
		return -EINVAL;
	*slot = (uint32_t)value;
	return 0;
}

/* What to say of a piece that is no word of ours. It is shown only where it is letters. */
static const char *
complain(const char *at, size_t n)
{
	static _Thread_local char why[160];
	char typed[WORD_MAX + 1];

	if (n > WORD_MAX)
		return "a word of it is too long; none has more than seven letters";
	for (size_t i = 0; i < n; i++) {
		if (!is_letter(at[i]))
			return "after its number a code has only words and dashes";
		typed[i] = small(at[i]);
	}
	typed[n] = '\0';
	const char *nearest = rd_nearest(typed, rd_code_list, RD_CODE_LIST);
	if (nearest)
		snprintf(why, sizeof(why), "no code has the word \"%s\"; did you mean \"%s\"?", typed, nearest);
	else
		snprintf(why, sizeof(why), "no code has the word \"%s\"", typed);
	sodium_memzero(typed, sizeof(typed));
	return why;
}

static int
take_words(struct rd_code *c, const char *at, const char **why)
{
	for (unsigned i = 0; i < RD_CODE_WORDS; i++) {
		at = skip(at);
		size_t n = piece(at);
		if (n == 0) {
			*why = "words are missing; a code is a number and four words";
			return -EINVAL;
		}
		unsigned word = find_word(at, n);
		if (word == NONE) {
			*why = complain(at, n);
			return -EINVAL;
		}
		c->word[i] = (uint16_t)word;
		at += n;
	}
	if (*skip(at) == '\0')
		return 0;
	*why = "there is more in it than a number and four words";
	return -EINVAL;
}

int
rd_code_parse(struct rd_code *c, const char *text, const char **why)
{
	const char *at = skip(text);
	size_t n = piece(at);

	*c = (struct rd_code){0};
	int err = take_slot(&c->slot, at, n);
	if (err)
		*why = "a code begins with a number, like 7-orbit-cactus-lamp-river";
	else
		err = take_words(c, at + n, why);
	if (err)
		rd_code_wipe(c);
	return err;
}

/* A name of a host may have dots and dashes, but no code has a dot where this asks. */
bool
rd_code_looks(const char *text)
{
	size_t n = strspn(text, "0123456789");
	const char *at = text + n;

	for (unsigned i = 0; n > 0 && i < RD_CODE_WORDS; i++) {
		if (*at != '-' && *at != ' ')
			return false;
		at++;
		for (n = 0; is_letter(at[n]); n++)
			continue;
		at += n;
	}
	return n > 0 && *at == '\0';
}

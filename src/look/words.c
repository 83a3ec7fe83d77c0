#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "look/words.h"

#define FIELDS 12
#define LEVEL_WORD 5
/* Of one line; what follows is another. */
#define WORDS_MAX 256

enum { LEVEL, PAGE, BLOCK, PARAGRAPH, LINE, WORD, LEFT, TOP, WIDTH, HEIGHT, CONFIDENCE, TEXT };

struct word {
	int number[TEXT];
	const char *text;
	size_t len;
};

/* A line of words, joined by single blanks and without capitals. */
struct line {
	struct rd_buf text;
	struct { size_t from, to; struct rd_rect at; } word[WORDS_MAX];
	int n;
	int number[LINE + 1];	/* that all of its words have in common */
};

/* A number of 0 to 65535, or -1: coordinates, and what tells lines apart. */
static int
number(const char *s, size_t len)
{
	int v = 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9' || v > 65535)
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return len > 0 && v <= 65535 ? v : -1;
}

/* One row; false for what is no word. */
static bool
parse(struct word *w, const char *row, size_t len)
{
	const char *end = row + len;
	for (int i = 0; i < TEXT; i++) {
		const char *tab = memchr(row, '\t', (size_t)(end - row));
		if (!tab)
			return false;
		w->number[i] = number(row, (size_t)(tab - row));
		if (i != CONFIDENCE && w->number[i] < 0)
			return false;
		row = tab + 1;
	}
	w->text = row;
	w->len = (size_t)(end - row);
	return w->number[LEVEL] == LEVEL_WORD;
}

static void
put_folded(struct rd_buf *b, const char *text, size_t len)
{
	bool gap = false;
	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t)text[i];
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0) {
			gap = b->len > 0;
			continue;
		}
		if (gap && b->data[b->len - 1] != ' ')
			rd_buf_u8(b, ' ');
		gap = false;
		rd_buf_u8(b, c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c);
	}
}

static void
add(struct line *l, const struct word *w)
{
	if (l->text.len)
		rd_buf_u8(&l->text, ' ');
	l->word[l->n].from = l->text.len;
	put_folded(&l->text, w->text, w->len);
	l->word[l->n].to = l->text.len;
	l->word[l->n++].at = (struct rd_rect){w->number[LEFT], w->number[TOP], w->number[WIDTH],
		w->number[HEIGHT]};
}

static bool
has(const struct line *l, const struct rd_buf *phrase, struct rd_rect *at)
{
	const uint8_t *hit = l->text.len && phrase->len
		? memmem(l->text.data, l->text.len, phrase->data, phrase->len) : NULL;
	if (!hit)
		return false;
	size_t from = (size_t)(hit - l->text.data), to = from + phrase->len;
	*at = (struct rd_rect){0};
	for (int i = 0; i < l->n; i++)
		if (l->word[i].from < to && l->word[i].to > from)
			*at = rd_rect_bound(*at, l->word[i].at);
	return true;
}

/* Whether the word goes on in that line. */
static bool
belongs(const struct line *l, const struct word *w)
{
	return l->n > 0 && l->n < WORDS_MAX &&
		memcmp(l->number + PAGE, w->number + PAGE, sizeof(l->number) - sizeof(int)) == 0;
}

static void
begin(struct line *l, const struct word *w)
{
	rd_buf_reset(&l->text);
	l->n = 0;
	memcpy(l->number, w->number, sizeof(l->number));
}

bool
rd_words_find(const char *tsv, size_t len, const char *phrase, struct rd_rect *at)
{
	struct line *l = calloc(1, sizeof(*l));
	struct rd_buf want = {0};
	bool found = false;
	if (!l)
		return false;
	put_folded(&want, phrase, strlen(phrase));
	for (const char *row = tsv, *end = tsv + len; row < end && !found;) {
		const char *newline = memchr(row, '\n', (size_t)(end - row));
		size_t n = (size_t)((newline ? newline : end) - row);
		struct word w;
		if (parse(&w, row, n)) {
			if (!belongs(l, &w)) {
				found = has(l, &want, at);
				if (found)
					break;
				begin(l, &w);
			}
			add(l, &w);
		}
		row += n + 1;
	}
	found = found || has(l, &want, at);
	rd_buf_finish(&l->text);
	rd_buf_finish(&want);
	free(l);
	return found;
}

#include <string.h>

#include <sodium.h>

#include "net/code.h"
#include "net/code_edit.h"

#define CTRL(c) ((c) & 0x1f)
#define CHOICES 24	/* words that are shown at most */

static void
show(struct rd_buf *screen, const char *text, size_t len)
{
	rd_buf_bytes(screen, text, len);
}

static void
put(struct rd_code_edit *e, char c, struct rd_buf *screen)
{
	if (e->len + 1 >= sizeof(e->text)) {
		show(screen, "\a", 1);
		return;
	}
	e->text[e->len++] = c;
	e->text[e->len] = '\0';
	show(screen, &c, 1);
}

static void
take_back(struct rd_code_edit *e, struct rd_buf *screen)
{
	if (e->len == 0)
		return;
	e->text[--e->len] = '\0';
	show(screen, "\b \b", 3);
}

static bool
is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* The word that is being typed: where it begins; text[len] where there is none. */
static size_t
word_begin(const struct rd_code_edit *e)
{
	size_t at = e->len;
	while (at > 0 && is_letter(e->text[at - 1]))
		at--;
	return at;
}

/* How many words stand before that place, after the slot's number. */
static unsigned
words_before(const struct rd_code_edit *e, size_t at)
{
	unsigned n = 0;
	const char *slash = memchr(e->text, '/', e->len);
	size_t i = slash ? (size_t)(slash - e->text) : 0;
	for (; i < at; i++)
		n += is_letter(e->text[i]) && (i == 0 || !is_letter(e->text[i - 1]));
	return n;
}

/* A code's word follows a number or a word: the relay's name is none. */
static bool
in_code(const struct rd_code_edit *e, size_t at)
{
	if (at == 0 || (e->text[at - 1] != '-' && e->text[at - 1] != ' ' && e->text[at - 1] != '.'))
		return false;
	const char *slash = memchr(e->text, '/', e->len);
	const char *begin = slash ? slash + 1 : e->text;
	return *begin >= '0' && *begin <= '9' && e->text + at > begin;
}

/* How many letters the words first … first + n - 1 have in common. */
static size_t
common(unsigned first, unsigned n)
{
	size_t len = strlen(rd_code_list[first]);
	for (unsigned i = 1; i < n; i++)
		for (size_t k = 0; k < len; k++)
			if (rd_code_list[first + i][k] != rd_code_list[first][k])
				len = k;
	return len;
}

static void
show_choices(const struct rd_code_edit *e, unsigned first, unsigned n, const char *prompt,
	struct rd_buf *screen)
{
	show(screen, "\r\n", 2);
	for (unsigned i = 0; i < n && i < CHOICES; i++) {
		show(screen, rd_code_list[first + i], strlen(rd_code_list[first + i]));
		show(screen, "  ", 2);
	}
	if (n > CHOICES)
		show(screen, "...", 3);
	show(screen, "\r\n", 2);
	show(screen, prompt, strlen(prompt));
	show(screen, e->text, e->len);
}

/* The words that could be meant, by what stands from `at` on; 0: none. */
static unsigned
find(const struct rd_code_edit *e, size_t at, unsigned *first)
{
	char prefix[16];
	size_t len = e->len - at;
	if (len == 0 || len >= sizeof(prefix))
		return 0;
	for (size_t i = 0; i < len; i++)
		prefix[i] = (char)(e->text[at + i] | 32);
	prefix[len] = '\0';
	return rd_code_complete(prefix, first);
}

/* Puts what is missing up to `len` letters of that word. */
static void
fill(struct rd_code_edit *e, size_t at, unsigned word, size_t len, struct rd_buf *screen)
{
	while (e->len - at < len)
		put(e, rd_code_list[word][e->len - at], screen);
}

static void
complete(struct rd_code_edit *e, const char *prompt, struct rd_buf *screen)
{
	size_t at = word_begin(e);
	unsigned first = 0, n = in_code(e, at) ? find(e, at, &first) : 0;
	if (n == 0) {
		show(screen, "\a", 1);
		return;
	}
	size_t before = e->len, len = common(first, n);
	fill(e, at, first, len, screen);
	if (n == 1 && words_before(e, at) + 1 < RD_CODE_WORDS)
		put(e, '-', screen);
	if (n == 1 || e->len > before)
		return;
	if (e->tabbed)
		show_choices(e, first, n, prompt, screen);
	else
		show(screen, "\a", 1);
	e->tabbed = true;
}

/* A dash or blank ends a word: what is left of it is filled in, where only one can be meant. */
static void
end_word(struct rd_code_edit *e, char c, struct rd_buf *screen)
{
	size_t at = word_begin(e);
	unsigned first = 0;
	if (in_code(e, at) && find(e, at, &first) == 1)
		fill(e, at, first, strlen(rd_code_list[first]), screen);
	put(e, c, screen);
}

static void
forget_back_to(struct rd_code_edit *e, size_t at, struct rd_buf *screen)
{
	while (e->len > at)
		take_back(e, screen);
}

static size_t
previous_word(const struct rd_code_edit *e)
{
	size_t at = e->len;
	while (at > 0 && !is_letter(e->text[at - 1]) && e->text[at - 1] != '/')
		at--;
	while (at > 0 && is_letter(e->text[at - 1]))
		at--;
	return at;
}

/* "\e[A" and the like: arrows and function keys mean nothing here. True: it was part of one. */
static bool
in_escape(struct rd_code_edit *e, uint8_t byte)
{
	if (byte == 0x1b) {
		e->escape = 1;
		return true;
	}
	if (e->escape == 1) {
		e->escape = byte == '[' || byte == 'O' ? 2 : 0;
		return true;
	}
	if (e->escape == 2 && byte >= 0x40)
		e->escape = 0;
	else if (e->escape == 0)
		return false;
	return true;
}

enum rd_code_typed
rd_code_edit(struct rd_code_edit *e, uint8_t byte, const char *prompt, struct rd_buf *screen)
{
	bool tabbed = e->tabbed;
	if (in_escape(e, byte))
		return RD_CODE_TYPING;
	e->tabbed = false;
	switch (byte) {
	case '\r':
	case '\n':
		show(screen, "\r\n", 2);
		return RD_CODE_ENTERED;
	case CTRL('c'):
	case CTRL('d'):
		sodium_memzero(e->text, sizeof(e->text));
		show(screen, "\r\n", 2);
		return RD_CODE_GIVEN_UP;
	case '\t':
		e->tabbed = tabbed;
		complete(e, prompt, screen);
		break;
	case 0x7f:
	case CTRL('h'):
		take_back(e, screen);
		break;
	case CTRL('u'):
		forget_back_to(e, 0, screen);
		break;
	case CTRL('w'):
		forget_back_to(e, previous_word(e), screen);
		break;
	case '-':
	case ' ':
		end_word(e, (char)byte, screen);
		break;
	default:
		if (byte > ' ' && byte < 0x7f)
			put(e, (char)byte, screen);
	}
	return RD_CODE_TYPING;
}

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/keyfile_priv.h"
#include "net/relayfile.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool
keyfile_word(const char **at, const char *end, const char **word, size_t *len)
{
	while (*at < end && is_blank(**at))
		(*at)++;
	*word = *at;
	while (*at < end && !is_blank(**at))
		(*at)++;
	*len = (size_t)(*at - *word);
	return *len > 0;
}

bool
keyfile_copy(char *out, size_t cap, const char *word, size_t len)
{
	if (len >= cap || memchr(word, 0, len))
		return false;
	memcpy(out, word, len);
	out[len] = '\0';
	return true;
}

/* A copy of a word that ends in 0; caller frees. */
static char *
copy(const char *word, size_t len)
{
	return xasprintf("%.*s", (int)len, word);
}

static char *
complain(const char *word, size_t len, const char *what)
{
	char *shown = rd_log_escape(word, len, 64);
	char *why = xasprintf("\"%s\": %s", shown, what);
	free(shown);
	return why;
}

static bool
looks_like_key(const char *word, size_t len)
{
	return len >= 3 && memcmp(word, "rd:", 3) == 0;
}

/* The next word must be a key. */
static int
take_key(struct rd_key *k, const char **at, const char *end, char **why)
{
	const char *word;
	size_t len;
	if (!keyfile_word(at, end, &word, &len)) {
		*why = xstrdup("there is no key in it");
		return -EINVAL;
	}
	char *text = copy(word, len);
	int err = rd_key_parse(k, text);
	if (err)
		*why = complain(word, len, "not a key; one is rd: and 43 letters, digits, - or _");
	free(text);
	return err;
}

static int
take_authorized(struct rd_key_entry *e, const char *at, const char *end, char **why)
{
	const char *word, *begin = at;
	size_t len;
	char *options = NULL;
	if (keyfile_word(&at, end, &word, &len) && !looks_like_key(word, len)) {
		options = copy(word, len);
		begin = at;
	}
	at = begin;
	int err = take_key(&e->key, &at, end, why);
	if (!err)
		err = rd_key_options_parse(&e->opt, options ? options : "", why);
	free(options);
	if (err)
		return err;
	while (at < end && is_blank(*at))
		at++;
	while (end > at && is_blank(end[-1]))
		end--;
	e->name = rd_log_escape(at, (size_t)(end - at), RD_KEY_NAME_MAX);
	return 0;
}

static int
take_host(struct rd_key_entry *e, const char **at, const char *end, char **why)
{
	const char *word = NULL;
	size_t len = 0;
	keyfile_word(at, end, &word, &len);
	char *text = copy(word, len);
	char *host = rd_known_host(text);
	free(text);
	if (!host || looks_like_key(word, len)) {
		free(host);
		*why = complain(word, len, "not a host's name");
		return -EINVAL;
	}
	e->name = rd_log_escape(host, strlen(host), RD_KEY_NAME_MAX);
	free(host);
	return 0;
}

/* What follows the key: how, since when, and via=RELAY after those. */
static int
take_rest(struct rd_key_entry *e, const char *word, size_t len, char **why)
{
	char *text = copy(word, len);
	int err = 0;
	if (len > 4 && memcmp(word, "via=", 4) == 0 && !e->via) {
		e->via = rd_relay_name(text + 4);
		err = e->via ? 0 : -EINVAL;
		if (err)
			*why = complain(word, len, "not a relay's name");
	} else if (!e->how && !e->via) {
		e->how = rd_log_escape(word, len, 32);
	} else if (!e->first_seen && !e->via) {
		err = rd_key_date_parse(text, &e->first_seen);
		if (err)
			*why = complain(word, len, "not a date; one is 2027-01-31 or 2027-01-31T12:00, in UTC");
	} else {
		err = -EINVAL;
		*why = complain(word, len,
			"there is more in it than a host, a key, how, since when and a relay");
	}
	free(text);
	return err;
}

static int
take_known(struct rd_key_entry *e, const char *at, const char *end, char **why)
{
	const char *word;
	size_t len;
	int err = take_host(e, &at, end, why);
	if (!err)
		err = take_key(&e->key, &at, end, why);
	while (!err && keyfile_word(&at, end, &word, &len))
		err = take_rest(e, word, len, why);
	if (!err && !e->how)
		e->how = xstrdup("given");
	return err;
}

int
keyfile_line_parse(enum rd_keyfile_kind kind, const char *line, size_t len,
	struct rd_key_entry *e, char **why)
{
	const char *at = line, *end = line + len, *word;
	size_t n;
	*e = (struct rd_key_entry){0};
	*why = NULL;
	if (!keyfile_word(&at, end, &word, &n) || *word == '#')
		return 0;
	if (memchr(line, 0, len)) {
		*why = xstrdup("there is a zero byte in it");
		return -EINVAL;
	}
	int err = kind == RD_KEYFILE_AUTHORIZED ? take_authorized(e, line, end, why)
		: take_known(e, line, end, why);
	if (!err)
		return 1;
	keyfile_entry_finish(e);
	return err;
}

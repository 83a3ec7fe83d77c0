#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/keyfile_priv.h"

#define FIELD(name) offsetof(struct rd_key_options, name)

/* Options without a value, and the fields they set. */
static const struct word {
	const char *name;
	size_t fields[2];
	bool value;
} words[] = {
	{"no-desktop", {FIELD(desktop), FIELD(desktop)}, false},
	{"view-only", {FIELD(input), FIELD(clipboard_in)}, false},
	{"no-sound", {FIELD(sound), FIELD(sound)}, false},
	{"no-clipboard", {FIELD(clipboard_in), FIELD(clipboard_out)}, false},
	{"no-clipboard-in", {FIELD(clipboard_in), FIELD(clipboard_in)}, false},
	{"no-clipboard-out", {FIELD(clipboard_out), FIELD(clipboard_out)}, false},
	{"microphone", {FIELD(microphone), FIELD(microphone)}, true},
};

void
rd_key_options_default(struct rd_key_options *o)
{
	*o = (struct rd_key_options){.desktop = true, .input = true, .sound = true,
		.clipboard_in = true, .clipboard_out = true};
}

void
rd_key_options_finish(struct rd_key_options *o)
{
	free(o->services);
	free(o->from);
	*o = (struct rd_key_options){0};
}

static char *
complain(const char *text, size_t len, const char *what)
{
	char *shown = rd_log_escape(text, len, 64);
	char *why = xasprintf("\"%s\": %s", shown, what);
	free(shown);
	return why;
}

/* list + between + item, where there is a list. */
static void
append(char **list, const char *between, const char *item)
{
	char *longer = *list ? xasprintf("%s%s%s", *list, between, item) : xstrdup(item);
	free(*list);
	*list = longer;
}

/* "files:shell": names of small letters, digits and ".-_", that begin with neither of those. */
static bool
are_services(const char *text)
{
	bool begins = true;
	for (; *text; text++) {
		bool plain = (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9');
		if (begins ? !plain : !plain && !strchr(":.-_", *text))
			return false;
		begins = *text == ':';
	}
	return !begins;
}

static const char *
set_services(struct rd_key_options *o, const char *value)
{
	if (!are_services(value))
		return "services are names such as files:shell";
	append(&o->services, ":", value);
	return NULL;
}

static const char *
set_from(struct rd_key_options *o, const char *value)
{
	struct keyfile_cidr c;
	if (keyfile_cidr_parse(&c, value, strlen(value)) != 0)
		return "from is an address, or a network such as 192.0.2.0/24";
	append(&o->from, ",", value);
	return NULL;
}

static const char *
set_expires(struct rd_key_options *o, const char *value)
{
	if (o->expires)
		return "a key expires once";
	if (rd_key_date_parse(value, &o->expires) != 0)
		return "a date is 2027-01-31 or 2027-01-31T12:00, in UTC";
	return NULL;
}

/* NULL, or what is wrong with it. */
static const char *
set_one(struct rd_key_options *o, const char *option)
{
	static const struct {
		const char *name;
		const char *(*set)(struct rd_key_options *o, const char *value);
	} valued[] = {
		{"services=", set_services}, {"from=", set_from}, {"expires=", set_expires},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(option, words[i].name) != 0)
			continue;
		for (int k = 0; k < 2; k++)
			*(bool *)((char *)o + words[i].fields[k]) = words[i].value;
		return NULL;
	}
	for (size_t i = 0; i < sizeof(valued) / sizeof(valued[0]); i++) {
		size_t n = strlen(valued[i].name);
		if (strncmp(option, valued[i].name, n) == 0)
			return valued[i].set(o, option + n);
	}
	return option[0] ? "there is no such option" : "an option is missing beside a comma";
}

int
rd_key_options_parse(struct rd_key_options *o, const char *text, char **why)
{
	char option[RD_KEY_OPTIONS_MAX + 1];
	const char *wrong = NULL;
	*why = NULL;
	rd_key_options_default(o);
	if (!*text)
		return 0;
	if (strlen(text) > RD_KEY_OPTIONS_MAX) {
		wrong = "too long";
		*why = complain(text, strlen(text), wrong);
	}
	for (const char *at = text; !wrong; at++) {
		size_t len = strcspn(at, ",");
		memcpy(option, at, len);
		option[len] = '\0';
		wrong = set_one(o, option);
		if (wrong)
			*why = complain(option, len, wrong);
		at += len;
		if (!*at)
			break;
	}
	if (!wrong)
		return 0;
	rd_key_options_finish(o);
	return -EINVAL;
}

static void
put(struct rd_buf *b, const char *name, const char *value, size_t len)
{
	if (b->len > 0)
		rd_buf_u8(b, ',');
	rd_buf_bytes(b, name, strlen(name));
	rd_buf_bytes(b, value, len);
}

static void
put_flags(struct rd_buf *b, const struct rd_key_options *o)
{
	/* view-only says it already. */
	bool no_in = !o->clipboard_in && o->input;
	if (!o->desktop)
		put(b, "no-desktop", "", 0);
	if (!o->input)
		put(b, "view-only", "", 0);
	if (!o->sound)
		put(b, "no-sound", "", 0);
	if (no_in && !o->clipboard_out)
		put(b, "no-clipboard", "", 0);
	else if (no_in)
		put(b, "no-clipboard-in", "", 0);
	else if (!o->clipboard_out)
		put(b, "no-clipboard-out", "", 0);
	if (o->microphone)
		put(b, "microphone", "", 0);
}

char *
rd_key_options_text(const struct rd_key_options *o)
{
	char date[RD_KEY_DATE_TEXT];
	struct rd_buf b = {0};
	put_flags(&b, o);
	if (o->services)
		put(&b, "services=", o->services, strlen(o->services));
	if (o->expires) {
		rd_key_date_text(o->expires, date);
		put(&b, "expires=", date, strlen(date));
	}
	for (const char *at = o->from; at; ) {
		size_t len = strcspn(at, ",");
		put(&b, "from=", at, len);
		at = at[len] ? at + len + 1 : NULL;
	}
	rd_buf_u8(&b, 0);
	return (char *)b.data;
}

bool
rd_key_options_expired(const struct rd_key_options *o, int64_t now_s)
{
	return o->expires != 0 && now_s >= o->expires;
}

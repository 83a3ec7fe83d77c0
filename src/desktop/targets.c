#include <string.h>

#include "base/utf8.h"
#include "desktop/targets.h"

/* Of one kind the best comes first. */
const struct rd_target rd_targets[RD_TARGETS] = {
	{"UTF8_STRING", RD_CLIP_TEXT, RD_TARGET_BYTES},
	{"text/plain;charset=utf-8", RD_CLIP_TEXT, RD_TARGET_BYTES},
	{"text/plain", RD_CLIP_TEXT, RD_TARGET_BYTES},
	{"STRING", RD_CLIP_TEXT, RD_TARGET_LATIN1},
	{"TEXT", RD_CLIP_TEXT, RD_TARGET_BYTES},
	{"text/html", RD_CLIP_HTML, RD_TARGET_BYTES},
	{"image/png", RD_CLIP_PNG, RD_TARGET_BYTES},
	{"text/uri-list", RD_CLIP_FILES, RD_TARGET_BYTES},
	{"x-kde-passwordManagerHint", NULL, RD_TARGET_SECRET},
};

int
rd_targets_find(uint32_t atom, const uint32_t atoms[static RD_TARGETS])
{
	for (int i = 0; atom && i < RD_TARGETS; i++)
		if (atoms[i] == atom)
			return i;
	return -1;
}

void
rd_targets_parse(struct rd_clip_offer *o, const uint32_t *list, size_t count,
	const uint32_t atoms[static RD_TARGETS])
{
	for (size_t i = 0; i < count && i < RD_TARGETS_MAX; i++) {
		int at = rd_targets_find(list[i], atoms);
		const struct rd_target *t = at < 0 ? NULL : &rd_targets[at];
		if (t && t->how == RD_TARGET_SECRET)
			o->flags |= RD_CLIP_SECRET;
		if (!t || !t->kind || rd_clip_offer_find(o, t->kind) || o->count == RD_CLIP_KINDS)
			continue;
		struct rd_clip_kind *k = &o->kind[o->count++];
		rd_clip_name(k->name, t->kind);
		k->size = RD_CLIP_SIZE_UNKNOWN;
	}
}

int
rd_targets_best(const char *kind, const uint32_t *list, size_t count,
	const uint32_t atoms[static RD_TARGETS])
{
	for (int at = 0; at < RD_TARGETS; at++) {
		if (!rd_targets[at].kind || strcmp(rd_targets[at].kind, kind) != 0)
			continue;
		for (size_t i = 0; i < count && i < RD_TARGETS_MAX; i++)
			if (list[i] && list[i] == atoms[at])
				return at;
	}
	return -1;
}

void
rd_mark_pack(uint32_t words[static RD_MARK_WORDS], const struct rd_clip_offer *o)
{
	words[0] = (uint32_t)o->origin;
	words[1] = (uint32_t)(o->origin >> 32);
	words[2] = o->hops;
	words[3] = o->flags;
}

bool
rd_mark_parse(struct rd_clip_offer *o, const uint32_t *words, size_t count)
{
	if (count != RD_MARK_WORDS || words[2] > UINT8_MAX)
		return false;
	o->origin = words[0] | (uint64_t)words[1] << 32;
	o->hops = (uint8_t)words[2];
	o->flags = words[3] & RD_CLIP_SECRET;
	return true;
}

/* FNV-1a: nothing here is secret, it has only to be the same for all. */
uint64_t
rd_origin(uint64_t display, uint32_t window, uint32_t since, uint32_t when)
{
	const uint64_t words[] = {display, window, since, when};
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < sizeof(words); i++)
		h = (h ^ (words[i / 8] >> (8 * (i % 8)) & 0xff)) * UINT64_C(0x100000001b3);
	return h;
}

void
rd_latin1_to_utf8(struct rd_buf *b, const uint8_t *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		rd_utf8_put(b, text[i]);
}

size_t
rd_utf8_to_latin1(uint8_t *out, const uint8_t *text, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len;) {
		uint32_t point = '?';
		int got = rd_utf8_decode(text + i, len - i, &point);
		i += got > 0 ? (size_t)got : 1;
		out[n++] = got > 0 && point <= 0xff ? (uint8_t)point : '?';
	}
	return n;
}

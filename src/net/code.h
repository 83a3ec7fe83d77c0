#ifndef RD_NET_CODE_H
#define RD_NET_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One-time codes: "7-orbit-cactus-lamp-river", a relay's slot and four words of
 * our own 1024 (code_words.c): 40 bits, told by voice, typed once. The words
 * are short, common, apart by ear, and each is known by its first letters.
 */
#define RD_CODE_WORDS 4
#define RD_CODE_LIST 1024
#define RD_CODE_TEXT 64
#define RD_CODE_GUESSES 3

extern const char *const rd_code_list[RD_CODE_LIST];	/* sorted */

struct rd_code { uint32_t slot; uint16_t word[RD_CODE_WORDS]; };

/* Four words by chance, from the system's randomness. */
void rd_code_new(struct rd_code *c, uint32_t slot);
const char *rd_code_text(const struct rd_code *c, char out[static RD_CODE_TEXT]);
/*
 * As people type it: blanks, dots or dashes between, capitals, words cut to
 * what tells them from others (three letters or more). 0, or -EINVAL with a
 * sentence in *why (good until the thread's next): which word it does not know,
 * and the nearest one. Slots begin at 1.
 */
int rd_code_parse(struct rd_code *c, const char *text, const char **why);
/* Has the form DIGITS-word-word-word-word (or blanks between), of whatever words: what a tool takes for a code. */
bool rd_code_looks(const char *text);
/* The words that begin so, in whatever case, for completion: the first's index and how many. */
unsigned rd_code_complete(const char *prefix, unsigned *first);
/*
 * The password-related string of CPace: BLAKE2b-256("rd-code" || words joined
 * by '-'). Not stretched: nobody can try words offline, and a code lives for
 * three guesses.
 */
void rd_code_prs(const struct rd_code *c, uint8_t prs[static 32]);
void rd_code_wipe(struct rd_code *c);

#endif

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-run/words.h"

static void
add(struct words *w, char *word)
{
	w->word = xreallocarray(w->word, w->count + 2, sizeof(*w->word));
	w->word[w->count++] = word;
	w->word[w->count] = NULL;
}

void
words_add(struct words *w, ...)
{
	va_list ap;
	const char *word;
	va_start(ap, w);
	while ((word = va_arg(ap, const char *)))
		add(w, xstrdup(word));
	va_end(ap);
}

void
words_split(struct words *w, const char *text)
{
	while (text && *(text += strspn(text, " \t\n"))) {
		size_t len = strcspn(text, " \t\n");
		add(w, xasprintf("%.*s", (int)len, text));
		text += len;
	}
}

void
words_finish(struct words *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->word[i]);
	free(w->word);
	*w = (struct words){0};
}

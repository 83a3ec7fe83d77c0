#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/code_edit.h"
#include "net/prompt.h"
#include "net/prompt_priv.h"

/* Keys until the line is whole: 0, -ECANCELED, or what went wrong with the terminal. */
static int
type(const struct prompt_tty *t, struct rd_code_edit *e, const char *prompt)
{
	enum rd_code_typed typed = RD_CODE_TYPING;
	int err = prompt_tty_put(t, prompt, strlen(prompt));
	while (!err && typed == RD_CODE_TYPING) {
		struct rd_buf screen = {0};
		char keys[64];
		ssize_t n = prompt_tty_read(t, keys, sizeof(keys));
		for (ssize_t i = 0; i < n && typed == RD_CODE_TYPING; i++)
			typed = rd_code_edit(e, (uint8_t)keys[i], prompt, &screen);
		sodium_memzero(keys, sizeof(keys));
		err = n > 0 ? prompt_tty_put(t, (const char *)screen.data, screen.len)
			: n < 0 ? (int)n : -ECANCELED;
		if (screen.data)
			sodium_memzero(screen.data, screen.len);
		rd_buf_finish(&screen);
	}
	return err ? err : typed == RD_CODE_ENTERED ? 0 : -ECANCELED;
}

int
rd_prompt_code(const char *prompt, char *out, size_t cap)
{
	struct prompt_tty t;
	struct rd_code_edit e = {.len = 0};
	int err = prompt_tty_open(&t, PROMPT_KEYS);
	if (err)
		return err;
	err = type(&t, &e, prompt);
	prompt_tty_close(&t);
	if (!err && e.len >= cap)
		err = -EMSGSIZE;
	if (!err)
		memcpy(out, e.text, e.len + 1);
	sodium_memzero(&e, sizeof(e));
	return err;
}

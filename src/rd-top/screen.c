#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "base/exit.h"
#include "base/log.h"
#include "rd-top/screen.h"

/* ncurses has its state in variables of its own; this is what it does not keep. */
static struct {
	SCREEN *screen;
	bool colours;
	attr_t attr[STYLES];
	short pair[STYLES];
} on;

/* --- opening --- */

static const short colour_of[STYLES] = {
	[STYLE_PLAIN] = -1, [STYLE_DIM] = -1, [STYLE_STRONG] = -1, [STYLE_HEAD] = COLOR_CYAN,
	[STYLE_KEY] = COLOR_CYAN, [STYLE_GRAPH] = COLOR_BLUE, [STYLE_GOOD] = COLOR_GREEN,
	[STYLE_WARN] = COLOR_YELLOW, [STYLE_BAD] = COLOR_RED,
};

/* What a style is without colour must be told apart too. */
static void
choose_styles(void)
{
	const char *no = getenv("NO_COLOR");
	on.colours = !(no && *no) && has_colors() && start_color() == OK;
	bool own = on.colours && use_default_colors() == OK;
	static const attr_t plain[STYLES] = {
		[STYLE_DIM] = A_DIM, [STYLE_STRONG] = A_BOLD, [STYLE_HEAD] = A_BOLD,
		[STYLE_KEY] = A_BOLD, [STYLE_WARN] = A_BOLD, [STYLE_BAD] = A_BOLD | A_UNDERLINE,
	};
	for (unsigned s = 0; s < STYLES; s++) {
		on.attr[s] = plain[s];
		on.pair[s] = 0;
		if (!on.colours || colour_of[s] < 0)
			continue;
		init_pair((short)s, colour_of[s], own ? -1 : COLOR_BLACK);
		on.pair[s] = (short)s;
		on.attr[s] = s == STYLE_HEAD || s == STYLE_BAD ? A_BOLD : A_NORMAL;
	}
}

static int
refuse(int code, const char *why)
{
	rd_error("%s; rd-top --once prints a table, --json its figures", why);
	return code;
}

/* A terminal that cannot place its cursor shows no page. */
static int
judge(void)
{
	int err;
	const char *term = getenv("TERM");
	char why[160];
	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
		return refuse(RD_EXIT_USAGE, isatty(STDIN_FILENO) ? "standard output is no terminal"
			: "standard input is no terminal");
	if (!term || !*term)
		return refuse(RD_EXIT_UNSUPPORTED, "which terminal is this? TERM is not set");
	char *shown = rd_log_escape(term, strlen(term), 64);
	bool known = setupterm(NULL, STDOUT_FILENO, &err) == OK;
	bool able = known && tigetstr("cup") && tigetstr("cup") != (char *)-1 &&
		tigetstr("clear") && tigetstr("clear") != (char *)-1;
	snprintf(why, sizeof(why), known ? "this terminal (TERM=%s) cannot move its cursor"
		: "this terminal (TERM=%s) is not known here", shown);
	free(shown);
	/* newterm makes one of its own. */
	if (known)
		del_curterm(cur_term);
	return able ? 0 : refuse(RD_EXIT_UNSUPPORTED, why);
}

int
screen_open(bool mouse)
{
	int code = judge();
	if (code)
		return code;
	on.screen = newterm(NULL, stdout, stdin);
	if (!on.screen)
		return refuse(RD_EXIT_UNSUPPORTED, "this terminal cannot be used");
	set_escdelay(25);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, TRUE);
	curs_set(0);
	choose_styles();
	if (mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
		mouseinterval(0);
	}
	return 0;
}

void
screen_close(void)
{
	if (!on.screen)
		return;
	endwin();
	delscreen(on.screen);
	on.screen = NULL;
}

/* --- showing --- */

bool
screen_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void
screen_size(unsigned *rows, unsigned *cols)
{
	*rows = (unsigned)LINES;
	*cols = (unsigned)COLS;
}

void
screen_resize(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
}

static void
show_cell(const struct cell *c, int y, int x)
{
	wchar_t text[2] = {(wchar_t)c->point, L'\0'};
	cchar_t out;
	attr_t attr = on.attr[c->style];
	if (c->reverse)
		/* Dim and reversed is hard to read anywhere. */
		attr = (attr & ~A_DIM) | A_REVERSE;
	if (setcchar(&out, text, attr, on.pair[c->style], NULL) == OK)
		mvadd_wch(y, x, &out);
}

void
screen_show(const struct grid *g)
{
	for (unsigned y = 0; y < g->rows; y++)
		for (unsigned x = 0; x < g->cols; x++)
			if (g->cell[(size_t)y * g->cols + x].point)
				show_cell(&g->cell[(size_t)y * g->cols + x], (int)y, (int)x);
	refresh();
}

void
screen_redraw(void)
{
	clearok(stdscr, TRUE);
}

/* --- keys --- */

static struct key
of_mouse(void)
{
	MEVENT e;
	if (getmouse(&e) != OK)
		return (struct key){.name = KEY_OTHER};
	if (e.bstate & BUTTON4_PRESSED)
		return (struct key){.name = KEY_WHEEL_UP};
	if (e.bstate & BUTTON5_PRESSED)
		return (struct key){.name = KEY_WHEEL_DOWN};
	return (struct key){.name = KEY_CLICKED, .row = (unsigned)e.y};
}

static enum key_name
name_of(wint_t code)
{
	static const struct { wint_t code; enum key_name name; } names[] = {
		{KEY_UP, KEY_GO_UP}, {KEY_DOWN, KEY_GO_DOWN}, {KEY_LEFT, KEY_GO_LEFT},
		{KEY_RIGHT, KEY_GO_RIGHT}, {KEY_PPAGE, KEY_PAGE_UP}, {KEY_NPAGE, KEY_PAGE_DOWN},
		{KEY_HOME, KEY_FIRST}, {KEY_END, KEY_LAST}, {KEY_ENTER, KEY_RETURN},
		{KEY_BACKSPACE, KEY_RUBOUT}, {KEY_DC, KEY_RUBOUT},
	};
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].code == code)
			return names[i].name;
	return KEY_OTHER;
}

bool
screen_gone(void)
{
	int waiting = 0;
	return ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0;
}

struct key
screen_key(void)
{
	wint_t code;
	int got = get_wch(&code);
	if (got == ERR)
		return (struct key){.name = KEY_NONE};
	if (got == KEY_CODE_YES)
		return code == KEY_MOUSE ? of_mouse() : (struct key){.name = name_of(code)};
	switch (code) {
	case '\r':
	case '\n':
		return (struct key){.name = KEY_RETURN};
	case 27:
		return (struct key){.name = KEY_ESCAPE};
	case 8:
	case 127:
		return (struct key){.name = KEY_RUBOUT};
	default:
		return (struct key){.name = KEY_CHAR, .point = (uint32_t)code};
	}
}

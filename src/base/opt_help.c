#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/opt_table.h"

/* Columns of the terminal; help wider than 100 is hard to read. */
#define WIDTH_DEFAULT 80
#define WIDTH_MIN 50
#define WIDTH_MAX 100
/* Where help starts; what is longer on the left has a line of its own. */
#define LEFT_MAX 32

static size_t
width_of(FILE *out)
{
	struct winsize size;
	if (ioctl(fileno(out), TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return WIDTH_DEFAULT;
	if (size.ws_col < WIDTH_MIN)
		return WIDTH_MIN;
	return size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col;
}

/* "  -c, --codec auto|av1|vp9" */
static char *
left_of(const struct rd_opt *o)
{
	char letter[5] = "    ";
	if (o->letter)
		memcpy(letter, (char[]){'-', o->letter, ',', ' '}, 4);
	if (o->alone)
		return xasprintf("  %s--%s[=%s]", letter, o->name, o->metavar);
	if (!opt_has_value(o)) {
		bool on = *(bool *)o->target;
		return xasprintf("  %s--%s%s", letter, on ? "[no-]" : "", o->name);
	}
	char *value = o->metavar ? xstrdup(o->metavar)
				 : opt_join_choices(o, o->kind == RD_OPT_SET ? "," : "|",
					o->kind == RD_OPT_SET ? "," : "|");
	char *left = xasprintf("  %s--%s %s", letter, o->name, value);
	free(value);
	return left;
}

static char *
right_of(const struct rd_opt *o)
{
	char *value = opt_value_format(o);
	char *right = value ? xasprintf("%s (default: %s)", o->help, value) : xstrdup(o->help);
	free(value);
	return right;
}

static void
indent(FILE *out, size_t n)
{
	fprintf(out, "%*s", (int)n, "");
}

/* Prints text from column `at` on, broken at spaces, each line from there. */
static void
wrap(FILE *out, const char *text, size_t at, size_t width)
{
	size_t column = at;
	while (*text) {
		size_t word = strcspn(text, " ");
		if (column > at && column + 1 + word > width) {
			fputc('\n', out);
			indent(out, at);
			column = at;
		} else if (column > at) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, word, out);
		column += word;
		text += word + strspn(text + word, " ");
	}
	fputc('\n', out);
}

static void
print_option(FILE *out, const struct rd_opt *o, size_t at, size_t width)
{
	char *left = left_of(o), *right = right_of(o);
	size_t len = strlen(left);
	fputs(left, out);
	if (len + 2 > at) {
		fputc('\n', out);
		len = 0;
	}
	indent(out, at - len);
	wrap(out, right, at, width);
	free(left);
	free(right);
}

static size_t
help_column(const struct rd_opt *opts)
{
	size_t widest = 0;
	for (const struct rd_opt *o = opts; o->name; o++) {
		if (o->hidden)
			continue;
		char *left = left_of(o);
		size_t len = strlen(left) + 2;
		if (len > widest && len <= LEFT_MAX)
			widest = len;
		free(left);
	}
	return widest;
}

/* Each line of `lines`, the first after `head` and the others below it. */
static void
print_lines(FILE *out, const char *head, const char *lines)
{
	while (lines && *lines) {
		size_t len = strcspn(lines, "\n");
		fprintf(out, "%s%.*s\n", head, (int)len, lines);
		lines += len + (lines[len] == '\n');
		head = "       ";
	}
}

/* What words stand for that one cannot guess; only where an option takes them. */
static void
print_units(FILE *out, const struct rd_opt *opts, size_t width)
{
	bool time = false, rate = false;
	for (const struct rd_opt *o = opts; o->name; o++) {
		time = time || (!o->hidden && o->kind == RD_OPT_TIME);
		rate = rate || (!o->hidden && o->kind == RD_OPT_RATE);
	}
	if (time || rate)
		fputc('\n', out);
	if (time)
		wrap(out, "A time is 500ms, 10s, 5m or 2h; a bare number is seconds.", 0, width);
	if (rate)
		wrap(out, "A rate is 800k or 2M; a bare number is bits a second.", 0, width);
}

void
opt_help_print(const struct rd_opt_tool *tool, FILE *out)
{
	size_t width = width_of(out), at = help_column(tool->opts);
	print_lines(out, "usage: ", tool->usage);
	fputc('\n', out);
	wrap(out, tool->summary, 0, width);
	fputs("\noptions:\n", out);
	for (const struct rd_opt *o = tool->opts; o->name; o++)
		if (!o->hidden)
			print_option(out, o, at, width);
	print_units(out, tool->opts, width);
	if (tool->examples) {
		size_t len = strlen(tool->examples);
		const char *end = len && tool->examples[len - 1] == '\n' ? "" : "\n";
		fprintf(out, "\nexamples:\n%s%s", tool->examples, end);
	}
}

#include <math.h>
#include <stdio.h>

#include "rd-top/format.h"

static const char *
none(char *out)
{
	snprintf(out, FORMAT_MAX, "-");
	return out;
}

/* With as many digits behind the point as make three in all. */
static void
three(char *out, double value, const char *unit)
{
	int digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
	snprintf(out, FORMAT_MAX, "%.*f%s", digits, value, unit);
}

static const char *
scaled(char *out, double value, const char *const *units)
{
	if (!isfinite(value))
		return none(out);
	if (value < 999.5) {
		snprintf(out, FORMAT_MAX, "%.0f%s", value, units[0]);
		return out;
	}
	unsigned i = 0;
	while (value >= 999.5 && units[i + 1]) {
		value /= 1000;
		i++;
	}
	three(out, value, units[i]);
	return out;
}

const char *
format_count(char *out, double value)
{
	static const char *const units[] = {"", "k", "M", "G", "T", NULL};
	return scaled(out, value, units);
}

const char *
format_rate(char *out, double bps)
{
	static const char *const units[] = {" bit/s", " kbit/s", " Mbit/s", " Gbit/s", NULL};
	return scaled(out, bps, units);
}

const char *
format_bytes(char *out, double value)
{
	static const char *const units[] = {" B", " kB", " MB", " GB", " TB", NULL};
	return scaled(out, value, units);
}

const char *
format_ms(char *out, double ms)
{
	if (!isfinite(ms))
		return none(out);
	/* One unit as long as it may be: what stands below each other is compared. */
	if (ms < 999.5)
		three(out, ms, " ms");
	else
		three(out, ms / 1000, " s");
	return out;
}

const char *
format_us(char *out, double us)
{
	if (!isfinite(us) || us >= 999.5)
		return format_ms(out, us / 1000);
	snprintf(out, FORMAT_MAX, "%.0f us", us);
	return out;
}

const char *
format_share(char *out, double share)
{
	if (!isfinite(share))
		return none(out);
	double percent = share * 100;
	snprintf(out, FORMAT_MAX, "%.*f %%", percent < 9.95 && percent > 0 ? 1 : 0, percent);
	return out;
}

const char *
format_real(char *out, double value)
{
	if (!isfinite(value))
		return none(out);
	snprintf(out, FORMAT_MAX, "%.*f", value < 99.95 ? 1 : 0, value);
	return out;
}

const char *
format_each_s(char *out, double value)
{
	if (!isfinite(value))
		return none(out);
	snprintf(out, FORMAT_MAX, "%.*f /s", value < 99.95 ? 1 : 0, value);
	return out;
}

const char *
format_age(char *out, double seconds)
{
	if (!isfinite(seconds) || seconds < 0 || seconds > 1e10)
		return none(out);
	unsigned long s = (unsigned long)seconds;
	if (s < 60)
		snprintf(out, FORMAT_MAX, "%lus", s);
	else if (s < 3600)
		snprintf(out, FORMAT_MAX, "%lu:%02lu", s / 60, s % 60);
	else if (s < 86400)
		snprintf(out, FORMAT_MAX, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
	else
		snprintf(out, FORMAT_MAX, "%lud %02luh", s / 86400, s / 3600 % 24);
	return out;
}

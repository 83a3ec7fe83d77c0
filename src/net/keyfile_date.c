#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "net/keyfile.h"

/* Exactly n digits at *at, which moves behind them and `after`; -1: not so. */
static int
take(const char **at, int n, char after)
{
	int v = 0;
	for (int i = 0; i < n; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		v = v * 10 + (**at - '0');
	}
	if (!after)
		return v;
	if (**at != after)
		return -1;
	(*at)++;
	return v;
}

/* T12:00[:00] at *at; false: it is none. */
static bool
take_time(const char **at, struct tm *tm)
{
	(*at)++;
	tm->tm_hour = take(at, 2, ':');
	tm->tm_min = take(at, 2, 0);
	if (**at == ':') {
		(*at)++;
		tm->tm_sec = take(at, 2, 0);
	}
	return tm->tm_hour >= 0 && tm->tm_hour < 24 && tm->tm_min >= 0 && tm->tm_min < 60
		&& tm->tm_sec >= 0 && tm->tm_sec < 60;
}

int
rd_key_date_parse(const char *text, int64_t *s)
{
	struct tm tm = {0}, back;
	int year = take(&text, 4, '-');
	int month = year < 0 ? -1 : take(&text, 2, '-');
	int day = month < 0 ? -1 : take(&text, 2, 0);
	/* Before 1970 a date would be taken for "never". */
	if (year < 1971 || month < 1 || month > 12 || day < 1)
		return -EINVAL;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	if (*text == 'T' && !take_time(&text, &tm))
		return -EINVAL;
	if (*text == 'Z')
		text++;
	if (*text)
		return -EINVAL;
	time_t t = timegm(&tm);
	/* timegm makes March of the 30th of February. */
	if (!gmtime_r(&t, &back) || back.tm_mday != day)
		return -EINVAL;
	*s = t;
	return 0;
}

const char *
rd_key_date_text(int64_t s, char out[static RD_KEY_DATE_TEXT])
{
	struct tm tm;
	time_t t = s;
	if (!gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900 || s < 0)
		return memcpy(out, "?", 2);
	const char *how = tm.tm_sec ? "%Y-%m-%dT%H:%M:%SZ"
		: tm.tm_min || tm.tm_hour ? "%Y-%m-%dT%H:%MZ" : "%Y-%m-%d";
	strftime(out, RD_KEY_DATE_TEXT, how, &tm);
	return out;
}

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/loop_signal.h"

/* A handler has nothing but what is static. */
static volatile sig_atomic_t caught[_NSIG];
static volatile sig_atomic_t came[_NSIG]; /* the same, and told does not matter */
static volatile sig_atomic_t any;
static volatile sig_atomic_t waked = -1; /* the eventfd of the loop that is told */

static void
on_signal(int number)
{
	int saved = errno;
	uint64_t one = 1;
	caught[number] = came[number] = 1;
	any = 1;
	/* Full is as good: it is readable. */
	ssize_t n = write(waked, &one, sizeof(one));
	(void)n;
	errno = saved;
}

void
signals_open(struct signals *l)
{
	*l = (struct signals){.wake = -1};
}

void
signals_close(struct signals *l)
{
	if (l->wake < 0)
		return;
	if (waked == l->wake)
		waked = -1;
	close(l->wake);
	l->wake = -1;
}

static bool
wanted(const struct signals *l, int number)
{
	for (const struct rd_signal *s = l->first; s; s = s->next)
		if (s->number == number)
			return true;
	return false;
}

int
signals_add(struct signals *l, struct rd_signal *s)
{
	struct sigaction ours = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	bool known = wanted(l, s->number);
	if (l->wake < 0)
		l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->wake < 0)
		return -errno;
	waked = l->wake;
	sigfillset(&ours.sa_mask);
	if (!known && sigaction(s->number, &ours, NULL) < 0)
		return -errno;
	s->next = l->first;
	l->first = s;
	return 0;
}

void
signals_remove(struct signals *l, struct rd_signal *s)
{
	struct rd_signal **at = &l->first;
	while (*at && *at != s)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = s->next;
	if (wanted(l, s->number))
		return;
	/* Told to end, and ending: the same word once more, a moment later, is no other. */
	signal(s->number, came[s->number] ? SIG_IGN : SIG_DFL);
	caught[s->number] = 0;
}

static struct rd_signal *
next_due(struct signals *l)
{
	for (struct rd_signal *s = l->first; s; s = s->next)
		if (s->due)
			return s;
	return NULL;
}

bool
signals_tell(struct signals *l)
{
	if (!any || !l->first)
		return false;
	/* Before they are looked at: what comes meanwhile is told the next time. */
	any = 0;
	for (struct rd_signal *s = l->first; s; s = s->next)
		s->due = caught[s->number];
	for (struct rd_signal *s = l->first; s; s = s->next)
		if (s->due)
			caught[s->number] = 0;
	bool told = false;
	/* Whoever is told may close any of them. */
	for (struct rd_signal *s; (s = next_due(l)) != NULL;) {
		s->due = false;
		told = true;
		s->fire(s->ctx, s->number);
	}
	return told;
}

bool
rd_signal_came(int number)
{
	return came[number];
}

/*
 * rd-bench: what tests/bench/run needs and a shell cannot do; see bench.h.
 */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include <sodium.h>

#include "bench/bench.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{"find", find_main, "where the host's picture is on the viewer's screen"},
	{"settle", settle_main, "-t S: until the host rests and the viewer's picture is the same, exactly"},
	{"calm", calm_main, "-t S: until the host's screen has not changed for so long"},
	{"glass", glass_main, "-n N: from drawing on the host to the viewer's screen"},
	{"key", key_main, "-n N: from a key on the viewer to what it draws there"},
	{"type", type_main, "-r N -t S: types into the host's largest window"},
	{"log", log_main, "-r N -t S: writes lines of a log to stdout"},
	{"watch", watch_main, "-t S: counts the pictures that the viewer shows"},
	{"film", film_main, "-r N -t S: draws a film on the host and watches it arrive"},
	{"meter", meter_main, "NAME=PID,PID… -- COMMAND: what the processes use meanwhile"},
	{"session", session_main, "[-a ADDRESS SERVER… ::] VIEWER…: a peer, kept until SIGTERM"},
	{"producer", producer_main, "-n MB: a stream of pictures; -n 0: one for each input"},
	{"talk", talk_main, "-n N -- COMMAND: from an input into it to a picture out of it"},
	{"handshake", handshake_main, "-n N: what a session's beginning costs both ends"},
	{"strangers", strangers_main, "-n N: what initiations cost that lead to nothing"},
	{"bulk", bulk_main, "-n MB (-w udp|tcp|plain | [-p SERVER] -- COMMAND): how fast bytes come"},
	{"echo", echo_main, "-n N (-w udp|tcp|plain | -- COMMAND): how soon 64 bytes come back"},
	{"sealing", sealing_main, "-n N: what a core seals and opens, with and without what is around it"},
	{"relay", relay_main, "datagrams through a relay: how many, at what cost, how soon"},
	{"peers", peers_main, "peers that are registered with a relay: what they cost it"},
};

int
main(int argc, char **argv)
{
	if (sodium_init() < 0)
		bench_die("libsodium does not start");
	/* Sleeps are as short as asked, not 50 µs longer. */
	prctl(PR_SET_TIMERSLACK, 1UL);
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(stderr, "rd-bench %-8s %s\n", commands[i].name, commands[i].what);
	return 2;
}

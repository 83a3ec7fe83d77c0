#!/usr/bin/env bash
# Told twice to end, at once, as timeout(1) and a terminal beside a script do: the
# film is finished as after the first word, and its name is printed.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"

begun() { [ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -gt 1000 ]; }

whole() { # FILE
	wait_end "$pid"
	[ "$status" -eq 0 ] || fail "$1: status $status"
	[ "$(cat out)" = "$1" ] || fail "$1: its name is not printed: $(cat out)"
	plays "$1"
	[ "$(seconds "$1")" -gt 0 ] || fail "$1: its end is not known"
}

# Who has ended at the first word does not hear the second.
again() { # PID or -GROUP
	kill -INT -- "$1" 2>/dev/null || ended "$pid"
}

for n in 1 2 3 4 5 6; do
	film=twice-$n.webm
	start rd-record "$film" -- rd-encode -- rd-capture --source test --size 64x48 >out
	wait_for begun "$film"
	kill -INT "$pid"
	again "$pid"
	whole "$film"

	# To the command's name and then to all of its process group.
	film=group-$n.webm
	start setsid rd-record "$film" -- rd-encode -- rd-capture --source test --size 64x48 >out
	wait_for begun "$film"
	kill -INT "$pid"
	again "-$pid"
	whole "$film"
done

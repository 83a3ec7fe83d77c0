#!/usr/bin/env bash
# The last program of a pipe has what it wanted, and ends: those before it end, too,
# with their status for that, and have nothing to say.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
card=(rd-capture --source test --size 64x48)

left() { # status of each, in the pipe
	[ "$*" = "${want[*]}" ] || fail "statuses $*, not ${want[*]}"
	[ ! -s words ] || fail "says: $(cat words)"
}
want=(8 0)
{ "${card[@]}" | rd-view --to null --frames 2 -; } 2>words && left "${PIPESTATUS[@]}"
want=(8 8 0)
{ "${card[@]}" | rd-encode | rd-view --to null --frames 2 -; } 2>words && left "${PIPESTATUS[@]}"

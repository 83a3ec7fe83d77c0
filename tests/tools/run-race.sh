#!/usr/bin/env bash
# 100 runs one after the other and 100 of which 20 run at a time: each has a
# display of its own, and each ends with its own status.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"

one() { # n: its display is still its own after a moment
	local code=$(($1 % 120)) got=0
	rd-run --size 640x480 sh -c '
		xprop -root -f RD_RUN_TEST 32c -set RD_RUN_TEST "$1" 2>&1 &&
		echo "$DISPLAY" &&
		xprop -root RD_RUN_TEST | grep -q "= $1\$" || exit 121
		exit "$2"' sh "$1" "$code" >"out.$1" 2>&1 || got=$?
	[ "$got" -eq "$code" ] || { echo "$1: status $got: $(cat "out.$1")" >>faults; return 0; }
	rm "out.$1"
}

: >faults
for n in $(seq 100); do one "$n"; done
[ ! -s faults ] || fail "one after the other: $(cat faults)"
clean_now

running_now=0
for n in $(seq 101 200); do
	one "$n" &
	running_now=$((running_now + 1))
	if [ $running_now -ge 20 ]; then wait -n; running_now=$((running_now - 1)); fi
done
wait
[ ! -s faults ] || fail "20 at a time: $(cat faults)"
clean_now

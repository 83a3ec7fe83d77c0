#!/usr/bin/env bash
# Who says that he wants sound, and that he does not, as often as he likes, has the sound
# server opened and left no more than once a second; the last word counts.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"

start_x 64x48
start_pulse
start pactl subscribe >changes
clients() { grep -c "'new' on client" changes || true; }
# Each that asks is one, too: as soon as it is told of, all that follow are.
is_told() { pactl info >/dev/null && [ "$(clients)" -gt 0 ]; }
wait_for is_told
capture_listens() {
	pactl list source-outputs | grep -q 'application.name = "rd-capture"'
}
capture_is_there() {
	pactl list clients | grep -q 'application.name = "rd-capture"'
}
capture_is_gone() { ! capture_is_there; }

: >log
mkfifo lines
exec 7<>lines
talk log -- rd-capture <lines &
started+=("$!")
wait_for grep -q ^first log
pongs=0
heard_out() { [ "$(grep -c ^pong log)" -ge "$pongs" ]; }
wants() { # 01 or 00; that it has been obeyed
	printf 'raw 0114 %s00\nping\n' "$1" >&7
	pongs=$((pongs + 1))
	wait_for heard_out
}

wants 01
wait_for capture_listens
# Nobody else comes to the server meanwhile.
before=$(clients) began=$SECONDS
for _ in $(seq 100); do
	wants 00
	wants 01
done
came=$(($(clients) - before)) took=$((SECONDS - began))
# The last question of the test's own may not have been told of before.
[ $came -le $((took + 3)) ] || fail "$came connections in $took s of 100 changes"
wait_for capture_listens
wants 00
wait_for capture_is_gone
wants 01
wait_for capture_listens

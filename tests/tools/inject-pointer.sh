#!/usr/bin/env bash
# The pointer goes where it is told, within the picture's place; buttons have
# their X numbers; the wheel turns by whole notches and keeps what is left.
set -eu
. "${RD_ROOT:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"

start_x 640x480
start_xkeys
start_injector

buttons() {
	sed -n 's/^button \([0-9]*\) \(down\|up\).*/\1\2/p' keys | tr '\n' ' '
}
pressed() {
	[ "$(buttons)" = "$1" ]
}

say 'pointer 10 20'
wait_for arrived 'motion 10 20'
say 'motion 5 -3'
wait_for arrived 'motion 15 17'
say 'pointer 100000 -100000'
wait_for arrived 'motion 639 0'
say 'area 100 50 200 100' 'pointer 0 0'
wait_for arrived 'motion 100 50'
say 'pointer 1000 1000'
wait_for arrived 'motion 299 149'

say 'button left' 'button right' 'button middle' 'button side' 'button extra'
wait_for pressed '1down 1up 3down 3up 2down 2up 8down 8up 9down 9up '
arrived 'button 1 down at 299 149' || fail 'the click is elsewhere'

turns() { # sentences…, what is pressed last
	: >keys
	local want=${*: -1}
	say "${@:1:$#-1}" 'button left'
	wait_for pressed "${want}1down 1up "
}
up='4down 4up ' down='5down 5up ' left='6down 6up ' right='7down 7up '
turns 'wheel 0 120' "$up"
turns 'wheel 0 -240' "$down$down"
turns 'wheel 120 0' 'wheel -120 0' "$right$left"
turns 'wheel 0 60' ''
turns 'wheel 0 59' ''
turns 'wheel 0 1' "$up"
# Half a notch up is forgotten when it turns down.
turns 'wheel 0 60' 'wheel 0 -60' 'wheel 0 -59' ''
turns 'wheel 0 -1' "$down"
turns 'wheel 119 0' 'wheel 0 119' 'wheel 1 0' 'wheel 0 1' "$right$up"
# A wheel of high resolution, by an eighth of a notch: whole notches, none lost.
eighths() { # X Y, how often
	for _ in $(seq "$3"); do echo "wheel $1 $2"; done
}
mapfile -t turn < <(eighths 0 15 17; eighths 15 0 8; eighths 0 -15 16; eighths -15 0 9)
turns "${turn[@]}" "$up$up$right$down$down$left"
# No more than a person could turn.
: >keys
say 'wheel 2147483647 -2147483648' 'button left'
wait_for arrived 'button 1 up'
[ "$(grep -c '^button [4-7] down' keys)" -le 100 ] || fail 'the wheel runs away'
: >keys
t0=$(date +%s%N)
for _ in $(seq 300); do say 'wheel 0 2147483647' 'wheel 2147483647 0'; done
say 'button left'
wait_for arrived 'button 1 up'
most=$((100 + 2 * 250 * (1 + ($(date +%s%N) - t0) / 1000000000)))
[ "$(grep -c '^button [4-7] down' keys)" -le $most ] || fail "more than $most notches"
# Nor move: beyond the edge there is nothing.
say 'motion 2147483647 -2147483648'
wait_for arrived 'motion 639 0'
say 'motion -2147483648 2147483647'
wait_for arrived 'motion 0 479'
stop_saying

#!/usr/bin/env bash
# Silence costs nothing: while nothing plays nobody wakes up, on neither side, and
# of what is played as silence nothing is sent. (Counts over some seconds, no times.)
# alone: a second without a wake-up is rest only where nobody else wants the cores
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"
[ -z "$RD_SAN" ] || skip "sanitizers have threads of their own"

start_x
start_pulse
tone 1 440 >tone.raw
head -c $((48000 * 4 * 6)) /dev/zero >silence.raw

start rd-view --to null --sound ears --name idle -- rd-encode -- rd-capture
view=$pid
capture_listens() {
	pactl list source-outputs | grep -q 'application.name = "rd-capture"'
}
wait_for capture_listens
all=() # the viewer's guard, the viewer, its speaker, and the host's two
members() {
	local p
	for p in $1 $(pgrep -P "$1"); do
		all+=("$p")
		[ "$p" = "$1" ] || members "$p"
	done
}
members "$view"
[ ${#all[@]} -ge 5 ] || fail "only ${#all[@]} processes"

wakes() { # of each: name, process id, how often
	local p
	for p in "${all[@]}"; do
		awk -v name="$(cat "/proc/$p/comm")" -v pid="$p" \
			'/^voluntary_ctxt/ { print name, pid, $2 }' "/proc/$p/status"
	done
}
bytes() { rd-ctl idle get bytes-in; }
at_rest() {
	local before
	before=$(wakes)
	sleep 1
	[ "$(wakes)" = "$before" ]
}

# Before anything has sounded, and again after something has.
for _ in 1 2; do
	wait_for at_rest
	# Who is asked wakes up, and again when the asker goes.
	sent=$(bytes)
	wait_for at_rest
	before=$(wakes)
	sleep 4
	after=$(wakes)
	[ "$after" = "$before" ] || fail "wake-ups in 4 s of silence: $(diff <(echo "$before") <(echo "$after"))"
	[ "$(bytes)" -eq "$sent" ] || fail "$(($(bytes) - sent)) bytes about silence"
	hear ears heard.raw
	ear=$pid
	play desk tone.raw
	wait_for heard heard.raw 440
	[ "$(bytes)" -gt "$sent" ] || fail "what was heard was not sent"
	# who listens for the test is a change at the server, too
	stop "$ear"
done

# A program that plays silence is listened to, and nothing is sent of it.
start play desk silence.raw
player=$pid
quiet() { local b; b=$(bytes); sleep 1; [ "$(bytes)" = "$b" ]; }
wait_for quiet
sent=$(bytes)
sleep 2
[ "$(bytes)" -eq "$sent" ] || fail "$(($(bytes) - sent)) bytes about played silence"
running "$player" || fail "the silence was over too early to be tested"

#!/usr/bin/env bash
# The display's own monitors are dark while somebody watches (--blank), stay so when the viewer
# points and types, and are lit again, with DPMS as it was, however that ends; where the
# server cannot, that is said at both ends, or nothing is shown.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"

start_x 640x480
plain=$DISPLAY
xsetroot -solid '#204060' -cursor_name left_ptr

# A server without: it goes on, and both are told; or it does not.
view --blank 2>words
wait_for saw '^notice .*monitors are not blank: .*DPMS'
grep -q 'not blank: .*DPMS' words || fail "$(cat words)"
settled
bye
exits 60 rd-capture --blank=must >out 2>words
grep -q 'not blank: .*DPMS' words || fail "$(cat words)"
[ "$(wc -l <words)" -eq 1 ] || fail "$(cat words)"
view --blank=must 2>words
wait_end "$viewer"
[ "$status" -eq 60 ] || fail "status $status instead of privacy"
saw '^end [0-9]+ 60 the host.s own monitors are not blank' || fail "$(tail -n 2 "$log")"
if saw '^frame'; then fail "something was shown"; fi
# Nor is it said that anything could be done: input, a layout, a clipboard.
saw '^hello ' || fail "$(cat "$log")"
[ $(($(sed -n 's/^hello \([0-9]*\) .*/\1/p' "$log") & ~(1 << 0 | 1 << 1 | 1 << 2 | 1 << 12))) -eq 0 ] ||
	fail "$(grep '^hello' "$log")"
for wrong in '--blank=perhaps' '--blank --source test' '--blank --format y4m' '--blank --inject'; do
	# shellcheck disable=SC2086 # words
	exits 2 rd-capture $wrong </dev/null >out 2>words
done

monitor() { # [off]: a display with one; what it does is in the file monitor
	start dpms "${plain#:}" "$@" >monitor
	wait_for has_line monitor
	DISPLAY=":$(head -n 1 monitor)"
}
last() { # line…: the last ones of the monitor
	[ "$(tail -n +2 monitor | tail -n $#)" = "$(printf '%s\n' "$@")" ]
}
lines() {
	wc -l <monitor
}

# It can, and does not.
monitor stuck
exits 60 rd-capture --blank=must --frames 1 >out 2>words
grep -q 'leaves them lit' words || fail "$(cat words)"

# DPMS is not enabled, and is not afterwards.
monitor off
view --blank
wait_for last enable 'level 3'
wait_for saw '^frame 1'
if saw '^notice'; then fail "$(cat "$log")"; fi
# What is pointed at wakes it, for a moment.
n=$(lines)
say pointer 100 100
dark_again() { [ "$(lines)" -gt "$n" ] && last woken 'level 3'; }
wait_for dark_again
n=$(lines)
say pointer 120 100
wait_for dark_again
bye
last 'level 0' disable || fail "not as it was: $(cat monitor)"

# Enabled, it stays so; and SIGKILL is an end like any other.
monitor
for how in KILL TERM INT HUP; do
	view --blank=must
	wait_for last 'level 3'
	wait_for saw '^frame 1'
	kill "-$how" "$(pgrep -P "$viewer" -f rd-capture)"
	wait_for last 'level 0'
	wait_end "$viewer"
done
if grep -q disable monitor; then fail "DPMS was enabled, and is not: $(cat monitor)"; fi

# Nobody is woken while nothing happens.
view --blank
wait_for last 'level 3'
wait_for saw '^pointer'
capture=$(pgrep -P "$viewer" -f rd-capture)
switches() { awk '/^voluntary_ctxt_switches/ {print $2}' "/proc/$capture/status"; }
quiet() { local a; a=$(switches); sleep 0.5; [ "$(switches)" -eq "$a" ]; }
wait_for quiet
before=$(switches)
sleep 2
[ "$(switches)" -eq "$before" ] || fail "$(($(switches) - before)) wake-ups in 2 s"

# Two at once: the last puts the light on.
first=$viewer
start talk second.log -- rd-capture --blank
second=$pid
wait_for grep -q '^frame 1' second.log
n=$(lines)
kill "$(pgrep -P "$first" -f rd-capture)"
wait_end "$first"
[ "$(lines)" -eq "$n" ] || fail "the light is on, and one is still there: $(tail -n 3 monitor)"
kill -KILL "$(pgrep -P "$second" -f rd-capture)"
wait_for last 'level 0'

# Who comes while another's lock is awaited has the same place at the server, and stays dark.
printf '#!/bin/sh\ntouch locking\nuntil [ -e unlock ]; do sleep 0.05; done\n' >slow
chmod +x slow
view --blank "--lock-on-end=$PWD/slow"
wait_for saw '^frame 1'
say pointer 100 100
say ping
wait_for saw '^pong'
capture=$(pgrep -P "$viewer" -f rd-capture)
heir=$(pgrep -P "$capture" rd-keeper)
kill -KILL "$capture"
wait_for test -e locking
n=$(lines)
view --blank
wait_for saw '^frame 1'
touch unlock
wait_for ended "$heir"
if tail -n "+$((n + 1))" monitor | grep -qE 'level 0|disable'; then
	fail "the light is on, and one is still there: $(tail -n 3 monitor)"
fi
bye
wait_for last 'level 0'

# Of one producer for several: lit with the last of them, and dark again with the next.
. "$RD_ROOT/tests/tools/lib-send.sh"
for who in one two; do person $who; admit $who; done
host_up --shared --blank -- rd-encode -- rd-capture
watch one
first=$viewer
wait_for saw one '^frame'
wait_for last 'level 3'
watch two
second=$viewer
wait_for saw two '^frame'
n=$(lines)
say one end
gone "$first" 0
say two ping
wait_for saw two '^pong'
[ "$(lines)" -eq "$n" ] || fail "the light is on, and one is still there: $(tail -n 3 monitor)"
say two end
gone "$second" 0
wait_for last 'level 0'
watch one
wait_for saw one '^frame'
wait_for last 'level 3'
say one end
gone "$viewer" 0
wait_for last 'level 0'

#!/usr/bin/env bash
# What viewers do during a pause brings no picture of it to them afterwards: neither by
# looking elsewhere, nor by a way on which nothing fits. What they have typed, and was not
# done yet as the pause began, is not done any more. Caps Lock at the desk is told to who
# may type, and not before it is over.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
command -v xdotool >/dev/null || skip "no xdotool"

start_x 320x240
person ann
admit ann
person bob
admit bob --view-only
now() { xhash | cut -d' ' -f2; }
sees() { [ "$(shown "$1")" = "$(now)" ]; }
downs() { grep -c '^key [0-9]* down' keys || true; }
capsed() { xset q | grep -q "Caps Lock: *$1"; }
looked_elsewhere() { say ann watch-only nope; }
bounded() { say ann raw 0103 0800000000000000; }

for trick in looked_elsewhere bounded; do
	host_up --name desk --shared -- rd-encode -- rd-capture
	watch ann
	first=$viewer
	watch bob
	xsetroot -solid '#204060'
	for who in ann bob; do wait_for sees $who; done
	stop "$viewer"
	rm -f secret
	rd-ctl desk pause
	wait_for saw ann '^notice .*paused by the host'
	# Each is there long enough to be captured, if anybody does.
	for colour in '#ff00ff' '#00ff00'; do
		xsetroot -solid "$colour"
		now >>secret
		sleep 0.2
	done
	$trick
	xsetroot -solid '#c0c000'
	now >>secret
	sleep 0.2
	xsetroot -solid '#802010'
	rd-ctl desk resume
	wait_for saw ann '^notice the host goes on'
	# Also though it looks at nothing, or nearly nothing fits: what is there now is shown once.
	wait_for sees ann
	say ann watch-only
	say ann raw 0103 0000000000000000
	xsetroot -solid '#108020'
	wait_for sees ann
	while read -r hash; do
		! grep -qF "$hash" ann.log || fail "$trick: what was there during the pause: $(cat ann.log)"
	done <secret
	rd-ctl desk end
	gone "$sender" 0
	wait_for ended "$first"
done

host_up --name desk -- rd-encode -- rd-capture
watch ann
watch bob
for who in ann bob; do wait_for sees $who; done
start xkeys >keys
wait_for grep -q ready keys
# A keyboard lacks these, and has spare keys for a few at a time.
line=
for i in $(seq 160); do
	line+=$(printf '%b' "\\u$(printf %x $((0xac00 + i)))")
done
for i in 1 2 3 4 5; do say ann text "$line"; done
typed_some() { [ "$(downs)" -gt 0 ]; }
wait_for typed_some
rd-ctl desk pause
wait_for saw ann '^notice .*paused by the host'
xdotool key Caps_Lock
wait_for capsed on
! saw ann '^locked' || fail "told while paused: $(cat ann.log)"
rd-ctl desk resume
wait_for saw ann '^locked [0-9]* [13]$'
say ann key 30 0x61 1
say ann key 30 0x61 0
wait_for grep -q '^key 38 up' keys
[ "$(downs)" -lt 800 ] || fail "all of it was typed, pause or not: $(downs)"
xdotool key Caps_Lock
wait_for saw ann '^locked [0-9]* [02]$'
xsetroot -solid '#304050'
wait_for sees bob
! saw bob '^locked' || fail "who may only look was told of Caps Lock"
rd-ctl desk end
gone "$sender" 0

# Where nobody can be asked for a picture, who comes during the pause sees none, not even
# the one of before it; and is not forgotten afterwards.
mkfifo stream
start sh -c 'exec rd-capture >stream'
rm -f host.log
rd-send --config "$hostdir" --listen 127.0.0.1:0 --json --no-ask --name desk <stream 2>host.log &
sender=$!
started+=("$sender")
host_listens
watch ann
wait_for sees ann
rd-ctl desk pause
wait_for saw ann '^notice .*paused by the host'
watch bob
wait_for saw bob '^notice .*paused by the host'
! saw bob '^frame' || fail "shown while paused: $(cat bob.log)"
rd-ctl desk resume
wait_for saw bob '^notice the host goes on'
wait_for sees bob

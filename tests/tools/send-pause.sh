#!/usr/bin/env bash
# Paused, nothing of what the host shows reaches a viewer, then or later, and nothing a
# viewer does happens there; by rd-ctl and by a signal, for one producer each and for one
# of all.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
command -v xdotool >/dev/null || skip "no xdotool"

start_x 320x240
for who in ann bob; do
	person $who
	admit $who
done
now() { xhash | cut -d' ' -f2; }
sees() { [ "$(shown "$1")" = "$(now)" ]; }
at() { [ "$(xdotool getmouselocation | cut -d' ' -f1,2)" = "x:$1 y:$2" ]; }
state() { [ "$(rd-ctl desk get state)" = "$1" ]; }
# Pictures of the pause: each is there long enough to be captured, if anybody does.
secrets() {
	local colour
	for colour in "$@"; do
		xsetroot -solid "$colour"
		now >>secret
		sleep 0.2
	done
}

for shared in '' --shared; do
	rm -f secret
	xdotool mousemove 5 5
	# shellcheck disable=SC2086
	host_up --name desk $shared -- rd-encode -- rd-capture
	watch ann
	first=$viewer
	xsetroot -solid '#204060'
	wait_for sees ann
	start xkeys >keys
	types=$pid
	wait_for grep -q ready keys
	say ann key 30 0x61 1
	wait_for grep -q '^key 38 down' keys

	rd-ctl desk pause
	wait_for saw ann '^notice .*paused by the host'
	event paused
	# What was held has come up; nothing that is done arrives.
	wait_for grep -q '^key 38 up' keys
	say ann key 31 0x73 1
	say ann key 31 0x73 0
	say ann pointer 200 100
	say ann layout 640 480
	# What that comes to, if anything, has come to the host, and then to xkeys.
	say ann ping
	wait_for saw ann '^pong'
	xdotool key z
	wait_for grep -q '^key 52 up' keys
	stop "$types"
	secrets '#ff00ff' '#00ff00' '#c0c000'
	# Who comes meanwhile is told, and sees as little.
	watch bob
	wait_for saw bob '^notice .*paused by the host'
	secrets '#f0f0f0' '#0000ff'
	at 5 5 || fail "the pointer has moved: $(xdotool getmouselocation)"
	! grep -q '^key 39' keys || fail "typed while paused: $(cat keys)"
	! saw bob '^frame' || fail "a picture while paused: $(cat bob.log)"
	xsetroot -solid '#802010'

	kill -USR2 "$sender"
	wait_for state serving
	event resumed
	wait_for saw ann '^notice the host goes on'
	for who in ann bob; do wait_for sees $who; done
	say ann pointer 200 100
	wait_for at 200 100
	while read -r hash; do
		for who in ann bob; do
			! grep -qF "$hash" $who.log || fail "$who has seen what was there during the pause: $(cat $who.log)"
		done
	done <secret
	kill -USR2 "$sender"
	wait_for state paused
	rd-ctl desk resume
	xsetroot -solid '#108020'
	for who in ann bob; do wait_for sees $who; done
	rd-ctl desk end
	gone "$sender" 0
	wait_for ended "$first"
done

# A recording stands still, and goes on where it was.
rd-capture --source test --size 64x48 --fps 10 --frames 30 >film.rd
rm -f host.log
rd-send --config "$hostdir" --listen 127.0.0.1:0 --json --no-ask --name desk <film.rd 2>host.log &
started+=("$!")
host_listens
rd-ctl desk pause
watch ann
wait_for saw ann '^notice .*paused by the host'
! saw ann '^frame' || fail "it plays: $(cat ann.log)"
rd-ctl desk resume
wait_for saw ann '^end 0 0'
[ "$(count ann '^frame')" -eq 30 ] || fail "$(count ann '^frame') frames"

#!/usr/bin/env bash
# Over a session: who joins an idle stream is told where the monitors are as they are by
# now, before the picture; each change reaches all; and who may only look is told, too.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-monitors.sh"

start_xvnc 640x480
xsetroot -solid '#204060'
monitors 640x480+0+0 800x600+640+0
for who in one late; do person $who; done
admit one
admit late --view-only
host_up --shared -- rd-encode -- rd-capture
watch one
log=one.log
wait_for is_at VNC-1 800x600 640 0
wait_for saw one '^frame'
off 1
wait_for counts 1
on 1 640x480 0 480
wait_for is_at VNC-1 640x480 0 480
right() { # NAME
	[ "$(shown "$1")" = "$(xhash | cut -d' ' -f2)" ]
}
wait_for right one
watch late
log=late.log
wait_for is_at VNC-1 640x480 0 480
counts 2 || fail "the late one has $(last_monitors)"
wait_for right late
[ $(($(awk '/^hello/ {print $2}' late.log) & 64)) -ne 0 ] || fail "no MONITORS in its HELLO"
[ "$(grep -c '^monitors' late.log)" -eq 1 ] || fail "old ones, too: $(grep '^monitors' late.log)"
off 0
for log in one.log late.log; do wait_for is_at VNC-1 640x480 0 0; done
for who in one late; do
	wait_for right $who
	say $who end
done
stop "$sender"

# A picture that is made smaller has smaller monitors, edge to edge.
monitors 640x480+0+0 800x600+640+0
host_up --shared -- rd-encode --scale 0.5 -- rd-capture
watch one
wait_for saw one '^monitors 2 .* 320x240 0 0 '
wait_for saw one '^monitors 2 .* 400x300 320 0 '
say one end

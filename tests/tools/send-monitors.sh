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
stop "$sender"

# What both look at is sent, and no more; one that goes counts no more.
host_up --shared -- rd-encode -- rd-capture
watch one
watch late
for log in one.log late.log; do wait_for counts 2; done
for who in one late; do wait_for right $who; done
other=$(tail -n 1 <(grep '^monitors 2' one.log) | tr ';' '\n' | sed -nE 's/.*(VNC-[01]) 640x480 0 0 .*/\1/p')
has_pixel() { # NAME X Y RRGGBB
	local n
	n=$(count "$1" "^pixel $2 $3 ")
	say "$1" pixel "$2" "$3"
	more() { [ "$(count "$1" "^pixel $2 $3 ")" -gt "$n" ]; }
	wait_for more "$1" "$2" "$3"
	grep "^pixel $2 $3 " "$1.log" | tail -n 1 | grep -q " $4\$"
}
say one watch-only "$other"
say one ping
wait_for saw one '^pong'
xfill 50 50 1000 100 ff0000
wait_for has_pixel late 1010 110 ff0000
say late watch-only "$other"
say late ping
wait_for saw late '^pong'
xfill 50 50 1000 100 00ff00
xfill 50 50 100 100 0000ff
for who in one late; do
	wait_for has_pixel $who 110 110 0000ff
	has_pixel $who 1010 110 ff0000 || fail "$who: what nobody looks at is sent"
done
say one watch-only
for who in one late; do wait_for right $who; done
say one end
wait_for event closed
# What is asked after that is answered after it.
pongs=$(count late '^pong')
say late ping
another_pong() { [ "$(count late '^pong')" -gt "$pongs" ]; }
wait_for another_pong
xfill 50 50 1000 100 0000aa
xfill 50 50 100 100 ff00ff
wait_for has_pixel late 110 110 ff00ff
has_pixel late 1010 110 00ff00 || fail "who has gone still counts"
say late end

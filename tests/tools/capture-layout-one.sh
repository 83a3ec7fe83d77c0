#!/usr/bin/env bash
# One of several monitors gets the size that a viewer asks for: the others keep theirs and
# go out of its way. At the end all is as it was, however that comes; but what somebody
# else has changed meanwhile stays theirs.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-monitors.sh"

start_xvnc 640x480
xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
modes() {
	xrandr | grep -c '^ *rd-' || true
}
layout() { # as RandR has it: "WxH+X+Y" of VNC-0, VNC-1 …, and of the screen
	xrandr | sed -nE 's/^VNC-[0-9]+ connected (primary )?([0-9x+]+).*/\2/p; s/.*current ([0-9]+) x ([0-9]+),.*/\1x\2/p' |
		paste -sd' '
}
lies() { # that
	[ "$(layout)" = "$1" ]
}
four="1440x1080 640x480+0+0 800x600+640+0 640x480+0+480 800x480+640+600"
all_four() {
	# Xtigervnc takes those for the same that are where one was.
	monitors 640x480+0+0
	monitors 640x480+0+0 800x600+640+0 640x480+0+480 800x480+640+600
	wait_for lies "$four"
}

all_four
view --resize
wait_for counts 4
# None is named: which one should it be?
say layout 800 600
wait_for saw '^notice the desktop keeps its size: it has more than one monitor'
# In the corner of four.
say layout 700 500 VNC-0
wait_for lies "1500x1080 700x500+0+0 800x600+700+0 640x480+0+500 800x480+700+600"
wait_for is_at VNC-1 800x600 700 0
wait_for is_at VNC-3 800x480 700 600
settled
say layout 320 200 VNC-1
wait_for lies "1500x980 700x500+0+0 320x200+700+0 640x480+0+500 800x480+700+200"
settled
# Of a thousand for two the last of each counts.
for i in $(seq 500); do say layout $((400 + i)) $((300 + i)) "VNC-$((i % 2))"; done
say layout 610 410 VNC-0
say layout 620 420 VNC-1
is_so() {
	is_at VNC-0 610x410 0 10 && is_at VNC-1 620x420 610 0
}
wait_for is_so
settled
[ "$(modes)" -le 2 ] || fail "modes are left: $(xrandr)"
# Two of one size, which neither of them had
have_both() { # WxH
	last_monitors | grep -q "VNC-0 $1 .*VNC-1 $1 "
}
say layout 333 222 VNC-0
say layout 333 222 VNC-1
wait_for have_both 333x222
settled
[ "$(modes)" -le 2 ] || fail "modes are left: $(xrandr)"
bye
lies "$four" || fail "at the end it is $(layout)"
[ "$(modes)" -eq 0 ] || fail "modes are left: $(xrandr)"

# Killed.
view --resize
wait_for counts 4
say layout 1000 700 VNC-0
say layout 333 222 VNC-3
wait_for is_at VNC-3 333x222 1000 600
kill -KILL "$(pgrep -P "$viewer" -x rd-capture)"
wait_for lies "$four"
wait_for ended "$viewer"

# One is unplugged, and what we did to the other is undone all the same; one that
# somebody else has given a size keeps that.
view --resize
wait_for counts 4
say layout 1000 700 VNC-0
wait_for is_at VNC-0 1000x700 0 0
say layout 500 300 VNC-1
wait_for is_at VNC-1 500x300 1000 0
xrandr --output VNC-3 --off --output VNC-1 --mode 1024x768
wait_for is_at VNC-1 1024x768 1000 0
counts 3 || fail "not three: $(last_monitors)"
# … and our next change respects that, too.
say layout 900 650 VNC-0
wait_for is_at VNC-0 900x650 0 0
bye
lies "1664x960 640x480+0+0 1024x768+640+0 640x480+0+480" || fail "at the end it is $(layout)"
# One that is plugged in is put where somebody puts it, and moves with the others.
all_four
off 3
view --resize
wait_for counts 3
say layout 1000 700 VNC-0
wait_for is_at VNC-0 1000x700 0 0
on 3 640x480 1800 0
wait_for is_at VNC-3 640x480 1800 0
say layout 900 700 VNC-0
wait_for is_at VNC-3 640x480 1700 0
bye
lies "2080x960 640x480+0+0 800x600+640+0 640x480+0+480 640x480+1440+0" ||
	fail "at the end it is $(layout)"
# It is unplugged itself.
view --resize
wait_for counts 4
say layout 500 300 VNC-1
wait_for is_at VNC-1 500x300 640 0
off 1
wait_for counts 3
bye
xrandr | grep -q '^VNC-1 disconnected' || fail "it is on again: $(layout)"

# What is captured alone is what is meant, and the only one that can be.
all_four
view --resize --monitor 1
wait_for is_at VNC-1 800x600 0 0
say layout 555 444
wait_for saw '^frame [0-9]+ 555x444 sync'
wait_for same 555 444 640 0
say layout 600 500 VNC-1
wait_for saw '^frame [0-9]+ 600x500 sync'
say layout 600 501 VNC-0
wait_for saw '^notice .*only monitor VNC-1 is shared'
bye
lies "$four" || fail "at the end it is $(layout)"

# What cannot be is refused, and says so; the next one is heard.
view --resize
wait_for counts 4
say layout 700 500 VNC-9
wait_for saw '^notice .*has no monitor VNC-9'
say layout 640 481 VNC-0
wait_for is_at VNC-0 640x481 0 0
bye
# So large that no picture of all of it could be taken.
view --resize
wait_for counts 4
say layout 8000 600 VNC-0
wait_for saw '^notice .*too large'
bye
lies "$four" || fail "at the end it is $(layout)"
[ "$(modes)" -eq 0 ] || fail "modes are left: $(xrandr)"
# A name with a control character in it, or none, is the end of the stream.
for name in 011b 00 41; do
	view --resize
	wait_for counts 4
	say raw 010b "80028002$name"
	wait_for saw '^end 3'
	wait_for ended "$viewer"
	lies "$four" || fail "nonsense was obeyed: $(layout)"
done
# One that is cut out of another, and two that show the same.
xrandr --setmonitor half 320/100x480/127+0+0 none
view --resize
wait_for counts 5
say layout 700 500 half
wait_for saw '^notice .*monitor half is a part of the screen'
bye
xrandr --delmonitor half
xrandr --output VNC-2 --off --output VNC-3 --off --output VNC-1 --mode 640x480 --pos 0x0
view --resize
wait_for counts 2
say layout 700 500 VNC-1
wait_for saw '^notice .*two monitors show the same'
bye

#!/usr/bin/env bash
# Who watches is told where the monitors are, before there is a picture, and whenever
# that has changed; with a part of the desktop, of those in it. One that is captured and
# unplugged is waited for, and nobody acts on what is not there.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-monitors.sh"

start_xvnc 640x480
xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
monitors 640x480+0+0 800x600+640+0
can() { # whether HELLO says MONITORS
	wait_for saw '^hello'
	[ $(($(awk '/^hello/ {print $2}' "$log") & 64)) -ne 0 ]
}

# All of them; each that comes and goes, moves, or becomes the first.
view
can || fail "no MONITORS in HELLO"
wait_for is_at VNC-0 640x480 0 0
is_at VNC-1 800x600 640 0 || fail "not where it is: $(last_monitors)"
settled
grep -m 1 -E '^(monitors|frame)' "$log" | grep -q monitors || fail "a picture before the monitors in it"
xrandr --output VNC-1 --primary
wait_for saw '^monitors 2 VNC-1 .* primary; VNC-0 '
off 1
wait_for counts 1
settled
on 1 640x480 0 480
wait_for is_at VNC-1 640x480 0 480
settled
off 0
wait_for is_at VNC-1 640x480 0 0
settled
on 0 800x600 640 0
wait_for is_at VNC-0 800x600 640 0
settled
# One that somebody cuts out of the others is one, too.
xrandr --setmonitor wide 1000/264x480/127+100+20 none
wait_for is_at wide 1000x480 100 20
xrandr --delmonitor wide
wait_for counts 2
# Nothing is said while nothing changes.
said=$(grep -c '^monitors' "$log")
xsetroot -solid '#604020'
settled
[ "$(grep -c '^monitors' "$log")" -eq "$said" ] || fail "the same is said again"
bye

# Now VNC-1 is at 0,0 and VNC-0 right of it. One of them, by its place: it stays the one
# it is, whatever comes before it.
rd-capture --list --display "$DISPLAY" >list
place=$(grep -c '^monitor' list)
[ "$place" -eq 2 ] || fail "it has not two monitors: $(cat list)"
of_place() { # N
	awk -v n="$1" '/^monitor/ && n-- == 0 {print $3}' list
}
[ "$(of_place 1)" = VNC-0 ] || fail "VNC-0 is not the second: $(cat list)"
xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
view --monitor 1
wait_for is_at VNC-0 800x600 0 0
counts 1 || fail "others, too: $(last_monitors)"
wait_for same 800 600 640 0
off 1
xsetroot -solid '#102030'
wait_for same 800 600 0 0
is_at VNC-0 800x600 0 0 || fail "it is another one now: $(last_monitors)"
on 1 640x480 800 0
wait_for same 800 600 0 0
# It is unplugged. Its last picture stays, a line says so, and no click goes astray.
xrandr --output VNC-0 --mode 800x600 --pos 640x0 --output VNC-1 --mode 640x480 --pos 0x0
wait_for same 800 600 640 0
say pointer 790 590
where() { # X Y
	case $(xdotool getmouselocation) in "x:$1 y:$2 "*) true ;; *) false ;; esac
}
wait_for where 1430 590
before=$(shown)
off 0
wait_for saw '^notice monitor VNC-0 is gone'
where 1430 590 && fail "the pointer is where no screen is"
at=$(xdotool getmouselocation)
say pointer 10 10
say button 0 1
say motion -5 -5
say ping
wait_for saw '^pong'
[ "$(xdotool getmouselocation)" = "$at" ] || fail "the pointer obeys who does not see it"
[ "$(shown)" = "$before" ] || fail "something else is shown: $(shown)"
# Who comes now is told, too: a picture is asked for, and there is none.
said=$(grep -c '^notice monitor VNC-0 is gone' "$log")
say refresh
told_again() { [ "$(grep -c '^notice monitor VNC-0 is gone' "$log")" -gt "$said" ]; }
wait_for told_again
# It is back, in another place and size.
on 0 640x480 640 0
wait_for saw '^notice monitor VNC-0 is there again'
wait_for is_at VNC-0 640x480 0 0
wait_for same 640 480 640 0
say pointer 10 10
wait_for where 650 10
bye

# A region of two, and one that lies in the second: those in it, as it sees them.
view --region 200x100+600+50
wait_for is_at VNC-1 640x480 -600 -50
is_at VNC-0 640x480 40 -50 || fail "the second: $(last_monitors)"
bye
view --region 100x100+700+50
wait_for is_at VNC-0 640x480 -60 -50
counts 1 || fail "one that is not in it: $(last_monitors)"
bye
# A window has none, and a server without RandR says none.
window=
start xterm -T here -geometry 20x5+0+0 -e sleep 1000
window_there() { window=$(xdotool search --onlyvisible --name '^here$' 2>/dev/null); }
wait_for window_there
view --window "$window"
can && fail "MONITORS of a window"
wait_for saw '^frame'
bye
start_x 320x240 -extension RANDR
view
can && fail "MONITORS without RandR"
wait_for saw '^frame'
bye
grep -q '^monitors' "$log" && fail "monitors without RandR"

# More than can be said, with names that nobody should see as they are, and twice the same.
start_x 640x480
for i in $(seq 40); do
	set -- "$@" --setmonitor "$i"$'\033[2J'"$(printf '%099d' "$i")" "10/1x10/1+$i+0" none
done
xrandr "$@"
view
wait_for counts 32
LC_ALL=C grep -q $'\033' "$log" && fail "a name that clears the screen"
settled
bye

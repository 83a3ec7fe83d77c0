#!/usr/bin/env bash
# A click in the picture of a monitor is a click on that monitor: at each of its corners,
# whether all of them are seen, one, or a part of two; and after one was plugged in on
# the left, turned out, or got another size.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-monitors.sh"

start_xvnc 640x480
keys=
# A window under all of it, which tells where it was clicked.
listen() {
	[ -z "$keys" ] || stop "$keys"
	: >events
	start xkeys >events
	keys=$pid
	wait_for grep -q '^ready' events
}
clicked() { # X Y
	grep -q "^button 1 down at $1 $2 " events
}
# Where its corners are, by what the viewer was told and by the X server.
corners() { # X Y W H
	echo "$1 $2"
	echo "$(($1 + $3 - 1)) $2"
	echo "$1 $(($2 + $4 - 1))"
	echo "$(($1 + $3 - 1)) $(($2 + $4 - 1))"
}
place_in() { # NAME: "X Y W H", in the picture
	last_monitors | tr ';' '\n' | sed -nE "s/^.*(^| )$1 ([0-9]+)x([0-9]+) (-?[0-9]+) (-?[0-9]+) .*/\4 \5 \2 \3/p"
}
place_on() { # NAME: the same, on the screen
	xrandr --listmonitors | sed -nE "s/^ *[0-9]+: \+\*?$1 ([0-9]+)\/[0-9]+x([0-9]+)\/[0-9]+\+([0-9]+)\+([0-9]+) .*/\3 \4 \1 \2/p"
}
# Each corner of that monitor is clicked that lies in a picture of that size.
click_corners() { # NAME WxH
	local here there x y n
	read -ra here < <(place_in "$1")
	read -ra there < <(place_on "$1")
	[ "${#here[@]}" -eq 4 ] && [ "${#there[@]}" -eq 4 ] || fail "no $1 in $(last_monitors)"
	corners "${here[@]}" >here
	corners "${there[@]}" >there
	for n in 1 2 3 4; do
		read -r x y < <(sed -n "${n}p" here)
		if [ "$x" -lt 0 ] || [ "$y" -lt 0 ] || [ "$x" -ge "${2%x*}" ] || [ "$y" -ge "${2#*x}" ]; then
			continue
		fi
		say pointer "$x" "$y"
		say button 0 1
		say button 0 0
		read -r x y < <(sed -n "${n}p" there)
		wait_for clicked "$x" "$y"
		clicks=$((clicks + 1))
	done
}
clicks=0

# Three: the first not at the top left.
monitors 640x480+0+0 800x600+640+0 320x240+1440+0
xrandr --output VNC-0 --pos 0x100 --output VNC-2 --mode 640x480 --pos 1440x120
view
wait_for counts 3
wait_for is_at VNC-2 640x480 1440 120
listen
for m in VNC-0 VNC-1 VNC-2; do click_corners $m 2080x600; done
[ $clicks -eq 12 ] || fail "$clicks corners of 12"
# One is plugged in at the left, where all positions change.
off 2
wait_for counts 2
xrandr --output VNC-2 --mode 1024x768 --pos 0x0 --output VNC-0 --pos 1024x0 --output VNC-1 --pos 1664x0
wait_for is_at VNC-1 800x600 1664 0
listen
for m in VNC-0 VNC-1 VNC-2; do click_corners $m 2464x768; done
[ $clicks -eq 24 ] || fail "$clicks corners of 24"
bye
# Each of them alone, and how it is after it has moved and changed its size.
for m in VNC-0 VNC-1; do
	view --monitor $m
	wait_for counts 1
	wait_for saw '^frame'
	listen
	click_corners $m 1024x768
	bye
done
[ $clicks -eq 32 ] || fail "$clicks corners of 32"
view --monitor VNC-1
wait_for is_at VNC-1 800x600 0 0
xrandr --output VNC-2 --off --output VNC-0 --pos 1280x0 --output VNC-1 --mode 640x480 --pos 0x0
wait_for is_at VNC-1 640x480 0 0
wait_for saw '^frame [0-9]+ 640x480 sync'
listen
click_corners VNC-1 640x480
[ $clicks -eq 36 ] || fail "$clicks corners of 36"
bye
# A part of two: two corners of each lie in it.
xrandr --output VNC-0 --pos 640x0
view --region 400x480+440+0
wait_for is_at VNC-1 640x480 -440 0
wait_for is_at VNC-0 640x480 200 0
listen
for m in VNC-0 VNC-1; do click_corners $m 400x480; done
[ $clicks -eq 40 ] || fail "$clicks corners of 40"
bye
# Who only acts, by what comes on stdin, follows it, too: after it has moved, and when it
# is back after it was unplugged.
mkfifo said
exec 9<>said
rdsay <said 9>&- | rd-capture --inject --monitor VNC-1 9>&- &
actor=$!
at_corner() { # X Y
	echo "pointer 0 0" >&9
	case $(xdotool getmouselocation) in "x:$1 y:$2 "*) true ;; *) false ;; esac
}
wait_for at_corner 0 0
xrandr --output VNC-0 --pos 0x0 --output VNC-1 --pos 640x0
wait_for at_corner 640 0
off 1
on 1 640x480 0 480
wait_for at_corner 0 480
# While it is gone nothing points anywhere.
off 1
xdotool mousemove 33 44
gone() {
	echo "pointer 5 5" >&9
	at=$(xdotool getmouselocation)
	[ "${at%% screen*}" = "x:33 y:44" ] && return
	xdotool mousemove 33 44
	false
}
# Steps of before may still be on their way.
gone_for_good() {
	for _ in $(seq 20); do gone || return 1; done
}
wait_for gone_for_good
on 1 640x480 640 0
wait_for at_corner 640 0
exec 9>&-
wait_end "$actor"

#!/usr/bin/env bash
# Each monitor of a real desktop in a window of its own: what is on it is seen there, a
# click there arrives there, and windows come, go and change their size as the monitors
# do, while the desktop does not stand still.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-monitors.sh"

start_xvnc 640x480
host=$DISPLAY
start_x 1600x1000 -dpi 96
desk=$DISPLAY
DISPLAY=$host

there() { # NAME: "W H X Y", on the host's screen
	on_host xrandr --listmonitors |
		sed -nE "s/^ *[0-9]+: \+?\*?$1 ([0-9]+)\/[0-9]+x([0-9]+)\/[0-9]+\+([0-9]+)\+([0-9]+) .*/\1 \2 \3 \4/p"
}
window_called() { # NAME: its window is then in $window
	window=$(on_desk xdotool search --onlyvisible --name "^$1 - session $sessions " 2>/dev/null) &&
		[ -n "$window" ]
}
windows_are() { # how many
	[ "$(on_desk xdotool search --onlyvisible --class rd-view 2>/dev/null | wc -l)" -eq "$1" ]
}
# The window shows what is on that monitor, pixel for pixel.
shows_monitor() { # NAME
	local place
	read -ra place < <(there "$1") && window_called "$1" &&
		[ "$(on_host xhash "${place[@]}")" = "$(on_desk xhash "$window" 2>/dev/null)" ]
}
listen() {
	[ -z "$keys" ] || stop "$keys"
	: >events
	start env DISPLAY="$host" xkeys >events
	keys=$pid
	wait_for grep -q '^ready' events
}
keys=
clicked() { # X Y
	grep -q "^button 1 down at $1 $2 " events
}
# A click in the window is one at that place of the monitor, in any size of the window.
click() { # NAME, X Y in the window, X Y on the monitor
	local place
	read -ra place < <(there "$1")
	window_called "$1" || fail "no window of $1"
	on_desk xdotool mousemove --window "$window" "$2" "$3" click 1
	wait_for clicked $((place[2] + $4)) $((place[3] + $5))
}
window_is() { # WxH
	case $(on_desk xhash "$window" 2>/dev/null) in "$1 "*) true ;; *) false ;; esac
}
has_size() { # NAME WxH
	wait_for viewer_failed_or window_called "$1"
	wait_for window_is "$2"
}
sized() { # NAME WxH
	window_called "$1" || fail "no window of $1"
	on_desk xdotool windowsize "$window" "${2%x*}" "${2#*x}"
	wait_for window_is "$2"
}

monitors 640x480+0+0 400x300+640+100
on_host xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
on_host xsetroot -cursor_name left_ptr
# Something that is on both, and something else.
start env DISPLAY="$host" xterm -geometry 40x12+500+150 -e sh -c 'echo on both; exec sleep 1000'
wait_for on_host xdotool search --onlyvisible --class XTerm >found

session --monitor each
wait_for viewer_failed_or windows_are 2
wait_for shows_monitor VNC-0
on_desk xdotool windowmove "$window" 0 0
wait_for shows_monitor VNC-1
on_desk xdotool windowmove "$window" 700 300
listen
wait_for shows_monitor VNC-0
wait_for shows_monitor VNC-1
click VNC-0 3 4 3 4
click VNC-0 639 479 639 479
click VNC-1 0 0 0 0
click VNC-1 399 299 399 299
sized VNC-1 800x600
click VNC-1 101 201 50 100
sized VNC-1 200x150
click VNC-1 10 20 21 41
sized VNC-1 400x300

# The desktop changes all the time, and its monitors too.
start env DISPLAY="$host" xterm -geometry 60x10+20+20 -e sh -c \
	'while :; do date; ls -l /usr/bin | tail -n 40; sleep 0.02; done'
busy=$pid
for x in 640 700 660; do
	off 1
	wait_for viewer_failed_or windows_are 1
	on 1 400x300 $x 0
	wait_for viewer_failed_or windows_are 2
done
monitors 640x480+0+0 500x400+640+0 320x200+0+480
wait_for viewer_failed_or windows_are 3
stop "$busy"
for name in VNC-0 VNC-1 VNC-2; do
	wait_for shows_monitor $name
	on_desk xdotool windowmove "$window" $((${name#*-} * 500)) $((${name#*-} * 200))
	wait_for shows_monitor $name
done
# What nobody looked at for a while, and was not sent, is right when it is seen again.
window_called VNC-2
on_desk xclose "$window"
wait_for viewer_failed_or windows_are 2
on_host xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#80e0c0' -bg '#602040'
wait_for shows_monitor VNC-0
on_desk xdotool windowfocus "$window" key ctrl+alt+shift+w
wait_for viewer_failed_or windows_are 3
wait_for window_called VNC-2
on_desk xdotool windowmove "$window" 1000 400
wait_for shows_monitor VNC-2
listen
click VNC-2 319 199 319 199
click VNC-1 499 399 499 399
click VNC-0 0 0 0 0
close_session

# One of them alone, in a picture, too; and how large it is on its screen.
session --monitor VNC-1
wait_for viewer_failed_or window_called VNC-1
wait_for shows_monitor VNC-1
click VNC-1 20 30 20 30
off 1
wait_for viewer_failed_or window_is_there
on 1 500x400 640 0
wait_for shows_monitor VNC-1
close_session
read -ra place < <(there VNC-2)
rd-view --to png:one.png --frames 1 --monitor 3 -- env DISPLAY="$host" rd-encode -- rd-capture
[ "$(on_host xhash "${place[@]}")" = "$(pnghash one.png)" ] || fail "the picture of VNC-2 is another"

# Its window has another size: so has the monitor, and nothing else.
CAPTURE=(--resize)
session --monitor each --resize
wait_for viewer_failed_or windows_are 3
wait_for window_called VNC-1
on_desk xdotool windowsize "$window" 444 333
resized() { # NAME W H
	case $(there "$1") in "$2 $3 "*) true ;; *) false ;; esac
}
wait_for resized VNC-1 444 333
wait_for shows_monitor VNC-1
resized VNC-0 640 480 || fail "VNC-0 has another size: $(there VNC-0)"
close_session
wait_for resized VNC-1 500 400

# As many screens here as it takes: each window fills one, the third is a window; and back.
vnc_desk=
two_screens() {
	local before=$DISPLAY
	start_xvnc 640x480 -rfbunixpath "$TMPDIR/rfb.desk"
	vnc_desk=$DISPLAY DISPLAY=$before
	DISPLAY=$vnc_desk vncscreens "$TMPDIR/rfb.desk" 900x700+0+0 800x600+900+0
}
at() { # NAME WxH+X+Y: whether its window lies there
	local X Y WIDTH HEIGHT
	window_called "$1" || return 1
	eval "$(on_desk xdotool getwindowgeometry --shell "$window" | grep -E '^(X|Y|WIDTH|HEIGHT)=')"
	[ "${WIDTH}x$HEIGHT+$X+$Y" = "$2" ]
}
two_screens
first_desk=$desk
desk=$vnc_desk
CAPTURE=()
session --monitor each --fullscreen
wait_for viewer_failed_or windows_are 3
wait_for at VNC-0 900x700+0+0
wait_for at VNC-1 800x600+900+0
window_called VNC-2
window_is 320x200 || fail "the third is no window of its own size"
# The pointer is right there, too: the picture is as large as fits, in the middle.
listen
click VNC-1 400 300 250 200
on_desk xdotool windowfocus "$window" key ctrl+alt+shift+f
has_size VNC-0 640x480
has_size VNC-1 500x400
close_session
desk=$first_desk

# Monitors of other scales: a window is as large as what it shows is there, where asked.
start_x 640x480 -dpi 96
host=$DISPLAY
on_host xrandr --setmonitor fine 320/42x480/64+0+0 none --setmonitor coarse 320/170x480/254+320+0 none
on_host xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
session --monitor each --scale auto
has_size fine 160x240
has_size coarse 640x960
close_session
session --monitor fine --scale 1.5
has_size fine 480x720
listen
click fine 300 600 200 400
close_session
# A whole number is sharp: each pixel is a square of them.
session --monitor fine --scale 1
has_size fine 320x480
on_desk import -silent -window "$window" one.png
close_session
session --monitor fine --scale 0.5
has_size fine 160x240
on_desk xdotool windowsize "$window" 640 960 windowmove "$window" 0 0
wait_for window_is 640x960
convert one.png -filter point -resize 200% two.png
sharp() {
	on_desk import -silent -window "$window" shot.png
	[ "$(compare -metric AE shot.png two.png null: 2>&1)" = 0 ]
}
wait_for viewer_failed_or sharp
close_session

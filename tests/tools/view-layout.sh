#!/usr/bin/env bash
# rd-view --resize: the desktop takes the size of the window, once that rests, and
# then window and picture are the same; the window does not follow the desktop.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"

start_xvnc 640x480
host=$DISPLAY
on_host xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
start_desk 1000x800
host_is() { # WxH
	case $(on_host xhash) in "$1 "*) true ;; *) false ;; esac
}
window_is() { # WxH
	case $(on_desk xhash "$window") in "$1 "*) true ;; *) false ;; esac
}
drag() { # WxH…
	local size
	for size; do on_desk xdotool windowsize "$window" "${size%x*}" "${size#*x}"; done
}

# What is not to come has had the time for it.
rest() { sleep 0.5; }

CAPTURE=(--resize)
session --resize
shows_window
on_desk xdotool windowmove "$window" 0 0
wait_for in_window
host_is 640x480 || fail "it has another size at once: $(on_host xhash)"
for size in 800x600 333x251 901x701; do
	drag 500x400 501x401 "$size"
	wait_for host_is "$size"
	wait_for in_window
done
# Somebody there changes it: the window stays, and shows all of it.
on_host xrandr -s 640x480
wait_for host_is 640x480
drag 700x500
wait_for host_is 700x500
wait_for in_window
close_session
host_is 640x480 || fail "at the end it has $(on_host xhash)"

# A screen that is larger than the viewer's becomes as large as the window.
on_host xrandr -s 1600x1200
session --resize
shows_window
wait_for in_window
host_is 1600x1200 && fail "it is larger than the window"
close_session
host_is 1600x1200 || fail "at the end it has $(on_host xhash)"

# The whole screen.
on_host xrandr -s 640x480
session --resize --fullscreen
wait_for host_is 1000x800
shows_window
wait_for in_window
close_session

# Without the option, and without that of the other end, nothing changes; this says so.
on_host xrandr -s 640x480
wait_for host_is 640x480
session
shows_window
drag 500x400
wait_for window_is 500x400
rest
close_session
host_is 640x480 || fail "changed without --resize"
CAPTURE=()
session --resize 2>words
shows_window
wait_for grep -q 'keeps its size: rd-capture does not run with --resize there' words
drag 501x401
wait_for window_is 501x401
rest
close_session
host_is 640x480 || fail "changed without --resize of rd-capture"

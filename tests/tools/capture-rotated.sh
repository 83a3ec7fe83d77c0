#!/usr/bin/env bash
# A monitor that is turned, on its side or over, or mirrored, in Xephyr, the one server
# without a screen that can do that: the picture is as it is to be looked at, the pointer
# is where it points, and the size that a viewer asks for is that of what is seen.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
for tool in Xephyr xdotool xrandr; do command -v $tool >/dev/null || skip "no $tool"; done

start_x 1600x1200
start_server Xephyr -screen 800x600
host=$DISPLAY turned=$pid_of_x
# Before the screen that it is on, or it leaves its socket behind.
trap 'code=$?; stop "$turned"; cleanup $code' EXIT
start_desk 1300x1100
on_host xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'

turn() { # what xrandr is told
	on_host xrandr "$@" 2>/dev/null
}

screen_is() { # WxH
	case $(on_host xhash) in "$1 "*) true ;; *) false ;; esac
}

window_is() { # WxH
	[ "$(on_desk xdotool getwindowgeometry --shell "$window" | sed -n 's/^WIDTH=//p; s/^HEIGHT=//p' |
		paste -sd x)" = "$1" ]
}

points_to() { # X Y
	[ "$(on_host xdotool getmouselocation 2>/dev/null | cut -d ' ' -f 1,2)" = "x:$1 y:$2" ]
}

# The window has the size and the picture of the screen, and a place of it is the same there.
is_right() { # WxH X Y
	wait_for screen_is "$1"
	wait_for window_is "$1"
	wait_for in_window
	on_desk xdotool mousemove --window "$window" "$2" "$3"
	wait_for points_to "$2" "$3"
}

# Turned while it is looked at
for part in '' '--monitor default'; do
	# shellcheck disable=SC2206 # words
	CAPTURE=($part)
	session
	shows_window
	is_right 800x600 700 30
	turn -o left
	is_right 600x800 30 700
	turn -o inverted
	is_right 800x600 710 40
	turn -o right
	is_right 600x800 40 710
	turn -o normal
	turn -x
	is_right 800x600 720 50
	turn -o normal
	is_right 800x600 730 60
	close_session
done

# On its side the sizes are those of what is seen, and it is put back so. A mode of its
# own and one that is made: to xrandr, which makes the server look for more, that one
# would be another.
turn -o left
wait_for screen_is 600x800
CAPTURE=(--resize)
session --resize
shows_window
is_right 600x800 30 700
for size in 640x480 480x640 500x700; do
	on_desk xdotool windowsize "$window" "${size%x*}" "${size#*x}"
	is_right $size 470 440
done
close_session
wait_for screen_is 600x800
turn | grep -q '600x800+0+0 left' || fail "it is not as it was: $(turn)"

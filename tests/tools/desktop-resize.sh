#!/usr/bin/env bash
# A screen that is resized, to and fro, while a terminal scrolls, is followed
# without a restart and seen exactly when it rests: all of it and one monitor.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"

start_xvnc 640x480
host=$DISPLAY
start_desk 1600x1200
on_host xsetroot -solid '#503010'

# Modes that the server has not may be made.
has_mode() { # WxH
	on_host xrandr | grep -q "^ *$1 "
}
resize() { # WxH
	has_mode "$1" || on_host xrandr --newmode "$1" 50 "${1%x*}" 0 0 "${1%x*}" "${1#*x}" 0 0 "${1#*x}"
	on_host xrandr --addmode VNC-0 "$1" 2>/dev/null || true
	on_host xrandr --output VNC-0 --mode "$1"
}

screen_is() { # WxH
	case $(on_host xhash) in "$1 "*) true ;; *) false ;; esac
}

at_rest() { # what, ARG… of xhash
	local end=$((SECONDS + WAIT_S)) what=$1
	shift
	until in_window "$@"; do
		ended "$viewer" && fail "$what: rd-view has ended"
		[ $SECONDS -lt $end ] ||
			fail "$what: the host has $(on_host xhash "$@"), the window $(on_desk xhash "$window")"
		sleep 0.05
	done
}

scroll() {
	rm -f enough
	# shellcheck disable=SC2016
	start env DISPLAY="$host" xterm -geometry 90x30+30+30 -T scroller -e sh -c \
		'i=0; while [ ! -e enough ]; do i=$((i+1)); echo "line $i of many, $i $i $i"; done; sleep 1000'
	terminal=$pid
}

session
shows_window
# In a corner there is room to grow.
on_desk xdotool windowmove "$window" 0 0
at_rest "the first size"
first=$(pgrep -P "$viewer")
scroll
for size in 1024x768 800x600 1280x1024 333x251 640x480 1600x1200 641x479; do
	resize "$size"
	wait_for screen_is "$size"
done
# No time to look between these.
for size in 1024x768 320x240 1400x900 800x600; do resize "$size"; done
touch enough
at_rest "after many sizes"
for size in 1280x1024 640x480; do
	resize "$size"
	at_rest "at $size"
done
[ "$(pgrep -P "$viewer")" = "$first" ] || fail "something was started anew"
stop "$terminal"
at_rest "the end"
close_session

# One of two monitors: its own pixels, wherever it is, and however large.
resize 1200x800
on_host xrandr --setmonitor left 600/160x800/210+0+0 VNC-0
on_host xrandr --setmonitor right 600/160x800/210+600+0 none
scroll
CAPTURE=(--monitor right)
session
shows_window
on_desk xdotool windowmove "$window" 0 0
touch enough
at_rest "the right monitor" 600 800 600 0
on_host xrandr --delmonitor right
on_host xrandr --setmonitor right 500/160x700/210+650+50 none
at_rest "a monitor that shrank and moved" 500 700 650 50
resize 1600x900
on_host xrandr --delmonitor right
on_host xrandr --setmonitor right 900/160x900/210+700+0 none
at_rest "a monitor that grew with the screen" 900 900 700 0
close_session

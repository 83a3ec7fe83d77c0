#!/usr/bin/env bash
# The window shows the picture pixel for pixel, keeps its shape when it is
# made smaller, and what lies over it for a while leaves no trace.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"

# What the peer's lines look like, by way of a file instead of a window.
reference() { # file, line…
	local file=$1
	shift
	mkfifo fifo.ref
	start rd-view --to "png:$file" -- view-peer "$PWD/log.ref" "$PWD/fifo.ref"
	printf '%s\n' "$@" "end 0 0 over" >fifo.ref
	wait_end "$pid"
	rm fifo.ref
}

# Scaled pictures may differ by rounding, and do at few pixels.
resembles() { # picture, reference
	[ "$(compare -metric AE -fuzz 3% "$1" "$2" null: 2>&1)" -lt 2400 ]
}

scaled_is_shown() { # WxH of the window, +Y of the picture in it, reference
	window_is "$1" || return 1
	convert shot.png -crop "$(identify -format '%wx%h' "$3")+0+$2" +repage part.png
	resembles part.png "$3"
}

# A strip of the window, WxH+X+Y, without any light in it.
black() {
	[ "$(convert shot.png -crop "$1" +repage -format '%[fx:maxima]' info:)" = 0 ]
}

start_x 800x600
reference first.png "resolution 400 300"
reference second.png "resolution 400 300" "paint 50 60 70 80 cc3300" "paint 0 299 400 1 ffffff"
reference wide.png "resolution 1600 600"
convert wide.png -filter box -resize '800x300!' small.png

# A renderer is the graphics driver's: what that leaves in memory is not ours.
renderers="surface texture"
[ -z "$RD_SAN" ] || renderers=surface
for render in $renderers; do
	open_view --render "$render"
	# Nothing to see, no window.
	find_window && fail "a window without a picture"
	tell "resolution 400 300"
	wait_window
	wait_for shows first.png
	tell "paint 50 60 70 80 cc3300"
	tell "paint 0 299 400 1 ffffff"
	wait_for shows second.png
	wait_log '^ack 3'

	focus
	xdotool key ctrl+alt+shift+f
	wait_for window_is 800x600
	xdotool key ctrl+alt+shift+f
	wait_for shows second.png
	xdotool key ctrl+alt+shift+s
	wait_for shows_not second.png
	xdotool key ctrl+alt+shift+s
	wait_for shows second.png
	# A notice stays for some seconds; once is enough.
	if [ "$render" = surface ]; then
		tell "notice all is well"
		wait_for shows_not second.png
		wait_for shows second.png
	fi

	# Another window over it, and away again.
	start xterm -geometry 20x5+250+200
	wait_for xdotool search --onlyvisible --class XTerm
	stop "$pid"
	wait_for shows second.png

	# A picture of twice the screen's width: all of it.
	tell "resolution 1600 600"
	wait_for scaled_is_shown 800x300 0 small.png
	# In a window of another shape it lies in the middle, black above and below.
	xdotool windowmove "$window" 0 0 windowsize "$window" 800 500
	wait_for scaled_is_shown 800x500 100 small.png
	black 800x100+0+0 || fail "$render: light above the picture"
	black 800x100+0+400 || fail "$render: light below the picture"
	# One to one again.
	xdotool windowsize "$window" 800 300
	tell "resolution 400 300"
	wait_for shows first.png

	# Closing ends the other side, and is no failure.
	focus
	xdotool key ctrl+alt+shift+q
	wait_end "$viewer"
	[ "$status" -eq 0 ] || fail "status $status when the window was closed"
	logged '^end 1 ' || fail "the other side was not told"
	stop "$viewer"
done

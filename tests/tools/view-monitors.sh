#!/usr/bin/env bash
# Monitors: one in the window, or each in a window of its own, which come and go as the
# monitors do; the pointer is right in all of them, at any scale; and whatever a peer
# says of its monitors has bounds.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"

# Two monitors of different heights, side by side.
left="left 200x300 0 0"
right="right 160x200 200 60"

no_window_called() {
	! window_called "$1"
}
show_whole() { # the one window of all monitors
	wait_for windows_are 1
	wait_window
}

# What the peer's lines look like, by way of a file instead of a window.
reference() { # file, option, line…
	local file=$1 option=$2
	shift 2
	mkfifo fifo.ref
	# shellcheck disable=SC2086
	start rd-view --to "png:$file" $option -- view-peer "$PWD/log.ref" "$PWD/fifo.ref"
	printf '%s\n' "$@" "end 0 0 over" >fifo.ref
	wait_end "$pid"
	rm fifo.ref
	[ "$status" -eq 0 ] || fail "$file: status $status"
}
crop() { # file, WxH+X+Y, of which
	convert "$3" -crop "$2" +repage "$1"
}

# Where a click in the window arrives.
clicks() { # X Y in the window, X Y in the picture
	local before
	before=$(grep -c '^button 0 up' "$log" || true)
	xdotool mousemove --window "$window" "$1" "$2" click 1
	wait_for eval "[ \"\$(grep -c '^button 0 up' '$log')\" -gt $before ]"
	[ "$(grep '^pointer' "$log" | tail -n 1)" = "pointer $3 $4" ] ||
		fail "a click at $1 $2 came as $(grep '^pointer' "$log" | tail -n 1), not $3 $4"
}
# At a scale of that many halves: the first, the middle and the last pixel.
clicks_at() { # halves, monitor's name width height x y
	local n=$1 w=$3 h=$4 x=$5 y=$6 last_x last_y
	in_window_of "$2"
	xdotool windowsize "$window" $((w * n / 2)) $((h * n / 2))
	wait_for window_is "$((w * n / 2))x$((h * n / 2))"
	# Of a pixel that covers two the second is what is in its middle.
	clicks 0 0 $((x + (n == 1))) $((y + (n == 1)))
	clicks $((w * n / 4)) $((h * n / 4)) $(((2 * (w * n / 4) + 1) / n + x)) $(((2 * (h * n / 4) + 1) / n + y))
	last_x=$((w * n / 2 - 1)) last_y=$((h * n / 2 - 1))
	clicks $last_x $last_y $((x + (2 * last_x + 1) / n)) $((y + (2 * last_y + 1) / n))
}

start_x 1400x700
reference all.png "" "resolution 400 300"
reference all2.png "" "resolution 400 300" "paint 190 50 30 30 cc3300"
crop left.png 200x300+0+0 all.png
crop right.png 160x200+200+60 all.png
crop left2.png 200x300+0+0 all2.png
crop right2.png 160x200+200+60 all2.png
reference right.file.png "--monitor right" "monitors $left $right" "resolution 400 300"
same_picture right.file.png right.png || fail "a file of one monitor is another picture"
reference moved.png "--monitor right" "monitors right 160x200 0 0" "resolution 400 300" \
	"monitors $left $right" "paint 390 290 1 1 cc3300"
same_picture moved.png right.png || fail "a monitor that moved is another picture in the file"

renderers="surface texture"
[ -z "$RD_SAN" ] || renderers=surface
for render in $renderers; do
	# --- one of them ---
	open_view --render "$render" --monitor right
	tell "monitors $left $right"
	tell "resolution 400 300"
	in_window_of right
	wait_for shows right.png
	wait_log '^watch-only right$'
	clicks 0 0 200 60
	clicks 159 199 359 259
	tell "paint 190 50 30 30 cc3300"
	wait_for shows right2.png
	# Others, by keys.
	focus
	xdotool key ctrl+alt+shift+1
	in_window_of left
	wait_for shows left2.png
	xdotool key ctrl+alt+shift+0
	show_whole
	wait_for shows all2.png
	focus
	xdotool key ctrl+alt+shift+w
	wait_for windows_are 2
	in_window_of left
	wait_for shows left2.png
	in_window_of right
	wait_for shows right2.png
	focus
	xdotool key ctrl+alt+shift+q
	wait_end "$viewer"
	[ "$status" -eq 0 ] || fail "status $status"
done

# --- the one that is wanted goes: all is there, and that is said; it comes back, elsewhere ---
open_view --monitor right
tell "monitors $left $right"
tell "resolution 400 300"
in_window_of right
wait_for shows right.png
tell "monitors $left"
show_whole
wait_for window_is 400x300
wait_log '^watch-only$'
wait_for shows_not all.png
wait_for shows all.png
tell "monitors $left right 160x200 240 100"
in_window_of right
wait_for window_is 160x200
crop elsewhere.png 160x200+240+100 all.png
wait_for shows elsewhere.png
clicks 5 6 245 106
# Nor is there a seventh.
focus
xdotool key ctrl+alt+shift+7
wait_for shows_not elsewhere.png
wait_for shows elsewhere.png
stop "$viewer"

# --- each ---
open_view --monitor each --name monitored
tell "monitors $left $right"
tell "resolution 400 300"
wait_for windows_are 2
in_window_of left
wait_for shows left.png
xdotool windowmove "$window" 0 0
a=$window
in_window_of right
wait_for shows right.png
xdotool windowmove "$window" 700 0
b=$window
for halves in 2 1 3 4; do
	clicks_at $halves left 200 300 0 0
	clicks_at $halves right 160 200 200 60
done
window=$a
xdotool windowsize "$a" 200 300 windowsize "$b" 160 200
wait_for window_is 200x300
# Keys in any of them.
for window in "$a" "$b"; do
	focus
	xdotool key x
done
wait_for eval "[ \"\$(grep -c '^key 45 0x78 down' '$log')\" -eq 2 ]"
# A drag that begins in one goes on in the other, and ends where it is let go: there,
# between them, at the edge of where it began.
drag_from() { # X Y, in the left one, and a little further
	local before
	before=$(grep -c '^button 0 down' "$log")
	xdotool mousemove --window "$a" "$1" "$2" mousedown 1
	wait_for eval "[ \"\$(grep -c '^button 0 down' '$log')\" -gt $before ]"
	xdotool mousemove --window "$a" $(($1 + 1)) "$2"
	wait_log "^pointer $(($1 + 1)) $2\$"
}
drag_from 20 30
xdotool mousemove --window "$b" 40 50
wait_log '^pointer 240 110$'
xdotool mouseup 1
wait_for eval "tail -n 1 '$log' | grep -q '^button 0 up'"
drag_from 50 60
xdotool mousemove 500 100
wait_log '^pointer 199 100$'
xdotool mouseup 1

# A third comes, and goes.
tell "monitors $left $right third 100x50 10 10"
wait_for windows_are 3
in_window_of third
crop third.png 100x50+10+10 all.png
wait_for shows third.png
tell "monitors $left $right"
wait_for windows_are 2
wait_for no_window_called third
# Another size.
tell "monitors $left right 100x120 200 60"
in_window_of right
wait_for window_is 100x120
# The picture, too.
tell "resolution 600 300"
tell "monitors $left right 400x300 200 0"
in_window_of right
wait_for window_is 400x300

# One is closed: it stays closed, whatever happens to the others, until it is asked for.
xclose "$window"
wait_for windows_are 1
wait_log '^watch-only left$'
tell "monitors $left right 400x300 200 0 third 100x50 10 10"
wait_for windows_are 2
no_window_called right || fail "what was closed is there again"
rd-ctl monitored set monitor=each
wait_for windows_are 3
in_window_of right
# By rd-ctl, too.
rd-ctl monitored set monitor=2
wait_for windows_are 1
[ "$(rd-ctl --json monitored | jq -r '.monitor')" = 2 ] || fail "rd-ctl: $(rd-ctl --json monitored)"
[ "$(rd-ctl --json monitored | jq -r '.monitors[1] | "\(.name) \(.width)x\(.height)+\(.x)"')" = "right 400x300+200" ] ||
	fail "rd-ctl: $(rd-ctl --json monitored)"
rd-ctl monitored set monitor=9 2>words && fail "rd-ctl: a ninth"
grep -q 'all, each, primary, .* number (from 1): 1 left, 2 right, 3 third' words || fail "it does not say which there are: $(cat words)"
rd-ctl monitored set monitor=each
wait_for windows_are 3
# Closing all of them one after the other ends it.
for name in left right third; do
	in_window_of $name
	xclose "$window"
done
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status when all were closed"

# --- the other pointer is in the window that it is in ---
open_view --monitor each --view-only
tell "monitors $left $right"
tell "frame 400 300 336699"
tell "shape 8 8 0 0"
tell "pointer 250 100 1"
white_at() { # X,Y
	import -window "$window" shot.png
	[ "$(convert shot.png -format "%[hex:p{$1}]" info:)" = FFFFFF ]
}
not_white_at() {
	! white_at "$1"
}
in_window_of right
wait_for white_at 53,43
tell "pointer 60 70 1"
wait_for not_white_at 53,43
in_window_of left
wait_for white_at 63,73
stop "$viewer"

# --- --resize names the monitor, once its window rests ---
open_view --monitor each --resize
tell "monitors $left $right"
tell "frame 400 300 336699"
in_window_of right
xdotool windowsize "$window" 180 220
wait_log '^layout 180 220 right$'
tell "monitors $left right 180x220 200 60"
in_window_of left
xdotool windowsize "$window" 333 222
wait_log '^layout 333 222 left$'
stop "$viewer"

# --- who does not say which there are, or has no such ---
refused() { # status, sentence, line…
	local code=$1 words=$2
	shift 2
	mkfifo fifo.ref
	start rd-view --to hash --monitor right -- view-peer "$PWD/log.ref" "$PWD/fifo.ref" >"hash" 2>said
	printf '%s\n' "$@" >fifo.ref
	wait_end "$pid"
	rm fifo.ref
	[ "$status" -eq "$code" ] || fail "status $status, not $code: $(cat said)"
	grep -q "$words" said || fail "not said: $words: $(cat said)"
	[ ! -s hash ] || fail "a picture for what is not there"
}
refused 11 "does not say which monitors it has" "frame 400 300 336699"
refused 2 "no monitor right there; there is 1 left" "monitors $left" "frame 400 300 336699"
open_view --monitor right 2>words
tell "resolution 400 300"
show_whole
wait_for window_is 400x300
wait_for grep -q 'does not say which monitors it has: all is shown' words
stop "$viewer"

# --- what a peer says without sense ---
many() { # how many
	local i
	printf 'monitors'
	for i in $(seq "$1"); do printf ' m%d 50x50 %d %d' "$i" $((i % 8 * 50 - 20)) $(((i - i % 8) * 50 / 8)); done
	echo
}
open_view --monitor each
tell "monitors out 100x100 1000 1000 over 65535x65535 -30000 -30000 mirror 65535x65535 -30000 -30000"
tell "resolution 400 300"
wait_for windows_are 1
in_window_of over
wait_for shows all.png
many 9 >&7
wait_for windows_are 9
# A thousand changes a second, under load; the last one counts.
for i in $(seq 1000); do
	tell "monitors a$i 100x$((100 + i % 50)) $((i % 200)) 0 b 100x100 $((i % 300)) 100"
	[ $((i % 10)) -ne 0 ] || tell "paint $((i % 400)) 10 1 1 cc3300"
done
tell "monitors $left $right"
wait_for windows_are 2
in_window_of left
in_window_of right
tell "monitors"
show_whole
wait_for window_is 400x300
stop "$viewer"

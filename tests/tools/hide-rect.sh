#!/usr/bin/env bash
# A hidden rectangle of the desktop is solid in whatever is captured, and its pixels are in no
# byte of it: not in a stream, a film, memory that is shared, or beneath a painted pointer.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
. "$RD_ROOT/tests/tools/lib-hide.sh"

start_x 640x480
xsetroot -solid '#204060' -cursor_name left_ptr
secret rest
at="40x40+30+40"
[ "$(leaks_of --frames 1)" -eq 1600 ] || fail "the colour is not to be seen without --hide"

none() { # what is captured how
	[ "$(leaks_of "$@")" -eq 0 ] || fail "it is in the stream: rd-capture $*"
}
none --hide "$at" --frames 1
none --hide 20x40+30+40 --hide 20x40+50+40 --frames 1
none --hide "$at" --region 60x60+20+30 --frames 1
none --hide "$at" --monitor 0 --frames 1
none --hide "$at" --window "$window" --frames 1
none --hide 600x400+0+0 --frames 1
none --hide 640x480+0+0 --frames 1
# A part of it, and no pixel more.
[ "$(leaks_of --hide 20x40+50+40 --frames 1)" -eq 800 ] || fail "more than was to be is hidden"
[ "$(leaks_of --hide 1x1+69+79 --frames 1)" -eq 1599 ] || fail "more than a pixel is hidden"

# The pointer lies on what is hidden, moves over it, and away again.
xdotool mousemove 45 55
none --hide "$at" --cursor --frames 1
view --hide "$at" --cursor
wait_for now 44 76 404040
for _ in 1 2 3 4 5; do xdotool mousemove_relative 7 3; done
xdotool mousemove_relative 200 200
wait_for grey 45 60
wait_for grey 60 64
wait_for now 20 60 204060
capture=$(pgrep -P "$viewer" -f rd-capture)
[ "$(lent "$capture" | wc -c)" -gt 1000000 ] || fail "no memory is shared"
[ "$(lent "$capture" | leaks)" -eq 0 ] || fail "it is in the memory that is shared"
bye

# What happens there is nobody's business: no frame tells of it.
view --hide 640x470+0+0
wait_for saw '^frame 1'
start skitter paint >paint.log
painted() { grep -q '^steps 1000' paint.log; }
wait_for painted
stop "$pid"
xsetroot -solid '#602040'
wait_for now 5 475 602040
grey 5 465 || fail "what is hidden is shown"
[ "$(frames)" -lt 300 ] || fail "$(frames) frames of what is hidden"
bye

# A film: the planes have the grey there, and the colour without.
film() { # option…: the three bytes of the pixel 40,50
	rd-capture --format y4m --chroma 444 --frames 2 "$@" >film.y4m
	# Its first line, "FRAME" and a newline, then three planes.
	local head frame=$((640 * 480)) at=$((50 * 640 + 40)) plane
	head=$(head -n 1 film.y4m | wc -c)
	for plane in 0 1 2; do
		od -An -tx1 -j $((head + 6 + plane * frame + at)) -N 1 film.y4m
	done | tr -d ' \n'
}
[ "$(film)" != "$(film --hide "$at")" ] || fail "the film does not know --hide"
[ "$(film --hide "$at")" = "$(film --hide 1x1+40+50)" ] || fail "two greys"

# Without shared memory, and with that of System V.
start nofd "${DISPLAY#:}" >way
wait_for has_line way
sysv() { DISPLAY=":$(cat way)" leaks_of "$@"; }
[ "$(sysv --frames 1)" -eq 1600 ] || fail "nothing through the proxy"
[ "$(sysv --hide "$at" --frames 1)" -eq 0 ] || fail "it is in the stream, by System V"
start_x 640x480 -extension MIT-SHM
secret rest
none --hide "$at" --frames 1

# Sixty of them, in a chequer: many rectangles are no reason to show one.
chequer=()
for y in 0 1 2 3 4 5 6; do
	for x in 0 1 2 3 4 5 6 7; do chequer+=(--hide "5x5+$((30 + x * 10 + y % 2 * 5))+$((40 + y * 5))"); done
done
[ "$(leaks_of --frames 1 "${chequer[@]}")" -eq 0 ] || fail "more than a picture has room for, and one is shown"
view "${chequer[@]}"
wait_for now 36 41 f13ca7
grey 31 41 || fail "its first square is shown"
grey 36 46 || fail "one beneath it is shown"
bye

# Mistakes.
wrong() { # text, option…
	local text=$1
	shift
	exits 2 rd-capture "$@" >/dev/null 2>words
	[ "$(wc -l <words)" -eq 1 ] && grep -qF -- "$text" words || fail "$*: $(cat words)"
}
wrong 'outside of the screen, which is 640x480' --hide 10x10+700+0
wrong 'WIDTHxHEIGHT+X+Y' --hide 10x10
wrong 'WIDTHxHEIGHT+X+Y' --hide 0x10+0+0
wrong 'a part of a title' --hide-window ''
wrong 'class:NAME' --hide-window class:
wrong 'a number such as' --hide-window 0
wrong '--source x11' --source test --hide 10x10+0+0
wrong '--source x11' --inject --hide-window x </dev/null
many=()
for x in $(seq 65); do many+=(--hide "1x1+$x+0"); done
wrong 'more than 64' "${many[@]}"

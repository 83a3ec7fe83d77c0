#!/usr/bin/env bash
# What is typed, scrolled, moved and filmed on a real desktop arrives exactly,
# in the viewer's window and in its picture files, as soon as the screen rests:
# whatever may be video, and with nothing as video.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"

write_page() {
	local i
	echo '<html><head><title>a page</title></head><body bgcolor="#f0f4ff"><h1>A long page</h1>'
	for i in $(seq 60); do
		echo "<h3>Part $i</h3><p>The <b>quick</b> brown fox jumps over the lazy dog, $i" \
			"times, and <i>the dog</i> sleeps on. <img src=\"picture.png\" height=60></p>"
	done
	echo '</body></html>'
}

on_host_has() { # NAME…
	on_host xdotool search --onlyvisible --name "$1" >/dev/null 2>&1
}

window_on_host() { # NAME
	wait_for on_host_has "$1"
	on_host xdotool search --onlyvisible --name "$1" | tail -n 1
}

# Keys go to the window that has the focus, and to where the pointer is.
type_into() { # WINDOW, then what xdotool is to do
	on_host xdotool windowraise "$1" windowfocus "$1" mousemove --window "$1" 100 100
	shift
	on_host xdotool "$@"
}

exact() {
	in_window && in_png pngs/*.png
}

# The host has been still for three looks in a row and both viewers show what
# it shows. What was asked of it may take a moment to begin, so a picture that
# is still the one of the last rest is believed only after three seconds.
rested=
at_rest() { # after what
	local end=$((SECONDS + WAIT_S)) patience=$((SECONDS + 3)) shown='' before='' looks=0
	while [ $looks -lt 3 ]; do
		if ended "$viewer" || ended "$camera"; then fail "$mode, $1: a viewer ended"; fi
		[ $SECONDS -lt $end ] || differences "$1"
		before=$shown
		shown=$(on_host xhash)
		looks=$((looks + 1))
		[ "$shown" = "$before" ] && exact || looks=0
		[ "$shown" != "$rested" ] || [ $SECONDS -ge $patience ] || looks=0
		sleep 0.02
	done
	rested=$shown
	# Old pictures are of no use any more.
	find pngs -name '*.png' | LC_ALL=C sort | head -n -5 | xargs -r rm -f
}

differences() {
	on_host import -silent -window root host.png
	on_desk import -silent -window "$window" window.png
	local f
	for f in pngs/*.png; do :; done
	fail "$mode, $1: not exact; pixels that differ:" \
		"$(compare -metric AE host.png window.png null: 2>&1) in the window," \
		"$(compare -metric AE host.png "$f" null: 2>&1) in $f"
}

types() {
	type_into "$terminal" type --delay 0 'echo The quick brown fox; ls -la /usr/lib'
	at_rest "typing"
	type_into "$terminal" key Return
	at_rest "a listing"
}

reads() {
	type_into "$terminal" type --delay 0 $'less page.html\n'
	scrolls "$terminal" 5
	type_into "$terminal" type --delay 0 $'q\nclear\n'
	at_rest "the end of less"
}

# A line down for every page up, so that no place is seen twice.
scrolls() { # WINDOW, pages
	local i
	for i in $(seq "$2"); do type_into "$1" key Next; done
	at_rest "scrolling down"
	for i in $(seq "$2"); do type_into "$1" key Prior key Down; done
	at_rest "scrolling up"
}

# A picture larger than its window, a step at a time.
pans() { # WINDOW, steps
	local i
	for i in $(seq "$2"); do type_into "$1" key ctrl+Down; done
	at_rest "panning down"
	type_into "$1" key ctrl+Up
	at_rest "panning up"
}

moves() { # WINDOW
	local i
	for i in $(seq 0 7 210); do on_host xdotool windowmove "$1" "$i" $((i / 2)); done
	at_rest "moving a window"
	# Half of it beyond the edges, and back at once.
	on_host xdotool windowmove "$1" -200 -150
	at_rest "moving a window over the edge"
	on_host xdotool windowmove "$1" 40 50
	at_rest "moving it back"
}

# A film in a window, for as long as it takes to see it; then it rests.
films() {
	local film
	start env DISPLAY="$host" SDL_AUDIODRIVER=dummy ffplay -loglevel error -an \
		-window_title film -left 300 -top 200 -f lavfi mandelbrot=size=320x240:rate=30
	film=$pid
	wait_for on_host_has '^film$'
	rm -f pngs/*.png
	wait_for pictures 40
	kill -STOP "$film"
	at_rest "a film that stands still"
	kill -KILL "$film"
	wait_end "$film"
	at_rest "the end of the film"
}

pictures() { # how many there are
	[ "$(find pngs -name '*.png' | wc -l)" -ge "$1" ]
}

begin() { # ARG… of rd-encode
	mode="rd-encode $*"
	rested=
	rm -rf pngs
	mkdir pngs
	session -- "$@" --stats "$PWD/stats"
	shows_window
	start env DISPLAY="$host" rd-view --to "png:pngs/%06d.png" -- rd-encode "$@" -- rd-capture
	camera=$pid
	at_rest "the start"
}

finish() {
	close_session
	kill -INT "$camera"
	wait_end "$camera"
}

used() { # KIND: whether the last window was sent anything as that
	! grep -q "\"$1\":{\"pixels\":0," stats
}

start_host 800x600
start_desk 1024x768
convert -seed 7 -size 1600x1200 plasma:tomato-steelblue picture.png
write_page >page.html
# What blinks is never at rest.
mkdir gtk-3.0
printf '[Settings]\ngtk-cursor-blink=0\n' >gtk-3.0/settings.ini

start env DISPLAY="$host" xterm -geometry 100x30+20+20 -T terminal -e sh -c 'PS1="$ " exec sh'
terminal=$(window_on_host '^terminal$')
start env DISPLAY="$host" HOME="$PWD" XDG_CONFIG_HOME="$PWD" netsurf-gtk "file://$PWD/page.html"
browser=$(window_on_host '^a page')
on_host xdotool windowsize "$browser" 480 400 windowmove "$browser" 300 150
start env DISPLAY="$host" HOME="$PWD" feh -g 300x240+450+20 --title feh picture.png
picture=$(window_on_host '^feh$')

begin
types
reads
scrolls "$browser" 10
moves "$browser"
pans "$picture" 6
moves "$picture"
films
finish
used copy || fail "nothing was copied: $(cat stats)"
used video || fail "nothing was video: $(cat stats)"

begin --codec none
types
scrolls "$browser" 5
moves "$picture"
films
finish
used video && fail "video with --codec none: $(cat stats)"

begin --codec av1
types
scrolls "$browser" 5
moves "$picture"
films
finish
used video || fail "nothing was video: $(cat stats)"

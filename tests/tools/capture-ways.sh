#!/usr/bin/env bash
# Every way of getting pixels out of a server gives the same picture: memory
# shared by descriptor, System V shared memory where descriptors get lost, and
# plain replies where there is no shared memory; 32 and 16 bits a pixel.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
export RD_LOG=info

# A picture with something in it, then a change of a part.
watch() { # way
	xsetroot -bitmap "$RD_ROOT/tests/tools/dots.xbm" -fg '#e0c080' -bg '#204060'
	view 2>words
	settled
	n=$(frames)
	start xterm -geometry 30x5+100+100 -e sleep 1000
	wait_for more_frames_than "$n"
	settled
	grep -q "pixels by $1" words || fail "not by the way \"$1\": $(cat words)"
	if grep -q 'shared memory fails' words; then fail "$(cat words)"; fi
	stop "$pid"
	bye
}

start_x 333x251
watch shared

start nofd "${DISPLAY#:}" >way
wait_for has_line way
DISPLAY=":$(cat way)" view 2>words
settled
grep -q 'pixels by sysv' words || fail "not by System V shared memory: $(cat words)"
bye

start_x 333x251 -extension MIT-SHM
watch plain

# 16 bits: as ImageMagick or anybody widens them.
start_server Xvfb -screen 0 322x200x16
xsetroot -solid '#ff0000'
view
red() { say pixel 11 12 && saw '^pixel 11 12 (ff|f8)0000$'; }
wait_for red
xsetroot -solid '#0000ff'
blue() { say pixel 321 199 && saw '^pixel 321 199 0000(ff|f8)$'; }
wait_for blue
bye

# 8 bits have a palette, which we refuse in words.
start_server Xvfb -screen 0 322x200x8
exits 11 rd-capture --frames 1 >/dev/null 2>words
grep -q 'pixels we cannot read' words || fail "$(cat words)"

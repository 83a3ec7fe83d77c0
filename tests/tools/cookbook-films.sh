#!/usr/bin/env bash
# The cookbook's recordings and films, and other people's tools at the end of a pipe.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-cookbook.sh"
for tool in ffmpeg mpv; do command -v $tool >/dev/null || skip "no $tool"; done

start_x 640x480
xsetroot -solid '#204060'
start xterm -geometry 60x24+20+20 -e sh -c 'while sleep 0.05; do date +%N-%c; ls -la; done'
wait_for a_window sh

# The window of these covers the screen that it shows, so that soon nothing moves.
simmer <<'L'
rd-capture | rd-encode | tee -i session.rd | rd-view -
L
wait_for a_window rd
wait_for grown session.rd 1000
served
simmer <<'L'
rd-capture | rd-encode | tee >(rd-record a.webm) | rd-view -
L
wait_for a_window rd
wait_for grown a.webm 1000
served
wait_for plays a.webm

# It ends by itself, and its window is there so shortly that it takes more than one look, perhaps.
is_seen() {
	local seen=1
	simmer <<'L'
rd-view session.rd
L
	while running "$dish"; do ! a_window rd || seen=0; done
	boiled
	return $seen
}
wait_for is_seen
cook <<'L'
rd-record session.rd film.webm
L
plays film.webm || fail "no film"
[ "$(tail -n 1 out)" = film.webm ] || fail "$(cat out)"
cook <<'L'
rd-encode --codec av1 -s 0.5 < session.rd > small.rd
L
rd-view --to hash small.rd | tail -n 1 | grep -q 320x240 || fail "not smaller"

simmer <<'L'
rd-capture --format y4m --fps 30 | ffmpeg -i - out.mp4
L
wait_for grep -q 'frame= *[1-9]' err
served 0 130 255
plays out.mp4 || fail "no film: $(cat err)"
simmer <<'L'
rd-encode --format ivf -- rd-capture | ffmpeg -i - -c copy out.webm
L
wait_for grown out.webm 1
served 0 130 255
plays out.webm || fail "no film: $(cat err)"
# It would look for a graphics card first, for half a minute.
mkdir mpv.conf.d
echo vo=x11 >mpv.conf.d/mpv.conf
export MPV_HOME=$PWD/mpv.conf.d
simmer <<'L'
rd-capture --format y4m --fps 10 | mpv -
L
wait_for a_window mpv
served 0 4 130

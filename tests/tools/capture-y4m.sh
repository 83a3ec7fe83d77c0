#!/usr/bin/env bash
# A film for other people's programs: a constant rate, idle or not.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-capture.sh"
command -v ffmpeg >/dev/null || skip "no ffmpeg"

count() { # FILE: frames a stranger sees in it, and its size and rate
	ffprobe -v error -count_frames -show_entries \
		stream=width,height,r_frame_rate,nb_read_frames,pix_fmt -of csv=p=0 "$1"
}

# A test picture has a frame for each of its own, at its own rate.
rd-capture --source test --size 65x49 --frames 12 --format y4m >test.y4m
[ "$(count test.y4m)" = 65,49,yuv420p,30/1,12 ] || fail "$(count test.y4m)"
rd-capture --source test --size 64x48 --fps 12.5 --frames 5 --format y4m --chroma 444 >test.y4m
[ "$(count test.y4m)" = 64,48,yuv444p,25/2,5 ] || fail "$(count test.y4m)"

# A film that comes in as one goes out as it came, but for the colours twice
# converted.
rd-capture --source y4m:test.y4m --format y4m --chroma 444 >again.y4m
[ "$(count again.y4m)" = 64,48,yuv444p,25/2,5 ] || fail "$(count again.y4m)"

# A desktop that rests has as many frames as one that does not.
start_x 320x200
xsetroot -solid '#ff0000'
rd-capture --format y4m --fps 20 --frames 10 >still.y4m
[ "$(count still.y4m)" = 320,200,yuv420p,20/1,10 ] || fail "$(count still.y4m)"
start xterm -e sh -c 'while :; do date; sleep 0.01; done'
rd-capture --format y4m --fps 20 --duration 0.5s | ffmpeg -v error -i - -f null - || fail "ffmpeg is not content"
rd-capture --format y4m --fps 20 --duration 0.5s >busy.y4m
[ "$(count busy.y4m)" = 320,200,yuv420p,20/1,10 ] || fail "$(count busy.y4m)"

# What is red is red.
stop "$pid"
rd-capture --format y4m --frames 1 | ffmpeg -v error -i - -vf crop=2:2:10:10 -pix_fmt rgb24 -f rawvideo - |
	od -An -tu1 -N3 >colour
read -r r g b <colour
[ "$r" -gt 250 ] && [ "$g" -lt 5 ] && [ "$b" -lt 5 ] || fail "red is $r $g $b"

# A reader that has enough ends it.
{ rd-capture --format y4m || echo $? >code; } | head -c 100000 >/dev/null
[ "$(cat code)" -eq 8 ] || fail "status $(cat code) on a closed pipe"
# ^C leaves a whole number of frames.
(trap - INT; exec rd-capture --format y4m) >cut.y4m &
capture=$!
started+=("$capture")
wait_for test -s cut.y4m
kill -INT "$capture"
wait_end "$capture"
[ "$status" -eq 0 ] || fail "status $status after SIGINT"
head=$(head -n 1 cut.y4m | wc -c)
[ $((($(stat -c %s cut.y4m) - head) % (320 * 200 * 3 / 2 + 6))) -eq 0 ] || fail "a frame was cut"

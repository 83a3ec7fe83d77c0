# Sourced by the record-*.sh scripts after lib.sh: what a film is like.
#
#	frames FILE	how many pictures it has when all are decoded
#	seconds FILE	its duration as it says of itself, in ms
#	last_ms FILE	the time of its last picture, in ms
#	plays FILE	all of it is decoded without a word
#	last_picture FILE PNG	writes its last picture
#	alike A B DB	two picture files differ by no more than that (PSNR); the test
#			card has 30 dB left when colours have half its resolution
#	chapters FILE	"TIME TITLE" a line, time in whole ms
# shellcheck shell=bash

for tool in ffmpeg ffprobe; do
	command -v $tool >/dev/null || skip "no $tool"
done

frames() {
	ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames \
		-of csv=p=0 "$1"
}

seconds() {
	ffprobe -v error -show_entries format=duration -of csv=p=0 "$1" |
		awk '{ printf "%d\n", $1 * 1000 + 0.5 }'
}

last_ms() {
	ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 "$1" |
		awk -F, '{ at = $1 } END { printf "%d\n", at * 1000 + 0.5 }'
}

plays() {
	local words
	words=$(ffmpeg -nostdin -v warning -i "$1" -map 0:v -fps_mode passthrough \
		-enc_time_base -1 -f null - 2>&1) && [ -z "$words" ] ||
		fail "$1 does not play: $words"
}

last_picture() {
	ffmpeg -nostdin -v error -y -i "$1" -map 0:v -update 1 -fps_mode passthrough \
		-enc_time_base -1 "$2"
}

alike() {
	local got
	got=$(compare -metric PSNR "$1" "$2" null: 2>&1 || true)
	[ "$got" = inf ] || awk -v got="$got" -v want="$3" 'BEGIN { exit !(got + 0 >= want) }' ||
		fail "$1 and $2: PSNR of $got, not $3"
}

chapters() {
	ffprobe -v error -show_entries chapter=start_time:chapter_tags=title -of csv=p=0 "$1" |
		awk -F, '{ printf "%d %s\n", $1 * 1000 + 0.5, $2 }'
}

#!/usr/bin/env bash
# A film with sound, in step: flashes and clicks of one moment are of one moment in the
# film, live, out of recordings that are joined, and in its parts; ffmpeg looks.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-sound.sh"

start_x 320x240
start_pulse

capture_listens() {
	pactl list source-outputs | grep -q 'application.name = "rd-capture"'
}
clicks() { # film: when each began, in seconds
	ffmpeg -v error -i "$1" -map 0:a -af aresample=async=1:min_hard_comp=0.001:first_pts=0 -ac 1 -ar 48000 -f s16le - |
		od -An -v -w2 -t d2 | awk '$1 > 4000 || $1 < -4000 { if (NR - last > 9600) printf "%.3f\n", NR / 48000; last = NR }'
}
flashes() { # film: when the window became white
	ffprobe -v error -f lavfi "movie=$1,crop=16:16:8:8,signalstats" \
		-show_entries frame=pts_time:frame_tags=lavfi.signalstats.YAVG -of csv=p=0 |
		awk -F, '{ white = $2 > 128; if (white && !was) print $1; was = white }'
}
# Most of the flashes have a click within 200 ms (of 900) of them, the nearest one counts.
in_step() { # film, how many at least
	clicks "$1" >clicks
	flashes "$1" >flashes
	awk -v want="$2" 'NR == FNR { click[n++] = $1; next }
		{ best = 9; for (i = 0; i < n; i++) { d = $1 - click[i]; d = d < 0 ? -d : d; if (d < best) best = d }
		if (best < 0.2) hit++; all++; apart = apart " " best }
		END { print hit + 0 " of " all + 0 " in step:" apart; exit !(hit >= want && hit * 4 >= all * 3) }' clicks flashes ||
		fail "$1: clicks at $(tr '\n' ' ' <clicks), flashes at $(tr '\n' ' ' <flashes)"
}
has_sound() { # film
	[ "$(ffprobe -v error -select_streams a -show_entries stream=codec_name,sample_rate,channels -of csv=p=0 "$1")" = opus,48000,2 ] ||
		fail "$1 has no sound: $(ffprobe -v error -show_streams "$1" | grep codec_name)"
}
clean() { # film: decodes without a word
	ffmpeg -nostdin -v warning -i "$1" -map 0:v -fps_mode passthrough -enc_time_base -1 -f null - 2>words
	ffmpeg -nostdin -v error -i "$1" -map 0:a -f s16le - 2>>words >samples
	[ ! -s words ] || fail "$1: $(head -n 3 words)"
}

# Live, and the stream kept beside it.
start rd-record --json live.webm -- rd-encode -- rd-capture
film=$pid
wait_for capture_listens
clap desk desk - 0 0 6
kill "$film"
wait_end "$film"
has_sound live.webm
clean live.webm
in_step live.webm 4

# Raw samples, of a plain pipeline, become Opus in the film.
start rd-capture --duration 60 >raw.rd
capture=$pid
wait_for capture_listens
clap desk desk - 0 0 5
kill "$capture"
wait_end "$capture"
rd-record --quiet raw.rd raw.mkv
has_sound raw.mkv
in_step raw.mkv 3
rd-encode <raw.rd >small.rd
rd-record --quiet small.rd small.webm
in_step small.webm 3

# Two recordings in one film: the second one's sound is with its pictures.
rd-record --quiet small.rd small.rd joined.webm
has_sound joined.webm
clean joined.webm
in_step joined.webm 6

# Parts, each with its sound; the last seconds; and without sound.
rd-record --quiet --split-time 2s small.rd part.webm
for part in part-0*.webm; do has_sound "$part"; clean "$part"; done
[ "$(cat part-0*.webm | wc -c)" -gt 1000 ] && [ -e part-001.webm ] || fail "no parts"
rd-record --quiet --last 3s --save-at-end small.rd last.webm
last=$(ls last*.webm)
has_sound "$last"
clean "$last"
rd-record --quiet --no-sound small.rd mute.webm
[ -z "$(ffprobe -v error -select_streams a -show_entries stream=codec_name -of csv=p=0 mute.webm)" ] ||
	fail "--no-sound has sound"

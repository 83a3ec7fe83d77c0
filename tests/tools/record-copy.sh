#!/usr/bin/env bash
# The packets of a stream that is video alone are in the film as they are; what is
# not, is drawn.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"

packets() { # FILE: a hash a packet
	case $1 in
	# Matroska leaves out the first two bytes of each, which say that it begins.
	av1.*) ffmpeg -nostdin -v error -i "$1" -map 0:v -fps_mode passthrough -enc_time_base -1 \
		-f framehash - | sed -n 's/^0,.*, *//p' ;;
	*) hashes "$1" ;;
	esac
}
hashes() {
	ffprobe -v error -select_streams v -show_entries packet=data_hash -show_data_hash SHA256 \
		-of csv=p=0 "$1"
}

for codec in vp8 vp9 av1; do
	rd-capture --source test --size 320x180 --frames 40 |
		rd-encode --updates video --codec $codec >$codec.rd
	rdivf <$codec.rd >$codec.ivf
	rd-record $codec.rd $codec.webm >/dev/null
	plays $codec.webm
	packets $codec.ivf >want
	[ "$(wc -l <want)" -ge 40 ] || fail "$codec: $(wc -l <want) packets in the stream"
	# What rd-encode says exactly at the end is ours.
	packets $codec.webm | head -n "$(wc -l <want)" >got
	cmp got want || fail "$codec: not the stream's own packets"
	rd-view --to png:last.png $codec.rd
	last_picture $codec.webm film.png
	alike film.png last.png 28
done

# Not where they are not wanted, or of another codec.
for options in --no-copy '--codec vp8' '--fps 30'; do
	# shellcheck disable=SC2086 # options are words
	rd-record $options vp9.rd other.mkv --overwrite >/dev/null
	plays other.mkv
	packets other.mkv | cmp -s - <(packets vp9.webm) && fail "$options took the stream's packets"
done

# A pointer has to be drawn: from then on pictures are ours, and the film goes on.
rd-capture --source test --size 320x180 --frames 5 >raw.rd
rd-record --no-pointer raw.rd none.webm >/dev/null
peer -w hello frame:1:320:180:ff pointer:50:50 end:0 | rd-record pointed.webm >/dev/null
plays pointed.webm

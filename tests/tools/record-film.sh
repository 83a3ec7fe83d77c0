#!/usr/bin/env bash
# A stream becomes a film with the same pictures at the same times, which has an
# index, wherever it comes from.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"

rd-capture --source test --size 320x180 --frames 90 | rd-encode >s.rd
rd-view --to png:last.png s.rd
rd-view --to png:each-%03d.png s.rd

for file in a.webm a.mkv; do
	[ "$(rd-record s.rd $file)" = $file ] || fail "the name was not printed"
	plays $file
	[ "$(seconds $file)" -ge 2967 ] && [ "$(seconds $file)" -le 3200 ] || fail "lasts $(seconds $file) ms"
	[ "$(frames $file)" -ge 90 ] || fail "$(frames $file) pictures"
	grep -q $'\x1c\x53\xbb\x6b' $file || fail "$file has no index"
	last_picture $file film.png
	alike film.png last.png 28
done

# A player goes to any place and finds the picture of that time there.
for at in 0.5 1 2.5; do
	ffmpeg -nostdin -v error -y -ss $at -i a.webm -frames:v 1 there.png
	# the first picture at or after that time
	number=$(awk -v at=$at 'BEGIN { printf "%03d", int(at * 30 + 0.999) + 1 }')
	alike there.png "each-$number.png" 26
done

# pipe, command, standard input that is a file, standard output
rd-record b.webm <s.rd >/dev/null
tail -c +1 s.rd | rd-record c.webm >/dev/null
rd-record d.webm -- cat s.rd >/dev/null
rd-record s.rd - | cat >e.webm
for file in b c d e; do
	plays $file.webm
	[ "$(frames $file.webm)" -eq "$(frames a.webm)" ] || fail "$file.webm has other pictures"
done

# beside a viewer, in any shell
rd-capture --source test --size 320x180 --frames 60 | rd-encode |
	tee >(rd-record t.webm >t.name) | rd-view --to null -
wait_for grep -q t.webm t.name
plays t.webm
[ "$(frames t.webm)" -ge 60 ] || fail "tee: $(frames t.webm) pictures"

# joined: one after the other
rd-capture --source test --size 320x180 --frames 30 >raw.rd
rd-record s.rd raw.rd s.rd joined.webm >/dev/null
plays joined.webm
[ "$(seconds joined.webm)" -ge 6900 ] && [ "$(seconds joined.webm)" -le 7300 ] ||
	fail "joined lasts $(seconds joined.webm) ms"
exits 2 rd-record s.rd - joined2.webm <raw.rd 2>words
grep -q 'only recordings' words || fail "$(cat words)"

# a constant rate, and an end
rd-record --fps 10 s.rd ten.webm >/dev/null
[ "$(frames ten.webm)" -ge 30 ] && [ "$(frames ten.webm)" -le 32 ] || fail "--fps: $(frames ten.webm)"
[ "$(ffprobe -v error -select_streams v -show_entries stream=r_frame_rate -of csv=p=0 ten.webm)" = 10/1 ] ||
	fail "not 10 a second"
rd-record --duration 2s s.rd two.webm >/dev/null
[ "$(seconds two.webm)" -eq 2000 ] || fail "--duration: $(seconds two.webm)"
rd-record --duration 1s one.webm -- rd-capture --source test --size 320x180 >/dev/null
[ "$(seconds one.webm)" -eq 1000 ] || fail "--duration of a command: $(seconds one.webm)"

# every codec, and colour in full
for codec in vp8 vp9 av1; do
	rd-record --codec $codec s.rd $codec.mkv >/dev/null
	plays $codec.mkv
	[ "$(ffprobe -v error -select_streams v -show_entries stream=codec_name -of csv=p=0 $codec.mkv)" = $codec ] ||
		fail "not $codec"
	last_picture $codec.mkv film.png
	alike film.png last.png 28
done
rd-record --chroma 444 s.rd full.webm >/dev/null
last_picture full.webm film.png
alike film.png last.png 38

# A ceiling makes it smaller.
rd-record --bitrate 100k s.rd small.webm >/dev/null
[ "$(stat -c %s small.webm)" -lt "$(stat -c %s a.webm)" ] || fail "--bitrate made nothing smaller"

# A size too small for codecs, and an odd one.
peer -w hello frame:1:9:7:ff end:0 | rd-record tiny.webm >/dev/null
plays tiny.webm
rd-capture --source test --size 321x181 --frames 3 | rd-record odd.webm >/dev/null
plays odd.webm

# what is said
rd-record --json --quiet s.rd j.webm 2>events >names
[ ! -s names ] || fail "--quiet printed a name"
[ "$(sed -n 's/.*"event":"\([a-z]*\)".*/\1/p' events | tr '\n' ' ')" = "picture recording saved end " ] ||
	fail "events: $(cat events)"

#!/usr/bin/env bash
# Files by size, by time and by the desktop's size: each plays alone, together
# they are all of it.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
rd-capture --source test --size 320x180 --frames 120 | rd-encode >s.rd

total() { # what FILE…: the sum
	local sum=0 file what=$1
	shift
	for file; do sum=$((sum + $($what "$file"))); done
	echo $sum
}

rd-record s.rd whole.webm >/dev/null
rd-record --split-time 1s s.rd time.webm >names
[ "$(wc -l <names)" -eq 4 ] || [ "$(wc -l <names)" -eq 5 ] || fail "files: $(cat names)"
rd-record --split-size 20k s.rd size.mkv >>names
while read -r file; do
	plays "$file"
	grep -q $'\x1c\x53\xbb\x6b' "$file" || fail "$file has no index"
	case $file in size*) [ "$(stat -c %s "$file")" -le 20000 ] || fail "$file: $(stat -c %s "$file") bytes" ;; esac
done <names
[ "$(seconds time-000.webm)" -eq 1000 ] || fail "the first file lasts $(seconds time-000.webm)"
for name in time size; do
	[ "$(total frames $name-*)" -ge "$(frames whole.webm)" ] || fail "$name: pictures are missing"
	whole=$(seconds whole.webm) parts=$(total seconds $name-*)
	[ "$parts" -ge $((whole - 20)) ] && [ "$parts" -le $((whole + 100)) ] ||
		fail "$name: $parts ms instead of $whole"
done

# packets of the stream itself, where a file has to begin between two key frames
rd-capture --source test --size 320x180 --frames 60 | rd-encode --updates video >v.rd
rd-record --split-time 700ms v.rd passed.webm >names
while read -r file; do plays "$file"; done <names
[ "$(wc -l <names)" -ge 3 ] || fail "passed: $(cat names)"

# the desktop's size
rd-capture --source test --size 320x180 --frames 30 >a.rd
rd-capture --source test --size 200x300 --frames 30 >b.rd
rd-record --resize split a.rd b.rd resized.webm >names
[ "$(wc -l <names)" -eq 2 ] || fail "--resize split: $(cat names)"
size() {
	ffprobe -v error -select_streams v -show_entries stream=width,height -of csv=p=0 "$1"
}
[ "$(size resized-000.webm)" = 320,180 ] && [ "$(size resized-001.webm)" = 200,300 ] || fail "sizes"
rd-view --to png:b.png b.rd
last_picture resized-001.webm film.png
alike film.png b.png 28

# … or fitted into the first, with black bars
rd-record a.rd b.rd fitted.webm >/dev/null
plays fitted.webm
[ "$(size fitted.webm)" = 320,180 ] || fail "fitted: $(size fitted.webm)"
convert b.png -resize 120x180! -background black -gravity center -extent 320x180 fit.png
last_picture fitted.webm film.png
alike film.png fit.png 24

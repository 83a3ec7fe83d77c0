#!/usr/bin/env bash
# Chapters and captions come while recording, and are there after SIGKILL, too.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"

mkfifo steps words
# a live desktop: one picture that rests
record() { # FILE OPTION…: in $pid; its events are in FILE.events
	local file=$1
	shift
	rm -f source
	mkfifo source
	start sh -c 'exec peer -w hello:live frame:1:160:120:ff sleep:60000 end:0 >source'
	start sh -c 'exec "$@" <source >/dev/null 2>"$0.events"' "$file" \
		rd-record --json --overwrite --chapters steps "$@" "$file"
	wait_for grep -q '"recording"' "$file.events"
}
heard() { # FILE NUMBER
	[ "$(grep -Ec '"(chapter|caption)"' "$1.events")" -eq "$2" ]
}
feed() { # FILE
	echo 'log in' >steps
	wait_for heard "$1" 1
	echo 'An explanation' >words
	wait_for heard "$1" 2
	printf 'buy a lamp \r\n\n\303\251t\303\251\n' >steps
	wait_for heard "$1" 4
}
titles() {
	chapters "$1" | cut -d' ' -f2- | tr '\n' '|'
}
said() {
	ffmpeg -nostdin -v error -i "$1" -map 0:s:0 -f webvtt - | grep -c 'An explanation'
}
cluster() { # FILE: what was put a while ago is in the file
	[ "$(last_ms "$1")" -gt "$2" ]
}

for file in a.webm a.mkv; do
	record $file --captions words
	feed $file
	kill -INT "$pid"
	wait_end "$pid"
	[ "$status" -eq 0 ] || fail "status $status"
	plays $file
	[ "$(titles $file)" = 'log in|buy a lamp|été|' ] || fail "$file: $(titles $file)"
	[ "$(said $file)" -eq 1 ] || fail "$file: no caption"
	# Titles are where they came.
	at=$(sed -n 's/.*"chapter".*"at":\([0-9.]*\).*/\1/p' $file.events | head -n 1)
	got=$(chapters $file | head -n 1 | cut -d' ' -f1)
	awk -v at="$at" -v got="$got" 'BEGIN { d = at * 1000 - got; exit !(d < 3 && d > -3) }' ||
		fail "a chapter at $got ms instead of $at s"

	record k$file --captions words
	feed k$file
	at=$(last_ms k$file)
	wait_for cluster k$file $((at + 1500))
	kill -KILL "$pid"
	wait_end "$pid"
	plays k$file
	[ "$(titles k$file)" = 'log in|buy a lamp|été|' ] || fail "killed $file: $(titles k$file)"
	[ "$(said k$file)" -eq 1 ] || fail "killed $file: no caption"
done

# by descriptor; and there may be more than there is room for
exec 8< <(for i in $(seq 1 400); do echo "a chapter with a title of some length, number $i"; done)
record many.webm --chapters 8
wait_for heard many.webm 400
kill -TERM "$pid"
wait_end "$pid"
[ "$status" -eq 0 ] || fail "status $status"
plays many.webm
[ "$(chapters many.webm | wc -l)" -ge 150 ] || fail "many: $(chapters many.webm | wc -l)"
[ "$(grep -c 'no more room for chapters' many.webm.events)" -eq 1 ] ||
	fail "many: said $(grep -c 'no more room for chapters' many.webm.events) times"
exec 8<&-

# on standard output they are a track
mkfifo source2
start sh -c 'exec peer -w hello:live frame:1:160:120:ff sleep:60000 end:0 >source2'
start sh -c 'exec rd-record --json --chapters steps - <source2 >out.webm 2>out.webm.events'
wait_for grep -q '"recording"' out.webm.events
echo 'log in' >steps
wait_for heard out.webm 1
kill -INT "$pid"
wait_end "$pid"
ffmpeg -nostdin -v error -i out.webm -map 0:s:0 -f webvtt - | grep -q 'log in' || fail "no track of chapters"

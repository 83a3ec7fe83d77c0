#!/usr/bin/env bash
# The film of rd-run: it plays, stays or goes as asked, has the command's
# chapters, and where it breaks off the command does not.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-run.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
export RD_LOG=warn
run() { rd-run --size 320x240 "$@"; }

# However short.
run --record short.webm true 2>words
[ "$(sed 's/(.*//' words)" = "rd-run: recording: $PWD/short.webm " ] || fail "says: $(cat words)"
plays short.webm
[ "$(frames short.webm)" -ge 1 ] || fail "no picture"
run --record quiet.mkv -q true 2>words
[ ! -s words ] || fail "not quiet: $(cat words)"
plays quiet.mkv

# What the command showed last is in it.
exits 3 run --record last.webm sh -c 'xsetroot -solid "#ff0000"; exit 3' 2>words
plays last.webm
last_picture last.webm last.png
convert -size 320x240 'xc:#ff0000' red.png
alike last.png red.png 25

# Also where what captures it gets no time for a while.
captures() {
	for p in $(marked); do [ "$(cat "/proc/$p/comm")" != rd-capture ] || kill "$1" "$p"; done
}
start run --json --record late.webm sh -c ': >up; while ! [ -e shown ]; do sleep 0.02; done; xsetroot -solid "#00ff00"' 2>events
wait_for test -e up
captures -STOP
: >shown
wait_for grep -q '"event":"ended"' events
sleep 0.3
captures -CONT
wait_end "$pid"
[ "$status" -eq 0 ] || fail "status $status"
plays late.webm
last_picture late.webm late.png
convert -size 320x240 'xc:#00ff00' green.png
alike late.png green.png 25
rm up

# Whether it stays.
kept() { # yes|no, code, keep
	rm -f k.webm
	exits "$2" run --record k.webm --keep "$3" sh -c "exit $2" 2>words
	case $1 in
	yes) [ -s k.webm ] && grep -q 'recording: ' words || fail "$3 after $2: gone" ;;
	no) [ ! -e k.webm ] && [ ! -s words ] || fail "$3 after $2: there" ;;
	esac
}
kept yes 0 always
kept yes 1 always
kept no 0 on-failure
kept yes 1 on-failure
kept yes 139 on-failure
kept no 0 never
kept no 1 never
exits 13 run --record k.webm --keep on-failure --timeout 200ms sleep 60 2>words
plays k.webm
rm k.webm
exits 127 run --record k.webm --keep on-failure nonesuch 2>words
rm -f k.webm

# Nothing is replaced, and the command not even begun, unless that is asked for.
echo precious >there.webm
exits 8 run --record there.webm touch began 2>words
[ "$(cat there.webm)" = precious ] && [ ! -e began ] || fail "there.webm was replaced"
grep -q 'there.webm: File exists' words || fail "says: $(cat words)"
exits 8 run --record there.webm --keep never touch began 2>words
[ "$(cat there.webm)" = precious ] || fail "there.webm was removed"
exits 8 run --record no/such/folder.webm touch began 2>words
run --record there.webm --overwrite true 2>words
plays there.webm

# Nobody is told of a film that is not there any more.
exits 37 run --record gone.webm rm gone.webm 2>words
grep -q 'gone.webm: somebody has removed the recording' words && ! grep -q 'recording: ' words ||
	fail "gone: $(cat words)"
exits 0 run --record gone.webm --keep on-failure rm gone.webm 2>words
[ ! -s words ] || fail "gone, and not wanted: $(cat words)"

# It is found, also from elsewhere.
mkdir sub
run --record sub.webm sh -c 'cd sub; echo "$RD_RECORDING" >name' 2>words
[ "$(cat sub/name)" = "$PWD/sub.webm" ] && [ -s "$(cat sub/name)" ] || fail "RD_RECORDING is $(cat sub/name)"

# Chapters; and without a film they disturb nobody.
run --record marked.webm sh -c 'echo one >"$RD_MARK"; sleep 0.3; echo "step 2" >"$RD_MARK"' 2>words
[ "$(chapters marked.webm | sed 's/^[0-9]* //' | tr '\n' ,)" = 'one,step 2,' ] ||
	fail "chapters: $(chapters marked.webm)"
run sh -c 'for i in $(seq 3000); do echo "step of the test number $i"; done >"$RD_MARK"; echo one >"$RD_MARK"'

# Events.
exits 4 run --json --record j.webm --wm=twm sh -c 'echo one >"$RD_MARK"; sleep 0.3; setsid sleep 1000 & exit 4' 2>events
jq -e . <events >/dev/null || fail "no JSON: $(cat events)"
got=$(jq -r .event <events | sort -u | tr '\n' ' ')
[ "$got" = 'chapter display end ended kept left picture recording saved started ' ] || fail "events: $got"
[ "$(jq -r 'select(.event == "end") | "\(.code) \(.of)"' <events)" = '4 command' ] || fail "the end: $(cat events)"
[ "$(jq -r 'select(.event == "kept") | .path' <events)" = "$PWD/j.webm" ] || fail "kept: $(cat events)"
exits 13 run --json --timeout 200ms sleep 60 2>events
[ "$(jq -r 'select(.event == "end") | "\(.code) \(.of) \(.name)"' <events)" = '13 rd-run timeout' ] ||
	fail "the end: $(cat events)"
exits 143 run --json sh -c 'kill -TERM $$' 2>events
[ "$(jq -r 'select(.event == "ended") | .signal' <events)" = TERM ] || fail "the signal: $(cat events)"
exits 8 run --json --record j.webm true 2>events
jq -e . <events >/dev/null || fail "no JSON: $(cat events)"

# The recorder is killed: a line, and the command goes on.
start run --record killed.webm sh -c 'echo $$ >up; while ! [ -e down ]; do sleep 0.02; done; exit 12' 2>words
wait_for test -s up
for p in $(marked); do [ "$(cat "/proc/$p/comm")" != rd-record ] || kill -KILL "$p" 2>/dev/null || true; done
wait_for grep -q 'broken off' words
: >down
wait_end "$pid"
[ "$status" -eq 12 ] || fail "status $status"
clean_now

# A full disk: the command goes on, its status counts, and what came before plays.
mkdir small
mount -t tmpfs -o size=60k none small 2>/dev/null || skip "no disk can be mounted"
trap 'code=$?; umount small || true; cleanup $code' EXIT
noise='for i in $(seq 400); do xsetroot -mod $((i % 16 + 1)) $((i % 13 + 2)); sleep 0.01; [ -e broken ] && break; done;'
noisy() { # option…: until it has broken off
	rm -f broken small/*.webm
	(wait_for grep -q 'broken off' words && : >broken) 2>/dev/null &
	rd-run --record small/full.webm "$@"
}
exits 5 noisy sh -c "$noise exit 5" 2>words
grep -q 'recording has broken off; the command goes on' words || fail "says: $(cat words)"
plays small/full.webm
exits 37 noisy sh -c "$noise exit 0" 2>words
plays small/full.webm
exits 0 noisy --keep on-failure sh -c "$noise exit 0" 2>words
[ ! -e small/full.webm ] || fail "not wanted, and there"
# Full before the first picture: it is not begun.
umount small
mount -t tmpfs -o size=8k none small
exits 8 run --record small/none.webm touch began 2>words
[ ! -e began ] && [ ! -e small/none.webm ] || fail "begun, or a file is left: $(ls small)"
umount small
mount -t tmpfs -o size=60k none small
# Nobody reads chapters then, and nobody waits for that.
exits 6 noisy sh -c "$noise for i in \$(seq 3000); do echo number \$i of many; done >\"\$RD_MARK\"; exit 6" 2>words
clean_now

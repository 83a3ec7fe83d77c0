#!/usr/bin/env bash
# However a stream ends, one line says so, the exit status names it, and
# nothing is left behind.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
unset DISPLAY WAYLAND_DISPLAY SDL_VIDEODRIVER

ends() { # status, pattern of the line, command…
	local want=$1 pattern=$2 got=0
	shift 2
	"$@" >out 2>words || got=$?
	[ "$got" -eq "$want" ] || fail "status $got instead of $want: $* ($(cat words))"
	[ "$(wc -l <words)" -eq 1 ] || fail "not one line: $* ($(cat words))"
	grep -Eq "^rd-view: .*$pattern" words || fail "no word of '$pattern': $(cat words)"
}

rd-capture --source test --size 320x180 --frames 20 | rd-encode >s.rd
size=$(stat -c %s s.rd)

head -c $((size / 2)) s.rd >cut.rd
ends 3 "cut short" rd-view --to hash cut.rd
: >empty.rd
ends 3 "empty" rd-view --to hash empty.rd
printf '\xff\xd8\xff\xe0\0\x10JFIF' >picture.rd
ends 4 "not an rd stream" rd-view --to hash picture.rd
head -c 100000 /dev/urandom >noise.rd
ends 4 "not an rd stream" rd-view --to hash noise.rd
{ head -c 24 s.rd; printf '\x09\0'; tail -c +27 s.rd; } >newer.rd
ends 5 "version 9" rd-view --to hash newer.rd

ends 6 "no display" rd-view s.rd
ends 9 "not found" rd-view --to hash -- no-such-command
ends 9 "status 7" rd-view --to hash -- sh -c 'exit 7'
ends 3 "signal 9" rd-view --to hash -- sh -c "head -c $((size / 2)) s.rd; kill -9 \$\$"
ends 3 "cut short" rd-view --to hash -- head -c $((size / 2)) s.rd
ends 10 "No such file" rd-view --to hash ./not-there
ends 10 "directory" rd-view --to hash "$PWD"

# what can show or write nothing starts nothing: a command may spend a code of one use
spends=(touch spent)
ends 6 "no display" rd-view -- "${spends[@]}"
ends 2 "not a terminal" rd-view --to terminal -- "${spends[@]}"
ends 8 "No such file" rd-view --to png:not-there/a.png -- "${spends[@]}"
ends 8 "No such file" rd-view --to png:not-there/%d.png -- "${spends[@]}"
ends 8 "not a plain file" rd-view --to png:/dev/null -- "${spends[@]}"
onto() { # what stdout is, command…
	local out=$1
	shift
	if [ "$out" = closed ]; then "$@" >&-; else "$@" >"$out"; fi
}
for to in hash png:-; do
	ends 8 "Bad file descriptor" onto closed rd-view --to "$to" -- "${spends[@]}"
	ends 8 "No space left" onto /dev/full rd-view --to "$to" -- "${spends[@]}"
done
[ ! -e spent ] || fail "a command was started whose stream nobody could see"

# rd-recv says itself what is wrong, and its status is ours
refused() { # status, pattern, arguments…
	local got=0
	setsid -w rd-view --config "$PWD/viewer" --to hash "${@:3}" >out 2>words </dev/null || got=$?
	[ "$got" -eq "$1" ] || fail "status $got instead of $1: ${*:3} ($(cat words))"
	[ "$(wc -l <words)" -eq 1 ] || fail "not one line: ${*:3} ($(cat words))"
	grep -q "^rd-recv: .*$2" words || fail "no word of '$2': $(cat words)"
}
refused 2 "relay-way" --relay-way pigeon build1
refused 14 "" 127.0.0.1:9
refused 25 "xyzzy" 127.0.0.1:9/7-orbit-cactus-lamp-xyzzy

ends 2 "no host" rd-view --host ''
ends 2 "what is to be shown" rd-view
ends 2 "one source" rd-view s.rd -- true
ends 2 "ssh://" rd-view 'ssh://-oProxyCommand=touch owned'
ends 13 "timeout" rd-view --to hash --timeout 50ms -- sleep 60

# what the other side says is what counts, and is made fit for a terminal
mkfifo fifo
feed() { # line
	printf 'frame 20 10 0\n%s\n' "$1" >fifo
}

says() { # status, pattern, END…
	local want=$1 pattern=$2
	shift 2
	start feed "end $*"
	ends "$want" "$pattern" rd-view --to null -- view-peer "$PWD/log" "$PWD/fifo"
}
says 6 "no display :9" 3 6 'no display :9'
says 1 "odd" 3 200 odd
says 1 "limit" 4 0 'a limit'
says 3 'x1b\[2Jgone' 2 0 "$(printf '\033[2Jgone')"
start feed "end 1 0 bye"
rd-view --to null -- view-peer "$PWD/log" "$PWD/fifo" 2>words
[ ! -s words ] || fail "words about an end that was wanted: $(cat words)"

# a signal ends all three processes, in order
open_three() {
	start rd-view --to hash -- view-peer "$PWD/log" "$PWD/fifo"
	viewer=$pid
	echo "frame 20 10 0" >fifo
	wait_for grep -q "ack 1" log
	decoder=$(pgrep -P "$viewer" rd-view)
	peer=$(pgrep -P "$viewer" view-peer)
}
open_three >/dev/null
kill -TERM "$viewer"
wait_end "$viewer"
[ "$status" -eq 143 ] || fail "status $status after SIGTERM"
grep -q '^end 1 interrupted' log || fail "no END at the other side"
wait_for ended "$decoder"
wait_for ended "$peer"

# each of the three ends the other two
open_three >/dev/null
kill -KILL "$viewer"
wait_end "$viewer"
wait_for ended "$decoder"
wait_for ended "$peer"
open_three >/dev/null
kill -KILL "$decoder"
wait_end "$viewer"
[ "$status" -eq 137 ] || fail "status $status when the decoder was killed"
wait_for ended "$peer"
open_three >/dev/null 2>&1
kill -KILL "$peer"
wait_end "$viewer"
[ "$status" -eq 3 ] || fail "status $status when the command was killed"
wait_for ended "$decoder"

# one that ignores everything is not waited for
start rd-view --to hash --timeout 50ms -- sh -c 'trap "" TERM PIPE; exec sleep 1000' 2>/dev/null
deaf=
find_deaf() { deaf=$(pgrep -P "$pid" sleep); }
wait_for find_deaf
wait_end "$pid"
[ "$status" -eq 13 ] || fail "status $status"
ended "$deaf" || fail "the command was left behind"

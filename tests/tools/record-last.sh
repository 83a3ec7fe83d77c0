#!/usr/bin/env bash
# --last keeps what was last, in memory that is bounded, and writes it when asked.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
rd-capture --source test --size 320x180 --frames 600 | rd-encode >long.rd

# Of twenty seconds the last five, and up to two more.
rd-record --last 5s --save-at-end long.rd end.webm >names
[ "$(cat names)" = end-000.webm ] || fail "names: $(cat names)"
plays end-000.webm
got=$(seconds end-000.webm)
[ "$got" -ge 5000 ] && [ "$got" -le 7200 ] || fail "the last $got ms"
rd-view --to png:last.png long.rd
last_picture end-000.webm film.png
alike film.png last.png 28

# Nothing is written unasked.
rd-record --last 5s long.rd never.webm >names
[ ! -s names ] && [ ! -e never-000.webm ] || fail "written unasked"

# On SIGUSR1, each time, also through the process that owns a command.
start rd-record --last 1s asked.webm -- peer -w hello:live frame:1:64:48:ff sleep:60000 end:0 >names
recorder=$pid
saved() {
	kill -USR1 "$recorder"
	[ "$(wc -l <names)" -ge "$1" ]
}
wait_for pgrep -P "$recorder" >/dev/null
wait_for saved 1
wait_for saved 2
kill -TERM "$recorder"
wait_end "$recorder"
[ "$status" -eq 0 ] || fail "status $status"
plays asked-000.webm
plays asked-001.webm

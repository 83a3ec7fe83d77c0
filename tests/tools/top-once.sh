#!/usr/bin/env bash
# rd-top in scripts: a table, JSON, and what it says where there is no terminal;
# programs that hang and programs that have died.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-top.sh"

says() { # exit status, text, command…
	local code=$1 text=$2
	shift 2
	exits "$code" "$@" 2>words
	[ "$(wc -l <words)" -eq 1 ] || fail "$*: not one line: $(cat words)"
	grep -qF -e "$text" words || fail "$*: $(cat words)"
}
on_terminal() { # VARIABLE=…
	TOP_ENV="$*" open_top 80x24
	wait_for shows '^ended [0-9]+$'
}

# Nothing runs: that is no mistake.
[ "$(rd-top --once | wc -l)" -eq 1 ] || fail "a table of nothing"
rd-top --json | jq -e '.sessions == []' >jq.out
says 2 'standard input is no terminal; rd-top --once' rd-top </dev/null
says 2 'options only' rd-top there
says 2 'one relay at a time' rd-top --relay a b
rd-top --once --json --interval 100ms | jq -s -e 'length == 1 and .[0].sessions == []' >jq.out
rd-top --help | grep -q 'name|rate|fps|latency|rtt|loss|age' || fail 'what can it sort by?'
says 2 'name, rate, fps' rd-top --sort nothing
says 8 'standard output' rd-top --once >/dev/full
on_terminal TERM=dumb
shows '^rd-top: this terminal \(TERM=dumb\) cannot move its cursor; rd-top --once' || fail "$(screen)"
shows '^ended 11$' || fail "$(screen)"
on_terminal TERM=no-such-terminal
shows 'is not known here' || fail "$(screen)"
on_terminal -u TERM
shows 'TERM is not set' || fail "$(screen)"

filming
rd-top --once >table
head -n 1 table | grep -Eq '^NAME +PROGRAMS +STATE +BIT/S +FPS +LATENCY +RTT +LOSS +PATH +AGE +PEERS$' ||
	fail "$(cat table)"
grep -Eq '^film +record\+encode +recording ' table || fail "$(cat table)"
# With an interval it goes on, and ends with its reader.
rd-top --json --interval 100ms | head -n 3 >lines
[ "$(wc -l <lines)" -eq 3 ] || fail "lines: $(cat lines)"
jq -e '.time and (.sessions | length >= 1)' lines >jq.out
rates() { jq -s -e 'map(.sessions[] | select(.name == "film") | .rate) | any(. != null)' lines >jq.out; }
rates || fail "no rate of a film: $(cat lines)"

# One that is stopped holds nobody up; and it is itself again when it goes on.
open_top 80x24
wait_for shows '^ film .*recording'
mapfile -t all < <(pgrep -P "$filmer"; echo "$filmer")
kill -STOP "${all[@]}"
wait_for shows '^ film .*hangs'
wait_for shows '1 does not answer'
rd-top --json | jq -e '.sessions[] | select(.name == "film") | .state == "hangs"' >jq.out ||
	fail "it does not say that one hangs: $(rd-top --json)"
keys e
wait_for shows '^ End film|no program of it can'
keys n q
wait_for shows '^ended 0$'
open_top 80x24
wait_for shows '^ film .*hangs'
kill -CONT "${all[@]}"
wait_for shows '^ film .*recording'
# One that was killed is gone, and so is its file.
kill -KILL "${all[@]}"
is_gone() { rd-top --json | jq -e '[.sessions[] | select(.name == "film" and (.programs | any(.tool == "rd-record")))] == []' >jq.out; }
wait_for is_gone
wait_for shows 'sessions? |Nothing of yours'
no_file() { ! find "$XDG_RUNTIME_DIR/rd" -name '*rd-record*' | grep -q .; }
wait_for no_file
keys q
wait_for shows '^ended 0$'

# A socket of somebody else's making is no reason to fall.
rm -rf "$XDG_RUNTIME_DIR/rd"
mkdir -m 700 "$XDG_RUNTIME_DIR/rd"
start socat "UNIX-LISTEN:$XDG_RUNTIME_DIR/rd/liar.rd-view.1,fork" SYSTEM:'head -c 3000000 /dev/zero | tr "\\0" x'
wait_for test -S "$XDG_RUNTIME_DIR/rd/liar.rd-view.1"
rd-top --once >table
grep -Eq '^liar +view +hangs' table || fail "$(cat table)"
chmod 755 "$XDG_RUNTIME_DIR/rd"
says 10 'chmod 700' rd-top --once

#!/usr/bin/env bash
# Every exit code that rd-top(1) documents.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-top.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
tool rd-top

on_terminal() { # code, text, VARIABLE=…
	TOP_ENV="${*:3}" open_top 80x24
	wait_for shows '^ended [0-9]+$'
	shows "^ended $(number_of "$1")\$" && shows "^rd-top: .*$2" || fail "$(screen)"
	seen "$1"
}

ends_as ok rd-top --once
[ ! -s words ] || fail "$(cat words)"
ends_as ok rd-top --json
provoke usage 'there is no option --colour' rd-top --colour
provoke usage 'is no terminal; rd-top --once' rd-top
provoke usage 'http://HOST:PORT/metrics' rd-top --once --relay https://127.0.0.1/
provoke failure 'Too many open files' within -n 4 rd-top --once
to_full() { "$@" >/dev/full; }
provoke output 'No space left' to_full rd-top --once
to_nobody() { rd-top --json --interval 100ms | head -n 1 >/dev/null; return "${PIPESTATUS[0]}"; }
provoke output 'the reader of standard output is gone' to_nobody
on_terminal unsupported 'cannot move its cursor' TERM=dumb
on_terminal unsupported 'TERM is not set' -u TERM
provoke unreachable 'nobody answers there' rd-top --once --relay 127.0.0.1:9

# A relay that goes between two looks.
relay_up --metrics 127.0.0.1:0
port=$(sed -n 's/.*"event":"listening".*"metrics":\([0-9]*\).*/\1/p' relay.log)
start rd-top --relay "127.0.0.1:$port" --json --interval 200ms >pages 2>words
top=$pid
wait_for test -s pages
stop "$relay_pid"
wait_end "$top"
[ "$status" -eq "$(number_of lost)" ] || fail "status $status: $(cat words)"
# That is seen between two answers, or within one.
if grep -q 'it hung up$' words; then how='it hung up'; else how='nobody answers there'; fi
one_line "$how" rd-top --relay
seen lost

mkdir -p "$XDG_RUNTIME_DIR/rd"
chmod 755 "$XDG_RUNTIME_DIR/rd"
provoke input 'chmod 700' rd-top --once
all_provoked

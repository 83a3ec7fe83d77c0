#!/usr/bin/env bash
# Every exit code that rd-record(1) documents; those of hosts are rd-recv's.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
. "$RD_ROOT/tests/tools/lib-streams.sh"
tool rd-record
make_streams
record=(rd-record --overwrite)

ends_as ok rd-record s.rd film.webm
[ "$(cat out)" = film.webm ] && [ ! -s words ] || fail "$(cat out words)"
provoke usage 'there is no option --colour' "${record[@]}" --colour s.rd film.webm
provoke failure 'no picture' "${record[@]}" film.webm -- peer -w hello end:0
provoke failure 'Too many open files' within -n 4 "${record[@]}" s.rd film.webm
lines=any provoke cut-short 'cut short' "${record[@]}" cut.rd film.webm
provoke cut-short 'empty' "${record[@]}" empty.rd film.webm
provoke foreign 'not an rd stream' "${record[@]}" none.rd film.webm
provoke version 'version 9' "${record[@]}" newer.rd film.webm
cp s.rd s.rd.webm
provoke output '--overwrite' rd-record s.rd s.rd.webm
provoke output 'no/such: No such' "${record[@]}" s.rd no/such/folder.webm
to_full() { rd-record s.rd - >/dev/full; }
provoke output 'No space left' to_full
to_nobody() { rd-record - -- rd-capture --source test | head -c 1 >/dev/null; return "${PIPESTATUS[0]}"; }
provoke output 'standard output' to_nobody
provoke command 'not found' "${record[@]}" film.webm -- no-such-command
provoke command 'status 7' "${record[@]}" film.webm -- sh -c 'exit 7'
provoke input 'No such file' "${record[@]}" ./no.rd film.webm
provoke unsupported 'video codec is not in this build' "${record[@]}" unknown.rd film.webm
starved 250000000 'no memory for the picture' "${record[@]}" large.rd film.webm
all_provoked

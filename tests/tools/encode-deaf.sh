#!/usr/bin/env bash
# A viewer that does not read, and says nothing: sound that comes all the same waits at the
# source, not in rd-encode's memory; and when it reads again all of it is there.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"

# A kind of sound that a later version knows; 16 MB.
pieces=60000
piece=$(printf 'a%.0s' {1..250})
start peer viewer.log hello await:HELLO:1 deaf file:read hear "await:0399:$pieces" end:0 -- \
	rd-encode -- peer source.log hello:live await:HELLO:1 "msgs:$pieces:399:$piece" stuck 2>words
is_written() { grep -q '^QUEUED' source.log 2>/dev/null; }
wait_for is_written
touch read
wait_end "$pid"
[ "$status" -eq 0 ] || fail "status $status"
left=$(awk '/^QUEUED/ {print $2}' source.log)
[ "$left" -gt $((6 << 20)) ] || fail "of 16 MB only $left bytes had to wait at the source"
[ "$(grep -c '^0399 ' viewer.log)" -eq "$pieces" ] || fail "some of it did not come"

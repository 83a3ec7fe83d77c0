#!/usr/bin/env bash
# A reader of standard output that takes nothing keeps nobody from ending a
# recording: a signal is heard, and status 8 says that not all was taken.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
mkfifo in film
start sh -c 'exec rd-capture --source test --size 640x480 --fps 30 >in' 2>/dev/null
exec 5<>film
start sh -c 'exec rd-record --quantizer 1 - <in >film 5>&-' 2>words
recorder=$pid
# A pipe holds 64 KiB.
full() { [ "$(awk '/^wchar/ { print $2 }' "/proc/$recorder/io")" -ge 60000 ]; }
wait_for full
# Once is enough, wherever it comes: before the wait for that reader, in it, or
# between two pictures.
kill -TERM "$recorder"
wait_end "$recorder"
[ "$status" -eq 8 ] || fail "status $status: $(cat words)"
[ "$(wc -l <words)" -eq 1 ] && grep -q 'standard output' words || fail "$(cat words)"

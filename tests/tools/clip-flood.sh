#!/usr/bin/env bash
# A viewer that asks for what is in the clipboard again and again, and does not read: what is
# kept for it has a bound, however often it asks; and when it reads it gets what it asks for.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-clip.sh"

# One by one: of many at once most are refused.
wants=1000
floods=()
for ((i = 0; i < wants; i++)); do floods+=(want:1 sleep:2); done
start_x 64x48
copied() { pasted "$DISPLAY" UTF8_STRING blob; }
words_of 16000
copy "$DISPLAY" UTF8_STRING blob
wait_for copied

start peer peer.log hello $'msg:681:\x01' await:OFFER:1 deaf "${floods[@]}" pointer:7:9 \
	file:hear hear file:more want:1 file:over end:0 -- \
	rd-capture --no-config --injector log 2>capture.log
heard_all() { grep -q '^inject: pointer 7 9$' capture.log; }
wait_for heard_all
touch hear

said() { grep -c "^$1 " peer.log || true; }
answered() { [ $(($(said DATA) + $(said REFUSE))) -eq "$1" ]; }
wait_for answered "$wants"
# 2 MiB in the socket, 256 KiB in the queue, and 8 that have waited.
[ "$(said DATA)" -le 200 ] || fail "$(said DATA) contents were waiting for who did not read"
[ "$(said DATA)" -ge 8 ] || fail "only $(said DATA) contents came"

before=$(said DATA)
touch more
wait_for answered $((wants + 1))
[ "$(said DATA)" -eq $((before + 1)) ] || fail "what was asked for in the end did not come"
touch over
wait_end "$pid"
[ "$status" -eq 0 ] || fail "status $status"

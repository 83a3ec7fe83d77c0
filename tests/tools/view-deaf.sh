#!/usr/bin/env bash
# A host that does not read: what it makes the viewer say has bounds, and the newest of
# it is said once it reads again.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"

# However often the monitor is another one: 256 KiB are queued, and a pipe holds 64.
times=60000
open_view --to hash --monitor primary >hashes
tell "deaf 1"
tell "rename $times 100 100"
tell "frame 100 100 336699"
wait_for test -s hashes
tell "deaf 0"
wait_log "^watch-only $times\$"
said=$(grep -c '^watch-only' "$log")
[ "$said" -lt 20000 ] || fail "it was told $said times"
[ "$(grep '^watch-only' "$log" | tail -n 1)" = "watch-only $times" ] || fail "the last is not the newest"
tell "end 0 0 over"
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status"

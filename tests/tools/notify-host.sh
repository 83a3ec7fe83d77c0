#!/usr/bin/env bash
# Under a service manager rd-send says when viewers may come, who is there and that it
# ends; only its main process says so, and what it starts knows of no manager. A code is
# in no status: it is a password. rd-share is that same process.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-notify.sh"

person one
host_folder
admit one
manager
export NOTIFY_SOCKET="$manager"
# shellcheck disable=SC2016 # expanded by the producer
host_up --no-relay -- sh -c 'echo "${NOTIFY_SOCKET-none}" >seen; exec rd-capture --source test --size 64x48 --fps 5'
unset NOTIFY_SOCKET
wait_for noted READY=1
wait_for noted "STATUS=waiting for viewers, port $port"
watch one
wait_for noted "STATUS=1 viewer, port $port"
wait_for test -s seen
[ "$(cat seen)" = none ] || fail "the producer has the manager's socket: $(cat seen)"
for p in $(network_of "$sender"); do running "$p"; done
stop "$viewer"
again() { [ "$(times "STATUS=waiting for viewers, port $port")" -eq 2 ]; }
wait_for again
kill "$sender"
wait_end "$sender"
wait_for noted STOPPING=1
[ "$(times READY=1)" -eq 1 ]
[ "$(times STOPPING=1)" -eq 1 ]
only_from "$sender"

# A manager that has gone is no reason for anything.
export NOTIFY_SOCKET="$TMPDIR/gone"
host_up --no-relay -- true
kill "$sender"
wait_end "$sender"
[ "$status" -eq 0 ]

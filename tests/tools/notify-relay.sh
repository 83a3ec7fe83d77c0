#!/usr/bin/env bash
# Under a service manager a relay says when it serves, when it reads its configuration
# anew and that it ends. A host that is met through it is ready when the relay has it, and
# its code stands in no status.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
. "$RD_ROOT/tests/tools/lib-notify.sh"

manager
echo 'drain: 0' >relay.yaml
export NOTIFY_SOCKET="$manager"
relay_up --config relay.yaml
unset NOTIFY_SOCKET
wait_for noted READY=1
kill -HUP "$relay_pid"
ready_again() { [ "$(times READY=1)" -eq "$1" ]; }
wait_for ready_again 2
noted RELOADING=1
grep -Eqx 'MONOTONIC_USEC=[0-9]+' notes
[ "$(times STATUS=serving)" -eq 2 ]
echo 'drain: never' >relay.yaml
kill -HUP "$relay_pid"
wait_for ready_again 3
noted 'STATUS=serving; the new configuration was not taken, see the log'
only_from "$relay_pid"
echo 'drain: 0' >relay.yaml

# A host by that relay.
host_knows
mv notes notes.relay
exec 7>&1
before=$(wc -l <notes.relay)
ear=$TMPDIR/ear
start notified "$ear" >notes
wait_for test -S "$ear"
export NOTIFY_SOCKET="$ear"
# What rd-share runs; and rd-share itself, which becomes it.
[ -d "$host_dir" ] || mkdir -m 700 "$host_dir"
start rd-share --config "$host_dir" --relay "$relay" --json --no-ask -- rd-capture --source test 2>host.log </dev/null
host=$pid
unset NOTIFY_SOCKET
wait_for has_code
wait_for noted READY=1
said() { grep -q '^STATUS=waiting for viewers, port [0-9]*, relay .*, a code is out$' notes; }
wait_for said
grep -q "relay ${relay//./\\.}, a code" notes || fail "the relay is not named: $(cat notes)"
code=$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)
[ -n "$code" ]
grep -qF -e "$code" -e "${code#*-}" notes && fail "the code is in a status"
only_from "$host"
kill_relay
lost() { grep -q '^STATUS=.* not reached' notes; }
wait_for lost
kill "$host"
wait_end "$host"
noted STOPPING=1
[ "$(wc -l <notes.relay)" -eq "$before" ] || fail "the relay's manager heard of the host"

# Where the relay is all there is, and it is not there, nothing is ready.
rm -f notes
start notified "$TMPDIR/third" >notes
wait_for test -S "$TMPDIR/third"
status=0
# (On a machine of its own: the port that everybody has may be another one's here.)
NOTIFY_SOCKET="$TMPDIR/third" unshare -n -- sh -c 'ip link set lo up && exec "$@"' - \
	rd-send --config "$host_dir" --relay "$relay" --no-ask -- true 2>words </dev/null || status=$?
is_named relay || fail "status $status: $(cat words)"
noted STOPPING=1
! noted READY=1 || fail "ready without a relay"

# A relay that ends says so.
manager
export NOTIFY_SOCKET="$manager"
relay_up --config relay.yaml
unset NOTIFY_SOCKET
wait_for noted READY=1
kill "$relay_pid"
wait_end "$relay_pid"
noted STOPPING=1

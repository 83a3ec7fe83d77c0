#!/usr/bin/env bash
# A relay that is about to end takes nobody new, and says so; a session that goes
# through it goes on meanwhile.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up --drain 60
host_knows
share --path relay -- rd-encode -- rd-capture --source test --size 64x48
start setsid -w rd-recv --config viewer --path relay --json "$code" >s.rd 2>viewer.words </dev/null
first=$pid
wait_for test -s s.rd
kill -TERM "$relay_pid"
wait_for event host.log relay-drains
view_refused draining 'about to end' --relay "$relay" "$(rd-key --config "$host_dir")@office"
refused draining 'about to end' rd-send --config "$host_dir" --code -- true
size=$(stat -c %s s.rd)
grown() { [ "$(stat -c %s s.rd)" -gt "$size" ]; }
wait_for grown
running "$first" || fail "the session has ended: $(cat viewer.words)"

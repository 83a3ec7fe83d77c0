#!/usr/bin/env bash
# A network that is gone for longer than a session bears is nobody's fault: who
# came by a code comes again by its key, though nobody was remembered, and once
# the session has ended well no more. A service beside it, of the same key, is in
# nobody's way.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

grown() {
	[ "$(stat -c %s s.rd)" -gt "$size" ]
}

machines relay host viewer
rm -f relay.log
start_on relay rd-relay --listen 10.77.0.1:21120 --stun-port 0 --metrics off --threads 1 \
	--state "$relay_dir" --json 2>relay.log
wait_for event relay.log listening
relay=10.77.0.1
relay_key=$(sed -n 's/.*"event":"listening".*"key":"\([^"]*\)".*/\1/p' relay.log)
host_knows
start_on host rd-send --config "$host_dir" --json --no-ask -- rd-encode -- \
	rd-capture --source test --size 64x48 --fps 5 2>service.log
wait_for event service.log relay
rm -f host.log
start_on host rd-send --config "$host_dir" --json --no-ask --code -- rd-encode -- \
	rd-capture --source test --size 64x48 --fps 5 2>host.log
host=$pid
wait_for has_code
code=$relay/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)
start_on viewer rd-recv --config viewer --json "$code" >s.rd 2>viewer.words
viewer=$pid
wait_for event viewer.words connected '"path":"direct"'
unplug viewer
wait_for event viewer.words reconnecting
wait_for event host.log closed '"why":"silent"'
size=$(stat -c %s s.rd)
plug viewer
wait_for grown
[ "$(grep -c '"event":"connected"' viewer.words)" -eq 2 ] || fail "$(cat viewer.words)"
grep '"event":"connected"' viewer.words | tail -n 1 | grep -q '"by":"key"' || fail "$(cat viewer.words)"
kill -TERM "$viewer"
wait_for event host.log closed '"why":"done"'
host_key=$(rd-key --config "$host_dir")
status=0
on viewer setsid -w rd-recv --config viewer --relay "$relay" "$host_key@office" >s2.rd 2>words </dev/null || status=$?
is_named refused || fail "let in again: $status $(cat words)"

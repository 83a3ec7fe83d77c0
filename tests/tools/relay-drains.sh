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
stop "$first"
stop "$host"
kill -TERM "$relay_pid"
wait_end "$relay_pid"

# How long it waits is what the configuration said last.
echo 'drain: 1s' >relay.yaml
start rd-relay --config relay.yaml --listen 127.0.0.1:0 --tls 127.0.0.1:0 --stun-port 0 --metrics off --threads 1 \
	--state "$relay_dir" --json 2>relay.log
relay_pid=$pid
wait_for event relay.log listening
relay=127.0.0.1:$(sed -n 's/.*"event":"listening".*"port":\([0-9]*\).*/\1/p' relay.log)
start relaytalk "$relay" "$relay_key" host "$relay_dir/join-key" >host.talk
wait_for grep -q '^slot ' host.talk
relaytalk -n 1 "$relay" "$relay_key" viewer "$(sed -n 's/^slot //p' host.talk)" >viewer.talk
echo 'drain: 1h' >relay.yaml
kill -HUP "$relay_pid"
wait_for event relay.log reloaded
kill -TERM "$relay_pid"
wait_for event relay.log draining '"seconds":3600'
sleep 7
running "$relay_pid" || fail "it has not waited: $(cat relay.log)"
kill -TERM "$relay_pid"
wait_end "$relay_pid"
[ "$status" -eq 0 ] || fail "ended with $status: $(cat relay.log)"

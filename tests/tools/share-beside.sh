#!/usr/bin/env bash
# A service, and beside it, of the same folder, who shows this desktop by a code:
# both stay at the relay. A code leads to whom it is of, the key to the service, or
# to the other one while there is no service.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

film=(rd-encode -- rd-capture --source test --size 64x48)
service() {
	rm -f service.log
	start rd-send --config "$host_dir" --json --no-ask --listen 127.0.0.1:0 --shared -- \
		"${film[@]}" 2>service.log </dev/null
	service=$pid
	wait_for event service.log relay
}
more_than() { # how many, whose log
	[ "$(grep -c '"event":"connected"' "$2")" -gt "$1" ]
}
comes_to() { # whose log, what the viewer says
	local before
	before=$(grep -c '"event":"connected"' "$1" || true)
	status=0
	rd-shot --config viewer --path relay -o shot.png "$2" 2>words </dev/null || status=$?
	[ "$status" -eq 0 ] || fail "$2: status $status: $(cat words service.log host.log relay.log)"
	wait_for more_than "$before" "$1"
}
left() {
	[ "$(grep -c '"event":"left"' relay.log)" -eq "$1" ]
}

# All of them come from one address, and to one host.
echo 'limits: {sessions-each: 100, connects-minute: 1000}' >relay.yaml
relay_up --config relay.yaml
host_knows
rd-key --config "$host_dir" allow "$(rd-key --config viewer 2>/dev/null)" viewer
rd-key --config viewer trust office "$(rd-key --config "$host_dir" 2>/dev/null)" --via "$relay"
rd-key --config viewer relay "$relay" "$relay_key" --no-join
service
share --listen 127.0.0.1:0 --shared -- "${film[@]}"
[ "$(grep -c '"event":"registered"' relay.log)" -eq 2 ] || fail "$(cat relay.log)"
comes_to service.log office
comes_to host.log "$code"
# It has been used, and changes nothing: it is still who was there for a code.
comes_to service.log office
left 0 || fail "somebody was sent away: $(cat relay.log)"

# The service ends, or dies without a word: the other one is there.
stop "$service"
comes_to host.log office
service
comes_to service.log office
read -ra children <"/proc/$service/task/$service/children" || true
kill -KILL "$service" "${children[@]}"
wait_for ended "$service"
comes_to host.log office
# It is started anew, and what is left of the dead one is in nobody's way.
service
comes_to service.log office

# The other one ends.
kill -USR1 "$host"
codes() {
	[ "$(grep -c '"event":"code"' host.log)" -ge 2 ]
}
wait_for codes
code=$relay/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log | tail -n 1)
stop "$host"
view_refused host-away "$relay" "$code"
comes_to service.log office
# Nobody had lost the relay.
! event service.log relay-lost && ! event host.log relay-lost || fail "$(cat service.log host.log)"

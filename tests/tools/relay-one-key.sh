#!/usr/bin/env bash
# Programs of one key that are met through one relay at the same moment: all get in,
# and none waits for the others.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

# All of them come from one address, and to one host.
echo 'limits: {sessions-each: 100, connects-minute: 1000}' >relay.yaml
rd-key --config "$host_dir" allow "$(rd-key 2>/dev/null)" viewer
host_key=$(rd-key --config "$host_dir" 2>/dev/null)

serve() {
	relay_up --config relay.yaml
	host_knows
	host --listen 127.0.0.1:0 --shared -- rd-encode -- rd-capture --source test --size 64x48
	wait_for event host.log relay
	rd-key trust office "$host_key" --via "$relay" --replace
	rd-key relay "$relay" "$relay_key" --no-own --replace
}

together() { # how many
	local i pids=() began=${EPOCHREALTIME/./}
	rm -f ./*.png words.*
	for i in $(seq "$1"); do
		start rd-shot --path relay -o "$i.png" office 2>"words.$i"
		pids+=("$pid")
	done
	for i in $(seq "$1"); do
		wait_end "${pids[i - 1]}"
		[ "$status" -eq 0 ] || fail "of $1 one ended with $status: $(cat words.* relay.log host.log)"
		[ -s "$i.png" ] || fail "no picture: $(cat words.*)"
	done
	echo "$1 in $(((${EPOCHREALTIME/./} - began) / 1000)) ms"
}

# A relay takes ten of one source at once, and then one a second.
for _ in 1 2 3 4; do
	serve
	for n in 2 3 4; do together $n; done
	stop "$host"
	stop "$relay_pid"
done

#!/usr/bin/env bash
# A relay whose descriptors run out: it says how many TLS connections it can have, and
# keeps the rest for its pages; when there are none left at all it says that once and
# waits, instead of asking again and again, and serves when there are some.
# alone: it counts processor time, and beside others even what spins gets little
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
command -v curl >/dev/null && command -v prlimit >/dev/null || skip "no curl, or no prlimit"

# shellcheck disable=SC2034 # the descriptors stay open
connect() { # port
	exec {fd}<>"/dev/tcp/127.0.0.1/$1"
}

ticks() { # hundredths of a second of processor time
	awk '{ print $14 + $15 }' "/proc/$network/stat"
}

said() { # how often, text
	[ "$(grep -c "$2" relay.log)" -eq "$1" ]
}

ulimit -n 64
relay_up --metrics 127.0.0.1:0

metrics=$(sed -n 's/.*"metrics":\([0-9]*\).*/\1/p' relay.log)
said 1 ' TLS connections at most, not 4096: .* 64 descriptors' || fail "$(cat relay.log)"

# More than there is room for: whoever asks for a page has a descriptor.
for _ in $(seq 20); do connect "$relay_port"; done
[ "$(curl -sf -m 20 "http://127.0.0.1:$metrics/health")" = ok ]

# None is left at all.
network=$(ps -o pid= --ppid "$relay_pid" | tr -d ' ')
prlimit --pid "$network" --nofile=4:
for _ in 1 2 3; do connect "$metrics"; connect "$relay_port"; done
wait_for said 1 'no more connections for metrics for the moment: Too many open files'
wait_for said 1 'no more TLS connections for the moment: Too many open files'
before=$(ticks)
sleep 3
used=$(($(ticks) - before))
[ "$used" -lt 100 ] || fail "$used hundredths of a second of work in three seconds of nothing"
said 1 'no more connections for metrics' && said 1 'no more TLS connections' ||
	fail "said again: $(cat relay.log)"

prlimit --pid "$network" --nofile=64:
[ "$(curl -sf -m 20 "http://127.0.0.1:$metrics/health")" = ok ]
start relaytalk -t "$relay" "$relay_key" host "$relay_dir/join-key" >host.talk
wait_for grep -q '^slot ' host.talk

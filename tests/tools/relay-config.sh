#!/usr/bin/env bash
# The configuration file says the same as options, which have the last word; a mistake
# in it is one line with its place, also for --check, and never half of a relay.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

wrong() { # line:column: text
	local status=0
	rd-relay --config relay.yaml --state "$relay_dir" --check 2>words || status=$?
	[ "$status" -eq 2 ] || fail "status $status for: $(cat relay.yaml)"
	[ "$(cat words)" = "rd-relay: relay.yaml:$1" ] || fail "$(cat words) instead of $1"
}

printf 'listen: 127.0.0.1:0\nthread: 4\n' >relay.yaml
wrong '2:1: there is no "thread" here; did you mean "threads"?'
printf 'limits:\n  peers: 10\n  session: 3\n' >relay.yaml
wrong '3:3: there is no "session" in limits; did you mean "sessions"?'
printf 'threads: many\n' >relay.yaml
wrong '1:10: threads: "many": a whole number, from 0 to 64'
printf 'policy: maybe\n' >relay.yaml
wrong '1:9: policy: "maybe": choose auto, direct or relay'
printf 'hosts:\n  - rd:short\n' >relay.yaml
wrong '2:5: hosts: "rd:short": a key is wanted: rd: and 43 characters, as rd-key prints it'
# What is judged as a whole has its place, too.
printf 'open: no\nlisten: "a b"\n' >relay.yaml
wrong '2:9: listen: "a b" is no [address]:port'
printf 'tls:\n  - ":1"\n  - 1:2:3\n' >relay.yaml
wrong '2:3: tls: "1:2:3" is no [address]:port'
printf 'listen: []\n' >relay.yaml
wrong '1:9: listen: an empty list'
printf 'metrics: 10.0.0.1:70000\n' >relay.yaml
wrong '1:10: metrics: "10.0.0.1:70000" is no [address]:port'
printf 'metrics: ":9464"\n' >relay.yaml
wrong '1:10: metrics: others than this machine reach that address: that takes metrics-anywhere'
printf 'open: no\ncertificate: x\n' >relay.yaml
wrong '2:14: certificate: it takes certificate-key, too'
printf 'certificate-key: x\n' >relay.yaml
wrong '1:18: certificate-key: it takes certificate, too'
printf 'limits:\n  idle: 1s\n' >relay.yaml
wrong '2:9: idle: "1s": a time is as in 500ms, 10s or 5m, from 10s to 24h'
printf 'limits:\n  host-gigabytes-day: -1\n' >relay.yaml
wrong '2:23: host-gigabytes-day: "-1": a whole number, from 0 to 1000000000'
printf 'limits:\n  host-gigabytes: 5\n' >relay.yaml
wrong '2:3: there is no "host-gigabytes" in limits; did you mean "host-gigabytes-day"?'
printf 'limits:\n  idle: 60s\n  rate: fast\n' >relay.yaml
wrong '3:9: rate: "fast": a rate is bits a second, as in 800k or 2M, from 0 to 1000G'
printf 'rate: 1G\n' >relay.yaml
wrong '1:1: rate stands under limits'
printf 'log: debug\n' >relay.yaml
wrong '1:1: log is for the command line only'
printf 'tls-connections: 9\n' >relay.yaml
wrong '1:1: tls-connections stands under limits'
# An option overrules it: then that one is meant.
printf 'listen: "127.0.0.1:0"\n' >relay.yaml
status=0
rd-relay --config relay.yaml --listen 'c d' --check 2>words || status=$?
[ "$status" -eq 2 ] && [ "$(cat words)" = 'rd-relay: --listen: "c d" is no [address]:port' ] ||
	fail "status $status: $(cat words)"
printf 'listen: "127.0.0.1:0\n' >relay.yaml
rd-relay --config relay.yaml --check 2>words && fail 'no YAML was taken'
grep -q '^rd-relay: relay.yaml:[0-9]*:[0-9]*: this is no YAML' words
printf 'open: yes\n' >relay.yaml
chmod 666 relay.yaml
exits 10 rd-relay --config relay.yaml --check 2>words
grep -q 'other users may write it' words
chmod 600 relay.yaml
exits 10 rd-relay --config nothing.yaml --check 2>words

# Without mistakes it says nothing, and makes no key.
host_key=$(rd-key --config "$host_dir" 2>/dev/null)
cat >relay.yaml <<-EOF
	listen: [127.0.0.1:0]	# where
	stun-port: 0
	metrics: off
	tls: off
	hosts: [$host_key]
	limits: {sessions-each: 2, session-rate: 20M, host-gigabytes-day: 50, rate: 900M}
	drain: 0
EOF
[ -z "$(rd-relay --config relay.yaml --state "$relay_dir" --check 2>&1)" ]
[ ! -e "$relay_dir/identity" ]
start rd-relay --config relay.yaml --state "$relay_dir" --json 2>relay.log
wait_for event relay.log listening
event relay.log listening '"tls"' && fail 'TLS, though it is off'
stop "$pid"

# The command line has the last word.
start rd-relay --config relay.yaml --state "$relay_dir" --json --tls 127.0.0.1:0 2>relay.log
wait_for event relay.log listening
event relay.log listening '"tls":[1-9]'

# The example of the manual page is one.
sed -n '/^# \/etc\/rd-relay.yaml/,/^\.Ed/p' "$RD_ROOT/man/rd-relay.1" |
	grep -v '^\.\|^certificate' >example.yaml
[ "$(wc -l <example.yaml)" -gt 30 ]
rd-relay --config example.yaml --state "$relay_dir" --check

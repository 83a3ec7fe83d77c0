#!/usr/bin/env bash
# Every exit code that rd-send(1) documents.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
. "$RD_ROOT/tests/tools/lib-streams.sh"
make_streams
viewer_key=$(rd-key --config viewer 2>/dev/null)
host_key=$(rd-key --config "$host_dir" 2>/dev/null)
rd-key --config "$host_dir" allow "$viewer_key" viewer
card=(rd-encode -- rd-capture --source test --size 64x48)

# What rd-send says besides the reason is for its owner: not one line.
lines=any

# shellcheck disable=SC2120 # it is given some by provoke
direct() { # option of rd-send… [-- PRODUCER]
	rd-send --config "$host_dir" --listen 127.0.0.1:0 --no-ask "$@"
}

sends() { # file
	# shellcheck disable=SC2119
	direct <"$1"
}

with_relay() { # option of rd-send…
	rd-send --config "$host_dir" --no-ask --code "$@" -- true
}

feed=/dev/null
hosts=0
listens() { # option of rd-send…
	log=host.log.$((++hosts))
	# What start puts into the background has no stdin.
	start sh -c 'exec "$@" <"$0"' "$feed" \
		rd-send --config "$host_dir" --json --no-ask --listen 127.0.0.1:0 "$@" 2>"$log"
	host=$pid
	wait_for event "$log" listening
	port=$(sed -n 's/.*"event":"listening".*"port":\([0-9]*\).*/\1/p' "$log")
}

goes_there() {
	start setsid -w rd-recv --config viewer --once --host-key "$host_key" "127.0.0.1:$port" \
		>s.got 2>viewer.words </dev/null
	viewer=$pid
}

# A host that somebody sees, with --once.
watched() {
	: >s.got
	listens --once -- "${card[@]}"
	goes_there
	wait_for test -s s.got
}

ended_as() { # code
	wait_end "$host"
	[ "$status" -eq "$(number_of "$1")" ] || fail "$tool_name: status $status, not $1: $(cat "$log")"
	seen "$1"
}

tool rd-send
watched
provoke failure 'Address already in use' rd-send --config "$host_dir" --listen "127.0.0.1:$port" -- true
kill -TERM "$viewer"
ended_as ok
watched
rd-key --config "$host_dir" remove viewer
ended_as expired
rd-key --config "$host_dir" allow "$viewer_key" viewer
watched
# A viewer that is gone without a word is waited for half a minute.
kill -KILL "$(cat "/proc/$viewer/task/$viewer/children")"
left_host=$host left_log=$log
later relay 'cannot be reached' with_relay --relay 127.0.0.1:9
provoke failure 'Too many open files' within -n 4 direct -- true
# Two processes lack them, and one says so.
for n in 5 6 7 8 9 10; do
	provoke failure 'Too many open files' within -n $n direct -- true
	[ -z "$(sort words | uniq -d)" ] || fail "twice: $(cat words)"
done
provoke usage 'there is no option --colour' rd-send --colour
feed=cut.rd
listens --once
goes_there
ended_as cut-short
grep -q 'cut short' "$log" || fail "$(cat "$log")"
provoke foreign 'not an rd stream' sends none.rd
provoke version 'version 9' sends newer.rd
help_to_full() { "$@" --help >/dev/full; }
provoke output 'No space left' help_to_full rd-send
provoke command 'no such command' direct -- no-such-command
provoke command 'no such command' direct --on-connect no-such-command -- true
provoke input '--ca-file' direct --ca-file none.pem -- true
ends_as timeout direct --timeout 100ms -- true
chmod 644 "$host_dir/identity"
provoke identity 'chmod 600' direct -- true
chmod 600 "$host_dir/identity"

# Relays; what share starts talks into host.log.
log=host.log
relay_up
provoke not-admitted 'does not serve this host' with_relay --relay "$relay"
rd-relay --state "$PWD/other-relay" --join-key >wrong.key
rd-key --config "$host_dir" relay "$relay" "$relay_key" --join-fd 0 --replace <wrong.key
provoke join-key 'join key' with_relay
rd-key --config "$host_dir" relay "$relay" "$(rd-key --config other 2>/dev/null)" --no-join --replace
provoke relay-key 'key has changed' with_relay
host_knows
share --once --code-life 0.3 -- true
ended_as code-expired
share --once -- "${card[@]}"
for _ in 1 2 3; do view_refused code 'code is wrong' "$(wrong_words)"; done
ended_as code-burnt
stop "$relay_pid"
printf 'limits:\n  peers: 1\n' >relay.yaml
relay_up --config relay.yaml
share -- "${card[@]}"
first=$host
rm -rf second
mkdir -m 700 second
cp "$host_dir/relays" second/
second() { rd-send --config second --no-ask --code -- true; }
provoke relay-busy 'takes no more' second
stop "$first"
stop "$relay_pid"
relay_up --drain 60
# A session through it keeps it for a while.
share --path relay -- "${card[@]}"
start setsid -w rd-recv --config viewer --path relay "$code" >through.rd 2>viewer.words </dev/null
through=$pid
wait_for test -s through.rd
kill -TERM "$relay_pid"
wait_for event host.log relay-drains
provoke draining 'about to end' with_relay
stop "$through"
stop "$host"
stop "$relay_pid"
host=$left_host log=$left_log
ended_as lost
all_provoked

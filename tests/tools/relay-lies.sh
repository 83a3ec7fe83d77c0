#!/usr/bin/env bash
# A relay that lies: it leads a viewer to another host, tells hosts a wrong key of
# who comes, changes or repeats what it forwards, or is another one than before.
# Both ends refuse what is not theirs, each with a line that says so; what is only
# repeated does no harm.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"

lies() { # lie
	start_on relay lyingrelay "$RELAY" 21120 "$1" >liar.key
	liar=$pid
	wait_for grep -q '^key ' liar.key
	relay_key=$(sed -n 's/^key //p' liar.key)
	knows_relay host --join-fd 3 3<join-key
	knows_relay viewer --no-join
}

other_host_up() {
	: >other.log
	start_on host rd-send --config "$TMPDIR/of-other" --json --no-ask --relay "$relay_name" \
		--listen :0 "$@" -- desk other-desk.log 2>other.log
	other=$pid
	wait_for told other.log relay
}

# The viewer ends with that status, and neither desk was shown.
refused() { # name of the exit status, words
	wait_end "$viewer"
	exitnames | grep -qx "$status $1" || fail "status $status, not $1: $(cat viewer.words)"
	grep -qi -- "$2" viewer.words || fail "the viewer does not say \"$2\": $(cat viewer.words)"
	[ ! -s desk.log ] && [ ! -s other-desk.log ] || fail "a desk was shown"
}

says() { # file, words
	grep -qi -- "$2" "$1" || fail "no \"$2\" in $1: $(cat "$1")"
}

internet
relay_up
people
stop "$relay"
in_folder other rd-key >/dev/null 2>&1
in_folder other rd-key allow "$(key_of viewer)" viewer
cp of-host/authorized_keys of-other/

# It is honest: so what follows is the lies' doing.
lies none
host_up
comes
wait_for sees_desk
presses 30
leave
stop "$liar"

# Another relay under that name: it is not asked for anything.
lies none
old=$relay_key
stop "$liar"
lies none
relay_key=$old
knows_relay viewer --no-join
: >desk.log
comes
refused relay-key "the relay.s key has changed"
stop "$liar"

lies swap
in_folder other rd-key relay "$relay_name" "$relay_key" --replace --no-join
host_up
other_host_up
: >desk.log
comes
refused host-key "not the host we know"
says other.log "looks for a host with another key"
stop "$sender"
stop "$other"
stop "$liar"

# … by code: each host has one.
lies swap
in_folder other rd-key relay "$relay_name" "$relay_key" --replace --no-join
host_up --code
other_host_up --code
wait_for told host.log code
wait_for told other.log code
: >desk.log
whom=("relay.example.org/$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)")
comes
refused code "the code is wrong"
whom=(office)
says other.log "has the code of another host (7)"
stop "$sender"
stop "$other"
stop "$liar"

lies twice
host_up --path relay
comes --path relay
wait_for sees_desk
for code in 30 31 32 33; do presses $code; done
[ "$(grep -c '^key [0-9]* 97 1' desk.log)" -eq 4 ] || fail "a repeated datagram is a key more"
leave
stop "$liar"

# All is changed: nothing of it is taken, and a session is lost, not wrong.
lies flip
host_up --path relay
comes --path relay
wait_for sees_desk
kill -USR1 "$liar"
for code in $(seq 30 60); do say key "$code" 97 1; done
wait_for told viewer.words silent
grep '^key' desk.log | awk '$2 < 30 || $2 > 60 || $3 != 97 { bad = 1 } END { exit bad }' ||
	fail "a changed datagram was taken: $(cat desk.log)"
say end
stop "$viewer"
stop "$sender"
stop "$liar"

lies name
host_up
: >desk.log
comes
refused refused "announced another key than yours"
says host.log "the relay relay.example.org announced a viewer with the key"
stop "$sender"
stop "$liar"

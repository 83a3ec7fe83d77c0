#!/usr/bin/env bash
# rd-netcheck says what kind of NAT it is behind, and by what the relay is reached.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"

# Both sides at once, since each looks for a router that opens ports for three seconds.
looks() { # host's type, viewer's type
	local side
	nat host "$1"
	[ -z "$2" ] || nat viewer "$2"
	local both=()
	for side in host viewer; do
		start_on "$side" rd-netcheck --config "$TMPDIR/of-$side" --relay relay.example.org \
			--json >"$side.found" 2>"$side.words"
		both+=("$pid")
	done
	wait_end "${both[0]}"
	wait_end "${both[1]}"
}

found() { # side, member, value
	grep -q "\"$2\":$3[,}]" "$1.found" || fail "$1: not $2 $3: $(cat "$1.found" "$1.words")"
}

nat_is() { # side, name, reached by UDP, by TLS
	found "$1" nat "\"$2\""
	found "$1" udp "$3"
	found "$1" tls "$4"
}

internet
relay_up
people
looks PRC PRCx
nat_is host independent true true
nat_is viewer independent true true
looks ADM SEQ
nat_is host address-dependent true true
nat_is viewer sequential true true
found viewer step 1
looks RND FC
nat_is host random true true
nat_is viewer independent true true
looks BLK 443
nat_is host blocked false true
nat_is viewer blocked false true
looks V6 SHUT
nat_is host blocked true true
found host ipv6 '"\[2001:db8:1:2::10\]:[0-9]*"'
nat_is viewer blocked false false
found viewer ipv6 null
public viewer r3 9
looks PRC ''
nat_is viewer none true true

# Somebody new asks. By IPv6 alone that is what he reads; and a relay that answers
# nothing has told no key.
nat host V6
on host rd-netcheck --config none --relay relay.example.org >in-words
grep -q '^NAT  *no answer: UDP does not get through by IPv4$' in-words &&
	grep -q '^IPv6  *\[2001:db8:1:2::10\]:' in-words &&
	grep -q '^by IPv6 direct' in-words || fail "$(cat in-words)"
nat host SHUT
exits 32 on host rd-netcheck --config none --relay relay.example.org --json >host.found 2>host.words
found host key null
found host key_known null

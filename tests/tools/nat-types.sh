#!/usr/bin/env bash
# The lab's NATs are what their names say: how they map, what they let in, which
# ports they choose (RFC 4787), asked by another program than the product.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"

probes() { # machine, what it prints
	local got
	got=$(on "$1" natprobe "${servers[@]}")
	[ "$got" = "$2" ] || fail "$kind of $1: \"$got\" instead of \"$2\""
}

both() { # type, what its clients find
	kind=$1
	nat host "$kind"
	nat viewer "$kind"
	on host natprobe "${servers[@]}" >of-host &
	local pid=$!
	probes viewer "$2"
	wait $pid
	[ "$(cat of-host)" = "$2" ] || fail "$kind of host: \"$(cat of-host)\" instead of \"$2\""
}

server() { # address, address
	start_on relay natprobe serve "$@" >ready
	wait_for grep -q ready ready
}

# A line of TCP there and back: socat's other end repeats it.
reaches() { # machine, port
	[ "$(echo here | on "$1" socat -t 2 - "TCP:$RELAY:$2,connect-timeout=2" 2>/dev/null)" = here ]
}

internet
servers=("$RELAY" "$RELAY2")
server "${servers[@]}"
both PRC 'independent address+port preserved'
both TRAP 'independent address+port preserved trap'
both PRCx 'independent address+port changed'
both ADR 'independent address preserved'
both FC 'independent independent preserved'
both ADM 'address address+port changed'
both SEQ 'address+port address+port step 1'
both RND 'address+port address+port random'
both HAIR 'independent address+port preserved hairpin'
both BLK blocked
both 443 blocked
both SHUT blocked
both V6 blocked

# What is left to TCP.
for port in 443 80; do
	start_on relay socat "TCP-LISTEN:$port,fork,reuseaddr" PIPE
	wait_for reaches relay $port
done
nat host BLK
reaches host 443 && reaches host 80 || fail "BLK blocks TCP"
nat host 443
reaches host 443 || fail "443 blocks TCP to port 443"
reaches host 80 && fail "443 lets TCP to port 80 out"
nat host SHUT
reaches host 443 && fail "SHUT lets TCP out"
reaches nat_host 443 || fail "SHUT holds the NAT itself"

# Four hops do not lead from one home to the other, and six do.
kind=hops
nat host PRC
nat viewer FC
crosses() { # hops to live
	echo "hops $1" | on host socat -u - "UDP4-SENDTO:192.0.2.2:9999,ip-ttl=$1"
}
start_on viewer socat -u UDP4-RECV:9999 CREATE:came
wait_for on viewer sh -c 'ss -Hnlu "sport = 9999" | grep -q .'
crosses 4
crosses 6
wait_for grep -q 'hops 6' came
grep -q 'hops 4' came && fail "a packet with four hops to live came through"

# Two NATs in a row, and none.
kind=CGN
behind_cgn host
nat host PRC
probes host 'independent address+port preserved'
kind=NONE
public viewer r3 9
probes viewer 'independent independent preserved hairpin'

# IPv6, with its firewall.
kind=V6
move viewer nat_viewer 20
nat viewer V6
servers=("$RELAY6" "${RELAY6}0")
on relay ip address add "${RELAY6}0/64" dev net0 nodad
server "${servers[@]}"
probes viewer 'independent address+port preserved hairpin'


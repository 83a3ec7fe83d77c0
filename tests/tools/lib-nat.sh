# Sourced after lib.sh and lib-net.sh by tests of machines behind NATs: routers of
# the types one meets, out of network namespaces and nftables. When the script
# ends, killed or not, nothing of it is left.
#
#	         r1 ──────────── r2 ──────────── r3
#	  198.51.100.0/24  203.0.113.0/24   192.0.2.0/24
#	          │               │               │
#	    nat_host (.2)  relay (.1 and .2)  nat_viewer (.2)
#	          │ 192.168.1.0/24                │ 192.168.1.0/24
#	     host (.10)                      viewer (.20)
#
# Three routers, because a first opener with four hops to live has to die between
# the NATs. Both homes have the same private network, as homes do. The relay has
# IPv6 (its name is relay.example.org); the homes have it where they are of type V6.
#
#	internet		builds all of this; every NAT is of type PRC
#	nat SIDE TYPE		the NAT of host or viewer becomes one of that type
#				(see rules_of) and forgets what it had open
#	forget NAT		only that
#	home NAT AT N [NET]	one more NAT at the street of r1 or r3, where it is .N
#	behind_cgn SIDE		its provider has a NAT too: nat_SIDE is behind cgn_SIDE
#	move CLIENT NAT N	its cable goes to that NAT's network, where it is .N
#	public CLIENT AT N	… to the street of r1 or r3: no NAT at all
#	sever NAT ADDRESS	nothing goes from or to there any more
#	mend NAT		what was severed
#
# Then `on host CMD`, `start_on viewer CMD` and the like of lib-net.sh.
# shellcheck shell=bash disable=SC2004,SC2034,SC2154

readonly RELAY=203.0.113.1 RELAY2=203.0.113.2 RELAY6=2001:db8:2::1
declare -A street=([r1]=198.51.100 [r3]=192.0.2) street6=([r1]=2001:db8:1 [r3]=2001:db8:3)

# Of a NAT: its own address outside, and the network of its clients. Of a client:
# the NAT, its number there, and whether it has an IPv6 address now.
declare -A outer=() inner=() inner6=() home_of=() number_of=() with_ipv6=()
cables=0

command -v conntrack >/dev/null || skip "no conntrack"

# Machines find the relay by its name, which has all of its addresses: in a file
# /etc/hosts that nobody else sees. (The shell goes on as another one, with the same
# process id and folder.)
if [ -z "${RD_OWN_HOSTS:-}" ]; then
	RD_OWN_HOSTS=${own_scratch:-none} exec unshare -m -- \
		bash "${script:-$RD_ROOT/tests/tools/${0##*/}}" "$@"
fi
[ "$RD_OWN_HOSTS" = none ] || own_scratch=$RD_OWN_HOSTS
unset RD_OWN_HOSTS
printf '%s relay.example.org\n' 127.0.0.1 "$RELAY" "$RELAY2" "$RELAY6" |
	sed '1s/relay.*/localhost/' >"$TMPDIR/hosts"
mount --bind "$TMPDIR/hosts" /etc/hosts

# Several at once, since each takes a few milliseconds. They end with this script,
# however that ends.
namespaces() { # name…
	local name
	for name; do
		start unshare -n -- sh -c "$basics"
		machine_pid[$name]=$pid
	done
	for name; do
		wait_for idles "${machine_pid[$name]}"
	done
}

# What every machine needs, and what a router does. A bridge is a switch here: what
# crosses it is no business of nftables.
basics='
	cd /proc/sys/net
	echo 0 >ipv6/conf/default/accept_dad
	echo 0 >ipv6/conf/default/accept_ra
	for file in bridge/bridge-nf-call-*; do [ ! -e "$file" ] || echo 0 >"$file"; done
	ip link set lo up
	exec setpriv --pdeathsig KILL -- sleep infinity
'
forwards='
	echo 1 >/proc/sys/net/ipv4/ip_forward
	echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
	echo 0 >/proc/sys/net/ipv4/conf/all/send_redirects
	echo 0 >/proc/sys/net/ipv4/conf/default/send_redirects
'

idles() { # pid
	local name
	read -r name <"/proc/$1/comm" && [ "$name" = sleep ]
}

# Lines of a shell, run there.
set_up() { # name <lines
	{ echo set -e && cat; } | in_ns "${machine_pid[$1]}" sh
}

# The lines for a link with its addresses, up; and for one that others plug into.
# Nobody looks for duplicates: until the kernel gets to that, nothing can bind to one.
linked() { # name, address…
	local name=$1 a
	shift
	for a; do printf 'ip address add %s dev %s %s\n' "$a" "$name" "$([[ $a != *:* ]] || echo nodad)"; done
	printf 'ip link set %s up\n' "$name"
}

hub() { # name, address…
	printf 'ip link add %s type bridge\n' "$1"
	linked "$@"
}

# From a link of one machine to a hub of another.
cable() { # machine, link, machine, hub
	cables=$((cables + 1))
	in_ns "${machine_pid[$1]}" ip link add "$2" type veth \
		peer name "port$cables" netns "/proc/${machine_pid[$3]}/ns/net"
	in_ns "${machine_pid[$3]}" ip link set "port$cables" master "$4" up
}

internet() {
	namespaces r1 r2 r3 relay nat_host nat_viewer host viewer
	set_up r2 <<-LINES
		$forwards
		$(hub street 203.0.113.254/24 2001:db8:2::ff/64)
		ip link add west type veth peer name east netns ${machine_pid[r1]}
		ip link add east type veth peer name west netns ${machine_pid[r3]}
		$(linked west 198.18.12.2/24 2001:db8:12::2/64; linked east 198.18.23.2/24 2001:db8:23::2/64)
		ip route add 198.51.100.0/24 via 198.18.12.1
		ip route add 192.0.2.0/24 via 198.18.23.1
		ip route add 2001:db8:1::/48 via 2001:db8:12::1
		ip route add 2001:db8:3::/48 via 2001:db8:23::1
	LINES
	set_up r1 <<-LINES
		$forwards
		$(hub street 198.51.100.1/24 2001:db8:1::1/64)
		$(linked east 198.18.12.1/24 2001:db8:12::1/64)
		ip route add default via 198.18.12.2
		ip route add default via 2001:db8:12::2
	LINES
	set_up r3 <<-LINES
		$forwards
		$(hub street 192.0.2.1/24 2001:db8:3::1/64)
		$(linked west 198.18.23.1/24 2001:db8:23::1/64)
		ip route add default via 198.18.23.2
		ip route add default via 2001:db8:23::2
	LINES
	cable relay net0 r2 street
	set_up relay <<-LINES
		$(linked net0 $RELAY/24 $RELAY2/24 $RELAY6/64)
		ip route add default via 203.0.113.254
		ip route add default via 2001:db8:2::ff
	LINES
	home nat_host r1 2
	home nat_viewer r3 2
	move host nat_host 10
	move viewer nat_viewer 20
	nat host PRC
	nat viewer PRC
}

# A clean one: it forwards, and translates nothing yet.
home() { # name, router, number, network of its clients
	local name=$1 at=$2 n=$3 six=${street6[$2]}:$3
	[ -n "${machine_pid[$name]:-}" ] || namespaces "$name"
	outer[$name]=${street[$at]}.$n inner[$name]=${4:-192.168.1} inner6[$name]=$six
	cable "$name" wan "$at" street
	set_up "$name" <<-LINES
		$forwards
		$(hub lan "${inner[$name]}.1/24" "$six::1/64")
		$(linked wan "${outer[$name]}/24" "${street6[$at]}::$n/64")
		ip route add default via ${street[$at]}.1
		ip route add default via ${street6[$at]}::1
	LINES
	in_ns "${machine_pid[$at]}" ip route add "$six::/64" via "${street6[$at]}::$n"
}

behind_cgn() { # side
	local cgn=cgn_$1 own=nat_$1 at=r1
	[ "$1" = host ] || at=r3
	home "$cgn" $at 4 100.64.0
	in_ns "${machine_pid[$own]}" ip link del wan
	cable "$own" wan "$cgn" lan
	outer[$own]=100.64.0.2
	set_up "$own" <<-LINES
		$(linked wan 100.64.0.2/24)
		ip route add default via 100.64.0.1
	LINES
	load "$cgn" PRC 100.64.0.2
}

move() { # client, NAT, number there
	home_of[$1]=$2 number_of[$1]=$3 with_ipv6[$1]=
	in_ns "${machine_pid[$1]}" ip link del net0 2>/dev/null || true
	cable "$1" net0 "$2" lan
	set_up "$1" <<-LINES
		$(linked net0 "${inner[$2]}.$3/24")
		ip route add default via ${inner[$2]}.1
	LINES
}

public() { # client, router, number there
	home_of[$1]='' with_ipv6[$1]=
	in_ns "${machine_pid[$1]}" ip link del net0 2>/dev/null || true
	cable "$1" net0 "$2" street
	set_up "$1" <<-LINES
		$(linked net0 "${street[$2]}.$3/24")
		ip route add default via ${street[$2]}.1
	LINES
}

nat() { # host or viewer, type
	local at=${home_of[$1]} six=
	load "$at" "$2" "${inner[$at]}.${number_of[$1]}"
	[ "$2" != V6 ] || six=${inner6[$at]}
	[ "${with_ipv6[$1]}" != "$six" ] || return 0
	on "$1" ip -6 address flush dev net0 scope global
	if [ -n "$six" ]; then
		on "$1" ip address add "$six::${number_of[$1]}/64" dev net0 nodad
		on "$1" ip route replace default via "$six::1"
	fi
	with_ipv6[$1]=$six
}

load() { # NAT, type, client
	rules_of "$2" "${outer[$1]}" "$3" >rules.nft
	in_ns "${machine_pid[$1]}" nft -f rules.nft
	forget "$1"
}

forget() { # NAT
	in_ns "${machine_pid[$1]}" conntrack -F 2>/dev/null
}

sever() { # NAT, address
	in_ns "${machine_pid[$1]}" nft -f - <<-RULES
		table inet severed {
			chain through {
				type filter hook forward priority -10
				ip saddr $2 drop
				ip daddr $2 drop
			}
		}
	RULES
}

mend() { # NAT
	in_ns "${machine_pid[$1]}" nft delete table inet severed
}

# 4096 ports as a map. (A hash or a counter alone would be taken for a port in the
# other byte order, and a counter go in steps of 256.)
ports() {
	local i first=$((20000 + RANDOM))
	for ((i = 0; i < 4096; i++)); do printf '%d : %d,' "$i" $((first + i)); done
}

# The kinds, by mapping and filtering (RFC 4787 sections 4.1 and 5):
#
#	FC	independent of the destination; lets everybody in: full cone
#	ADR	independent; lets in who has been sent to, from any port
#	PRC	independent, ports kept; lets in only what answers: the usual one
#	PRCx	the same with other ports
#	TRAP	PRC without a drop of what comes unasked: conntrack then keeps such a
#		flow for the NAT itself, and a packet of ours that goes there later
#		gets another port
#	ADM	another port for another address
#	SEQ	another port for another place, one after the other
#	RND	… at random
#	HAIR	PRC that leads what its clients send to its own address back in
#	BLK	drops UDP
#	443	only TCP to port 443 gets out
#	SHUT	nothing does: what runs on the NAT itself is the way out (proxies)
#	V6	no IPv4 outside; a firewall for IPv6 that lets in only what answers
rules_of() { # type, own address, client
	local to="oifname wan meta l4proto udp snat to $2"
	local drop='iifname wan ct state new drop' first='' tables='' through='' in='' out=''
	case $1 in
	PRC) ;;
	TRAP) drop= ;;
	PRCx) out="$to : jhash udp sport mod 4096 seed 7 map { $(ports) }" ;;
	ADM)
		# Never one for two addresses of which one is even: by chance that would look like PRCx.
		local ports hash='jhash ip daddr . udp sport mod 2048 seed 7'
		ports=$(ports)
		out="oifname wan ip daddr & 0.0.0.1 == 0.0.0.0 meta l4proto udp snat to $2 : $hash map { $ports }
			$to : $hash offset 2048 map { $ports }"
		;;
	SEQ) out="$to : numgen inc mod 4096 map { $(ports) }" ;;
	RND) out='oifname wan meta l4proto udp masquerade fully-random' ;;
	FC) drop='' in="iifname wan meta l4proto udp dnat to $3" ;;
	ADR)
		tables='set asked { type ipv4_addr . inet_service; flags dynamic,timeout; timeout 60s; }'
		first='oifname wan meta l4proto udp update @asked { ip daddr . udp sport }'
		in="iifname wan meta l4proto udp ip saddr . udp dport @asked dnat to $3"
		drop='iifname wan ct state new meta l4proto udp ip saddr . udp dport @asked accept
			iifname wan ct state new drop'
		;;
	HAIR)
		tables='map client { type inet_service : ipv4_addr; flags dynamic,timeout; timeout 60s; }'
		first='oifname wan meta l4proto udp update @client { udp sport : ip saddr }'
		in="iifname lan ip daddr $2 meta l4proto udp dnat to udp dport map @client"
		out="oifname lan ct status dnat snat to $2"
		;;
	BLK) through='iifname lan meta l4proto udp drop' ;;
	443) through='iifname lan tcp dport 443 accept
			iifname lan drop' ;;
	SHUT | V6) through='drop' ;;
	*) fail "no such NAT: $1" ;;
	esac
	cat <<-RULES
		flush ruleset
		table ip nat {
			$tables
			chain guard { type filter hook prerouting priority -150
				$drop
			}
			chain into { type nat hook prerouting priority dstnat
				$in
			}
			chain through { type filter hook forward priority filter
				$through
			}
			chain first { type filter hook postrouting priority 0
				$first
			}
			chain out { type nat hook postrouting priority srcnat
				$out
				oifname wan masquerade
			}
		}
		table ip6 firewall {
			chain through { type filter hook forward priority filter; policy drop
				$([ "$1" != V6 ] || printf 'ct state established,related accept
				iifname lan accept\n')
			}
		}
	RULES
}

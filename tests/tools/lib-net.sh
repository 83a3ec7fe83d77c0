# Sourced by the scripts that need machines of their own: each is a network
# namespace on one switch, and all of them are gone when the script ends.
#
#	machines NAME…	makes them; the first has 10.77.0.1, the second .2, …
#	on NAME CMD…	runs it there
#	start_on NAME CMD…	in the background, as start does
#	address NAME OLD NEW	10.77.0.OLD becomes .NEW
#	no_udp NAME	its firewall drops datagrams, both ways
#	slow NAME RATE	what goes to it passes a link of that rate (tc's units)
#	unplug NAME, plug NAME	its cable
#	record FILE	what goes to and from the first machine, until stop "$recorder"
#	recorded FILE FILTER	how many bytes of payload of that kind are in it
# shellcheck shell=bash disable=SC2034,SC2154

# Not as root of the new users (unshare -r): tcpdump would then give root up, and
# cannot. And on this machine's network: X servers know of each other by that.
own_users=(unshare --map-current-user --keep-caps --)
if [ "$(id -u)" -ne 0 ] && [ -z "${RD_OWN_USERS:-}" ]; then
	"${own_users[@]}" unshare --net true 2>/dev/null ||
		skip "network namespaces need root or user namespaces"
	status=0
	RD_OWN_USERS=1 "${own_users[@]}" bash "${script:-$RD_ROOT/tests/tools/${0##*/}}" "$@" || status=$?
	exit "$status"
fi

declare -A machine_pid=() machine_number=()
switch_pid=
recorder=

in_ns() { # pid, command…
	local ns=$1
	shift
	nsenter --net="/proc/$ns/ns/net" -- "$@"
}

apart() { # pid: it has left our network
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

namespace() {
	start unshare -n -- setpriv --pdeathsig KILL -- sleep infinity
	wait_for apart "$pid"
	in_ns "$pid" ip link set lo up
}

machines() { # name…
	local name n=0
	namespace
	switch_pid=$pid
	in_ns "$switch_pid" ip link add switch type bridge
	in_ns "$switch_pid" ip link set switch up
	for name; do
		n=$((n + 1))
		namespace
		machine_pid[$name]=$pid machine_number[$name]=$n
		in_ns "$switch_pid" ip link add "port$n" type veth peer name net0 netns "/proc/$pid/ns/net"
		in_ns "$switch_pid" ip link set "port$n" master switch up
		in_ns "$pid" ip address add "10.77.0.$n/24" dev net0
		in_ns "$pid" ip link set net0 up
	done
}

on() { # name, command…
	local name=$1
	shift
	in_ns "${machine_pid[$name]}" "$@"
}

start_on() { # name, command…
	local name=$1
	shift
	# Both become the command, so that $pid is its own; it ends with this script,
	# however that ends.
	start nsenter --net="/proc/${machine_pid[$name]}/ns/net" -- setpriv --pdeathsig KILL -- "$@"
}

address() { # name, old number, new number
	on "$1" ip address del "10.77.0.$2/24" dev net0
	on "$1" ip address add "10.77.0.$3/24" dev net0
}

no_udp() { # name
	on "$1" nft -f - <<-'RULES'
		table inet closed {
			chain in { type filter hook input priority 0; meta l4proto udp drop; }
			chain out { type filter hook output priority 0; meta l4proto udp drop; }
		}
	RULES
}

slow() { # name, rate
	in_ns "$switch_pid" tc qdisc replace dev "port${machine_number[$1]}" root \
		tbf rate "$2" burst 10kb latency 200ms
}

unplug() {
	in_ns "$switch_pid" ip link set "port${machine_number[$1]}" down
}

plug() {
	in_ns "$switch_pid" ip link set "port${machine_number[$1]}" up
}

record() { # file
	start nsenter --net="/proc/$switch_pid/ns/net" -- \
		tcpdump -Z root -i port1 -p -U -s 0 -w "$1" --immediate-mode 2>"$1.log"
	recorder=$pid
	wait_for grep -q 'listening on' "$1.log"
}

recorded() { # file, filter
	tcpdump -Z root -r "$1" -n "$2" 2>/dev/null | sed -n 's/.*length \([0-9]*\).*/\1/p' |
		awk '{ n += $1 } END { print n + 0 }'
}

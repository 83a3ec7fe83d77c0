# Sourced by tests/bench/run: rd-relay beside coturn's turnserver, as its package
# ships it, in network namespaces joined by a veth pair.
#
#	relay_measures	all of $system, which is rd or coturn
#
#	relay_single, relay_burst	50 flows of datagrams of 1200 bytes, one at a time or 8
#			as a train; relay and load share one processor, so that the relay
#			is always behind, and what counts is its processor time a datagram
#	relay_half	about half of what coturn can, each on a processor of its own: how
#			long a datagram takes, and how much of that is the relay's
#	relay_many	10 000 sessions, made by simulated ends, then trains of 8 through them
#	relay_peers	100 000 registered hosts that only stay
#
# shellcheck shell=bash disable=SC2154

: "${BENCH_RELAY_RATE:=90000}" "${BENCH_RELAY_PEERS:=100000}" "${BENCH_RELAY_SESSIONS:=10000}"
load_net='' relay_net='' relay_pid=''

own_net() { # pid
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

in_net() { # pid, command…
	local ns=$1
	shift
	nsenter "--net=/proc/$ns/ns/net" "$@"
}

# Ends have addresses all over 10.0.0.0/8: relays count by network.
begin_relay_nets() {
	start unshare --net sleep 100000
	load_net=$pid
	start unshare --net sleep 100000
	relay_net=$pid
	wait_for own_net "$load_net"
	wait_for own_net "$relay_net"
	in_net "$load_net" ip link add name link0 type veth peer name link0 netns "$relay_net"
	in_net "$load_net" ip address add 192.168.77.1/24 dev link0
	in_net "$relay_net" ip address add 192.168.77.2/24 dev link0
	local ns
	for ns in "$load_net" "$relay_net"; do
		in_net "$ns" ip link set lo up
		in_net "$ns" ip link set link0 up
	done
	in_net "$load_net" ip route add local 10.0.0.0/8 dev lo
	in_net "$relay_net" ip route add 10.0.0.0/8 via 192.168.77.1
}

end_relay_nets() {
	stop "$load_net"
	stop "$relay_net"
}

relay_listens() {
	ended "$relay_pid" || grep -q '"event":"listening"' "$scratch/relay.log"
}

turn_listens() {
	ended "$relay_pid" || [ -n "$(in_net "$relay_net" ss -Hlnu 'sport = :3478')" ]
}

# Which processor, and then what the load needs to know in $ends.
begin_rd_relay() { # processors, option…
	local where=$1
	shift
	cat >"$scratch/relay.yaml" <<-'EOF'
		tls: off
		metrics: off
		drain: 0
		limits: {sessions-each: 100000, session-rate: 100G, connects-minute: 100000}
	EOF
	: >"$scratch/relay.log"
	start nsenter "--net=/proc/$relay_net/ns/net" taskset -c "$where" rd-relay \
		--state "$scratch/relay" --config "$scratch/relay.yaml" --json "$@" 2>"$scratch/relay.log"
	relay_pid=$pid
	wait_for relay_listens
	running "$relay_pid" || { cat "$scratch/relay.log" >&2; fail "rd-relay does not start"; }
	local key network
	key=$(sed -n 's/.*"key":"\([^"]*\)".*/\1/p' "$scratch/relay.log" | head -n 1)
	network=$(tr -d ' ' <"/proc/$relay_pid/task/$relay_pid/children")
	ends=(-a 192.168.77.2:21120 -k "$key" -j "$scratch/relay/join-key" -p "$network")
}

begin_coturn() { # processors
	start nsenter "--net=/proc/$relay_net/ns/net" taskset -c "$1" turnserver -n --no-auth \
		-L 192.168.77.2 -E 192.168.77.2 --no-tls --no-dtls --no-tcp --no-cli -p 3478 \
		--min-port 30000 --max-port 60000 -r bench -m 1 --log-file "$scratch/turn.log" \
		--simple-log --pidfile "$scratch/turn.pid" --userdb "$scratch/turn.db" \
		>"$scratch/turn.out" 2>&1
	relay_pid=$pid
	wait_for turn_listens
	running "$relay_pid" || { cat "$scratch/turn.out" >&2; fail "turnserver does not start"; }
	ends=(-a 192.168.77.2:3478 -p "$relay_pid")
}

# rd's threads: one, so that both have one core.
begin_relay() { # processors
	if [ "$system" = coturn ]; then begin_coturn "$1"; else begin_rd_relay "$1" --threads 1; fi
}

relay_load() { # processor, option…
	local where=$1 way=rd
	shift
	[ "$system" != coturn ] || way=turn
	in_net "$load_net" taskset -c "$where" "$bench" relay -w "$way" "${ends[@]}" \
		-t "$BENCH_SECONDS" "$@"
}

relay_measure() { # name, processor of the load, option…
	local name=$1 last=$(($(nproc) - 1)) where=$2
	shift 2
	printf '\rrun %d of %d: %s, %s        ' "$run" "$BENCH_RUNS" "$system" "$name" >&2
	begin_relay "$last"
	relay_load "$where" "$@" | record "$name"
	stop "$relay_pid"
}

relay_measures() {
	local last=$(($(nproc) - 1))
	wants relay || return 0
	begin_relay_nets
	relay_measure relay_single "$last" -n 50 -b 1 -r 0
	relay_measure relay_burst "$last" -n 50 -b 8 -r 0
	relay_measure relay_half 0 -n 50 -b 1 -r "$BENCH_RELAY_RATE"
	if [ "$system" = rd ]; then
		relay_measure relay_many "$last" -n "$BENCH_RELAY_SESSIONS" -b 8 -r 0
		printf '\rrun %d of %d: %s, relay_peers        ' "$run" "$BENCH_RUNS" "$system" >&2
		begin_rd_relay "0-$last"
		in_net "$load_net" "$bench" peers "${ends[@]}" -n "$BENCH_RELAY_PEERS" \
			-t "$BENCH_SECONDS" | record relay_peers
		stop "$relay_pid"
	fi
	end_relay_nets
}

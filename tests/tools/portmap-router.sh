#!/usr/bin/env bash
# A router (miniupnpd) lets a port of ours in by PCP, else by NAT-PMP, else by
# UPnP; and takes it back at the end, whichever way that comes.
set -eu
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v miniupnpd >/dev/null || skip "no miniupnpd"
. "$RD_ROOT/tests/tools/lib-net.sh"

# inside (10.77.0.1) -- (.2) router (11.77.0.1) -- (.2) outside
machines inside router
namespace
outside=$pid
on router ip link add out0 type veth peer name net0 netns "/proc/$outside/ns/net"
on router ip address add 11.77.0.1/24 dev out0
on router ip link set out0 up
in_ns "$outside" ip address add 11.77.0.2/24 dev net0
in_ns "$outside" ip link set net0 up
on inside ip route add default via 10.77.0.2
on router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
on router nft -f - <<-'RULES'
	table inet filter {
		chain miniupnpd { }
		chain prerouting_miniupnpd { }
		chain postrouting_miniupnpd { }
		chain refused { type filter hook input priority 0; }
		chain forward {
			type filter hook forward priority 0; policy drop;
			iifname net0 accept
			ct state established,related accept
			jump miniupnpd
		}
		chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
		chain postrouting {
			type nat hook postrouting priority 100;
			jump postrouting_miniupnpd
			oifname out0 masquerade
		}
	}
RULES
on inside nft -f - <<-'RULES'
	table inet count {
		counter came { }
		chain in { type filter hook input priority 0; ip saddr 11.77.0.2 udp dport 21118 counter name came; }
	}
RULES

upnpd=
router() { # enable_upnp, enable_natpmp
	[ -z "$upnpd" ] || stop "$upnpd"
	cat >upnpd.conf <<-CONF
		ext_ifname=out0
		listening_ip=net0
		enable_upnp=$1
		enable_natpmp=$2
		secure_mode=yes
		uuid=7d3ad4a8-3c0b-4d58-9a5c-6b1f4d0f0d01
		lease_file=$PWD/leases
		minissdpdsocket=$PWD/none
		allow 1024-65535 10.77.0.0/24 1024-65535
		deny 0-65535 0.0.0.0/0 0-65535
	CONF
	start_on router miniupnpd -d -f "$PWD/upnpd.conf" -P "$PWD/upnpd.pid" >upnpd.log 2>&1
	upnpd=$pid
	wait_for grep -q -i 'listening\|HTTP\|Ready' upnpd.log
}

# The one that asks; its stdin is descriptor 8.
ask() { # port…
	: >said
	rm -f in
	mkfifo in
	exec 8<>in
	# shellcheck disable=SC2016 # expanded there; what runs in the background has no stdin
	start_on inside sh -c 'exec portmap "$@" <in >said' sh "$@" 8>&-
	asker=$pid
	wait_for asking
}
said() { # line
	tail -n 1 said | grep -qxE "$1"
}
mapped() { # inside port: the router sends it there
	on router nft list chain inet filter prerouting_miniupnpd | grep -q "10.77.0.1:$1"
}
unmapped() {
	! mapped "$1"
}
came() {
	[ "$(on inside nft list counter inet count came | sed -n 's/.*packets \([0-9]*\).*/\1/p')" -ge 1 ]
}
knock() { # port
	# shellcheck disable=SC2016 # expanded there
	in_ns "$outside" bash -c 'echo x >"/dev/udp/11.77.0.1/$0"' "$1"
	came
}
process() { # of rd-portmap, by its name and where it is
	local p
	for p in /proc/[0-9]*; do
		[ "$(cat "$p/comm" 2>/dev/null)" = rd-portmap ] &&
			[ "$(readlink "$p/ns/net")" = "$(readlink "/proc/${machine_pid[inside]}/ns/net")" ] &&
			echo "${p##*/}"
	done
	return 0
}
asking() {
	[ -n "$(process)" ]
}
gone() {
	[ -z "$(process)" ]
}
at_rest() { # looked at many times: whoever is always awake is not seen asleep so often
	for _ in {1..20}; do
		grep -q '^State:.*sleeping' "/proc/$(process)/status" || return 1
	done
}

# --- PCP: a datagram from outside comes in; another port; the end
router yes yes
ask 21118 21119
wait_for said 'PCP 11\.77\.0\.1:21118'
wait_for mapped 21118
wait_for knock 21118
echo >&8
wait_for said 'PCP 11\.77\.0\.1:21119'
wait_for unmapped 21118
exec 8>&-
wait_end "$asker"
wait_for unmapped 21119
wait_for gone

# --- the process itself is ended
ask 21118
wait_for said 'PCP 11\.77\.0\.1:21118'
kill "$(process)"
wait_for unmapped 21118
wait_for said none
exec 8>&-
wait_end "$asker"
wait_for gone

# --- its owner dies
ask 21118
wait_for said 'PCP 11\.77\.0\.1:21118'
kill -KILL "$asker"
wait_for unmapped 21118
wait_for gone
exec 8>&-

# --- a router that hears no PCP
on router nft add rule inet filter refused udp dport 5351 @th,64,8 2 drop
ask 21118
wait_for said 'NAT-PMP 11\.77\.0\.1:21118|UPnP 11\.77\.0\.1:21118'
exec 8>&-
wait_end "$asker"
wait_for unmapped 21118
wait_for gone
router no yes
ask 21118
wait_for said 'NAT-PMP 11\.77\.0\.1:21118'
wait_for mapped 21118
exec 8>&-
wait_end "$asker"
wait_for unmapped 21118
wait_for gone

# --- each of whose answers comes twice, as to one who has asked again
on router nft -f - <<-'RULES'
	table ip twice {
		chain out {
			type filter hook output priority 0
			udp sport 5351 dup to 10.77.0.1 device net0
		}
	}
RULES
ask 21118
wait_for said 'NAT-PMP 11\.77\.0\.1:21118'
wait_for at_rest
exec 8>&-
wait_end "$asker"
wait_for unmapped 21118
wait_for gone
on router nft delete table ip twice
on router nft flush chain inet filter refused

# --- UPnP alone
router yes no
ask 21118 0
wait_for said 'UPnP 11\.77\.0\.1:21118'
wait_for mapped 21118
echo >&8
wait_for said none
wait_for unmapped 21118
exec 8>&-
wait_end "$asker"
wait_for gone
ask 21118
wait_for said 'UPnP 11\.77\.0\.1:21118'
kill "$(process)"
wait_for unmapped 21118
exec 8>&-
wait_end "$asker"
wait_for gone

# --- no router that knows any of it
stop "$upnpd"
ask 21118
exec 8>&-
wait_end "$asker"
wait_for gone
[ ! -s said ] || fail "said something without a router: $(cat said)"

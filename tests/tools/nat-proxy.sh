#!/usr/bin/env bash
# Only a proxy gets out, by HTTP CONNECT or SOCKS5: through it and the relay by TLS.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"
. "$RD_ROOT/tests/tools/lib-matrix.sh"

# What the NAT itself runs, for its clients.
http_proxy() { # NAT
	cat >tinyproxy.conf <<-CONF
		Port 8888
		Listen 192.168.1.1
		Allow 192.168.1.0/24
		ConnectPort 443
		LogLevel Connect
	CONF
	start_on "$1" tinyproxy -d -c tinyproxy.conf >"tinyproxy.$1" 2>&1
	wait_for listens "$1" 8888
}

socks_proxy() { # NAT
	start_on "$1" microsocks -i 192.168.1.1 -p 1080 >"microsocks.$1" 2>&1
	wait_for listens "$1" 1080
}

listens() { # machine, port
	on "$1" ss -Hnlt "sport = $2" | grep -q .
}

internet
relay_up
people
for side in host viewer; do
	http_proxy "nat_$side"
	socks_proxy "nat_$side"
done

export HTTPS_PROXY=http://192.168.1.1:8888
meet PRC SHUT relay-tls
meet SHUT PRC relay-tls
meet SHUT SHUT relay-tls
grep -q "CONNECT relay.example.org:443" tinyproxy.nat_viewer || fail "the viewer did not use its proxy"
grep -q "CONNECT relay.example.org:443" tinyproxy.nat_host || fail "the host did not use its proxy"
unset HTTPS_PROXY

export ALL_PROXY=socks5://192.168.1.1:1080
meet SHUT SHUT relay-tls
# Only TCP to port 443 gets out, and there is no proxy.
unset ALL_PROXY
meet 443 443 relay-tls

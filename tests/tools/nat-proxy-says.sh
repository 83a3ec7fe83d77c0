#!/usr/bin/env bash
# What people read of a proxy that wants to be told who they are, does not let them
# through, is not there or is none; and what goes by no proxy.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"

http_proxy() { # port, port that it connects to, line of its configuration
	cat >"tinyproxy.$1" <<-CONF
		Port $1
		Listen 192.168.1.1
		Allow 192.168.1.0/24
		ConnectPort $2
		LogLevel Connect
		$3
	CONF
	start_on nat_host tinyproxy -d -c "tinyproxy.$1" >"words.$1" 2>&1
	wait_for listens "$1"
}

listens() { # port
	on nat_host ss -Hnlt "sport = $1" | grep -q .
}

# All at once, since each looks for a router that opens ports for three seconds.
looked=()
sees() { # NAME, VARIABLE=VALUE…
	local name=$1
	shift
	start_on host env RES_OPTIONS='timeout:1 attempts:1' "$@" rd-netcheck \
		--config "$TMPDIR/of-host" --relay relay.example.org --json >"$name.found" 2>"$name.words"
	looked+=("$pid")
}

found() { # NAME, text
	grep -qF -- "$2" "$1.found" "$1.words" || fail "$1: not $2: $(cat "$1.found" "$1.words")"
}

internet
relay_up
people
http_proxy 8888 443 'BasicAuth bob s3cret'
http_proxy 8889 8443 ''
start_on nat_host microsocks -i 192.168.1.1 -p 1080 -u bob -P s3cret >words.socks 2>&1
wait_for listens 1080
nat host SHUT

at=192.168.1.1
sees known "HTTPS_PROXY=http://bob:s3cret@$at:8888"
sees wrong "HTTPS_PROXY=http://bob:secret@$at:8888"
sees unknown "HTTPS_PROXY=http://$at:8888"
sees forbidden "HTTPS_PROXY=http://$at:8889"
sees closed "HTTPS_PROXY=http://$at:9999"
sees nowhere HTTPS_PROXY=http://proxy.invalid:8888
sees no-proxy "HTTPS_PROXY=http://bob:s3cret@$at:8888" NO_PROXY=localhost,example.org
sees https "HTTPS_PROXY=https://$at:8888"
sees socks "ALL_PROXY=socks5://bob:s3cret@$at:1080"
sees socks-wrong "ALL_PROXY=socks5://bob:secret@$at:1080"
sees socks-unknown "ALL_PROXY=socks5://$at:1080"
for pid in "${looked[@]}"; do wait_end "$pid"; done

for name in known socks; do
	found $name '"udp":false'
	found $name '"tls":true'
	found $name '"tls_by":"TLS through a proxy"'
done
for name in wrong unknown forbidden closed nowhere no-proxy socks-wrong socks-unknown; do
	found $name '"tls":false'
	found $name 'the relay relay.example.org cannot be reached'
	grep -q s3cret $name.found $name.words && fail "$name: says a password"
done
found wrong 'the proxy says 401'
found unknown 'the proxy says 407'
found forbidden 'the proxy says 403'
found closed 'no connection to the proxy: Connection refused'
found nowhere 'the name of the proxy cannot be found'
found no-proxy '"proxy":"none"'
found no-proxy 'no connection to the relay'
found https 'no proxy of ours: http://HOST:PORT or socks5://HOST:PORT'
found socks-wrong 'the proxy does not take that user and password'
found socks-unknown 'the proxy wants a user and a password'

# In the tools themselves it is the one line there is.
status=0
on host env "HTTPS_PROXY=http://$at:8889" setsid -w rd-recv --once --config "$TMPDIR/of-host" \
	relay.example.org/7-orbit-cactus-lamp-river >out 2>words || status=$?
[ "$status" -eq 32 ] && [ "$(wc -l <words)" -eq 1 ] && grep -q 'the proxy says 403' words ||
	fail "$status: $(cat words)"

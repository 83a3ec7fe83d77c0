#!/usr/bin/env bash
# Two machines: picture and input by UDP and, with UDP dropped, by TCP; and
# nothing of names, keys, pictures and keystrokes is readable on the wire.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-desktop.sh"
. "$RD_ROOT/tests/tools/lib-inject.sh"
. "$RD_ROOT/tests/tools/lib-session.sh"

wire_carries() { # recording, tcpdump's filter, bytes at least
	[ "$(recorded "$1" "$2")" -ge "$3" ]
}

sees_and_types() {
	shows_window
	wait_for in_window
	on_host xsetroot -solid "$1"
	wait_for in_window
	on_desk xdotool windowmove --sync "$window" 0 0 windowfocus --sync "$window"
	: >keys
	on_desk xdotool type --delay 0 'correct horse battery'
	wait_for typed 'correct horse battery'
}

machines host away
start_host
start_desk 800x600
person host
person alice
admit alice
on_host start_xkeys
serve_desktop

record udp.pcap
join away alice
sees_and_types '#805020'
close_session
wait_for wire_carries udp.pcap udp 2000
stop "$recorder"
wire_carries udp.pcap tcp 1 && fail "something went by TCP"

no_udp host
record tcp.pcap
join away alice
sees_and_types '#208050'
close_session
wait_for wire_carries tcp.pcap tcp 2000
stop "$recorder"
wire_carries tcp.pcap "udp and src $HOST" 1 && fail "UDP was not dropped"

# Nobody's name or key, nothing of the stream, no key code. (Nothing of three
# letters: those turn up by chance in one of a few hundred recordings.)
for secret in alice host rd-encode rd-capture horse battery xterm SHOW \
	"$(key_of alice)" "$(key_of host)"; do
	grep -aqF -- "$secret" udp.pcap tcp.pcap && fail "\"$secret\" crosses the wire"
done
# The stream's magic.
LC_ALL=C grep -aqP '\x8d\x72\x64\x73' udp.pcap tcp.pcap && fail "a HELLO crosses the wire"
true

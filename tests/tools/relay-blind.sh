#!/usr/bin/env bash
# What a relay handles, on its wire and in its memory, during a session by code and
# one by key, both carried by it, by UDP and by TLS: nothing of the code's words, of
# names, of what is typed and shown.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"

# The shadow of a sanitizer is terabytes of memory, which would fill the disk here.
[ -z "$RD_SAN" ] || skip "the memory of a sanitized relay cannot be copied"

readonly PICTURE=what-is-on-the-screen NAME=marguerite SPOKEN=never-in-the-clear

memory() { # file: all that the relay's processes have
	local p all from to rest
	read -ra all <"/proc/$relay/task/$relay/children" || true
	for p in "$relay" "${all[@]}"; do
		while IFS=' -' read -r from to rest; do
			case $rest in r*' '[0-9]*) ;; *) continue ;; esac
			dd if="/proc/$p/mem" bs=64k iflag=skip_bytes,count_bytes status=none \
				skip=$((16#$from)) count=$((16#$to - 16#$from)) 2>/dev/null || true
		done <"/proc/$p/maps"
	done >"$1"
}

# That the search finds what is there: the relay does know who it forwards for.
readable() { # file, text
	LC_ALL=C grep -aqF -- "$2" "$1"
}

blind() { # what was done, secret…
	local what=$1 secret file
	shift
	memory memory.bin
	readable memory.bin "$(cat of-relay/join-key)" || readable memory.bin rd-relay ||
		fail "$what: the relay's memory could not be read"
	for file in memory.bin wire.pcap; do
		for secret; do
			readable "$file" "$secret" && fail "$what: \"$secret\" is in $file"
		done
	done
	LC_ALL=C grep -aqP '\x8d\x72\x64\x73' wire.pcap && fail "$what: a HELLO crosses the wire"
	true
}

session() { # by which way to the relay, argument of rd-recv…
	local by=$1
	shift
	comes --path relay --relay-way "$by" "$@"
	wait_for sees_desk
	presses 30
	say text "$SPOKEN"
	wait_for grep -q "^text $SPOKEN" desk.log
}

recorder_up() {
	start_on relay tcpdump -Z root -i net0 -p -U -s 0 -w wire.pcap --immediate-mode 2>record.log
	wait_for grep -q 'listening on' record.log
}

internet
relay_up --log trace
people
in_folder host rd-key allow "$(key_of viewer)" "$NAME" --replace
desk=(-t "$PICTURE-")
recorder_up

for by in udp tls; do
	whom=(office)
	host_up --path relay --relay-way $by
	session $by
	blind "by key and $by" "$PICTURE" "$NAME" "$SPOKEN" office desk
	leave

	host_up --path relay --relay-way $by --code
	wait_for told host.log code
	code=$(sed -n 's/.*"event":"code".*"code":"\([^"]*\)".*/\1/p' host.log)
	words=${code#*-}
	whom=("relay.example.org/$code")
	session $by
	blind "by code and $by" "$PICTURE" "$SPOKEN" "$words" "${words//-/ }" desk
	leave
done
for text in "$PICTURE" "$NAME" "$SPOKEN" office "$words"; do
	grep -qF -- "$text" relay.log && fail "\"$text\" is in the relay's log"
done
true

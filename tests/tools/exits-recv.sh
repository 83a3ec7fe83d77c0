#!/usr/bin/env bash
# Every exit code that rd-recv(1) documents.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-recv.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
. "$RD_ROOT/tests/tools/lib-streams.sh"
make_streams
tool rd-recv
quick=(rd-encode -- rd-capture --source test --size 64x64 --frames 3)
endless=(rd-encode -- rd-capture --source test --size 64x64 --fps 50)

recv() { # option of rd-recv…
	setsid -w rd-recv --once "$@" "$at" </dev/null
}

# One that sees something: s.got, viewer.words, $viewer.
watches() { # option of rd-recv…
	: >s.got
	start setsid -w rd-recv "$@" "$at" >s.got 2>viewer.words </dev/null
	viewer=$pid
	wait_for test -s s.got
}

viewer_ends() { # code, text
	wait_end "$viewer"
	[ "$status" -eq "$(number_of "$1")" ] || fail "status $status, not $1: $(cat viewer.words)"
	grep -q -- "$2" viewer.words || fail "not \"$2\": $(cat viewer.words)"
	seen "$1"
}

child_of() {
	tr -d ' ' <"/proc/$1/task/$1/children"
}

provoke usage 'there is no option --colour' rd-recv --colour host
provoke usage 'one host' rd-recv one two
provoke failure 'Too many open files' within -n 4 rd-recv host
provoke unreachable 'no address' setsid -w rd-recv no-such-host.invalid

# Nobody on this network, and no way to ask.
elsewhere lan-exits no-mdns nothing

# A host: who we are to it, and it to us.
serve -- "${quick[@]}"
provoke unknown-host 'rd-key trust' recv
rd-key trust "$at" "$viewer_key" --replace
provoke host-key 'rd-key trust --replace' recv
know
provoke refused 'rd-key allow' recv
admit --options no-desktop,services=files
provoke right 'desktop' recv
admit
sed -i 's/^rd:/expires=2001-01-01 &/' "$at_host/authorized_keys"
provoke expired 'expired' recv
admit
ends_as ok recv
[ -s out ] && [ ! -s words ] || fail "$(cat words)"
to_full() { recv >/dev/full; }
provoke output 'No space left' to_full
provoke input '--ca-file' recv --ca-file none.pem
chmod 644 "$keys/identity"
provoke identity 'chmod 600' recv
chmod 600 "$keys/identity"
echo 'wrong horse' >wrong
stranger=(--config "$TMPDIR/stranger")
rd-key "${stranger[@]}" trust "$at" "$host_key" >/dev/null 2>&1
unknown() { recv "${stranger[@]}" "$@"; }
with_password() { unknown --password-fd 5 5<wrong; }
provoke password 'password' with_password
echo 'correct horse battery' >right
rd-key --config "$at_host" password --password-fd 0 <right
rd-key --config "$at_host" totp --json >totp.json </dev/null
echo 000000 >code
with_code() { unknown --password-fd 5 --totp-fd 8 5<right 8<code; }
provoke totp 'code' with_code
rm "$at_host/password" "$at_host/totp"
stop "$host"

serve --max-viewers 1 -- "${endless[@]}"
watches --once
provoke busy 'as many viewers' recv --service desktop
kill -KILL "$(child_of "$viewer")"
viewer_ends failure 'signal 9'
stop "$host"
serve -- "${endless[@]}"
watches --once --tcp
read -ra crew <"/proc/$host/task/$host/children" || true
kill -KILL "${crew[@]}" "$host"
wait_end "$host"
viewer_ends lost 'was lost'
provoke unreachable "port $port" recv --tcp
provoke timeout '--timeout' recv --udp --timeout 300ms
serve -- "${endless[@]}"
watches --once
stop "$host"
viewer_ends cut-short 'shutting down'

# What the stream says of its end is passed on.
mkfifo feed
for kind in 'foreign none' 'version newer'; do
	start sh -c 'exec "$@" <feed' _ \
		rd-send --config "$at_host" --listen "127.0.0.1:$port" --json --once 2>host.log
	host=$pid
	exec 5>feed
	wait_for listening
	start setsid -w rd-recv "$at" >s.got 2>viewer.words </dev/null 5>&-
	viewer=$pid
	wait_for grep -q '"event":"granted"' host.log
	cat "${kind#* }.rd" >&5
	exec 5>&-
	viewer_ends "${kind% *}" ''
	wait_end "$host"
done

# Relays.
. "$RD_ROOT/tests/tools/lib-relay.sh"
host_dir=$at_host
mkdir -p "$TMPDIR/viewer"
rd-key --config "$TMPDIR/viewer" >/dev/null 2>&1
viewing() { setsid -w rd-recv --config "$TMPDIR/viewer" "$@" </dev/null; }
later relay 'cannot be reached' viewing --relay 127.0.0.1:9 "$host_key@office"
relay_up
host_knows
share -- "${quick[@]}"
for _ in 1 2 3; do provoke code 'code is wrong' viewing "$(wrong_words)"; done
provoke code-burnt 'burnt' viewing "$code"
stop "$host"
share --path relay -- "${quick[@]}"
provoke no-direct 'no direct path' viewing --path direct "$code"
stop "$host"
share -- "${quick[@]}"
ends_as ok viewing "$code"
provoke code-expired 'been used' viewing "$code"
stop "$host"
provoke host-away "$relay" viewing --relay "$relay" --path relay "$host_key@office"
rd-key --config "$TMPDIR/viewer" relay "$relay" "$viewer_key" --no-join --replace
provoke relay-key 'key has changed' viewing --relay "$relay" "$host_key@office"
rd-key --config "$TMPDIR/viewer" relay "$relay" "$relay_key" --no-join --replace
stop "$relay_pid"
printf 'limits:\n  connects-minute: 1\n' >relay.yaml
relay_up --config relay.yaml
host --listen 127.0.0.1:0 -- "${quick[@]}"
wait_for event host.log relay
provoke refused '' viewing --relay "$relay" --path relay "$host_key@office"
provoke relay-busy 'takes nobody' viewing --relay "$relay" --path relay "$host_key@office"
stop "$host"
stop "$relay_pid"
relay_up --drain 60
share --path relay -- "${endless[@]}"
start setsid -w rd-recv --config "$TMPDIR/viewer" --path relay "$code" >s.got 2>viewer.words </dev/null
viewer=$pid
wait_for test -s s.got
kill -TERM "$relay_pid"
wait_for event host.log relay-drains
provoke draining 'about to end' viewing --relay "$relay" --path relay "$host_key@office"
stop "$viewer"
stop "$host"
kill -TERM "$relay_pid"
wait_end "$relay_pid"
all_provoked

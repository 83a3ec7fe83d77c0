#!/usr/bin/env bash
# Who may not is refused, with a line that says so and an exit code of its own:
# an unknown key, an expired one, one without the service, one from elsewhere,
# one removed while it looks, a changed host key, an unknown host, nobody there,
# a wrong password, a wrong code of an authenticator.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-session.sh"

# rd-recv as NAME; its exit status and a line of its must be these.
refused() { # name, code name, text of its line, ARG…
	local who=$1 want=$2 text=$3 code=0
	shift 3
	as "$who" on away setsid rd-recv --once "$@" >"$who.rd" 2>"$who.log" </dev/null || code=$?
	exitnames | grep -qx "$code $want" || fail "$who: ended with $code, not $want: $(cat "$who.log")"
	[ "$(wc -l <"$who.log")" -eq 1 ] || fail "$who: not one line: $(cat "$who.log")"
	grep -q -- "$text" "$who.log" || fail "$who: not \"$text\": $(cat "$who.log")"
	[ ! -s "$who.rd" ] || fail "$who: was sent something"
}

machines host away
for who in host alice bob carol dave eve frank; do person "$who"; done
admit alice
sed -i "s/^rd:.* alice$/expires=2001-01-01 &/" host/rd/authorized_keys
admit bob --from 192.0.2.0/24
admit carol --options no-desktop,services=files
admit eve
as frank rd-key trust "$HOST" "$(key_of host)"
host_listens host -- rd-encode -- rd-capture --source test --size 320x240

refused frank refused "rd-key allow $(key_of frank)" "$HOST"
refused alice expired 'expired' "$HOST"
refused bob refused '' "$HOST"
refused carol right 'desktop' "$HOST"
refused eve right 'shell' --service shell "$HOST"
refused dave unknown-host "rd-key trust" "$HOST"
refused eve unreachable '' --timeout 60 10.77.0.99
as dave rd-key trust "$HOST" "$(key_of dave)"
refused dave host-key 'rd-key' "$HOST"

# Removed while it looks.
as eve start_on away rd-recv --once "$HOST" >eve.rd 2>eve.log
viewer=$pid
wait_for test -s eve.rd
as host rd-key remove eve
wait_end "$viewer"
exitnames | grep -qx "$status expired" || fail "removed: ended with $status: $(cat eve.log)"
refused eve refused 'rd-key allow' "$HOST"

# Passwords: none is set; a wrong one; the right one; a code beside it.
echo 'correct horse' >right
echo 'wrong horse' >wrong
refused frank password 'no password' --password-fd 3 "$HOST" 3<right
printf '%s\n' 'correct horse battery' | as host rd-key password --password-fd 0
refused frank password 'password' --password-fd 3 "$HOST" 3<wrong
echo 'correct horse battery' >right
as frank start_on away rd-recv --once --password-fd 3 "$HOST" 3<right >frank.rd 2>frank.log
viewer=$pid
wait_for test -s frank.rd
stop "$viewer"
as host rd-key totp --json >totp.json </dev/null
echo 000000 >code
refused frank totp 'code' --password-fd 3 --totp-fd 4 "$HOST" 3<right 4<code
running "$sender" || fail "the host ended: $(cat sender.log)"

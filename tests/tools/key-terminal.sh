#!/usr/bin/env bash
# At a terminal rd-key asks: without an echo, twice for what is new, and for
# the authenticator's code; ^C changes nothing and gives the terminal back.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"

rd-key >key 2>/dev/null

at_terminal rd-key password
prompted 1 'New password: '
types short
prompted 2 'New password: '
terminal_says 'at least 8 characters'
types 'correct horse'
prompted 1 'The same again: '
types 'corrupt horse'
prompted 3 'New password: '
terminal_says 'not the same'
types 'correct horse'
prompted 2 'The same again: '
types 'correct horse'
wait_for terminal_says 'status 0'
terminal_says horse && fail "it is on the screen"
[ -s "$keys/password" ] || fail "no password"
stop "$pid"

# ^C: nothing has changed, and the shell after it has its echo back.
cp "$keys/password" before
at_terminal sh -c 'rd-key password; echo "code $?"; stty -a'
prompted 1 'New password: '
printf 'half\003' >&7
wait_for terminal_says 'status 0'
terminal_says 'code 130' || fail "$(cat typed)"
grep -aqE '(^|[ ;])echo ' typed || fail "no echo: $(cat typed)"
cmp before "$keys/password"
stop "$pid"

# The identity's passphrase: asked for when there is one.
at_terminal rd-key passphrase
prompted 1 'New passphrase'
types 'open sesame'
prompted 1 'The same again: '
types 'open sesame'
wait_for terminal_says 'status 0'
stop "$pid"
at_terminal rd-key passphrase
prompted 1 'Passphrase of '
types 'open barley'
wait_for terminal_says 'status 23'
stop "$pid"
at_terminal rd-key passphrase
prompted 1 'Passphrase of '
types 'open sesame'
prompted 1 'New passphrase'
types ''
prompted 1 'The same again: '
types ''
wait_for terminal_says 'status 0'
stop "$pid"
rd-key | cmp - key
grep -q plain "$keys/identity" || fail "still sealed"

# A code that is wrong three times: no authenticator is expected from now on.
at_terminal rd-key totp
for n in 1 2 3; do
	prompted $n 'The code that the authenticator shows: '
	types wrong
done
wait_for terminal_says 'status 22'
terminal_says 'nothing is changed' || fail "$(cat typed)"
[ ! -e "$keys/totp" ] || fail "it is kept"
stop "$pid"

# The right one, as computed by another implementation: RFC 6238 by hand.
have openssl base32 || exit 0
code_of() { # secret, in base32
	local hex mac at
	hex=$(printf %s "$1" | base32 -d | od -An -v -tx1 | tr -d ' \n')
	# shellcheck disable=SC2059 # the format is the bytes
	mac=$(printf "$(printf '%016x' $(($(date +%s) / 30)) | sed 's/../\\x&/g')" |
		openssl dgst -sha1 -mac hmac -macopt "hexkey:$hex" | sed 's/.* //')
	at=$((16#${mac:39:1} * 2))
	printf '%06d' $(((16#${mac:at:8} & 0x7fffffff) % 1000000))
}
at_terminal rd-key totp
prompted 1 'The code that the authenticator shows: '
secret=$(sed -n 's/.*secret=\([A-Z2-7]*\).*/\1/p' typed)
types "$(code_of "$secret")"
wait_for terminal_says 'status 0'
[ "$(cat "$keys/totp")" = "rd-totp-1 $secret" ] || fail "it is not kept"

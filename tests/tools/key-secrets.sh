#!/usr/bin/env bash
# What a viewer without a key must know: the permanent password and an
# authenticator's codes, kept so that no file and no command line tells them.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"

rd-key password --password-fd 3 3<<<'correct horse'
grep -qE '^rd-password-1 [A-Za-z0-9_-]{64}$' "$keys/password" || fail "password: $(cat "$keys/password")"
[ "$(stat -c %a "$keys/password")" = 600 ]
cp "$keys/password" before
refused 2 'at least 8 characters' rd-key password --password-fd 3 3<<<'7 chars'
refused 2 'at least 8 characters' rd-key password --password-fd 3 3<<<'äöüäöüß'
refused 2 'longer than' rd-key password --password-fd 3 3< <(head -c 2000 /dev/zero | tr '\0' a)
refused 10 'no line left' rd-key password --password-fd 3 3</dev/null
refused 2 'Bad file' rd-key password --password-fd 9
refused 2 'neither' rd-key password --remove --password-fd 0
cmp before "$keys/password"
rd-key password --password-fd 0 <<<'correct horse'
cmp -s before "$keys/password" && fail "the same salt again"
rd-key password --remove
[ ! -e "$keys/password" ]
rd-key password --remove

# Without a terminal the secret is taken as it is.
setsid -w rd-key totp >uri </dev/null
grep -qE '^otpauth://totp/rd:[^?]*\?secret=[A-Z2-7]{32}&issuer=rd&algorithm=SHA1&digits=6&period=30$' uri ||
	fail "uri: $(cat uri)"
secret=$(sed 's/.*secret=\([A-Z2-7]*\).*/\1/' uri)
[ "$(cat "$keys/totp")" = "rd-totp-1 $secret" ] || fail "totp: $(cat "$keys/totp")"
[ "$(stat -c %a "$keys/totp")" = 600 ]
refused 1 '--replace' rd-key totp
rd-key totp --replace --json >json
grep -qE '^\{"uri":"otpauth://totp/[^"]*","secret":"[A-Z2-7]{32}"\}$' json || fail "json: $(cat json)"
grep -q "$secret" "$keys/totp" && fail "the same secret again"
rd-key totp --remove
[ ! -e "$keys/totp" ]
exits 8 setsid -w rd-key totp >/dev/full 2>words
[ ! -e "$keys/totp" ] || fail "a secret that nobody saw"

# Nowhere to ask.
refused 2 'no terminal' setsid -w rd-key password
rd-key 2>/dev/null >key
refused 2 'no terminal' setsid -w rd-key passphrase

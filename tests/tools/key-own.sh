#!/usr/bin/env bash
# One's own key is made at first use, shown the same ever after, and kept from others.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"

[ ! -e "$keys" ]
rd-key >first 2>words
grep -q 'made an identity' words || fail "nothing was said of it: $(cat words)"
grep -qE '^rd:[A-Za-z0-9_-]{43}$' first || fail "no key: $(cat first)"
[ "$(stat -c %a "$keys")" = 700 ] || fail "the folder's mode"
[ "$(stat -c %a "$keys/identity")" = 600 ] || fail "the identity's mode"
rd-key >second 2>words
[ ! -s words ] || fail "talks: $(cat words)"
cmp first second || fail "another key"

# Its fingerprint is that of the key, however it is named.
rd-key fingerprint >print
grep -qE '^([a-z2-7]{4}-){7}[a-z2-7]{4}$' print || fail "no fingerprint: $(cat print)"
rd-key fingerprint "$(cat first)" | cmp - print
rd-key fingerprint ./first | cmp - print
rd-key fingerprint first | cmp - print
rd-key fingerprint - <first | cmp - print
[ "$(rd-key --json)" = "{\"key\":\"$(cat first)\",\"fingerprint\":\"$(cat print)\",\"made\":false}" ] ||
	fail "json: $(rd-key --json)"
refused 2 'not a key' rd-key fingerprint rd:short
refused 10 'nobody' rd-key fingerprint nobody
refused 10 'no key in' rd-key fingerprint /dev/null
refused 10 'No such file' rd-key fingerprint ./nothing

# A new one is made only when asked for twice.
refused 1 '--replace' rd-key new
rd-key | cmp - first
rd-key new --replace >third
cmp -s first third && fail "the same key"
rd-key | cmp - third

# A passphrase by descriptor: new, changed, taken away; the public key needs none.
rd-key passphrase --passphrase-fd 3 3<<<'open sesame'
grep -q '^rd-identity-1 argon2id ' "$keys/identity" || fail "not sealed"
rd-key </dev/null | cmp - third
refused 23 'not its passphrase' rd-key passphrase --passphrase-fd 3 3< <(printf 'wrong\nnew one\n')
refused 10 'no line left' rd-key passphrase --passphrase-fd 3 3<<<'open sesame'
rd-key passphrase --passphrase-fd 3 3< <(printf 'open sesame\nother\n')
rd-key passphrase --passphrase-fd 3 3< <(printf 'other\n\n')
grep -q '^rd-identity-1 plain ' "$keys/identity" || fail "still sealed"
rd-key | cmp - third
rd-key new --replace --passphrase-fd 3 3<<<'sealed at once' >fourth
grep -q '^rd-identity-1 argon2id ' "$keys/identity" || fail "not sealed"

# What others may touch, or what is no identity, is not used, and not made anew.
for mode in 640 604 620 602; do
	chmod $mode "$keys/identity"
	refused 23 'chmod' rd-key
done
chmod 600 "$keys/identity"
echo garbage >"$keys/identity"
refused 23 'damaged' rd-key
head -c 3000000 /dev/zero >"$keys/identity"
refused 23 'larger' rd-key
rm "$keys/identity"
mkdir "$keys/identity"
refused 23 'directory' rd-key
rmdir "$keys/identity"
mkfifo "$keys/identity"
refused 23 'not an ordinary file' rd-key
rm "$keys/identity"

# Ten at once make one.
for i in 1 2 3 4 5 6 7 8 9 10; do
	rd-key >"at-once.$i" 2>/dev/null &
	made[i]=$!
done
wait "${made[@]}"
cat at-once.* | sort -u >all
[ "$(wc -l <all)" -eq 1 ] || fail "several identities: $(cat all)"
rd-key | cmp - all

# Mistakes on the command line.
refused 2 'there is no "frobnicate" to do' rd-key frobnicate
refused 2 'there is no ""' rd-key ''
refused 2 'too little after "allow"' rd-key allow
refused 2 'too much after "list"' rd-key list all
refused 2 '--json does not go with passphrase' rd-key passphrase --json
refused 2 'what a key may does not go with list' rd-key list --view-only
refused 2 '--remove does not go with new' rd-key new --remove
refused 2 'runs no command' rd-key -- list
refused 2 'no option --replac' rd-key new --replac
refused 2 'no home directory' env -u XDG_CONFIG_HOME HOME= rd-key --config ''

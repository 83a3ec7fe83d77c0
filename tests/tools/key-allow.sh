#!/usr/bin/env bash
# Who may see this host: allowed, listed, changed and removed, and other lines stay as they are.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"

ann=$(key_of ann) bob=$(key_of bob) eve=$(key_of eve)
file="$keys/authorized_keys"

silent() {
	"$@" >out 2>words || fail "exit status $?: $*: $(cat words)"
	[ ! -s out ] && [ ! -s words ] || fail "talks: $*: $(cat out words)"
}

has() { # lines of the file
	printf '%s\n' "$@" | diff - "$file" >&2 || fail "the file is another one"
}

silent rd-key list
silent rd-key allow "$ann" 'Ann, laptop'
[ "$(stat -c %a "$file")" = 600 ] || fail "mode"
silent rd-key allow "$bob" --view-only --expires 2099-01-31 --from 192.0.2.0/24,2001:db8::/32 --no-clipboard
printf '%s\n' "$eve" | silent rd-key allow - Eve --no-desktop --service files --service shell
options_bob='expires=2099-01-31,from=192.0.2.0/24,from=2001:db8::/32'
has "$ann Ann, laptop" "view-only,no-clipboard-out,$options_bob $bob" \
	"no-desktop,services=files:shell $eve Eve"

# Again the same is nothing to do; something else must be said to be meant.
silent rd-key allow "$ann" 'Ann, laptop'
refused 1 '--replace' rd-key allow "$ann" Ann
refused 1 'as Ann, laptop' rd-key allow "$ann" 'Ann, laptop' --no-sound
silent rd-key allow "$ann" Ann --options no-sound,microphone --replace
has "no-sound,microphone $ann Ann" "view-only,no-clipboard-out,$options_bob $bob" \
	"no-desktop,services=files:shell $eve Eve"

# Nothing of what is wrong is written.
cp "$file" before
refused 2 'not a key' rd-key allow rd:abc
refused 2 'no such option' rd-key allow "$ann" --options frobnicate --replace
refused 2 'a date is' rd-key allow "$ann" --expires tomorrow --replace
refused 2 'a key expires once' rd-key allow "$ann" --expires 2099-01-31,microphone --replace
refused 2 'from is an address' rd-key allow "$ann" --from example.org --replace
refused 2 'from is an address' rd-key allow "$ann" --from 192.0.2.1,microphone --replace
refused 2 'services are names' rd-key allow "$ann" --service 'a b' --replace
refused 2 'nothing to allow' rd-key allow "$ann" --no-desktop --replace
refused 2 'a name is' rd-key allow "$ann" "two
$bob" --replace
refused 2 'a name is' rd-key allow "$ann" "$bob" --replace
refused 2 'a name is' rd-key allow "$ann" $'\033[31mred' --replace
refused 10 'empty' rd-key allow -
cmp before "$file"

# For people, and for programs; what has expired says so; a broken line is told and counts for nothing.
rd-key allow "$eve" Eve --expires 2020-01-01 --replace 2>words
grep -q 'passed already' words
rd-key list >out
[ "$(wc -l <out)" -eq 3 ]
grep -qE "^Ann +$(rd-key fingerprint "$ann")  no-sound,microphone$" out || fail "list: $(cat out)"
grep -qE "^- +$(rd-key fingerprint "$bob")  " out
grep -qE '^Eve .*  \(expired\)$' out
printf 'frobnicate %s Mallory\n%s \033[31mred\377 "quoted" \\\n' "$ann" "$(key_of red)" >>"$file"
rd-key list --json >out 2>words
[ "$(cat words)" = "rd-key: $file:4: \"frobnicate\": there is no such option; the line counts for nothing" ] ||
	fail "says: $(cat words)"
if grep -q $'\033' out; then fail "an escape gets through"; fi
if have jq; then
	[ "$(jq -r .name out | tr '\n' '|')" = 'Ann||Eve|\x1b[31mred\xff "quoted" \|' ] || fail "json: $(cat out)"
	jq -es ".[1] | .name == \"\" and .expired == false and .expires == \"2099-01-31\" and .input == false and
		.clipboard_out == false and (.from | length) == 2 and .services == [] and .key == \"$bob\" and .line == 2" out >/dev/null
	jq -es '.[2] | .name == "Eve" and .expired' out >/dev/null
fi

# By name, by key with what is broken of it, by fingerprint.
rd-key remove "$ann"
grep -q "$ann" "$file" && fail "a line of that key is left"
[ "$(wc -l <"$file")" -eq 3 ]
silent rd-key remove Eve 2>&1
silent rd-key remove "$(rd-key fingerprint "$bob" | cut -c 1-10)"
refused 10 'rd-key list' rd-key remove Eve
rd-key allow "$ann" same && rd-key allow "$bob" same
refused 7 'several' rd-key remove same
rd-key remove "$(rd-key fingerprint same)"

# Not from a file that others may write, and not into one.
for mode in 620 602 666; do
	chmod $mode "$file"
	refused 23 'chmod go-w' rd-key list
	refused 23 'chmod go-w' rd-key allow "$eve"
done
chmod 644 "$file"
rd-key allow "$eve"
[ "$(stat -c %a "$file")" = 644 ] || fail "its mode has changed"

# A folder of dot files: the link stays.
mkdir dots
mv "$file" dots/keys
ln -s ../../dots/keys "$file"
rd-key remove "$eve"
[ -L "$file" ] && ! grep -q "$eve" dots/keys || fail "the link is gone, or led nowhere"

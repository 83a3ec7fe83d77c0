#!/usr/bin/env bash
# Whatever else happens at the same time, a file of keys is whole: nothing is
# lost to another writer, to a full disk, or to a kill.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-key.sh"

ann=$(key_of ann) bob=$(key_of bob)
file="$keys/authorized_keys"

# A key for every number: 43 characters of base64url, the last of which holds two bits of nothing.
key_number() {
	printf 'rd:%039dAAAE' "$1"
}

# Four writers add ten each, and take every other one away again, at once.
writer() { # number
	local i n
	for i in 0 1 2 3 4 5 6 7 8 9; do
		n=$(($1 * 10 + i))
		rd-key allow "$(key_number $n)" "number $n" || return 1
		[ $((i % 2)) -eq 0 ] || rd-key remove "number $n" || return 1
	done
}
writers=()
for w in 1 2 3 4; do
	writer $w &
	writers+=($!)
done
for w in "${writers[@]}"; do wait "$w" || fail "a writer failed"; done
[ "$(rd-key list | wc -l)" -eq 20 ] || fail "lost or left: $(cat "$file")"
[ "$(rd-key list --json | grep -c '"name":"number [1-4][02468]"')" -eq 20 ]
[ "$(find "$keys" -name '.new.*' | wc -l)" -eq 0 ] || fail "left over: $(ls -a "$keys")"

# Writing that fails leaves everything as it was. A limit of file sizes first …
cp "$file" before
(
	trap '' XFSZ
	ulimit -f 1
	refused 8 'cannot write' rd-key allow "$ann" Ann
)
cmp before "$file"
[ -z "$(find "$keys" -name '.new.*')" ] || fail "left over: $(ls -a "$keys")"

# … and a disk that is full, where we may mount one.
# shellcheck disable=SC2016 # expanded by the shell started here
full='mount -t tmpfs -o size=16k none small && : >small/.lock && cp before small/authorized_keys &&
	chmod 600 small/authorized_keys &&
	{ head -c 1M /dev/zero >small/filler; rd-key --config small allow "$1" Ann; echo $? >code; } 2>words &&
	cmp before small/authorized_keys && ls -A small | sort >left'
mkdir small
if unshare -rm true 2>/dev/null && unshare -rm mount -t tmpfs none small 2>/dev/null; then
	unshare -rm bash -c "$full" _ "$ann" || fail "after a full disk: $(cat words)"
	[ "$(cat code)" = 8 ] || fail "a full disk: exit status $(cat code): $(cat words)"
	[ "$(tr '\n' ' ' <left)" = '.lock authorized_keys filler ' ] || fail "left over: $(cat left)"
else
	left_out "a full disk: none can be mounted here"
fi

# Killed at any moment, it is the old file or the new one.
for delay in 0 0.001 0.002 0.003 0.005 0.01; do
	rd-key allow "$bob" Bob &
	victim=$!
	sleep $delay
	kill -KILL $victim 2>/dev/null || true
	wait $victim 2>/dev/null || true
	rd-key list >out 2>words
	[ ! -s words ] || fail "a broken file: $(cat words)"
	[ "$(grep -vc '^Bob ' out)" -eq 20 ] || fail "lost: $(cat out)"
done

# Garbage is told by its lines and never shown as it is.
head -c 20000 /dev/urandom >"$file"
chmod 600 "$file"
rd-key list >out 2>words
[ ! -s out ]
grep -q 'the line counts for nothing' words
if LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]' words; then fail "control characters get through"; fi
cp "$file" before
echo >>before
rd-key allow "$ann" Ann 2>/dev/null
tail -c $((${#ann} + 5)) "$file" | grep -q "^$ann Ann$"
rd-key remove Ann
head -c 20000 "$file" | cmp - <(head -c 20000 before) || fail "garbage was changed"

# Where nothing can be written.
refused 8 'cannot write' rd-key --config /dev/null/rd allow "$ann"
refused 8 'cannot write' rd-key --config /proc/rd
rd-key --config "$TMPDIR/of-ann" allow "$bob"
exits 8 rd-key --config "$TMPDIR/of-ann" list >/dev/full 2>words
grep -q 'stdout' words

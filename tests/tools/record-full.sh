#!/usr/bin/env bash
# A full disk has its code, and leaves a film that plays up to then.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
rd-capture --source test --size 320x180 --frames 900 | rd-encode >s.rd

check() { # FILE
	grep -q "$1: .*what was recorded before is in it" words || fail "$(cat words)"
	plays "$1"
	[ "$(frames "$1")" -gt 30 ] || fail "$1 has only $(frames "$1") pictures"
	# Its duration is that of what is there, within a cluster.
	local lasts at
	lasts=$(seconds "$1") at=$(last_ms "$1")
	[ "$lasts" -ge "$at" ] && [ "$lasts" -le $((at + 1100)) ] || fail "$1 says $lasts ms, and ends at $at"
}

# a limit on the size of files is met like a full disk
for file in limit.webm limit.mkv; do
	(ulimit -f 150; exits 8 rd-record s.rd $file 2>words)
	check $file
	[ "$(stat -c %s $file)" -le 153600 ] || fail "$file is too large"
done

mkdir small
mount -t tmpfs -o size=200k none small 2>/dev/null || skip "no disk can be mounted"
trap 'code=$?; umount small || true; cleanup $code' EXIT
exits 8 rd-record s.rd small/full.webm 2>words
check small/full.webm
rm small/full.webm

# However early it is full: what is there plays and says how long it is, or there is no
# film, at most an empty file, and not a word too much.
again() { # KIB
	umount small
	mount -t tmpfs -o size="$1k" none small
}
early() { # FILE
	if [ ! -s "$1" ]; then
		grep -q 'No space left' words && ! grep -q 'is in it' words || fail "$1: $(cat words)"
		[ "$(wc -l <words)" -eq 1 ] || fail "$(cat words)"
		echo none >>had
		return
	fi
	grep -q 'what was recorded before is in it' words || fail "$(cat words)"
	plays "$1"
	[ "$(frames "$1")" -ge 1 ] || fail "$1 has no picture"
	[ "$(seconds "$1")" -ge 100 ] && [ "$(seconds "$1")" -ge "$(last_ms "$1")" ] ||
		fail "$1 says it lasts $(seconds "$1") ms"
	echo some >>had
}
for kib in 4 12 20 24 28 32 40 64; do
	for kind in webm mkv; do
		again $kib
		exits 8 rd-record s.rd small/early.$kind 2>words
		early small/early.$kind
	done
done
[ "$(sort -u had | tr '\n' ' ')" = 'none some ' ] || fail "that is no beginning: $(cat had)"

# With a command another process is there to remove it; what was there before stays.
again 8
exits 8 rd-record small/none.webm -- rd-capture --source test --size 320x180 2>words
[ ! -e small/none.webm ] || fail "an empty file is left"
: >small/none.webm
exits 8 rd-record small/none.webm -- rd-capture --source test --size 320x180 2>words
[ -e small/none.webm ] || fail "a file that was there is removed"

# Of several those before stay.
again 200
exits 8 rd-record --split-time 1s s.rd small/part.webm 2>words >names
for file in small/part-*.webm; do plays "$file"; done
[ "$(sed -n '$p' names)" = "$file" ] || fail "named: $(cat names), there: $(ls small)"

# No room at all.
again 200
head -c 300000 /dev/zero >small/zero 2>/dev/null || true
exits 8 rd-record s.rd small/none.webm 2>words
[ "$(wc -l <words)" -eq 1 ] || fail "$(cat words)"

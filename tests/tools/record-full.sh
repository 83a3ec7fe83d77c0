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

# No room at all: no film, and not a word too much.
head -c 300000 /dev/zero >small/zero 2>/dev/null || true
exits 8 rd-record s.rd small/none.webm 2>words
[ "$(wc -l <words)" -eq 1 ] || fail "$(cat words)"

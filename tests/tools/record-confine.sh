#!/usr/bin/env bash
# The process that decodes foreign pictures cannot open a socket, start a
# program or make a file, but in the one folder where several are to be made.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
# LeakSanitizer starts a process of its own, and its needs are let through.
[ -z "$RD_SAN" ] || skip "sanitizers need what is forbidden"
rd-capture --source test --size 64x48 --frames 30 >s.rd

# Files are Landlock's part, which not every kernel has.
refused() {
	grep -q 'no Landlock' words && sed -i '/file\|home/d' tried
	[ "$(grep -c refused tried)" -ge 5 ] && ! grep -q possible tried
}

mkdir films
for options in one.webm '--split-time 1s films/a.webm' '--last 3s films/b.mkv'; do
	# shellcheck disable=SC2086 # options are words
	rd-record --log info --confine-test $options <s.rd >tried 2>words || true
	refused || fail "$options: $(cat tried words)"
done
# The test can fail: without confinement everything is possible.
exits 1 rd-record --no-confine --confine-test two.webm <s.rd >tried 2>words
grep -q 'TCP socket: possible' tried || fail "nothing was possible: $(cat tried)"
grep -q 'not confined' words || fail "no warning"

# Every encoder, with the threads it starts, does its work in there.
rd-capture --source test --size 1280x720 --frames 5 >large.rd
for codec in vp8 vp9 av1; do
	rd-record --codec $codec --threads 4 large.rd $codec.mkv >/dev/null
	plays $codec.mkv
done

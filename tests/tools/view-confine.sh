#!/usr/bin/env bash
# The process that decodes foreign pictures cannot open a socket, start a
# program or make a file, whichever way it shows them.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
# LeakSanitizer starts a process of its own, and its needs are let through.
[ -z "$RD_SAN" ] || skip "sanitizers need what is forbidden"

rd-capture --source test --size 64x64 --frames 1 >s.rd
start_x 640x480

# Files are Landlock's part, which not every kernel has.
refused() {
	grep -q 'no Landlock' words && sed -i '/file\|home/d' tried
	[ "$(grep -c refused tried)" -ge 5 ] && ! grep -q possible tried
}

for to in hash null png:a.png png:- window; do
	rd-view --log info --confine-test --to "$to" s.rd >tried 2>words || true
	refused || fail "--to $to: $(cat tried words)"
done
# The test can fail: without confinement everything is possible.
exits 1 rd-view --no-confine --confine-test --to hash s.rd >tried 2>words
grep -q 'TCP socket: possible' tried || fail "nothing was possible: $(cat tried)"
grep -q 'not confined' words || fail "no warning"

# Every decoder, with the threads it starts, does its work in there.
for codec in vp8 vp9 av1; do
	rd-capture --source test --size 1280x720 --frames 5 |
		rd-encode --codec $codec --updates video >$codec.rd
	rd-view --no-confine --to hash $codec.rd >free 2>/dev/null
	rd-view --to hash $codec.rd | cmp - free || fail "$codec is not decoded as it should be"
done

# A decoder under a guard is confined as well, and the guard only waits.
open_view --to null
tell "frame 100 100 0"
wait_log '^ack 1'
confined() { grep -q '^Seccomp:[[:space:]]*2' "/proc/$1/status"; }
confined "$(decoder_of "$viewer")" || fail "the decoder is not confined"
tell "end 0 0 over"
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "status $status"

#!/usr/bin/env bash
# Without video, what arrives is what was captured: frame for frame, bit for
# bit, through pipes, over a socket pair and out of a recording.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

source=(rd-capture --source test --size 640x360 --frames 60)
hashes() { awk '{print $NF}' "$1"; }

"${source[@]}" | rd-view --to hash - >raw
[ "$(wc -l <raw)" -eq 60 ] || fail "not 60 pictures: $(wc -l <raw)"
[ "$(hashes raw | sort -u | wc -l)" -gt 30 ] || fail "the test picture does not move"

same() { # FILE
	hashes raw >want
	hashes "$1" >got
	cmp want got || fail "$1 differs: $(diff want got | head -4)"
}

"${source[@]}" | rd-encode --codec none | tee s.rd | rd-view --to hash - >piped
same piped
rd-view --to hash s.rd >played
same played
rd-view --to hash -- rd-encode --codec none -- "${source[@]}" >joined
same joined
"${source[@]}" | rd-encode --lossless | rd-view --to hash - >lossless
same lossless

# Encoding what is encoded already changes nothing either.
rd-encode --updates exact <s.rd | rd-encode --codec none | rd-view --to hash - >twice
same twice
[ "$(wc -c <s.rd)" -lt "$("${source[@]}" | wc -c)" ] || fail "encoding makes it larger"

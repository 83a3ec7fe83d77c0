#!/usr/bin/env bash
# With every kind of update and every codec, the picture at rest is exact.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

source=(rd-capture --source test --size 322x242 --frames 24)
want=$("${source[@]}" | rd-view --to hash - | awk 'END {print $NF}')
[ -n "$want" ]

rests_exact() { # OPTION…
	"${source[@]}" | rd-encode "$@" | rd-view --to hash - >lines
	[ "$(awk 'END {print $NF}' lines)" = "$want" ] || fail "not exact at rest: $*"
	[ "$(wc -l <lines)" -ge 24 ] || fail "pictures are missing: $*"
}

for kinds in copy exact copy,exact; do
	rests_exact --updates $kinds
	rests_exact --updates $kinds --codec none
done
for codec in vp8 vp9 av1; do
	rests_exact --codec $codec
	rests_exact --codec $codec --updates video
	rests_exact --codec $codec --updates video,copy --chroma 420 --quantizer 60
done
rests_exact --codec vp9 --chroma 444 --updates video
rests_exact --codec av1 --chroma 444 --updates video
rests_exact --lossless

# What was encoded already is encoded anew, from one codec into another.
"${source[@]}" | rd-encode --codec vp9 --updates video | rd-encode --codec av1 --updates video |
	rd-view --to hash - | awk 'END {print $NF}' >twice
[ "$(cat twice)" = "$want" ] || fail "not exact at rest: encoded twice"

# Video was really used where it was forced.
"${source[@]}" | rd-encode --codec vp9 --updates video --stats stats >/dev/null
grep -q '"video":{"pixels":[1-9]' stats || fail "no video: $(cat stats)"
"${source[@]}" | rd-encode --codec vp9 --updates exact --stats stats >/dev/null
grep -q '"video":{"pixels":0' stats || fail "video though it was not allowed: $(cat stats)"

# A smaller picture, of sizes no codec likes, rests too: on its own pixels.
"${source[@]}" | rd-encode --scale 0.3 --codec none | rd-view --to hash - | awk 'END {print $NF}' >small
"${source[@]}" | rd-encode --scale 0.3 --updates video | rd-view --to hash - | awk 'END {print $NF}' >video
cmp small video || fail "scaled video does not rest exact"

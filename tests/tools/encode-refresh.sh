#!/usr/bin/env bash
# A viewer that asks gets a sync point at once, though nothing changes.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

peer -a view.log hello await:SHOW:1 msg:0102: await:SHOW:2 msg:0102: await:SHOW:3 end:1 -- \
	rd-encode -- peer source.log hello:live frame:1:64:48:c0ffee || fail "exit status $?"

grep '^BEGIN' view.log >begins
[ "$(grep -c '64x48 sync$' begins)" -eq 3 ] || fail "not three sync points: $(cat begins)"

# Frames reported as lost are mended the same way.
peer -a loss.log hello await:SHOW:1 msg:0104:11111111 await:SHOW:2 end:1 -- \
	rd-encode -- peer source.log hello:live frame:1:64:48:c0ffee || fail "exit status $?"
[ "$(grep -c 'sync$' loss.log)" -eq 2 ] || fail "loss was not mended: $(cat loss.log)"

# For one of which nothing is older than the question only the source has the picture.
peer -a fresh.log hello await:SHOW:1 msg:010d:12345678 await:FRESH:1 await:SHOW:2 end:1 -- \
	rd-encode -- peer asked.log hello:live frame:1:64:48:c0ffee await:FRESH:1 msg:010d:12345678 \
	frame:2:64:48:c0ffee || fail "exit status $?"
grep -A1 '^FRESH' fresh.log | grep -q '^BEGIN.*sync$' || fail "no sync point after the answer: $(cat fresh.log)"

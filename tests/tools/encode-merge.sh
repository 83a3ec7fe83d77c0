#!/usr/bin/env bash
# A live source is paced by the viewer's acknowledgements and its pictures
# merge; one that is not live waits, and every picture of it is a frame.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

# The viewer acknowledges nothing until the source has sent everything. Two
# frames are always let through; after the pause nothing else is.
peer view.log hello msg:7f02: await:7f01:1 ack:2 await:SHOW:3 end:1 -- \
	rd-encode -- peer source.log hello:live await:7f02:1 frame:1:64:48:1 frame:2:64:48:2 \
		await:ACK:2 sleep:300 frame:3:64:48:3 frame:4:64:48:4 frame:5:64:48:5 msg:7f01: ||
	fail "exit status $?"
grep '^ACK' source.log | tr '\n' ' ' >acks
[ "$(cat acks)" = 'ACK 1 ACK 2 ACK 5 ' ] || fail "acknowledged otherwise: $(cat acks)"
[ "$(grep -c '^SHOW' view.log)" -eq 3 ] || fail "not merged: $(cat view.log)"

frames=()
for n in 1 2 3 4 5 6 7 8; do frames+=("frame:$n:64:48:$n"); done
peer -w hello "${frames[@]}" end:0 | rd-encode | peer -r all.log
[ "$(grep -c '^SHOW' all.log)" -eq 8 ] || fail "not every picture: $(cat all.log)"

# --fps takes the newest picture of each step of stream time (10 a second
# here), and the last one whatever happens.
peer -w hello "${frames[@]}" end:0 | rd-encode --fps 5 | peer -r some.log
[ "$(grep -c '^SHOW' some.log)" -eq 5 ] || fail "not half of 1 to 8 and the last: $(cat some.log)"

#!/usr/bin/env bash
# --scale changes the picture's size, and maps the pointer both ways.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

peer -a view.log hello await:SHOW:1 pointer:10:20 await:7f03:1 end:1 -- \
	rd-encode --scale 0.5 -- \
	peer source.log hello:live frame:1:64:48:ff await:POINTER:1 msg:7f03:done || fail "exit status $?"
grep -q '^BEGIN 1 32x24 sync$' view.log || fail "not half the size: $(cat view.log)"
grep -q '^POINTER 21 41$' source.log || fail "not mapped: $(grep POINTER source.log)"

peer -w hello frame:1:640:360:ff frame:2:360:640:ff end:0 |
	rd-encode --scale 100x100 | peer -r fit.log
grep -q ' 100x56 sync$' fit.log || fail "not fitted: $(cat fit.log)"
grep -q ' 56x100 sync$' fit.log || fail "not fitted after a new size: $(cat fit.log)"

exits 2 rd-encode --scale 2 </dev/null
exits 2 rd-encode --scale 0x9 </dev/null
exits 2 rd-encode --scale wide </dev/null

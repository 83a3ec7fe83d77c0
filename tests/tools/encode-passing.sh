#!/usr/bin/env bash
# What rd-encode does not understand passes through it, both ways and in order.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

peer -a view.log hello await:0299:1 msg:0102: msg:7f02:from-the-viewer await:7f03:2 end:1 -- \
	rd-encode -- \
	peer source.log hello:live msg:7f01:first frame:1:64:48:ff msg:0299:odd-picture \
		await:7f02:1 msg:7f03:second frame:2:64:48:ff00 msg:7f03:third || fail "exit status $?"

cut -d' ' -f1 view.log | grep -v -E 'EXACT|VIDEO|COPY' | tr '\n' ' ' >order
grep -q '^HELLO 7f01 BEGIN SHOW 0299 ' order || fail "down, not in order: $(cat order)"
grep -q '^7f01 first$' view.log
grep -q '^0299 odd-picture$' view.log
grep -q '^7f03 third$' view.log
grep -q '^7f02 from-the-viewer$' source.log || fail "nothing came up: $(cat source.log)"
grep -q '^HELLO rd-encode live input$' view.log || fail "not the producer's HELLO: $(head -1 view.log)"

# REFRESH and ACK are rd-encode's: the source sees its own pictures acknowledged.
! grep -q REFRESH source.log || fail "REFRESH went up"
grep -q '^ACK 1$' source.log || fail "no ACK: $(cat source.log)"

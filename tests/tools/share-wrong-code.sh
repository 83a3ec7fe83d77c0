#!/usr/bin/env bash
# A code that is wrong is refused with a status of its own; the right one still
# works after it. Words that are none are not even tried.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

relay_up
host_knows
share -- rd-encode -- rd-capture --source test --size 64x48 --frames 3
view_refused code 'code is wrong' "$(wrong_words)"
view_refused code 'no code' "${code%-*}-xyzzy"
view_refused code-expired 'no such code' "$relay/999999-orbit-cactus-lamp-river"
view "$code"
[ "$status" -eq 0 ] || fail "the right one: $(cat words host.log)"
event words connected '"by":"code"' || fail "$(cat words)"
event words closed '"exit":0' || fail "$(cat words)"

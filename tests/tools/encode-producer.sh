#!/usr/bin/env bash
# A producer that fails shows in rd-encode's exit code, and a viewer is told.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

exits 9 rd-encode -- no-such-command >out 2>words
grep -q 'cannot run no-such-command' words || fail "$(cat words)"

exits 9 rd-encode -- sh -c 'exit 99' >out 2>words
grep -q 'sh ended with status 99' words || fail "$(cat words)"

# Whoever passes on a code of ours (ssh does), it stays that code.
exits 6 rd-encode -- sh -c 'exit 6' >out 2>words
grep -q 'status 6 (no-display)' words || fail "$(cat words)"

exits 3 rd-encode -- sh -c 'kill -9 $$' >out 2>words
grep -q 'signal 9' words || fail "$(cat words)"

# Every one of these streams says so to its reader.
peer -r read.log <out || true
grep -q '^END 2 3 sh was ended by signal 9$' read.log || fail "END: $(cat read.log)"

# A picture that was whole when the stream stopped is there.
exits 3 rd-encode -- sh -c 'peer -w hello frame:1:64:48:ff' >out 2>words
peer -r cut.log <out || true
grep -q '^SHOW 1' cut.log || fail "the picture is lost: $(cat cut.log)"
grep -q '^END 2 3 ' cut.log || fail "no END: $(cat cut.log)"

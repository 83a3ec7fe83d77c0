#!/usr/bin/env bash
# What is done at rd-top happens: pause, resume, the ceiling of a rate, a path, end.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-top.sh"
viewing
of() { rd-top --json | jq -e ".sessions[] | select(.name == \"$at\") | $1" >jq.out; }

open_top 80x24
wait_for shows "^ ${at:0:8}.* streaming"
row 3 | grep -q "^ ${at:0:8}" || fail "$(screen)"
keys p
wait_for shows "^ $at: paused$"
wait_for of '.state == "paused"'
wait_for shows "^ ${at:0:8}.* paused "
keys p
wait_for shows "^ $at: goes on$"
wait_for of '.state == "streaming"'

keys b
wait_for shows '^ No more than .* for '
keys 2 5 0 k Enter
wait_for shows "^ $at: max-bitrate is 250k$"
wait_for of '.max_bitrate == 250000'
keys b x Enter
wait_for shows "^ .*, or 0: no bound; $at: "
of '.max_bitrate == 250000' || fail "a rate that is none was taken"

keys f
wait_for shows '^ Path of .*: a auto, d direct, r relay'
keys d
wait_for shows "^ $at: path is direct$"
wait_for of '.path_policy == "direct"'
wait_for shows '^ path        direct \(only direct\)'

# A host's viewer is sent off by itself; the host stays.
hosted() { rd-top --json | jq -e '.sessions[] | select(.programs | any(.tool == "rd-send")) | .sessions | length == '"$1" >jq.out; }
wait_for hosted 1
rd-view --to null "$at" 2>second.log &
second=$!
started+=("$second")
wait_for hosted 2
wait_for shows '^ rd-top  3 sessions '
keys g
on_host() { shows '^ peers +2 ' || { keys j; false; }; }
wait_for on_host
keys x
wait_for shows '^ Send off whom, by the number in peers\? _'
keys 2 Enter
wait_for shows ': sent off$'
wait_end "$second"
[ "$status" -eq 16 ] || fail "sent off with $status: $(cat second.log)"
wait_for hosted 1
wait_for shows '^ rd-top  2 sessions '
running "$viewer" || fail "the other one was sent off, too"
on_viewer() { shows '^ with ' || { keys k; false; }; }
wait_for on_viewer

# End asks; only a yes ends.
keys e
wait_for shows "^ End $at\\? y: yes"
keys n
wait_for shows 'q leave'
running "$viewer" || fail "ended without a yes"
keys e
wait_for shows '^ End '
keys y
wait_end "$viewer"
wait_for shows '^ rd-top  1 session '
keys q
wait_for shows '^ended 0$'

#!/usr/bin/env bash
# The window's title says by which way the picture comes, and why not directly.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-view.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"

start_x 640x480
relay_up
host_knows
share -- rd-encode -- rd-capture --source test --size 320x240
start rd-view --config viewer --path relay --stats "$code"
wait_window
wait_for title "^$relay/[0-9]* - by $relay: .*rd-view"
title "${code##*-}" && fail "the words are in the title"
stop "$pid"

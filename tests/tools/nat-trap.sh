#!/usr/bin/env bash
# Routers without a rule against what comes unasked: a peer's early packet is kept
# for the router itself, and ours would then leave by another port (the conntrack
# trap of lib-nat.sh). The first packet is one that does not get that far.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"
. "$RD_ROOT/tests/tools/lib-matrix.sh"

# On a machine so slow that the first packet of one is not the first on the way, it
# takes until both have been silent for longer than conntrack keeps such an entry:
# the third chance, after a minute.
WAIT_S=100
internet
relay_up
people
meet TRAP TRAP direct
meet TRAP PRC direct
meet PRC TRAP direct

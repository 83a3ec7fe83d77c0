#!/usr/bin/env bash
# Behind two NATs each, the home's and the provider's, two machines find a direct path.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"
. "$RD_ROOT/tests/tools/lib-matrix.sh"

internet
relay_up
people
behind_cgn host
behind_cgn viewer
meet PRC PRC
meet PRC RND
meet BLK PRC

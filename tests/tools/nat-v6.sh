#!/usr/bin/env bash
# IPv6 with a firewall at both ends that lets in only what answers, and no IPv4 at
# all: a direct path.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"
. "$RD_ROOT/tests/tools/lib-matrix.sh"

internet
relay_up
people
meet V6 V6 direct
told viewer.words 'connected\|moved' '"address":"\[2001:db8:1:2::10\]:' ||
	fail "the path is not the host's IPv6 address"

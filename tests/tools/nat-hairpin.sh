#!/usr/bin/env bash
# Two machines behind one NAT meet in its network, also where it would lead them
# back by its own outer address.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"
. "$RD_ROOT/tests/tools/lib-matrix.sh"

internet
relay_up
people
move viewer nat_host 20
for type in PRC RND HAIR; do
	meet $type $type direct
	told viewer.words 'connected\|moved' '"address":"192\.168\.1\.10:' ||
		fail "$type: the path is not the host's own address"
done

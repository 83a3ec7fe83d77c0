#!/usr/bin/env bash
# The viewer goes to another network, with and without a direct path, and a direct
# path is cut: the picture goes on, no key is lost, and nobody logs in again.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-net.sh"
. "$RD_ROOT/tests/tools/lib-nat.sh"
. "$RD_ROOT/tests/tools/lib-meet.sh"
. "$RD_ROOT/tests/tools/lib-matrix.sh"

internet
relay_up
people
home nat_cafe r1 3
load nat_cafe PRC 192.168.1.33

for way in "PRC direct" "RND relay"; do
	# shellcheck disable=SC2086
	begins $way
	move viewer nat_cafe 33
	presses 31
	wait_for arrived "${way#* }"
	presses 32
	ends "moved, $way" 30 31 32
	move viewer nat_viewer 20
done

# A rule cuts the direct path: the relay carries it, and a key pressed then comes.
begins PRC direct
sever nat_host "${outer[nat_viewer]}"
presses 31
[ "$(way)" = relay ] || fail "the path was cut, and the viewer says \"$(way)\""
mend nat_host
ends "direct path cut" 30 31

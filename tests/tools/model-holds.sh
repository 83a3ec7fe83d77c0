#!/usr/bin/env bash
# spin finds no fault in the model of the session (tests/model/session.pml), in
# any of its states.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-model.sh"

# shellcheck disable=SC2086,SC2154 # each is several words
{
	holds open $open	# a viewer dials, says another INIT, gives up, dials again
	holds both $both	# two machines dial each other
	holds rekey $rekey	# new keys, twice
	holds roam $roam	# both ends move, by turns
	holds all $all		# new keys while an end moves
	holds early $early	# a viewer moves during the handshake
	holds relay $relay	# the attacker makes himself a part of the path, and leaves
}

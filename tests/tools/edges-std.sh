#!/usr/bin/env bash
# Descriptors that are closed, full, slow or a terminal, for every tool: a code of
# ours, one line, nothing left behind.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-edges.sh"
export XDG_CONFIG_HOME="$PWD/config"
unset DISPLAY WAYLAND_DISPLAY RD_RELAY

rd-capture --source test --size 64x48 --frames 40 >s.rd
rd-key --config keys allow "$(rd-key --config other 2>/dev/null)" ann >/dev/null 2>&1
rd-relay --state "$PWD/relay" --join-key >/dev/null

onto_nothing() { "$@" >&-; }
onto_full() { "$@" >/dev/full; }
onto_nobody() { "$@" | true; return "${PIPESTATUS[0]}"; }
from_nothing() { "$@" <&-; }
without_words() { "$@" 2>&-; }
words_to_full() { "$@" 2>/dev/full; }
all_closed() { "$@" <&- >&- 2>&-; }

# Closed words cannot be said, and are said nowhere else.
mute() { # codes, command…
	local codes=$1
	shift
	status=0
	"$@" >out 2>words </dev/null &
	started+=($!)
	WAIT_S=$EDGE_S wait_end $!
	case ,$codes, in *,$status,*) ;; *) fail "status $status instead of $codes: $*" ;; esac
}

for tool in $(tools); do
	works "$tool"
	edge 8 "$tool" onto_nothing "${work[@]}"
	edge 8 "$tool" onto_full "${work[@]}"
	edge 8 "$tool" onto_full "$tool" --help
	[ "$tool" = rd-share ] || edge 8 "$tool" onto_nothing "$tool" --version
	# A reader that goes at once may still get all of it.
	edge 0,8 "$tool" onto_nobody "${work[@]}"
	edge 0 "$tool" from_nothing "${work[@]}"
	mute 0 without_words "${work[@]}"
	cp out quiet
	mute 0 words_to_full "${work[@]}"
	mute 2 without_words "$tool" --no-such-option
	[ ! -s out ] || fail "$tool: what it says went to stdout: $(cat out)"
	mute 8 all_closed "${work[@]}"
	no_process_left
	echo "$tool: descriptors"
done

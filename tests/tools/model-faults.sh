#!/usr/bin/env bash
# Each check of the session's model, taken out, makes spin find a fault: the
# model says what the checks are for, and can fail.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-model.sh"

# shellcheck disable=SC2086,SC2154 # each is several words
{
	accept='((by==(1-m))&&(n<x[peer].next))'
	bound='(well||(rounds<'
	fails NO_AUTH "$accept" $open
	fails NO_DIRECTIONS "$accept" -DSTANDING
	fails NO_TIMESTAMP '(answers[s]==0)' $open
	fails NO_ONE_ANSWER '(i<3)' $open
	fails NO_CONFIRM '(x[((2*s)+0)].state==3)' $open
	fails NO_REPLAY_WINDOW ' !(((x[j].got>>n)&1))' -DSTANDING
	fails NO_EPOCH_OVERLAP '(i<1)' $rekey
	fails NO_SURE '(i<1)' $all
	fails NO_SAME_ANSWER "$bound" $rekey
	fails NO_CHALLENGE '((0==a)' $roam
	fails NO_FRESH_CHALLENGE '(((val%8)==x[j].candidate)' -DSTANDING -DSENDS=3 -DMOVES=1
	fails NO_ANSWER_BACK "$bound" $relay
	fails NO_ONE_ADDRESS '(reached[s]==a)' $early
}

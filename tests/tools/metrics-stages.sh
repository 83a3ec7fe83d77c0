#!/usr/bin/env bash
# Where the time of a frame of a live desktop goes: each program of its way counts it
# into the stages of one histogram, and the same frames in all.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-metrics.sh"
command -v curl >/dev/null || skip "no curl"

start_x 320x240
person ann
admit ann
host_up --name desk --metrics 0 -- rd-encode --log info --metrics 0 -- rd-capture
rd-key --config "$TMPDIR/of-ann" trust "127.0.0.1:$port" "$(rd-key --config "$hostdir" 2>/dev/null)"
start rd-view --config "$TMPDIR/of-ann" --log info --metrics 0 --to null --host "127.0.0.1:$port" 2>view.log
viewer=$pid
has_page() { [ -n "$(page_of "$1")" ]; }
wait_for has_page view.log
host=$(page_of host.log) view=$(page_of view.log)
encoder() { encode=$(sed -n 's,.*rd-encode: metrics are at ,,p' host.log) && [ -n "$encode" ]; }
wait_for encoder

changes() { # url, stage, at least: meanwhile the screen changes
	xsetroot -solid "#$(printf %06x $((RANDOM * RANDOM % 0x1000000)))"
	scrape "$1" && [ "$(staged "$2")" -ge "$3" ]
}
for stage in capture wait encode deliver; do wait_for changes "$encode" $stage 5; done
well_formed
wait_for changes "$host" deliver 5
well_formed
for stage in decode show total; do wait_for changes "$view" $stage 5; done
well_formed

# In seconds: of one frame the parts are no longer than the whole, and none takes a minute.
sum() { metric "rd_stage_seconds_sum{stage=\"$1\"}"; }
for stage in decode show total; do
	awk -v sum="$(sum $stage)" -v n="$(staged $stage)" 'BEGIN { exit !(sum > 0 && sum / n < 60) }' ||
		fail "$stage: $(sum $stage) s in all, of $(staged $stage) frames"
done
awk -v all="$(sum total)" -v show="$(sum show)" 'BEGIN { exit !(all > show) }' || fail "the whole is less than a part"

# While nothing moves nothing is counted.
rests() {
	local was
	scrape "$view" && was=$(staged show)
	sleep 1
	scrape "$view" && [ "$(staged show)" -eq "$was" ]
}
wait_for rests
stop "$viewer"
stop "$sender"

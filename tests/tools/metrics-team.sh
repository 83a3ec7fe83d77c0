#!/usr/bin/env bash
# One page of metrics for a session: rd-view's has the round trip, loss and path of the
# rd-recv that it has started, and rd-send's has each viewer's rd-encode. Who has just
# left is not in it, and one that does not answer keeps it from nobody.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-metrics.sh"
command -v curl >/dev/null || skip "no curl"

person ann
admit ann
host_up --name desk --metrics 0 --max-viewers 4 -- rd-encode -- \
	rd-capture --source test --size 160x120 --fps 20
rd-key --config "$TMPDIR/of-ann" trust "127.0.0.1:$port" "$(rd-key --config "$hostdir" 2>/dev/null)"
look() { # log, option of rd-view…
	start rd-view --config "$TMPDIR/of-ann" --log info --to null --host "127.0.0.1:$port" "${@:2}" 2>"$1"
	viewer=$pid
}
has_page() { [ -n "$(page_of "$1")" ]; }
look view.log --name office --metrics 0
wait_for has_page view.log
host=$(page_of host.log) view=$(page_of view.log)

has() { # url, program, sample
	scrape "$1" && [ -n "$(theirs "$2" "$3")" ]
}
wait_for has "$view" rd-recv rd_rtt_seconds
well_formed
[ -n "$(theirs rd-recv rd_loss_ratio)" ] || fail "no loss"
wait_for has "$view" rd-recv 'rd_path_info{path="direct"}'
shown() { scrape "$view" && [ "$(metric rd_frames_total)" -ge 5 ] && [ "$(staged decode)" -ge 5 ]; }
wait_for shown
[ "$(grep -c 'metrics are at' view.log)" -eq 1 ] || fail "more than one page: $(cat view.log)"
# Each says which process it is, as rd-ctl does.
recv=$(rd-ctl office/rd-recv get pid)
grep -q "^rd_frames_total{tool=\"rd-recv\",pid=\"$recv\"} " page || fail "not by its process $recv: $(cat page)"

# Of two viewers the host has two encoders; their figures are apart.
look view2.log --no-control
second=$viewer
encoders() { # how many
	scrape "$host" && [ "$(theirs rd-encode 'rd_stage_seconds_count{stage="encode"}' | wc -l)" -eq "$1" ]
}
wait_for encoders 2
well_formed
[ "$(theirs rd-encode rd_viewer | sort | tr '\n' ' ')" = "1 2 " ] || fail "viewers: $(theirs rd-encode rd_viewer)"
[ "$(metric rd_viewers)" -eq 2 ] || fail "$(metric rd_viewers) viewers"
grep -Eq 'rd:|127\.0\.0\.1|="ann"' page && fail "somebody is in the metrics"
stop "$second"
wait_for encoders 1

# One that does not answer is left out, and those who ask wait a second for it.
network=$(network_of "$recv")
[ -n "$network" ] || fail "rd-recv is one process"
kill -STOP "$network"
scrape "$view" || fail "no page without rd-recv"
kill -CONT "$network"
well_formed
[ "$(metric rd_pid)" -gt 0 ]
[ -z "$(theirs rd-recv rd_frames_total)" ] || fail "an answer of a process that stands"
wait_for has "$view" rd-recv rd_rtt_seconds
# Many at once are one question.
for i in $(seq 50); do printf 'url = %s\noutput = "many.%s"\n' "$view" "$i"; done >many.curl
curl -sf -Z --parallel-max 10 -K many.curl 2>curl.log || fail "one of many questions had no answer"
for i in $(seq 50); do grep -q '^rd_rtt_seconds{tool="rd-recv"' "many.$i" || fail "page $i lacks rd-recv"; done

# Without control sockets there is a page, of itself.
stop "$viewer" || true
look view3.log --no-control --metrics 0
wait_for has_page view3.log
view=$(page_of view3.log)
wait_for shown
well_formed
[ -z "$(theirs rd-recv rd_frames_total)" ] || fail "who has joined, where nobody can?"
# rd-recv was the first of that session, and is told to nobody.
stop "$viewer"
stop "$sender"

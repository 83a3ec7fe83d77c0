#!/usr/bin/env bash
# --metrics listens on this machine alone, unless that is wanted; what cannot be is one
# line and an exit status. A confined process with both doors, the socket of rd-ctl and
# the page, lets in whoever knocks there, and still can do nothing else.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-metrics.sh"
command -v curl >/dev/null || skip "no curl"

says() { # text, status, command…
	local text=$1 want=$2
	shift 2
	exits "$want" "$@" >out 2>words </dev/null
	grep -qF -- "$text" words || fail "not \"$text\": $(cat words)"
	[ "$(grep -c . words)" -eq 1 ] || fail "not one line: $(cat words)"
}

usage=$(exitnames | sed -n 's/ usage$//p')
mkdir -m 700 host
for tool in 'rd-send --config host --listen 127.0.0.1:0' 'rd-view --to null' 'rd-record' 'rd-encode'; do
	operand='' after='-- rd-capture --source test --frames 1'
	[ "$tool" != rd-record ] || operand=f.webm
	# shellcheck disable=SC2086 # they are words
	{
		says '--metrics-anywhere' "$usage" $tool --metrics 0.0.0.0:0 $operand $after
		says 'or off' "$usage" $tool --metrics example.org:80 $operand $after
		says 'or off' "$usage" $tool --metrics 70000 $operand $after
	}
done

begun=
at_failure() {
	[ -z "$begun" ] || { running "$begun" && echo runs || echo ended; cat words; }
}
begin() { # command…, with a stream as its input
	rm -f words stream
	# Anew, or it may keep what was in it: whoever looks for leaks does so in a process of
	# its own, which has the producer's descriptors and outlives it by a moment.
	mkfifo stream
	# shellcheck disable=SC2016 # expanded by the shells started here
	start sh -c 'exec "$@" <stream 2>words' _ "$@"
	begun=$pid
	start sh -c 'exec rd-capture --source test --size 64x64 --fps 20 >stream 2>/dev/null'
	producer=$pid
	wait_for has_page
}
over() {
	stop "$begun"
	stop "$producer"
}
has_page() { [ -s words ] && [ -n "$(page_of words)" ]; }
shown() { scrape "$(page_of words)" && [ "$(metric rd_frames_total)" -ge 3 ]; }
shows() { # rd-view's option…
	begin rd-view --log info --metrics 0 "$@" -
	wait_for shown
	well_formed
	# The other door is open, too, and as many may come in as like.
	[ "$(rd-ctl view get frames)" -ge 3 ] || fail "rd-ctl: $(rd-ctl view get 2>&1)"
	for _ in 1 2 3; do scrape "$(page_of words)"; done
	over
}
shows --to null
shows --to hash >hashes
start_x 640x480
shows
# Without rd-ctl's door; the port that is free again.
port=$(page_of words)
port=${port##*:} port=${port%/metrics}
begin rd-view --log info --no-control --metrics "$port" --to null -
wait_for shown
grep -q '^rd_info{name="rd-view",tool="rd-view",' page
[ "$(metric rd_pid)" -eq "$begun" ]
cp words kept
says 'cannot listen there' 1 rd-view --metrics "$port" --to null -- rd-capture --source test --frames 1
cp kept words
over

# A film that is made.
begin rd-record --log info --metrics 0 f.webm >out
pictures() { scrape "$(page_of words)" && [ "$(metric rd_pictures_total)" -ge 1 ]; }
wait_for pictures
well_formed
over

#!/usr/bin/env bash
# A value is called the same and has one unit wherever it is said; names.txt is the table.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-metrics.sh"
command -v curl >/dev/null || skip "no curl"
page="$RD_ROOT/man/rd-events.7"

grep -v '^#' "$RD_ROOT/tests/tools/names.txt" >table
[ -z "$(awk '{print $1}' table | sort | uniq -d)" ] || fail "twice in the table"
awk 'NF != 3 || ($1 ~ /_ms$/) != ($2 == "ms") { print "in the table: " $0; bad = 1 } END { exit bad }' table >&2 ||
	fail "milliseconds are _ms, and nothing else is"
unit_of() { awk -v key="$1" '$1 == key { print $2 }' table; }
metric_of() { awk -v key="$1" '$1 == key { print $3 }' table; }
known() { # who says it: lines of names
	local key bad=
	while read -r key; do
		[ -n "$(unit_of "$key")" ] || bad+=" $key"
	done
	[ -z "$bad" ] || fail "$1 says$bad, which the table of names has not"
}

person ann
admit ann
host_up --name desk --metrics 0 -- rd-encode --log info --metrics 0 -- \
	rd-capture --source test --size 160x120 --fps 20
rd-key --config "$TMPDIR/of-ann" trust "127.0.0.1:$port" "$(rd-key --config "$hostdir" 2>/dev/null)"
start rd-view --config "$TMPDIR/of-ann" --name office --log info --metrics 0 --to null \
	--host "127.0.0.1:$port" 2>view.log
start rd-record --name film --last 20s --log info --metrics 0 --json film.webm \
	--file <(rd-capture --source test --size 64x48) 2>film.log
start rd-recv --config "$TMPDIR/of-ann" --name hall --json --metrics 0 "127.0.0.1:$port" >/dev/null 2>hall.log
rd-ctl office --wait state=showing --timeout 60s
rd-ctl film --wait state=recording --timeout 60s
rd-ctl hall --wait state=streaming --timeout 60s

encode_page() { sed -n 's,.*rd-encode: metrics are at ,,p' host.log | head -n 1; }

# --- what each program says of itself, its answers, its events, its metrics ---

named_unit() { # the page's words for a unit
	case $1 in
	ms) echo milliseconds ;; bit/s) echo 'bits a second' ;; B) echo bytes ;; px) echo pixels ;;
	s) echo seconds ;; 1/s) echo 'a second' ;; esac
}
paged() { # program, key: its sentence in rd-events(7)
	awk -v want=".Ss Values of $1" -v key="$2" '
		/^\.S[sh] / { on = $0 == want || $0 == ".Ss Values of every program"; it = 0 }
		/^\.It / { it = on && $3 == key; next }
		it && !/^\./ { print }' "$page"
}
of_program() { # program, session, url of its page
	local key unit kind words
	rd-ctl --json "$2" help | jq -r '.values[] | [(.key | gsub("-"; "_")), (.unit | if . == "" then "-" else . end), .kind] | @tsv' >says
	cut -f 1 says | known "$1: help"
	while IFS=$'\t' read -r key unit kind; do
		[ "$unit" = "$(unit_of "$key")" ] || fail "$1: $key is in \"$unit\", in the table in $(unit_of "$key")"
		words=$(named_unit "$unit")
		[ -z "$words" ] || paged "$1" "${key//_/-}" | grep -qi "$words" ||
			fail "rd-events(7) does not say that $key of $1 is in $unit: $(paged "$1" "${key//_/-}")"
	done <says
	rd-ctl --json "$2" >values
	jq -r 'keys[]' values | sort | cmp - <(cut -f 1 says | sort) || fail "$1: get and help differ"
	rd-ctl --json "$2" watch 2>/dev/null | jq -cn --unbuffered 'first(inputs | select(.event == "stats"))' >stats || true
	jq -r 'del(.event, .time) | keys[]' stats | sort | cmp - <(cut -f 1 says | sort) || fail "$1: get and stats differ"
	url=$3 tool=$1 session=$2
	wait_for measured
}

# Every number is a metric, and what stands still is the same number in the base unit.
measured() {
	local key unit kind metric got want
	rd-ctl --json "$session" >before
	scrape "$url" || fail "$tool has no page at $url"
	rd-ctl --json "$session" >later
	while IFS=$'\t' read -r key unit kind; do
		metric=$(metric_of "$key")
		case $kind in text | list) [ "$metric" = - ] || fail "$key is no number"; continue ;; esac
		want=$(value "$key" before)
		# What is not known, before or after, need not be there.
		if [ "$want" = null ] || [ "$(value "$key" later)" = null ]; then continue; fi
		got=$(metric "$metric")
		[ -n "$got" ] || fail "$tool has $key, and no metric $metric"
		[ "$want" = "$(value "$key" later)" ] || continue
		# It may have gone and come back meanwhile.
		awk -v got="$got" -v want="$want" -v unit="$unit" 'BEGIN {
			if (unit == "ms") want /= 1000; if (unit == "bit/s") want /= 8
			exit !(got - want < 1e-6 * (1 + want) && want - got < 1e-6 * (1 + want)) }' || {
			echo "$tool: $key is $want, and $metric $got" >&2
			return 1
		}
	done <says
}
value() { # key, file
	jq -r --arg k "$1" '.[$k] | if type == "boolean" then if . then 1 else 0 end else . end' "$2"
}
rd-ctl office/rd-recv set max-bitrate=80M >/dev/null
rd-ctl hall/rd-recv set max-bitrate=80M >/dev/null
of_program rd-send desk/rd-send "$(page_of host.log)"
# Of a host's viewers: members of each, and their metrics.
rd-ctl --json desk/rd-send get sessions | jq -r '.sessions[0] | keys[]' >members
known "rd-send: sessions" <members
[ "$(wc -l <members)" -gt 20 ] || fail "a viewer has no values: $(cat members)"
while read -r key; do
	metric=$(metric_of "$key")
	# Text, and which viewer it is, are no metrics.
	case $metric in - | rd_viewer) continue ;; esac
	[ "$(rd-ctl --json desk/rd-send get sessions | jq -r --arg k "$key" '.sessions[0][$k]')" != null ] || continue
	grep -q "^${metric/#rd_/rd_session_}{" page || fail "$key of a viewer has no metric ${metric/#rd_/rd_session_}"
done <members
scrape "$(encode_page)"
of_program rd-encode "$(metric rd_pid)" "$(encode_page)"
of_program rd-recv hall/rd-recv "$(page_of hall.log)"
of_program rd-view office/rd-view "$(page_of view.log)"
of_program rd-record film/rd-record "$(page_of film.log)"

# --- rd-top, which adds up the programs of a session ---

tops() { rd-top --json >top && jq -e '.sessions | any(.name == "hall" and .max_bitrate == 80000000)' top >out; }
wait_for tops
jq -r '.sessions[] | del(.stages_ms, .kind_shares) | .. | objects | keys[]' top | known "rd-top --json"
top() { jq -c --arg name "$1" ".sessions[] | select(.name == \$name) | $2" top; }
[ "$(top office '[.width, .height]')" = "[160,120]" ] || fail "pixels: $(top office .)"
[ "$(top desk '[.sessions[].session] | sort')" = "$(rd-ctl --json desk/rd-send get sessions |
	jq -c '[.sessions[].session] | sort')" ] || fail "sessions: $(top desk .)"
# The stages are values of programs, without their unit.
jq -r '.sessions[].stages_ms | keys[] | select(. != "way here") + "_ms"' top | known "rd-top's stages"

# --- events ---

rd-ctl film end
rd-ctl hall end
rd-ctl office end
closed() { grep -q '"event":"closed"' hall.log && grep -q '"event":"closed"' host.log && grep -q '"event":"end"' film.log; }
wait_for closed
for log in host hall film; do
	grep '^{' $log.log | jq -r 'keys[]' | sort -u >said
	known "an event in $log.log" <said
done
connected=$(grep '"event":"connected"' hall.log | jq .rtt_ms)
awk -v ms="$connected" 'BEGIN { exit !(ms > 0 && ms < 60000) }' || fail "connected: rtt_ms is $connected"
# Those that have not come now stand in the page.
awk '/^\.Sh EVENTS/ { on = 1; next } /^\.Ss Events of rd-relay/ || (/^\.Sh/ && on) { exit }
	on && /^(\.Cm |, )/ { sub(/[:.]$/, ""); gsub(/^\.Cm|,/, " "); print }' "$page" | tr -s ' ' '\n' | grep . >said
[ "$(wc -l <said)" -gt 60 ] || fail "not all are found: $(cat said)"
known "rd-events(7), EVENTS," <said

#!/usr/bin/env bash
# Both ends of a session have a page of metrics: figures that move with it, one name
# for both, no word of who is there. It is for this machine alone; many who ask, ask
# slowly or ask nonsense disturb nothing, and it ends with its program.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
. "$RD_ROOT/tests/tools/lib-metrics.sh"
command -v curl >/dev/null || skip "no curl"

status_of() { # path, curl's options
	curl -s -o /dev/null -w '%{http_code}' "${@:2}" "${host%/metrics}$1"
}

person one
host_folder
admit one
host_up --metrics 0 --max-viewers 2 -- rd-encode --log info --metrics 0 -- \
	rd-capture --source test --size 160x120 --fps 20
host=$(page_of host.log)
case $host in http://127.0.0.1:*/metrics) ;; *) fail "it listens at $host" ;; esac
scrape "$host"
well_formed
[ "$(metric rd_viewers)" -eq 0 ]
[ "$(metric 'rd_state_info{state="waiting"}')" -eq 1 ]
[ "$(metric rd_port)" -eq "$port" ]
grep -q '^rd_session_' page && fail "there is a session without a viewer"

rd-recv --config "$TMPDIR/of-one" --accept-new --once --json --metrics 0 "127.0.0.1:$port" 2>viewer.log |
	rd-view --to null --log info --metrics 0 - 2>view.log &
viewer=$!
started+=("$viewer")
frames_are() { # url, at least
	scrape "$1" && [ "$(metric rd_frames_total)" -ge "$2" ]
}
has_page() {
	[ -n "$(page_of "$1")" ]
}
wait_for has_page viewer.log
wait_for has_page view.log
recv=$(page_of viewer.log) view=$(page_of view.log)
wait_for frames_are "$recv" 5
well_formed
session=$(sed -n 's/^rd_session_info{tool="rd-recv",session="\([0-9a-f]*\)"} 1$/\1/p' page)
[ -n "$session" ] || fail "the viewer's session has no name"
bytes=$(metric rd_in_bytes_total)
[ "$bytes" -gt 0 ]
has_rtt() { scrape "$recv" && [ -n "$(metric rd_rtt_seconds)" ]; }
wait_for has_rtt
awk -v rtt="$(metric rd_rtt_seconds)" 'BEGIN { exit !(rtt > 0 && rtt < 60) }'
[ "$(metric 'rd_path_info{path="direct"}')" -eq 1 ]
grep -q '^rd_info{name="127.0.0.1:[0-9]*",tool="rd-recv",version="[0-9].*"} 1$' page

# The host calls that session the same.
sent() { scrape "$host" && [ "$(metric "rd_session_frames_total{session=\"$session\"}")" -ge 5 ]; }
wait_for sent
well_formed
[ "$(metric rd_viewers)" -eq 1 ]
grep -q "^rd_session_info{tool=\"rd-send\",session=\"$session\",state=\"watching\",path=\"direct\"} 1$" page
sent=$(metric "rd_session_out_bytes_total{session=\"$session\"}")
[ "$sent" -gt 0 ]
grep -Eq 'rd:|[a-z2-7]{4}-[a-z2-7]{4}-|127\.0\.0\.1|="one"' page && fail "somebody is in the metrics"

# Stages: encoding, decoding, showing.
encode=$(sed -n 's,.*rd-encode: metrics are at ,,p' host.log)
wait_for frames_are "$encode" 5
well_formed
[ -n "$(metric rd_encode_seconds)" ]
[ "$(staged encode)" -ge 5 ]
[ "$(metric 'rd_update_bytes_total{kind="exact"}')" -gt 0 ]
wait_for frames_are "$view" 5
well_formed
[ -n "$(metric rd_decode_seconds)" ]
[ "$(staged decode)" -ge 5 ]
[ "$(metric rd_width_pixels)" -eq 160 ]
more() { scrape "$recv" && [ "$(metric rd_in_bytes_total)" -gt "$bytes" ]; }
wait_for more

# What is no question is told so.
[ "$(status_of /)" = 404 ]
[ "$(status_of /metrics/x)" = 404 ]
[ "$(status_of /metrics -X POST)" = 405 ]
[ "$(status_of /metrics -d text)" = 400 ]
[ "$(status_of '/metrics?a=b')" = 200 ]
[ "$(status_of /metrics -I)" = 200 ]
at=${host#http://} at=${at%/metrics}
for words in 'hello' '\0\1\2\377\n' 'GET\r\n\r\n' 'GET /metrics HTTP/9.9\r\n\r\n' \
	'\026\003\001\002\000\001\000' 'GET /metrics HTTP/1.1\r\nHost'; do
	# shellcheck disable=SC2059 # they are formats
	printf "$words" | socat -t 5 - "TCP:$at" >/dev/null 2>&1 || true
done
head -c 100000 /dev/zero | tr '\0' a | socat -t 5 - "TCP:$at" >/dev/null 2>&1 || true
scrape "$host"

# More than there are places, who ask nothing or read nothing, keep it from nobody.
slow=()
for page in "$host" "$recv" "$view" "$encode"; do
	at=${page#http://127.0.0.1:} at=${at%/metrics}
	for i in $(seq 40); do
		exec {fd}<>"/dev/tcp/127.0.0.1/$at" || fail "connection $i to $page"
		slow+=("$fd")
		[ $((i % 2)) -eq 0 ] || printf 'GET /metrics HTTP/1.1\r\n\r\n' >&"$fd" || true
	done
	scrape "$page"
	well_formed
done
for i in $(seq 100); do printf 'url = %s\noutput = "many"\n' "$host"; done >many.curl
curl -sf -K many.curl || fail "one of many questions had no answer"
for fd in "${slow[@]}"; do exec {fd}>&-; done
running "$viewer" || fail "the session has ended: $(cat viewer.log view.log host.log)"
wait_for more

# It ends with its program.
kill "$sender"
wait_end "$sender"
wait_end "$viewer"
refuses() { ! curl -s -m 5 "$1" >/dev/null; }
for page in "$host" "$recv" "$view" "$encode"; do wait_for refuses "$page"; done

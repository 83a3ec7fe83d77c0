#!/usr/bin/env bash
# /metrics counts what goes through and names nobody; /health is 200, and 503 while the
# relay drains; a second signal ends it at once. What is no question is told so.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
. "$RD_ROOT/tests/tools/lib-metrics.sh"
command -v curl >/dev/null || skip "no curl"

of_now() { # sample
	scrape "$web/metrics"
	metric "$1"
}

status_of() { # path, curl's options
	curl -s -o /dev/null -w '%{http_code}' "${@:2}" "$web$1"
}

slot_in() {
	grep -q '^slot ' "$1"
}

relay_up --metrics 127.0.0.1:0 --drain 60
web=http://127.0.0.1:$(sed -n 's/.*"metrics":\([0-9]*\).*/\1/p' relay.log)
[ "$(curl -sf "$web/health")" = ok ]
start relaytalk "$relay" "$relay_key" host "$relay_dir/join-key" >host.talk
wait_for slot_in host.talk
slot=$(sed -n 's/^slot //p' host.talk)
relaytalk -t -n 50 -s 900 "$relay" "$relay_key" viewer "$slot" >viewer.talk

[ "$(of_now 'rd_packets_total{dir="in",class="picture"}')" -eq 100 ]
[ "$(of_now 'rd_packets_total{dir="out",class="picture"}')" -eq 100 ]
[ "$(of_now 'rd_bytes_total{dir="in"}')" -eq $((100 * 908)) ]
# The viewer came by TLS.
[ "$(of_now 'rd_sessions{path="tls"}')" -eq 1 ]
[ "$(of_now 'rd_sessions{path="udp"}')" -eq 0 ]
[ "$(of_now rd_hosts)" -eq 1 ]
[ "$(of_now 'rd_handshakes_total{result="ok"}')" -eq 2 ]
[ "$(of_now 'rd_tls_accepted_total{result="taken"}')" -eq 1 ]
[ "$(of_now rd_queue_sojourn_seconds_count)" -ge 50 ]
[ "$(of_now rd_crowded)" -eq 0 ]
[ "$(of_now 'rd_ratelimited_total{scope="relay"}')" -eq 0 ]
[ "$(of_now 'rd_quota_exceeded_total{scope="session"}')" -eq 0 ]
[ "$(of_now 'rd_quota_exceeded_total{scope="host"}')" -eq 0 ]
curl -sf "$web/metrics" >all
for name in rd_peers rd_drops_total rd_forward_seconds_bucket rd_batch_packets_bucket \
	rd_gro_segments_bucket rd_cookie_challenges_total rd_stun_requests_total rd_bind_total \
	rd_tls_conns rd_ratelimited_total rd_quota_exceeded_total rd_shard_busy_ratio \
	process_cpu_seconds_total; do
	grep -q "^${name}[{ ]" all || fail "no $name"
done
scrape "$web/metrics"
well_formed
# It names nobody.
grep -Eq '127\.0\.0\.1|rd:|[a-z2-7]{4}-[a-z2-7]{4}-' all && fail "somebody is in the metrics"

[ "$(status_of /)" = 404 ]
[ "$(status_of /metrics -X POST)" = 405 ]
[ "$(status_of /metrics -d text)" = 400 ]
[ "$(status_of /health -I)" = 200 ]

# Many who ask nothing do not keep it from whoever does.
for _ in $(seq 40); do
	# shellcheck disable=SC2034
	exec {fd}<>"/dev/tcp/127.0.0.1/${web##*:}" || true
done
wait_for curl -sf -m 5 "$web/health" >/dev/null

kill -TERM "$relay_pid"
wait_for grep -q '^drain ' host.talk
wait_for event relay.log draining
is_503() { [ "$(status_of /health)" = 503 ]; }
wait_for is_503
[ "$(of_now rd_draining)" -eq 1 ]
running "$relay_pid" || fail "a relay with a session has ended at once"
kill -TERM "$relay_pid"
wait_end "$relay_pid"
[ "$status" -eq 0 ]

#!/usr/bin/env bash
# SIGHUP: hosts, join key, certificate and audit log are read anew, and who is served
# does not notice; a configuration with a mistake is told and changes nothing.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
command -v openssl >/dev/null || skip "no openssl"

certificate() { # name
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-subj "/CN=$1" -keyout key.pem -out certificate.pem 2>/dev/null
	chmod 600 key.pem
}

shows() { # name
	openssl s_client -connect "$relay" -alpn http/1.1 </dev/null 2>/dev/null |
		grep -q "subject=CN = $1\$"
}

reloads() {
	local before
	before=$(grep -c '"event":"reloaded"' relay.log || true)
	kill -HUP "$relay_pid"
	is_reloaded() { [ "$(grep -c '"event":"reloaded"' relay.log)" -gt "$before" ]; }
	wait_for is_reloaded
}

slot_in() {
	grep -q '^slot ' "$1"
}

certificate first.example
cat >relay.yaml <<-'EOF'
	certificate: certificate.pem
	certificate-key: key.pem
	audit: audit.log
EOF
relay_up --config relay.yaml
shows first.example
start relaytalk "$relay" "$relay_key" host "$relay_dir/join-key" >host.talk
host=$pid
wait_for slot_in host.talk
slot=$(sed -n 's/^slot //p' host.talk)
# It goes on while all that follows happens.
start relaytalk -n 3000 -i 2 "$relay" "$relay_key" viewer "$slot" >viewer.talk
viewer=$pid

certificate second.example
reloads
shows second.example

# Mistakes: each is told, and all stays as it was.
certificate third.example
mv key.pem other.pem
certificate fourth.example
mv other.pem key.pem
for mistake in 'a key of another certificate' 'no such option' 'a join key for all'; do
	case $mistake in
	'no such option') certificate second.example && echo 'thread: 3' >>relay.yaml ;;
	'a join key for all') sed -i /thread/d relay.yaml && chmod 644 "$relay_dir/join-key" ;;
	esac
	before=$(grep -c 'stays as it was' relay.log || true)
	kill -HUP "$relay_pid"
	told() { [ "$(grep -c 'stays as it was' relay.log)" -gt "$before" ]; }
	wait_for told
	shows second.example
done
grep -q 'certificate-key is not the key of certificate' relay.log
grep -q 'relay.yaml:4:1: there is no "thread" here' relay.log
grep -q 'join-key: other users may read it' relay.log
chmod 600 "$relay_dir/join-key"

# What needs a new start says so.
echo 'threads: 2' >>relay.yaml
sed -i 's/^threads.*/node: 9/' relay.yaml
reloads
grep -q 'node: a new value takes effect when rd-relay is started anew' relay.log
printf 'limits:\n  peers: 9\n  sessions: 70000\n' >>relay.yaml
reloads
for what in peers sessions; do
	grep -q "$what: a new value takes effect when rd-relay is started anew" relay.log
done
grep -q 'threads: a new value' relay.log && fail 'nobody has changed that'
sed -i '/^limits/,$d' relay.yaml

wait_end "$viewer"
[ "$status" -eq 0 ] || fail "the session has noticed: $(cat viewer.talk)"

# The old audit log has been moved away: the next lines are in a new one.
mv audit.log audit.old
reloads
stop "$host"
start relaytalk -n 1 "$relay" "$relay_key" host "$relay_dir/join-key" >host.talk
wait_for slot_in host.talk
relaytalk -n 5 "$relay" "$relay_key" viewer "$(sed -n 's/^slot //p' host.talk)" >/dev/null
stop "$relay_pid"
for log in audit.old audit.log; do [ -e "$log" ] || fail "no $log"; done
grep -Eq '^\{"event":"session","time":[0-9.]+,"viewer":"[a-z2-7-]{39}","host":"[a-z2-7-]{39}","viewer-tag":"[0-9a-f]{8}","host-tag":"[0-9a-f]{8}","slot":[0-9]+,"began":[0-9.]+,"seconds":[0-9.]+,"bytes":[0-9]+,"packets":10,"path":"udp"\}$' audit.log
# Who they were is said as in the events.
for who in host:registered viewer:connect; do
	fingerprint=$(sed -n 's/.*"'"${who%:*}"'":"\([a-z2-7-]*\)".*/\1/p' audit.log | tail -n 1)
	event relay.log "${who#*:}" "\"fingerprint\":\"$fingerprint\"" || fail "who is $fingerprint?"
done
grep -q 'rd:' audit.log && fail "a key is in the audit log"

# Another join key: the old one opens nothing any more.
relay_up --config relay.yaml
cp "$relay_dir/join-key" old-key
head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_' | tr -d = >"$relay_dir/join-key"
reloads
exits 3 relaytalk "$relay" "$relay_key" host old-key >host.talk
grep -q '^no 1 2' host.talk
start relaytalk "$relay" "$relay_key" host "$relay_dir/join-key" >host.talk
wait_for slot_in host.talk

# One at a terminal: asked to, it reads anew; when that terminal goes, it ends.
start script -qefc "exec rd-relay --listen 127.0.0.1:0 --tls 127.0.0.1:0 --stun-port 0 --metrics off --threads 1 --drain 0 --state terminal --json" typescript
script_pid=$pid
terminal_says() { grep -qa "\"event\":\"$1\"" typescript; }
wait_for terminal_says listening
monitor=$(pgrep -P "$script_pid" -x rd-relay)
network=$(pgrep -P "$monitor" -x rd-relay)
kill -HUP "$monitor"
wait_for terminal_says reloaded
kill -KILL "$script_pid"
wait_for ended "$monitor"
wait_for ended "$network"

#!/usr/bin/env bash
# rd-relay alone works: it makes its key, join key and certificate, says what others
# need, carries datagrams, and keeps its files to itself. A port that is taken, a key
# file that others may read, and whatever it does not know are each one clear line.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
# shellcheck disable=SC2154

mode_of() { # file
	stat -c %a "$relay_dir/$1"
}

has_said_all() {
	grep -q '^rd-relay: then: *rd-share' words
}

one_line() { # exit status, text
	local code=$1 text=$2 status=0
	shift 2
	"$@" 2>words || status=$?
	[ "$status" -eq "$code" ] || fail "status $status instead of $code: $* ($(cat words))"
	[ "$(wc -l <words)" -eq 1 ] || fail "not one line: $(cat words)"
	grep -qF -- "$text" words || fail "no \"$text\" in: $(cat words)"
}

# In words, for people.
start rd-relay --state "$relay_dir" --listen 127.0.0.1:0 --tls 127.0.0.1:0 --stun-port 0 --metrics off 2>words
wait_for has_said_all
grep -Eq '^rd-relay: this machine is a relay at port [0-9]+; key rd:[A-Za-z0-9_-]{43} \(fingerprint [a-z2-7-]{39}\)$' words
grep -Eq '^rd-relay: once on each host:   rd-key relay [^ ]+ rd:[A-Za-z0-9_-]{43}   \(.*it asks for the join key' words
# A name without a dot is one in this machine's own network, as a rule.
case $(uname -n) in *.*) ;; *) grep -q "($(uname -n) stands for a name" words ;; esac
stop "$pid"

# The same key again, and one that only its owner reads.
relay_up
grep -qF "$relay_key" words
[ "$(mode_of identity) $(mode_of join-key) $(mode_of certificate-key.pem)" = '600 600 600' ]
[ "$(rd-relay --state "$relay_dir" --join-key)" = "$(cat "$relay_dir/join-key")" ]
[ "$(rd-relay --state "$relay_dir" --join-key | wc -c)" -eq 44 ]
exits 8 rd-relay --state "$relay_dir" --join-key >/dev/full 2>words
grep -q stdout words || fail "a full disk is not told"

# Datagrams go through, by UDP, by TLS, and from one to the other.
has_slot() { # log
	grep -q '^slot ' "$1"
}
through() { # host's way, viewer's way
	: >talk.log
	# shellcheck disable=SC2086 # a way is nothing or -t
	start relaytalk $1 "$relay" "$relay_key" host "$relay_dir/join-key" >talk.log
	wait_for has_slot talk.log
	# shellcheck disable=SC2086
	relaytalk $2 -n 200 "$relay" "$relay_key" viewer "$(sed -n 's/^slot //p' talk.log)" >viewer.log ||
		fail "host '$1', viewer '$2': $(cat viewer.log)"
	stop "$pid"
}
through '' ''
through '-t' ''
through '' '-t'
through '-t' '-t'

one_line 1 "cannot listen on $relay: Address already in use; another rd-relay may be running" \
	rd-relay --state "$relay_dir" --listen "$relay" --tls off --metrics off
one_line 1 "cannot listen on tcp $relay: Address already in use; another rd-relay may be running" \
	rd-relay --state "$relay_dir" --listen 127.0.0.1:0 --stun-port 0 --tls "$relay" --metrics off

chmod 640 "$relay_dir/join-key"
one_line 23 'other users may read it; chmod 600' rd-relay --state "$relay_dir" --join-key
one_line 23 'other users may read it; chmod 600' rd-relay --state "$relay_dir"
chmod 600 "$relay_dir/join-key"
echo rubbish >"$relay_dir/join-key"
one_line 23 'damaged' rd-relay --state "$relay_dir" --join-key

one_line 2 '"run" is not an option' rd-relay run
one_line 2 'is no [address]:port' rd-relay --listen 'a b'
one_line 2 '--metrics: others than this machine reach that address: that takes metrics-anywhere' \
	rd-relay --metrics :9464
one_line 2 '--certificate: it takes certificate-key, too' rd-relay --certificate x
one_line 2 '--certificate-key: it takes certificate, too' rd-relay --certificate-key x
one_line 2 'a key is wanted' rd-relay --hosts rd:x

# A state folder of its own, where none is named.
start env XDG_CONFIG_HOME="$TMPDIR/xdg" rd-relay --listen 127.0.0.1:0 --tls 127.0.0.1:0 --stun-port 0 --metrics off 2>words
if [ -O /var/lib/rd-relay ]; then left_out "this machine has a relay of its own"; exit 0; fi
wait_for has_said_all
[ -e "$TMPDIR/xdg/rd-relay/identity" ]

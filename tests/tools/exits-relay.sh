#!/usr/bin/env bash
# Every exit code that rd-relay(1) and rd-netcheck(1) document.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-relay.sh"
. "$RD_ROOT/tests/tools/lib-exits.sh"
to_full() { "$@" >/dev/full; }

tool rd-relay
relay_up
kill -INT "$relay_pid"
wait_end "$relay_pid"
[ "$status" -eq 0 ] || fail "status $status after an interrupt: $(cat relay.log)"
seen ok
relay_up
alone=(rd-relay --state "$relay_dir" --listen 127.0.0.1:0 --stun-port 0 --metrics off --threads 1)
provoke failure 'Address already in use' "${alone[@]}" --tls "$relay"
provoke failure 'Too many open files' within -n 4 "${alone[@]}"
provoke usage 'there is no option --colour' rd-relay --colour
provoke usage 'is no [address]:port' rd-relay --listen 'a b'
echo 'colour: red' >odd.yaml
provoke usage 'odd.yaml' rd-relay --config odd.yaml --check
provoke output 'No space left' to_full rd-relay --state "$relay_dir" --join-key
provoke output 'no/such/audit.log' "${alone[@]}" --audit no/such/audit.log
provoke input 'none.yaml' rd-relay --config none.yaml --check
provoke input 'none.pem' "${alone[@]}" --certificate none.pem --certificate-key none.pem
chmod 640 "$relay_dir/join-key"
provoke identity 'chmod 600' rd-relay --state "$relay_dir" --join-key
chmod 600 "$relay_dir/join-key"
all_provoked

tool rd-netcheck
check=(rd-netcheck --config viewer)
mkdir -m 700 viewer
ends_as ok "${check[@]}" --relay "$relay"
provoke usage 'there is no option --colour' rd-netcheck --colour
provoke usage 'which relay' "${check[@]}"
provoke failure 'Too many open files' within -n 4 "${check[@]}" --relay "$relay"
provoke output 'No space left' to_full "${check[@]}" --relay "$relay"
provoke input '--ca-file' "${check[@]}" --relay "$relay" --ca-file none.pem
rd-key --config viewer relay "$relay" "$(rd-key --config other 2>/dev/null)" --no-join
lines=any provoke relay-key 'another key' "${check[@]}"
chmod 666 viewer/relays
provoke identity 'chmod 600' "${check[@]}"
stop "$relay_pid"
rm viewer/relays
provoke relay 'cannot be reached' "${check[@]}" --relay "$relay" --timeout 1s
provoke relay 'cannot be found' "${check[@]}" --relay no-such-relay.invalid
all_provoked

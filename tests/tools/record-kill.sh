#!/usr/bin/env bash
# Recordings that SIGKILL cuts at fifty random moments all play, and lack no more
# than two seconds of what was there to record.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-record.sh"
start_x 320x240

# Something moves half of the time.
mover() {
	while :; do
		for i in $(seq 20); do xdotool mousemove $((RANDOM % 320)) $((RANDOM % 240)); sleep 0.05; done
		sleep 1
	done
}
start mover

# Where the machine stands still longer than a film may lack, that is no fault of ours.
stalls() {
	local before now
	before=$(date +%s%N)
	while sleep 0.1; do
		now=$(date +%s%N)
		[ $((now - before)) -lt 600000000 ] || echo $(((now - before) / 1000000)) >>stalled
		before=$now
	done
}
: >stalled
start stalls

one() { # NUMBER [SECONDS]: records, and is killed so long after it said so
	local n=$1 file=k$1.webm began
	[ $((n % 2)) -eq 0 ] || file=k$1.mkv
	mkfifo "source.$n"
	rd-capture >"source.$n" 2>/dev/null &
	local capture=$!
	rd-record --json "$file" <"source.$n" >/dev/null 2>"events.$n" &
	local recorder=$!
	while ! began=$(grep -o '"recording","time":[0-9.]*' "events.$n" 2>/dev/null); do sleep 0.02; done
	began=${began##*:}
	sleep "${2:-$((1 + RANDOM % 3)).$((100 + RANDOM % 900))}"
	awk -v from="$began" -v to="$(date +%s.%N)" 'BEGIN { printf "%d\n", (to - from) * 1000 }' >"lived.$n"
	kill -KILL $recorder
	wait $recorder 2>/dev/null || true
	kill $capture 2>/dev/null || true
	wait $capture 2>/dev/null || true
}

# A film of which anybody has heard plays, however short.
for n in 1 2 3 4; do one $n 0; done

lost_most=0
for batch in 1 2 3 4 5; do
	pids=()
	for i in 0 1 2 3 4 5 6 7 8 9; do
		one $((batch * 10 + i)) &
		pids+=($!)
	done
	wait "${pids[@]}"
done
for file in k*.webm k*.mkv; do
	n=${file#k} n=${n%.*}
	plays "$file"
	lost=$(($(cat "lived.$n") - $(last_ms "$file")))
	[ $lost -le $lost_most ] || lost_most=$lost
	[ $lost -le 2000 ] || [ -s stalled ] || fail "$file lacks $lost of $(cat "lived.$n") ms"
	# It says how long it is, too.
	[ "$(seconds "$file")" -ge "$(last_ms "$file")" ] || fail "$file says $(seconds "$file") ms"
done
echo "at most $lost_most ms were lost"

#!/usr/bin/env bash
# A recorder by its control socket: save, chapters, captions, the end. (The test card runs
# as fast as it is read, so the last day of it is a few seconds.)
set -eu
. "$RD_ROOT/tests/tools/lib.sh"

start rd-record --last 24h --name ci --json ci.webm -- rd-capture --source test --size 64x48 --injector log 2>events
recorder=$pid
rd-ctl ci --wait state=recording --timeout 60s
[ "$(rd-ctl ci get last)" = 86400.0 ] || fail "$(rd-ctl ci)"
rd-ctl ci chapter It begins
exits 42 rd-ctl ci caption Look 2>words
grep -q 'rd-record --captions' words || fail "$(cat words)"
[ "$(rd-ctl ci save)" = ci-000.webm ] || fail "saved where? $(ls)"
rd-ctl --json ci save | jq -e '.saved == "ci-001.webm"' >/dev/null || fail "no second one: $(ls)"
[ "$(rd-ctl ci get saved)" = ci-001.webm ] || fail "$(rd-ctl ci)"
ffprobe -v error -show_chapters ci-001.webm | grep -q 'title=It begins' || fail "no chapter"
grep -q '"event":"chapter".*"text":"It begins"' events || fail "$(cat events)"
exits 42 rd-ctl ci chapter 2>words
exits 42 rd-ctl ci chapter "$(printf 'x%.0s' $(seq 600))" 2>words
grep -q '500 bytes' words || fail "$(cat words)"
rd-ctl ci end
wait_end "$recorder"
[ "$status" -eq 0 ] || fail "ended with $status: $(cat events)"

mkfifo captions
exec 7<>captions
start rd-record --captions captions film.webm -- rd-capture --source test --size 64x48 --injector log
rd-ctl film --wait state=recording --timeout 60s
# All so far is in the file at once, and it goes on.
[ "$(rd-ctl film save)" = film.webm ] || fail "saved where? $(ls)"
cp film.webm so-far.webm
words=$(ffmpeg -nostdin -v warning -i so-far.webm -map 0:v -fps_mode passthrough \
	-enc_time_base -1 -f null - 2>&1) && [ -z "$words" ] || fail "so far: $words"
rd-ctl film caption 'Look: "here"'
[ "$(rd-ctl film get file)" = film.webm ] || fail "$(rd-ctl film)"
rd-ctl film end
wait_end "$pid"
[ "$status" -eq 0 ] || fail "ended with $status"
ffmpeg -v error -i film.webm -map 0:s -f srt - | grep -qF 'Look: "here"' || fail "no caption"

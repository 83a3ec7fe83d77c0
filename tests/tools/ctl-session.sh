#!/usr/bin/env bash
# A session with both ends here: what rd-ctl lists, gets, sets, pauses, waits for and
# ends, and with which exit status it says that it could not.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"

[ "$(rd-ctl)" = '' ] || fail "something runs: $(rd-ctl)"
exits 40 rd-ctl office 2>words
grep -q 'nothing called office' words || fail "$(cat words)"

person ann
admit ann
host_up --name desk -- rd-encode -- rd-capture --source test --size 64x48 --fps 10
rd-key --config "$TMPDIR/of-ann" trust "127.0.0.1:$port" "$(rd-key --config "$hostdir" 2>/dev/null)"
viewer_up() { # name
	start rd-view --config "$TMPDIR/of-ann" --name "$1" --to null --host "127.0.0.1:$port" 2>"$1.log"
	viewer=$pid
	rd-ctl "$1" --wait state=showing --timeout 60s || fail "no picture: $(cat "$1.log" host.log)"
}
viewer_up office

# What runs: the host with its producer, the viewer with its end of the session.
rd-ctl --json | jq -r '.name + "/" + .tool' | sort >list
printf '%s\n' desk/rd-encode desk/rd-send office/rd-recv office/rd-view | cmp - list || fail "$(cat list)"
[ "$(rd-ctl list | wc -l)" -eq 5 ] || fail "$(rd-ctl list)"

# One name is all of it.
rd-ctl --json office >one
jq -e '.state == "showing" and .rtt_ms > 0 and .path == "direct" and .width == 64 and .frames > 0' one >/dev/null ||
	fail "$(cat one)"
[ "$(rd-ctl office get path)" = direct ] || fail "$(rd-ctl office get path)"
[ "$(rd-ctl office get path tool)" = "$(printf '%-20s %s\n' path direct tool rd-view)" ] || fail "$(rd-ctl office get path tool)"
# … each of who has it, and who leads is asked first.
rd-ctl --json office get path tool state | jq -e '.ok and .path == "direct" and .tool == "rd-view" and
	.state == "showing" and length == 4' >/dev/null || fail "$(rd-ctl --json office get path tool state)"

# What can be got, set and done there is what all programs of it have.
rd-ctl office help >can
for key in path rtt-ms latency-ms max-bitrate; do
	grep -q "^  $key " can || fail "help lacks $key: $(cat can)"
done
grep -q '^  path \*' can && grep -q '^  max-bitrate \*' can || fail "no star: $(cat can)"
grep -q '^  rtt-ms \*' can && fail "rtt-ms cannot be set: $(cat can)"
[ "$(grep -c '^  \(tool\|pause\) ' can)" -eq 2 ] || fail "said twice: $(cat can)"
rd-ctl --json office help | jq -e '.ok and (.values | any(.key == "path" and .set)) and
	(.verbs | map(.verb) | index("refresh")) and (.stages | map(.stage) | index("show"))' >/dev/null ||
	fail "$(rd-ctl --json office help)"
[ "$(rd-ctl office/rd-recv get tool)" = rd-recv ] || fail "no program alone"
[ "$(rd-ctl "$viewer" get name)" = office ] || fail "no process by its number"
[ "$(rd-ctl --json office get rtt-ms | jq .ok)" = true ] || fail "--json get"

# Both ends call it the same, in values and events.
session=$(rd-ctl office get session)
[[ $session =~ ^[0-9a-f]{16}$ ]] || fail "session: $session"
rd-ctl --json desk | jq -e --arg s "$session" '.sessions | length == 1 and .[0].session == $s and
	.[0].peer == "ann" and .[0].state == "watching"' >/dev/null || fail "$(rd-ctl --json desk)"
event granted "\"session\":\"$session\"" || fail "$(cat host.log)"
rd-ctl desk --wait sessions=x --timeout 1s 2>words && fail "a list is no value"
grep -q 'no sessions=x' words || fail "$(cat words)"

# Values can be set, where there is a way.
rd-ctl desk set max-bitrate=2M >said
[ ! -s said ] || fail "set says: $(cat said)"
[ "$(rd-ctl desk get max-bitrate)" = 2000000 ] || fail "not set"
encoder=$(rd-ctl --json | jq 'select(.tool == "rd-encode").pid')
rd-ctl "$encoder" --wait asked-bitrate=2000000 --timeout 60s
rd-ctl office set max-bitrate=1M
rd-ctl "$encoder" --wait asked-bitrate=1000000 --timeout 60s
[ "$(rd-ctl "$encoder" get viewer)" = 1 ] || fail "whose encoder is it?"
rd-ctl "$encoder" set max-fps=5 quantizer=40 max-bitrate=800k
rd-ctl --json "$encoder" | jq -e '.max_fps == 5 and .quantizer == 40 and .max_bitrate == 800000' >/dev/null ||
	fail "$(rd-ctl --json "$encoder")"
exits 42 rd-ctl office set path=relay 2>words
grep -q 'no relay' words || fail "$(cat words)"
exits 42 rd-ctl desk set max-bitrate=fast 2>words
grep -q '800k or 2M' words || fail "$(cat words)"
exits 42 rd-ctl office get bla 2>words
grep -q 'no value "bla" here; rd-ctl office help' words || fail "$(cat words)"
exits 42 rd-ctl office dance 2>words
exits 42 rd-ctl office set maxbitrate=1M 2>words
grep -q 'no value "maxbitrate" here; did you mean max-bitrate?' words || fail "$(cat words)"
exits 42 rd-ctl office paus 2>words
grep -q 'no verb "paus" here; did you mean pause?' words || fail "$(cat words)"
exits 42 rd-ctl --json office get rtt-ns >said 2>words
grep -q 'did you mean rtt-ms?' words && jq -e '.ok == false' said >/dev/null || fail "$(cat said words)"
exits 42 rd-ctl office set state=over 2>words
grep -q 'read and not set' words || fail "$(cat words)"
exits 2 rd-ctl office --timeout 5s 2>words

# What cannot come is not waited for.
exits 2 rd-ctl office --wait nosuch 2>words
grep -q 'no event and no value is called "nosuch"' words || fail "$(cat words)"
exits 2 rd-ctl office --wait sate=showing --timeout 5s 2>words
grep -q 'did you mean state?' words || fail "$(cat words)"
exits 2 rd-ctl office --wait path 2>words
grep -q 'path is a value' words || fail "$(cat words)"

# A reader that has enough: one line says it.
set +e
rd-ctl --json office watch 2>words | head -n 1 >first
code=${PIPESTATUS[0]}
set -e
[ "$code" -eq 8 ] && [ "$(cat words)" = 'rd-ctl: the reader of standard output is gone' ] ||
	fail "status $code: $(cat words)"
jq -e '.event' first >/dev/null || fail "$(cat first)"

# Paused, no frames come; then they do.
rd-ctl office pause
[ "$(rd-ctl office get state)" = paused ] || fail "$(rd-ctl office get state)"
still() {
	local one
	one=$(rd-ctl office get frames)
	sleep 0.5
	[ "$(rd-ctl office get frames)" = "$one" ]
}
wait_for still
rd-ctl office resume
frames=$(rd-ctl office get frames)
more() { [ "$(rd-ctl office get frames)" -gt "$frames" ]; }
wait_for more
rd-ctl desk pause
wait_for still
rd-ctl desk resume
wait_for more
rd-ctl office refresh
rd-ctl desk refresh

# Two of one name.
person bob
admit bob
first=$viewer
viewer_up office2
rd-ctl office2 end
wait_end "$viewer"
[ "$status" -eq 0 ] || fail "ended with $status: $(cat office2.log)"
start rd-view --config "$TMPDIR/of-ann" --name office --to null --host "127.0.0.1:$port" 2>again.log
again=$pid
rd-ctl "$again" --wait state=showing --timeout 60s
exits 41 rd-ctl office 2>words
grep -q "rd-ctl $again " words && grep -q "rd-ctl $first " words || fail "$(cat words)"
rd-ctl "$again" end
wait_end "$again"

# Events, as they come; and the end of what is watched.
rd-ctl --json desk --follow >events &
follower=$!
started+=("$follower")
wait_for grep -q '"event":"stats"' events
exits 13 rd-ctl office --wait moved --timeout 0.2s 2>words
start rd-ctl office --wait moved
waiter=$pid
rd-ctl desk end nobody 2>words && fail "nobody was sent off"
rd-ctl --json desk end ann | jq -e '.ended == 1' >/dev/null || fail "ann is still there"
wait_end "$first"
[ "$status" -eq 16 ] || fail "sent off with $status: $(cat office.log)"
wait_end "$waiter"
[ "$status" -eq 43 ] || fail "what it waited for never came: $status"
wait_for grep -q '"event":"closed"' events
grep '"event":"closed"' events | grep -q "\"session\":\"$session\"" || fail "$(cat events)"

rd-ctl desk end
wait_end "$sender"
[ "$status" -eq 0 ] || fail "the host ended with $status"
wait_for ended "$follower"
[ -z "$(ls -A "$XDG_RUNTIME_DIR/rd")" ] || fail "left: $(ls -A "$XDG_RUNTIME_DIR/rd")"

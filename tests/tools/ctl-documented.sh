#!/usr/bin/env bash
# rd-events(7) has every value, verb and stage of every program, and no other.
set -eu
. "$RD_ROOT/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-send.sh"
page="$RD_ROOT/man/rd-events.7"

# Names under a heading of the page: "Values of rd-send".
named() {
	awk -v want=".Ss $1" '$0 == want {on = 1; next} /^\.S[sh] / {on = 0} on && /^\.It Cm / {print $3}' "$page" |
		sed 's/\\//g' | sort
}

# The same as the program says, without what every program has.
says() { # session, values or verbs, key or verb
	rd-ctl --json "$1" help | jq -r ".$2[].$3" | sort >all
	[ "$2" = values ] && named "Values of every program" >common || printf '%s\n' get set watch help | sort >common
	comm -23 common all | grep . && fail "$1 lacks what every program has"
	comm -13 common all
}

agree() { # program, session
	named "Values of $1" >page.values
	says "$2" values key >has.values
	cmp page.values has.values || fail "values of $1: $(diff page.values has.values)"
	named "Verbs of $1" >page.verbs
	says "$2" verbs verb >has.verbs
	cmp page.verbs has.verbs || fail "verbs of $1: $(diff page.verbs has.verbs)"
	named "Stages of $1" >page.stages
	rd-ctl --json "$2" help | jq -r '.stages[].stage' | sort >has.stages
	cmp page.stages has.stages || fail "stages of $1: $(diff page.stages has.stages)"
	[ -s has.values ] && [ -s has.verbs ] || fail "$1 has nothing"
}

person ann
admit ann
host_up --name desk --once -- rd-encode -- rd-capture --source test --size 64x48
rd-key --config "$TMPDIR/of-ann" trust "127.0.0.1:$port" "$(rd-key --config "$hostdir" 2>/dev/null)"
start rd-view --config "$TMPDIR/of-ann" --name office --to null --host "127.0.0.1:$port"
rd-ctl office --wait state=showing --timeout 60s
start rd-record --name film film.webm --file <(rd-capture --source test --size 64x48)
rd-ctl film --wait state=recording --timeout 60s
agree rd-send desk/rd-send
agree rd-encode desk/rd-encode
agree rd-view office/rd-view
agree rd-recv office/rd-recv
agree rd-record film

# Members of a session, in the page's words.
named_session=$(awk '/^\.Ss Sessions of rd-send/ {on = 1; next} /^\.S[sh] / {on = 0} on' "$page")
for key in $(rd-ctl --json desk | jq -r '.sessions[0] | keys[]'); do
	grep -qw -- "$key" <<<"$named_session" || fail "sessions: $key is not in the page"
done

# --wait knows them all, and so sees a slip at once.
for program in 'every program' rd-send rd-recv rd-view rd-encode rd-record; do
	named "Values of $program"
	awk -v want=".Ss Events of $program" '$0 == want {on = 1; next} /^\.S[sh] / {on = 0}
		on && sub(/^\.It Cm /, "") {gsub(/ , /, "\n"); print}' "$page"
done >told
[ "$(wc -l <told)" -gt 80 ] || fail "not all are found: $(cat told)"
while read -r name; do
	code=0
	rd-ctl film --wait "$name=of-no-such-value" --timeout 1ms 2>words || code=$?
	[ "$code" -eq 13 ] || fail "--wait $name: status $code: $(cat words)"
done <told

# And every event that a program can name.
sed -n 's/.*begin(&\?e\?v\?, \(s, \|m, \)\?"\([a-z-]*\)".*/\2/p' "$RD_ROOT"/src/rd-{send,recv,record}/*.c >events
[ "$(wc -l <events)" -gt 12 ] || fail "not all are found: $(cat events)"
while read -r event; do
	grep -Eq "^\.It Cm (.* , )?$event( ,|\$)" "$page" || fail "the event $event is not in the page"
done <events

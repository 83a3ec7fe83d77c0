#!/usr/bin/env bash
# A mistake in config.yaml stops every tool that reads it, with one line that has its
# place and the nearest valid key; `rd-ctl config check` tells all of them.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-config.sh"

wrong() { # line:column: text, tool…
	local want=$1
	shift
	says "$1: $dir/config.yaml:$want" 44 "$@"
}

config 'defaults: {colour: 1}' && wrong '1:12: no tool has an option "colour"; did you mean "colors"?' rd-view x
config 'rd-veiw: {}' && wrong '1:1: there is no "rd-veiw" here; did you mean "rd-view"?' rd-view x
config 'profile: {}' && wrong '1:1: there is no "profile" here; did you mean "profiles"?' rd-capture
config 'rd-view:' '  fulscreen: yes' &&
	wrong '2:3: rd-view has no option "fulscreen"; did you mean "fullscreen"?' rd-view x
# … also where it is another tool's.
wrong '2:3: rd-view has no option "fulscreen"; did you mean "fullscreen"?' rd-key
config 'rd-view: {split-size: 3M}' && wrong '1:11: rd-view has no option "split-size"; rd-record has' rd-view x
config 'rd-view: {no-confine: yes}' && wrong '1:11: rd-view has no option "no-confine"; say "confine: no"' rd-view x
config 'rd-view: {code: 7-a-b-c-d}' && wrong '1:11: code is for the command line only' rd-view x
config 'rd-relay: {}' && wrong '1:1: rd-relay has a file of its own, rd-relay(1)' rd-view x
config 'rd-view: {title: }' && wrong '1:18: title has no value; ~ is what is built in' rd-view x
config 'rd-view: {title: {}}' && wrong '1:18: title: a value belongs here, no mapping' rd-view x
config 'rd-view: {title: [a, b]}' && wrong '1:18: title takes one value, no list' rd-view x
config 'rd-view: {frames: many}' && wrong '1:19: frames: "many": a whole number, from 0 to 2147483647' rd-view x
config 'rd-view: yes' && wrong '1:10: rd-view is to be a mapping: a name and a value each' rd-view x
config 'hosts: {"a/b": {}}' && wrong "1:9: a name here is letters, digits, '-', '_' and '.'" rd-view x
config 'hosts: {a: {key: rd:x}}' &&
	wrong '1:18: a key is "rd:" and 43 letters, as rd-key prints it' rd-view x
config 'hosts: {a: {adress: x}}' && wrong '1:13: no tool has an option "adress"; did you mean "address"?' rd-view x
config 'rd-view: {title: a, title: b}' && wrong '1:21: title stands here twice' rd-view x
config 'rd-run: {fps: 10, fps: 20, siz: 3}' && { rd-ctl config check >found || true; }
[ "$(wc -l <found)" -eq 2 ] && grep -q ':1:19: fps stands here twice' found && grep -q ':1:28: ' found ||
	fail "not all is said: $(cat found)"
config 'rd-view: {title: !!str a}' && wrong '1:18: tags (!) are not taken here' rd-view x
config '- a' && wrong '1:1: the file is to be a mapping: a name and a value each' rd-view x
config 'rd-view: [' && { rd-view x 2>words && fail 'no YAML was taken'; grep -q ': this is no YAML: ' words; }
# --help, --version and --no-config are there nevertheless.
rd-view --help >/dev/null
rd-view --version >/dev/null
exits 10 rd-view --no-config ./nothing.rd 2>words

# Others may write it.
config 'defaults: {log: info}'
chmod 666 "$dir/config.yaml"
says "rd-view: $dir/config.yaml: other users may write it; chmod go-w $dir/config.yaml" 44 rd-view x
chmod 600 "$dir/config.yaml"

# Too many in a row, and too many.
for n in 1 2 3 4 5 6 7 8 9; do echo "include: f$((n + 1)).yaml" >"$dir/f$n.yaml"; done
echo 'rd-view: {title: deep}' >"$dir/f9.yaml"
config 'include: f2.yaml'
expect 'deep (rd-view)' title rd-view
config 'include: f1.yaml'
says "rd-view: $dir/f8.yaml:1:10: include: more than 16 files, or 8 in a row, are not taken" 44 rd-view x
config "include: [$(seq -s , 16 | sed 's/[0-9]*/f9.yaml/g')]"
says "rd-view: $dir/config.yaml:1:11: include: more than 16 files, or 8 in a row, are not taken" 44 rd-view x

# `check` tells all, in their order, with what tools say of values: also of parts that
# nobody has chosen, and of options that decide themselves.
cat >"$dir/config.yaml" <<-'YAML'
	rd-view: {frames: many, fulscreen: yes}
	hosts: {office: {rd-shot: {region: 3x}}}
	profiles:
	  ci: {rd-encode: {scale: 5}, rd-wait: {still: never}}
	defaults: {log: loud, timeout: soon}
	rd-share: {path: there}
YAML
status=0
rd-ctl config check >found || status=$?
[ "$status" -eq 44 ] || fail "status $status of check: $(cat found)"
sed "s,^$dir/config.yaml:,," found >told
cat >want <<-'WANT'
	1:19: frames: "many": a whole number, from 0 to 2147483647
	1:25: rd-view has no option "fulscreen"; did you mean "fullscreen"?
	2:36: region: "3x": a region is WIDTHxHEIGHT+X+Y, such as 640x480+100+50
	4:27: scale: "5": a factor is from 0.1 to 1
	4:48: still: "never": a time is a number and ms, s, m or h, such as 500ms
	5:17: log: "loud": choose error, warn, info, debug or trace
	5:32: timeout: "soon": a time is as in 500ms, 10s or 5m
	6:18: path: "there": choose auto, direct or relay
WANT
diff told want || fail 'check says something else'
cp "$dir/config.yaml" other.yaml
config 'rd-view: {fullscreen: yes}'
[ -z "$(rd-ctl config check)" ]
exits 44 rd-ctl config check other.yaml >/dev/null
exits 44 rd-ctl config check nothing.yaml 2>/dev/null
rm "$dir/config.yaml"
[ -z "$(rd-ctl config check 2>words)" ] && grep -q 'nothing is configured' words
exits 2 rd-ctl config look 2>/dev/null
# The example of the page has no mistake.
sed -n '/^# config.yaml/,/^\.Ed/p' "$RD_ROOT/man/rd-config.5" | grep -v '^\.' >"$dir/config.yaml"
[ "$(wc -l <"$dir/config.yaml")" -gt 20 ]
[ -z "$(rd-ctl config check)" ]
[ "$(rd-ctl config show rd-capture --profile slow | sed -n 's/^fps *//p')" = \
	"10                       profile slow  $dir/config.yaml:22:23" ]
rd-ctl config show office --json | grep -q \
	'{"tool":"rd-view","option":"title","value":"Office","from":"host office","place":".*:14:22"}'
rd-ctl config show rd-view nobody 2>words && fail 'a host that is not there'
grep -q 'knows no host "nobody"' words

# Profiles.
config 'profiles: {ci: {}}'
says 'rd-view: there is no profile "cu"; did you mean "ci"?' 45 rd-view --profile cu x
says "rd-view: there is no profile \"other\" in $dir/config.yaml" 45 rd-view --profile other x
says 'rd-view: there is no profile "ci", for there is no configuration: rd-config(5)' 45 \
	rd-view --no-config --profile ci x

# Files that include one another.
config 'include: [a.yaml, ~/b.yaml]' 'rd-view: {title: top}'
printf 'rd-view: {title: a, fullscreen: yes, to: null}\nprofiles: {ci: {rd-view: {title: p}}}\n' >"$dir/a.yaml"
export HOME=$PWD
printf 'rd-view: {fullscreen: no, grab: yes, to: hash}\n' >b.yaml
expect 'top (rd-view)' title rd-view
expect 'no (rd-view)' fullscreen rd-view
expect 'hash (rd-view)' to rd-view
expect 'yes (rd-view)' grab rd-view
expect 'p (profile ci)' title rd-view --profile ci
config 'include: [a.yaml, c.yaml]'
wrong "1:19: include: $dir/c.yaml: No such file or directory" rd-view x
printf 'include: config.yaml\n' >"$dir/c.yaml"
says "rd-view: $dir/c.yaml:1:10: include: this file includes itself that way" 44 rd-view x
printf 'rd-view: {titel: x}\n' >"$dir/c.yaml"
says "rd-view: $dir/c.yaml:1:11: rd-view has no option \"titel\"; did you mean \"title\"?" 44 rd-view x
chmod 666 "$dir/c.yaml"
wrong "1:19: include: $dir/c.yaml: other users may write it; chmod go-w $dir/c.yaml" rd-view x

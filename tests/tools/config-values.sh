#!/usr/bin/env bash
# Command line, profile, host, the tool's section, defaults, built in: in that order a
# value counts; ~ is what is built in, a list is an option again and again, and what
# an option puts aside on the command line it puts aside in the configuration.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"
. "$RD_ROOT/tests/tools/lib-config.sh"

# Nothing is configured.
expect 'no (built in)' fullscreen rd-view office

config 'defaults:' '  log: info' '  path: direct' '  timeout: 50s' \
	'rd-view: {path: relay, fullscreen: yes, title: desk, timeout: ~}' \
	'rd-send: {no-relay: yes, max-viewers: 3}' 'rd-share: {max-viewers: 2}' \
	'rd-encode: {updates: [copy, exact]}' 'rd-wait: {ignore: [1x1+0+0, 2x2+5+5]}' \
	'rd-shot: {output: ~/shot.png}' \
	'hosts:' '  office: {path: auto, rd-view: {title: the office}}' \
	'profiles:' '  ci: {rd-view: {title: of ci}, log: debug}' '  slow: {rd-view: {title: slowly}}' \
	'  sharing: {relay: relay.example.org, code: yes}'
expect 'info (defaults)' log rd-view
expect 'relay (rd-view)' path rd-view
expect 'desk (rd-view)' title rd-view
expect 'auto (host office)' path rd-view office
expect 'the office (host office)' title rd-view office
expect 'the office (host office)' title rd-view --host office
expect 'of ci (profile ci)' title rd-view office --profile ci
expect 'debug (profile ci)' log rd-recv --profile ci
expect 'slowly (profile slow)' title rd-view --profile ci --profile slow
expect 'of ci (profile ci)' title rd-view --profile slow,ci
expect 'of ci (profile ci)' title env RD_PROFILE=slow,ci rd-view
expect 'slowly (profile slow)' title env RD_PROFILE=ci rd-view --profile slow
expect 'desk (rd-view)' title env RD_PROFILE= rd-view
expect ' (built in)' timeout rd-view
expect '50s (defaults)' timeout rd-recv
# A list, and a home.
expect 'copy,exact (rd-encode)' updates rd-encode
expect '1x1+0+0,2x2+5+5 (rd-wait)' ignore rd-wait
# shellcheck disable=SC2088 # it is told as it was written
expect '~/shot.png (rd-shot)' output rd-shot
# rd-share is rd-send by another name.
expect '3 (rd-send)' max-viewers rd-send
expect '2 (rd-share)' max-viewers "$RD_ROOT/scripts/rd-share"
# One option puts another aside, where it counts more.
expect 'yes (rd-send)' no-relay rd-send
expect 'no (built in)' no-relay "$RD_ROOT/scripts/rd-share" sharing
expect 'relay.example.org (profile sharing)' relay "$RD_ROOT/scripts/rd-share" sharing
# A variable of the environment counts before what is general, and not before what is named.
expect 'R ($RD_RELAY)' relay env RD_RELAY=R rd-view
expect 'relay.example.org (profile sharing)' relay env RD_RELAY=R rd-send --profile sharing

# No configuration; another; that of a folder of keys.
expect 'no (built in)' fullscreen rd-view --no-config
expect 'no (built in)' fullscreen env RD_CONFIG= rd-view
printf 'rd-view: {title: other}\n' >other.yaml
expect 'other (rd-view)' title rd-view --config other.yaml
expect 'other (rd-view)' title env RD_CONFIG="$PWD/other.yaml" rd-view
mkdir -m 700 keys
expect 'no (built in)' fullscreen rd-view --config keys
printf 'rd-view: {title: of the keys}\n' >keys/config.yaml
expect 'of the keys (rd-view)' title rd-view --config keys
says 'rd-capture: nothing.yaml: No such file or directory' 44 rd-capture --config nothing.yaml
says 'rd-view: nothing.yaml: No such file or directory' 44 rd-view --config nothing.yaml x

# It is what the tool does, and the command line has the last word, of lists too.
start_x 320x240
config 'defaults: {confine: yes}' "rd-shot: {output: $PWD/one.png, region: 40x30+1+1}" \
	'profiles: {large: {rd-shot: {region: 100x50+0+0}}}'
size_of() { od -An -j16 -N8 -tu1 "$1" | awk '{ print $3 * 256 + $4 "x" $7 * 256 + $8 }'; }
rd-shot
[ "$(size_of one.png)" = 40x30 ]
rd-shot --profile large
[ "$(size_of one.png)" = 100x50 ]
rd-shot -o two.png -g 20x10+3+3 --profile large
[ "$(size_of two.png)" = 20x10 ]
# … and what it starts knows the profile, and the file.
config "rd-shot: {output: $PWD/three.png}" 'profiles: {part: {rd-capture: {region: 30x20+0+0}}}'
rd-shot --profile part
[ "$(size_of three.png)" = 30x20 ]
rd-shot
[ "$(size_of three.png)" = 320x240 ]
mv "$dir/config.yaml" moved.yaml
rd-shot --config moved.yaml --profile part
[ "$(size_of three.png)" = 30x20 ]

# What does not fit the source that is named is not meant for it.
config 'defaults: {relay: relay.example.org, monitor: "0"}' 'rd-key: {json: yes}'
rd-capture --source test --frames 1 --size 64x48 --no-config | rd-encode >one.rd
[ "$(rd-view --to hash one.rd | wc -l)" -ge 1 ]
rd-key --config keys allow rd:zqos7SmOSHYsxYJGe3kPq9tESgl4RLAniFzdM0m9j2Y Ann
rd-key list | grep -q . && fail 'the keys of another folder'
[ "$(rd-key --config keys list | wc -l)" -eq 1 ]

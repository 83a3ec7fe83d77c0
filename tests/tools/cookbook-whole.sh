#!/usr/bin/env bash
# Every line of rd(7)'s COOKBOOK and of the README is run by a cookbook-*.sh, and
# these run nothing else.
set -eu
. "${RD_ROOT:-.}/tests/tools/lib.sh"

# As mdoc has it: \- is a hyphen for a program, too.
sed -n '/^\.Sh COOKBOOK/,/^\.Sh SEE/s/^\(\.Dl \)\{0,1\}\$ //p' "$RD_ROOT/man/rd.7" |
	sed 's/\\-/-/g' >written
[ "$(wc -l <written)" -ge 20 ] || fail "no cookbook of 20 lines in rd(7)"
# What a program is built with is another matter; comments are for the reader.
sed -n '/^## What it is like/,/^## The programs/{/^```sh/,/^```/{/^```/d;p}}' "$RD_ROOT/README.md" |
	sed -e 's/^ *#.*//' -e 's/  *# .*//' -e '/^$/d' >>written
LC_ALL=C sort -u written >want
sed -n "/<<'L'\$/,/^L\$/{/<<'L'\$/d;/^L\$/d;p}" "$RD_ROOT"/tests/tools/cookbook-*.sh |
	LC_ALL=C sort -u >got
diff want got || fail "not the same lines (<: only written, >: only run)"
